"""Amazon MSK with Standard brokers, sized by the rule of AWS's own MSK sizing script."""

from collections.abc import Iterator
from dataclasses import dataclass

from advisor.core.broker_needs import make_fleet, standard_fleet
from advisor.core.brokers import STANDARD_DISK, STANDARD_PARTITIONS, STANDARD_STORAGE, Demand
from advisor.core.estimate import Quantity, Sizing, Step
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options._deployed import broker_settings, disk_settings, msk_settings
from advisor.core.options._fleets import Choice, Shop, choose_fleet, development_sizes, extra_throughput
from advisor.core.options._kafka import (
    COMPACTION,
    FAR_READS,
    MSK_READS,
    NOT_INCLUDED,
    NUMBERS,
    Stream,
    client_traffic,
    demand,
    read_stream,
    say_compaction,
)
from advisor.core.options._kafka_settings import topic_settings
from advisor.core.options._kafka_shown import disk_step, fleet_steps, stream_steps, traffic_step
from advisor.core.options._model import GIB, Model, leave_aws, say, some, step, without
from advisor.core.options._sign_in import sign_in_to_msk
from advisor.core.units import format_quantity
from advisor.core.workload import Workload

SHOP = Shop(
    table=STANDARD_DISK,
    utilization="standard",
    partitions=STANDARD_PARTITIONS,
    broker_price="price_msk_broker_hour",
    throughput_price="price_msk_storage_throughput",
    pays_throughput=True,
)
RULE = "Brokers by AWS's MSK sizing script: half of what disk and network allow, with one of three zones lost."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    stream: Stream
    load: Demand
    choice: Choice
    quantities: tuple[Quantity, ...]


def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Brokers, disks and the traffic of clients between zones; MSK's own replication is free."""
    return _plan(workload, facts).quantities


@once
def added(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """What the same load adds to a cluster that runs already: no brokers where it has room; else it grows as a new one
    does, by a broker in each zone."""
    lines = bill(workload, facts)
    return without(lines, "broker_hours", "throughput_mib_months") if workload.spare_kafka_capacity else lines


@once
def size(workload: Workload, facts: Facts) -> Sizing:
    """Brokers per constraint, disks and traffic."""
    plan = _plan(workload, facts)
    return Sizing(
        option="msk_provisioned",
        steps=(
            *stream_steps(workload, facts, plan.stream),
            disk_step(plan.stream, plan.load, facts),
            *fleet_steps(
                plan.load, make_fleet(plan.choice.size, plan.load, SHOP.sizes(facts), facts), plan.choice.brokers, facts
            ),
            *_development_steps(plan.load, facts),
            *traffic_step(plan.quantities, "clients in other zones; replication inside MSK is free"),
        ),
        settings=(
            *topic_settings(workload, facts, plan.stream, sign_in_to_msk(workload, facts)),
            *broker_settings(plan.choice.size, plan.choice.brokers),
            *disk_settings(plan.stream, plan.load.disk_bytes, plan.choice.brokers, facts),
            *msk_settings("msk_standard_kafka_version_latest", facts),
        ),
        quantities=plan.quantities,
        notes=(*_notes(workload, plan, facts), *say_compaction(workload)),
    )


@once
def read_load(workload: Workload, facts: Facts) -> Demand:
    """What the workload asks of the brokers."""
    return demand(read_stream(workload, facts), facts)


@once
def _plan(workload: Workload, facts: Facts) -> _Plan:
    stream = read_stream(workload, facts)
    load = read_load(workload, facts)
    choice = choose_fleet(load, SHOP, workload.region, facts, is_added=False)
    lines = _lines(workload, stream, load, choice, facts)
    return _Plan(stream=stream, load=load, choice=choice, quantities=lines)


def _lines(workload: Workload, stream: Stream, load: Demand, choice: Choice, facts: Facts) -> tuple[Quantity, ...]:
    hours = facts.number("hours_per_month")
    lines = (
        (f"broker_hours:{choice.size}", choice.brokers * hours),
        ("throughput_mib_months", extra_throughput(choice, SHOP, facts)),
        ("storage_gb_months", load.disk_bytes / GIB),
        ("cross_zone_gb", client_traffic(workload, stream, facts, facts.number("msk_standard_zones_min"))),
        *leave_aws(stream.out_gb, workload, facts),
    )
    return some(lines)


def _development_steps(load: Demand, facts: Facts) -> Iterator[Step]:
    """What the same load would take of sizes that are not for production: for a test cluster, never chosen."""
    for size in development_sizes(facts):
        fleet = standard_fleet(size, load, SHOP.sizes(facts), facts)
        brokers = max(fleet.brokers, int(facts.number("kafka_brokers_min")))
        need = fleet.binding
        formula = f"{say(need.demand)} ÷ {say(need.capacity)} {need.unit} a broker by {need.constraint}, in whole zones"
        label = f"Brokers if they were {size}, which is for development only"
        yield step(f"brokers_{size}", label, brokers, "count", formula, *need.facts, "msk_sizing_development_sizes")


def _notes(workload: Workload, plan: _Plan, facts: Facts) -> tuple[str, ...]:
    quota, hours = facts.number("msk_brokers_per_cluster_max"), facts.number("plan_local_hours")
    over = f"More than {quota:g} brokers: ask AWS to raise the quota."
    disks = (
        "All is kept on brokers' disks, since the projects set up no tiered storage, which would likely cost less for "
        f"what is older than {say(hours)} h."
    )
    is_long = plan.stream.kept_hours > hours and COMPACTION not in workload.integrations  # MSK tiers no compacted topic
    beyond = plan.choice.brokers > quota
    kept, most = plan.stream.most_kept_bytes, facts.number(STANDARD_STORAGE)
    full = (
        f"The only partition lies whole on each of three disks, and {format_quantity(kept, 'bytes')} are more than the "
        f"{format_quantity(most, 'bytes')} that one has at most: keep less, or move what is older to tiered storage."
    )
    is_full = plan.stream.partitions == 1 and kept > most
    said = ((over, beyond), (disks, is_long), (full, is_full))
    return (RULE, FAR_READS, *(note for note, is_said in said if is_said))


MODEL = Model(
    bill=bill,
    size=size,
    added=added,
    quantities=(
        "broker_hours",
        "throughput_mib_months",
        "storage_gb_months",
        "tiered_gb_months",
        "tiered_read_gb",
        "cross_zone_gb",
        "internet_gb",
        "connect_unit_hours",
        "endpoint_hours",
        "endpoint_gb",
    ),
    numbers=(*NUMBERS, "hottest_key_messages_per_second", "peak_hours_per_day"),
    reads=MSK_READS,
    not_included=(*NOT_INCLUDED, "traffic to other Regions"),
)
