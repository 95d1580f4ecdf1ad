"""Confluent Cloud by its own units: Standard as far as it reaches, Enterprise beyond."""

from dataclasses import dataclass

from advisor.core.estimate import Quantity, Setting, Sizing, Step
from advisor.core.facts import Facts
from advisor.core.options._kafka import NOT_INCLUDED, NUMBERS, Stream, read_stream
from advisor.core.options._kafka_settings import record_sizes, topic_settings
from advisor.core.options._kafka_shown import stream_steps
from advisor.core.options._model import GIB, Model, round_up, say, some, step, without
from advisor.core.options._sign_in import sign_in
from advisor.core.workload import Workload

CLUSTER_TYPES = ("standard", "enterprise")
PRICE_NOTE = "Confluent's AWS list price, the same for every Region here; the upper end where a range is published."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Units:
    cluster_type: str
    units: int
    needs: tuple[tuple[str, float, str], ...]


def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Units, bytes in and out, and what is kept."""
    stream = read_stream(workload, facts)
    return _lines(stream, _units(stream, facts), facts)


def added(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """What the same load adds to a cluster that runs already: no units where it has room."""
    lines = bill(workload, facts)
    return without(lines, "confluent_unit_hours") if workload.spare_kafka_capacity else lines


def size(workload: Workload, facts: Facts) -> Sizing:
    """Units per constraint."""
    stream = read_stream(workload, facts)
    chosen = _units(stream, facts)
    return Sizing(
        option="confluent_cloud",
        steps=(*stream_steps(workload, facts, stream), *_unit_steps(chosen, facts)),
        settings=topic_settings(workload, facts, stream, _own_settings(workload, facts, chosen.cluster_type)),
        quantities=_lines(stream, chosen, facts),
        notes=(f"{chosen.cluster_type.title()} cluster.", PRICE_NOTE),
    )


def units_needed(stream: Stream, cluster_type: str, facts: Facts) -> _Units:
    """Units for each constraint; the largest counts."""
    needs = (
        ("ingress", stream.in_peak, "confluent_unit_ingress_bytes_per_second"),
        ("egress", stream.out_peak, "confluent_unit_egress_bytes_per_second"),
        ("partitions", float(stream.partitions), "confluent_unit_partitions"),
    )
    least = int(facts.number("confluent_units_min", cluster_type))
    units = max(least, *(round_up(value / facts.number(fact, cluster_type)) for _, value, fact in needs))
    return _Units(cluster_type=cluster_type, units=units, needs=needs)


def _units(stream: Stream, facts: Facts) -> _Units:
    chosen = units_needed(stream, CLUSTER_TYPES[0], facts)
    if chosen.units <= facts.number("confluent_units_max", chosen.cluster_type):
        return chosen
    return units_needed(stream, CLUSTER_TYPES[1], facts)


def _lines(stream: Stream, chosen: _Units, facts: Facts) -> tuple[Quantity, ...]:
    paid = chosen.units - facts.number("confluent_free_units", chosen.cluster_type)
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
    return (*needs, total)


def _own_settings(workload: Workload, facts: Facts, cluster_type: str) -> tuple[Setting, ...]:
    limit = "confluent_basic_message_bytes_max" if cluster_type == CLUSTER_TYPES[0] else "confluent_message_bytes_max"
    return (
        *sign_in("SASL_SSL", "PLAIN", "an API key of Confluent Cloud and its secret, sent over TLS"),
        *record_sizes(workload, facts, facts.number(limit)),
    )


MODEL = Model(
    bill=bill,
    size=size,
    added=added,
    quantities=("confluent_unit_hours", "confluent_gb", "confluent_storage_gb_months", "endpoint_hours", "endpoint_gb"),
    numbers=NUMBERS,
    reads=("ordering", "existing_platforms", "spare_kafka_capacity"),
    not_included=(*NOT_INCLUDED, "private networking and support plans"),
)
