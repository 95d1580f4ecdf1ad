"""The situation, typed and complete: one assumed value per question, and the domain in which the truth may lie.

Knows nothing of questions' words, rules, prices or doors. Units are in the names; numbers are floats.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from advisor.core.domains import Domain
from advisor.core.errors import Problem
from advisor.core.once import KEPT, derived
from advisor.core.quantities import CALL_BYTES, computed_from, mean_batch, messages_per_call, open_ends, sequences_of


@dataclass(frozen=True, kw_only=True)  # no slots: a what-if copies the dictionary, and quantities are kept in it
class Workload:
    """One field per question; `domains`, `grades` (measured, stated or assumed) and `remarks` say how sure each is."""

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
    existing_kafka: str
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
    call_bytes: float = CALL_BYTES  # what a call to SQS takes, on the day asked about

    @derived
    def is_known(self) -> bool:
        return all(domain.is_known for domain in self.domains.values())

    @derived
    def running_kafka(self) -> str:
        """Which Kafka runs already, so that only what is added to it counts; empty where none does."""
        return self.existing_kafka if "kafka" in self.existing_platforms else ""

    @derived
    def growth_factor(self) -> float:
        """Load at the planning horizon over the load today; compound monthly growth."""
        return float((1 + self.growth_percent_per_month / 100) ** self.planning_horizon_months)

    @derived
    def messages_per_second_avg_at_horizon(self) -> float:
        return self.messages_per_second_avg * self.growth_factor

    @derived
    def messages_per_second_peak_at_horizon(self) -> float:
        return self.messages_per_second_peak * self.growth_factor

    @derived
    def bytes_per_second_avg(self) -> float:
        """Ingress at the horizon, uncompressed, as is that at the peak."""
        return self.messages_per_second_avg_at_horizon * self.message_size_bytes_avg

    @derived
    def bytes_per_second_peak(self) -> float:
        return self.messages_per_second_peak_at_horizon * self.message_size_bytes_avg

    @derived
    def wire_bytes_per_second_peak(self) -> float:
        """Peak ingress at the horizon as a producer that compresses sends it; each consumer group reads all of it."""
        return self.bytes_per_second_peak / self.compression_ratio

    @derived
    def read_wire_bytes_per_second_peak(self) -> float:
        return self.wire_bytes_per_second_peak * self.consumer_groups

    @derived
    def retained_bytes(self) -> float:
        """One copy of what is kept at the horizon, uncompressed."""
        return self.bytes_per_second_avg * self.retention_hours * 3600

    @derived
    def in_flight_messages(self) -> float:
        """Received and not yet deleted, by Little's law: peak arrival rate x time to handle one."""
        return self.messages_per_second_peak_at_horizon * self.processing_seconds_avg

    @derived
    def busiest_sequence_messages_per_second(self) -> float:
        """Peak of the longest strictly ordered sequence: the hottest key, or everything under global order."""
        if self.ordering == "per-key":
            return self.hottest_key_messages_per_second * self.growth_factor
        return self.messages_per_second_peak_at_horizon if self.ordering == "global" else 0.0

    @derived
    def busiest_sequence_wire_bytes_per_second(self) -> float:
        """The same in bytes, compressed by the producer: what one partition must take in and give out."""
        return self.busiest_sequence_messages_per_second * self.message_size_bytes_avg / self.compression_ratio

    @derived
    def busiest_sequence_read_wire_bytes_per_second(self) -> float:
        return self.busiest_sequence_wire_bytes_per_second * self.consumer_groups

    @derived
    def busiest_sequence_calls_per_second(self) -> float:
        return self.busiest_sequence_messages_per_second / messages_per_call(self)

    @derived
    def busiest_sequence_busy(self) -> float:
        """Workers that it would keep busy; it is given one, since its messages are handled one at a time."""
        return self.busiest_sequence_messages_per_second * self.processing_seconds_avg

    @derived
    def busy_per_sequence(self) -> float:
        """The same on average, were all sequences alike: above 1 no number of workers ever catches up."""
        return self.messages_per_second_avg_at_horizon * self.processing_seconds_avg / sequences_of(self)

    @derived
    def send_calls_per_second_peak(self) -> float:
        return self.messages_per_second_peak_at_horizon / mean_batch(self)

    @derived
    def delete_calls_per_second_peak(self) -> float:
        """Of what is done in a second, as consumers in containers have it: no more than one for each second of work."""
        return min(self.messages_per_second_peak_at_horizon, self.in_flight_messages)

    @derived
    def lightest(self) -> "Workload":
        """The lightest workload within the domains, as `heaviest` is; choices and lists stay as assumed."""
        return _corner(self, heavy=False)

    @derived
    def heaviest(self) -> "Workload":
        return _corner(self, heavy=True)


def make_workload(values: dict[str, Any]) -> Workload:
    """`Workload(…)` with every field given, many times faster; nobody else may hold these values."""
    made = object.__new__(Workload)
    object.__setattr__(made, "__dict__", values)
    return made


def vary(workload: Workload, **changes: Any) -> Workload:
    """`dataclasses.replace`, ten times faster; a quantity stays, unless it is computed from what changes."""
    values = workload.__dict__ | changes
    for names in (_KEPT, *[_BUILT_ON.get(change, ()) for change in changes]):
        for name in names:
            values.pop(name, None)
    return make_workload(values)


def _corner(workload: Workload, *, heavy: bool) -> Workload:
    return vary(workload, **ends) if (ends := open_ends(workload.domains, heavy=heavy)) else workload


_DERIVED = frozenset(name for name, member in vars(Workload).items() if isinstance(member, derived))
_BUILT_ON = {each.name: computed_from(each.name) for each in fields(Workload)}
_KEPT = (KEPT, *sorted(_DERIVED.difference(*_BUILT_ON.values())))  # no what-if has these of the one that it began with
