"""Confluent Cloud by its own units: the least cluster type that takes the workload, from Standard to Dedicated."""

from collections.abc import Iterator
from dataclasses import dataclass

from advisor.core.estimate import Quantity, Setting, Sizing, Step
from advisor.core.facts import Facts
from advisor.core.options._kafka import NOT_INCLUDED, NUMBERS, Stream, carry, say_compaction
from advisor.core.options._kafka_settings import record_sizes, topic_settings
from advisor.core.options._kafka_shown import stream_steps
from advisor.core.options._model import GIB, Model, round_up, say, some, step, without
from advisor.core.options._sign_in import sign_in
from advisor.core.workload import Workload

MESSAGE_BYTES = {  # by cluster type, the least first
    "standard": "confluent_basic_message_bytes_max",
    "enterprise": "confluent_message_bytes_max",
    "dedicated": "confluent_message_bytes_max",
}
PARTITION_IN = "confluent_partition_ingress_bytes_per_second"
PARTITION_OUT = "confluent_partition_egress_bytes_per_second"
ELASTIC = "confluent_units_are_elastic"
_HOURS_A_DAY = 24
PRICE_NOTE = "Confluent's AWS list price, the same for every Region here; the upper end where a range is published."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Units:
    """`units` are for the peak, which lasts for the share `busy` of a day. `beyond` says what the type before this one
    lacks."""

    cluster_type: str
    stream: Stream
    units: int
    busy: float
    needs: tuple[tuple[str, float, str], ...]
    beyond: str = ""


def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Units, bytes in and out, and what is kept."""
    return _lines(_choose(workload, facts), facts)


def added(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """What the same load adds to a cluster that runs already: no units where it has room."""
    lines = bill(workload, facts)
    return without(lines, "confluent_unit_hours") if workload.spare_kafka_capacity else lines


def size(workload: Workload, facts: Facts) -> Sizing:
    """Units per constraint."""
    chosen = _choose(workload, facts)
    return Sizing(
        option="confluent_cloud",
        steps=(*stream_steps(workload, facts, chosen.stream), *_unit_steps(chosen, facts)),
        settings=topic_settings(workload, facts, chosen.stream, _own_settings(workload, facts, chosen.cluster_type)),
        quantities=_lines(chosen, facts),
        notes=(f"{chosen.cluster_type.title()} cluster{chosen.beyond}.", PRICE_NOTE, *say_compaction(workload)),
    )


def _choose(workload: Workload, facts: Facts) -> _Units:
    """The least cluster type that takes all; the largest where none does, which the hard limits say."""
    *lesser, largest = MESSAGE_BYTES
    beyond = ""
    for cluster_type in lesser:
        chosen = _units(workload, cluster_type, facts, beyond)
        lacking = next(_lacks(workload, chosen, facts), None)
        if lacking is None:
            return chosen
        beyond = f", since {cluster_type.title()} {lacking}"
    return _units(workload, largest, facts, beyond)


def _units(workload: Workload, cluster_type: str, facts: Facts, beyond: str) -> _Units:
    """Units for each constraint; the largest counts."""
    stream = carry(workload, facts, PARTITION_IN, PARTITION_OUT, cluster_type)
    needs = _needs(stream, stream.in_peak, stream.out_peak)
    return _Units(
        cluster_type=cluster_type,
        stream=stream,
        units=_largest(needs, cluster_type, facts),
        busy=workload.peak_hours_per_day / _HOURS_A_DAY,
        needs=needs,
        beyond=beyond,
    )


def _needs(stream: Stream, written: float, read: float) -> tuple[tuple[str, float, str], ...]:
    return (
        ("ingress", written, "confluent_unit_ingress_bytes_per_second"),
        ("egress", read, "confluent_unit_egress_bytes_per_second"),
        ("partitions", float(stream.partitions), "confluent_unit_partitions"),
    )


def _largest(needs: tuple[tuple[str, float, str], ...], cluster_type: str, facts: Facts) -> int:
    least = int(facts.number("confluent_units_min", cluster_type))
    return max(least, *(round_up(value / facts.number(fact, cluster_type)) for _, value, fact in needs))


def _off_peak(chosen: _Units, facts: Facts) -> int:
    """Units outside the peak: an elastic cluster shrinks to what the average takes, which is no less than comes."""
    if not _has(ELASTIC, chosen.cluster_type, facts):
        return chosen.units
    stream = chosen.stream
    return _largest(_needs(stream, stream.in_avg, stream.out_avg), chosen.cluster_type, facts)


def _has(fact: str, cluster_type: str, facts: Facts) -> bool:
    quote = facts.quote(fact, cluster_type)
    return bool(quote and quote.value)


def _lacks(workload: Workload, chosen: _Units, facts: Facts) -> Iterator[str]:
    """What a cluster of this type does not take of the workload."""
    kind = chosen.cluster_type
    if "share-groups" in workload.integrations and not _has("confluent_share_groups", kind, facts):
        yield "has no share groups"
    limits = (
        ("bytes of a message", workload.message_size_bytes_max, facts.number(MESSAGE_BYTES[kind])),
        (
            "bytes/s written to one partition",
            workload.busiest_sequence_wire_bytes_per_second,
            facts.number(PARTITION_IN, kind),
        ),
        (
            "bytes/s read of one partition",
            workload.busiest_sequence_read_wire_bytes_per_second,
            facts.number(PARTITION_OUT, kind),
        ),
        ("units", chosen.units, facts.number("confluent_units_max", kind)),
        ("partitions", chosen.stream.partitions, facts.number("confluent_partitions_max", kind)),
    )
    yield from (f"takes {say(most)} {what} and not {say(value)}" for what, value, most in limits if value > most)


def _lines(chosen: _Units, facts: Facts) -> tuple[Quantity, ...]:
    stream = chosen.stream
    units = chosen.units * chosen.busy + _off_peak(chosen, facts) * (1 - chosen.busy)
    paid = units - facts.number("confluent_free_units", chosen.cluster_type)
    kept = stream.kept_bytes * facts.number("confluent_storage_copies") / GIB
    lines = (
        (f"confluent_unit_hours:{chosen.cluster_type}", paid * facts.number("hours_per_month")),
        (f"confluent_gb:{chosen.cluster_type}", stream.in_gb + stream.out_gb),
        ("confluent_storage_gb_months", kept),
    )
    return some(lines)


def _unit_steps(chosen: _Units, facts: Facts) -> tuple[Step, ...]:
    kind = chosen.cluster_type
    most = max(chosen.needs, key=lambda need: need[1] / facts.number(need[2], kind))
    needs = (
        step(
            f"units_for_{name}",
            f"Units for {name}",
            round_up(value / facts.number(fact, kind)),
            "count",
            f"{say(value)} ÷ {say(facts.number(fact, kind))} a unit, rounded up",
            fact,
            binding=name == most[0],
        )
        for name, value, fact in chosen.needs
    )
    total = step("units", f"Units, {kind}", chosen.units, "count", "the largest of these", "confluent_units_min")
    off_peak = _off_peak(chosen, facts)
    if off_peak == chosen.units:
        return (*needs, total)
    rest = step(
        "units_off_peak",
        "Units outside the peak",
        off_peak,
        "count",
        f"the same for the average, paid for {say((1 - chosen.busy) * _HOURS_A_DAY)} of {_HOURS_A_DAY} hours a day",
        ELASTIC,
    )
    return (*needs, total, rest)


def _own_settings(workload: Workload, facts: Facts, cluster_type: str) -> tuple[Setting, ...]:
    return (
        *sign_in("SASL_SSL", "PLAIN", "an API key of Confluent Cloud and its secret, sent over TLS"),
        *record_sizes(workload, facts, facts.number(MESSAGE_BYTES[cluster_type])),
    )


MODEL = Model(
    bill=bill,
    size=size,
    added=added,
    quantities=("confluent_unit_hours", "confluent_gb", "confluent_storage_gb_months", "endpoint_hours", "endpoint_gb"),
    numbers=(*NUMBERS, "hottest_key_messages_per_second", "message_size_bytes_max", "peak_hours_per_day"),
    reads=("ordering", "existing_platforms", "existing_kafka", "integrations", "spare_kafka_capacity"),
    not_included=(*NOT_INCLUDED, "what AWS bills for traffic to and from it", "private networking and support plans"),
)
