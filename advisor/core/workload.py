"""The situation, typed and complete: one assumed value per question, and the domain in which the truth may lie.

Knows nothing of questions' words, rules, prices or doors. Units are in the names; numbers are floats.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from advisor.core.domains import Domain, Interval, Value
from advisor.core.errors import Problem

# An answer to one of these makes the same work lighter; any other number makes it heavier or leaves it as it is.
# Every derived quantity and every cost rises with the load (tested), so two corners bound it over any box of domains.
LIGHTENING = frozenset({"batch_size", "compression_ratio", "ordering_keys", "latency_ms_target", "team_size"})

# Quantities that also turn with a choice; over an open choice they are taken at each of its values.
VARYING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"busiest_sequence_messages_per_second": ("ordering",), "busiest_sequence_calls_per_second": ("ordering",)}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """One field per question; `domains`, `grades` and `remarks` say how sure each of them is.

    Rates are messages per second, sizes bytes, times seconds or hours as named, money US dollars.
    `grades` maps a question to measured, stated or assumed.
    """

    work_queue: bool
    consumer_groups: float
    replay_needed: bool
    retention_hours: float
    ordering: str
    ordering_keys: float
    hottest_key_messages_per_second: float
    delivery: str
    messages_per_second_avg: float
    messages_per_second_peak: float
    message_size_bytes_avg: float
    message_size_bytes_max: float
    processing_seconds_avg: float
    processing_seconds_max: float
    slow_or_uneven_work: bool
    per_message_retry_or_dlq: bool
    delay_seconds: float
    priority_needed: bool
    latency_ms_target: float
    stream_processing: bool
    content_routing: bool
    schema_contracts: bool
    isolation_units: float
    idle_or_bursty: bool
    inspect_queue: bool
    transactional_outbox: bool
    cloud: str
    portability_needed: bool
    multi_region: str
    minimal_setup: bool
    ops_tolerance: str
    team_size: float
    existing_platforms: tuple[str, ...]
    replacing: tuple[str, ...]
    integrations: tuple[str, ...]
    compliance: tuple[str, ...]
    budget_usd_per_month: float
    cost_sensitive: bool
    region: str
    growth_percent_per_month: float
    planning_horizon_months: float
    batch_size: float
    outage_hours: float
    operating_hours_per_month: float
    engineer_usd_per_hour: float
    use_free_tier: bool
    idle_pollers: float
    consumer_runtime: str
    availability_zones: float
    compression_ratio: float
    peak_hours_per_day: float
    spare_kafka_capacity: bool
    nothing_else: bool
    domains: Mapping[str, Domain] = field(default_factory=dict, hash=False)
    grades: Mapping[str, str] = field(default_factory=dict, hash=False)
    remarks: tuple[Problem, ...] = ()

    @property
    def growth_factor(self) -> float:
        """Load at the planning horizon over the load today; compound monthly growth."""
        return math.pow(1 + self.growth_percent_per_month / 100, self.planning_horizon_months)

    @property
    def messages_per_second_avg_at_horizon(self) -> float:
        return self.messages_per_second_avg * self.growth_factor

    @property
    def messages_per_second_peak_at_horizon(self) -> float:
        return self.messages_per_second_peak * self.growth_factor

    @property
    def bytes_per_second_avg(self) -> float:
        """Ingress at the horizon, uncompressed."""
        return self.messages_per_second_avg_at_horizon * self.message_size_bytes_avg

    @property
    def bytes_per_second_peak(self) -> float:
        """Peak ingress at the horizon, uncompressed."""
        return self.messages_per_second_peak_at_horizon * self.message_size_bytes_avg

    @property
    def wire_bytes_per_second_peak(self) -> float:
        """Peak ingress at the horizon as a producer that compresses sends it."""
        return self.bytes_per_second_peak / self.compression_ratio

    @property
    def read_wire_bytes_per_second_peak(self) -> float:
        """Peak egress at the horizon: every consumer group reads everything."""
        return self.wire_bytes_per_second_peak * self.consumer_groups

    @property
    def retained_bytes(self) -> float:
        """One copy of what is kept at the horizon, uncompressed."""
        return self.bytes_per_second_avg * self.retention_hours * 3600

    @property
    def in_flight_messages(self) -> float:
        """Received and not yet deleted, by Little's law: peak arrival rate x time to handle one."""
        return self.messages_per_second_peak_at_horizon * self.processing_seconds_avg

    @property
    def hottest_key_messages_per_second_at_horizon(self) -> float:
        return self.hottest_key_messages_per_second * self.growth_factor

    @property
    def busiest_sequence_messages_per_second(self) -> float:
        """Peak of the longest strictly ordered sequence: the hottest key, or everything under global order."""
        if self.ordering == "none":
            return 0.0
        if self.ordering == "global":
            return self.messages_per_second_peak_at_horizon
        return self.hottest_key_messages_per_second_at_horizon

    @property
    def busiest_sequence_calls_per_second(self) -> float:
        """The same in API calls, batches as stated."""
        return self.busiest_sequence_messages_per_second / self.batch_size

    @property
    def send_calls_per_second_peak(self) -> float:
        """Send calls at the peak of the horizon, batches as stated."""
        return self.messages_per_second_peak_at_horizon / self.batch_size


# What each derived quantity is computed from: questions, or other quantities.
READS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "growth_factor": ("growth_percent_per_month", "planning_horizon_months"),
        "messages_per_second_avg_at_horizon": ("messages_per_second_avg", "growth_factor"),
        "messages_per_second_peak_at_horizon": ("messages_per_second_peak", "growth_factor"),
        "hottest_key_messages_per_second_at_horizon": ("hottest_key_messages_per_second", "growth_factor"),
        "bytes_per_second_avg": ("messages_per_second_avg_at_horizon", "message_size_bytes_avg"),
        "bytes_per_second_peak": ("messages_per_second_peak_at_horizon", "message_size_bytes_avg"),
        "wire_bytes_per_second_peak": ("bytes_per_second_peak", "compression_ratio"),
        "read_wire_bytes_per_second_peak": ("wire_bytes_per_second_peak", "consumer_groups"),
        "retained_bytes": ("bytes_per_second_avg", "retention_hours"),
        "in_flight_messages": ("messages_per_second_peak_at_horizon", "processing_seconds_avg"),
        "busiest_sequence_messages_per_second": (
            "ordering",
            "messages_per_second_peak_at_horizon",
            "hottest_key_messages_per_second_at_horizon",
        ),
        "busiest_sequence_calls_per_second": ("busiest_sequence_messages_per_second", "batch_size"),
        "send_calls_per_second_peak": ("messages_per_second_peak_at_horizon", "batch_size"),
    }
)

QUANTITIES = tuple(sorted(name for name, member in vars(Workload).items() if isinstance(member, property)))


def questions_behind(name: str) -> tuple[str, ...]:
    """The questions that a quantity is computed from; a question stands for itself."""
    if name not in READS:
        return (name,)
    return tuple(dict.fromkeys(question for read in READS[name] for question in questions_behind(read)))


def narrow(workload: Workload, name: str, domain: Domain, value: Value) -> Workload:
    """The same workload with one question's domain and assumed value replaced."""
    domains = MappingProxyType({**workload.domains, name: domain})
    return replace(workload, domains=domains, **{name: value})  # type: ignore[arg-type]


def corner(workload: Workload, *, heavy: bool) -> Workload:
    """The lightest or the heaviest workload within the domains; choices and lists stay as assumed."""
    ends: dict[str, float] = {}
    for name, domain in workload.domains.items():
        if isinstance(domain, Interval) and not domain.is_known:
            ends[name] = domain.high if heavy != (name in LIGHTENING) else domain.low
    return replace(workload, **ends) if ends else workload  # type: ignore[arg-type]
