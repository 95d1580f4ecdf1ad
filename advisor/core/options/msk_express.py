"""Amazon MSK with Express brokers: published rates a broker, storage by what is kept, writes by the byte."""

from advisor.core.broker_needs import make_fleet
from advisor.core.brokers import EXPRESS, EXPRESS_PARTITIONS
from advisor.core.estimate import Quantity, Sizing
from advisor.core.facts import Facts
from advisor.core.options._deployed import broker_settings, msk_settings, no_disk_settings
from advisor.core.options._fleets import Choice, Shop, choose_fleet
from advisor.core.options._kafka import (
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
from advisor.core.options._kafka_settings import fixed_min_insync, topic_settings
from advisor.core.options._kafka_shown import fleet_steps, stream_steps, traffic_step
from advisor.core.options._model import GIB, Model, leave_aws, some, without
from advisor.core.options._sign_in import sign_in_to_msk
from advisor.core.workload import Workload

SHOP = Shop(
    table=EXPRESS_PARTITIONS,
    utilization="express",
    partitions=EXPRESS_PARTITIONS,
    broker_price="price_msk_broker_hour",
    prefix=EXPRESS,
)
RULE = "Brokers by the sustained rates of the developer guide; writes to three quarters of theirs, as AWS plans."


def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Brokers, one copy of what is kept, what is written, and the traffic of clients between zones."""
    stream = read_stream(workload, facts)
    return _lines(workload, stream, _choose(workload, stream, facts), facts)


def added(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """What the same load adds to a cluster that runs already: no brokers where it has room; else it grows as a new one
    does, by a broker in each zone."""
    lines = bill(workload, facts)
    return without(lines, "broker_hours") if workload.spare_kafka_capacity else lines


def size(workload: Workload, facts: Facts) -> Sizing:
    """Brokers per constraint and traffic."""
    stream = read_stream(workload, facts)
    choice, load = _choose(workload, stream, facts), demand(stream, facts)
    lines = _lines(workload, stream, choice, facts)
    return Sizing(
        option="msk_express",
        steps=(
            *stream_steps(workload, facts, stream),
            *fleet_steps(load, make_fleet(choice.size, load, SHOP.sizes(facts), facts), choice.brokers, facts),
            *traffic_step(lines, "clients in other zones; replication inside MSK is free"),
        ),
        settings=(
            *topic_settings(
                workload, facts, stream, (*sign_in_to_msk(workload, facts), fixed_min_insync("Express brokers"))
            ),
            *broker_settings(choice.size, choice.brokers),
            *no_disk_settings(),
            *msk_settings("msk_express_kafka_versions", facts),
        ),
        quantities=lines,
        notes=(RULE, FAR_READS, "Storage is billed for one copy.", *say_compaction(workload)),
    )


def _choose(workload: Workload, stream: Stream, facts: Facts) -> Choice:
    return choose_fleet(demand(stream, facts), SHOP, workload.region, facts, is_added=False)


def _lines(workload: Workload, stream: Stream, choice: Choice, facts: Facts) -> tuple[Quantity, ...]:
    lines = (
        (f"broker_hours:{choice.size}", choice.brokers * facts.number("hours_per_month")),
        ("express_storage_gb_months", stream.kept_bytes / GIB),
        ("express_in_gb", stream.in_gb),
        ("cross_zone_gb", client_traffic(workload, stream, facts, facts.number("msk_express_zones"))),
        *leave_aws(stream.out_gb, workload, facts),
    )
    return some(lines)


MODEL = Model(
    bill=bill,
    size=size,
    added=added,
    quantities=(
        "broker_hours",
        "express_storage_gb_months",
        "express_in_gb",
        "cross_zone_gb",
        "internet_gb",
        "connect_unit_hours",
    ),
    numbers=(*NUMBERS, "hottest_key_messages_per_second"),
    reads=MSK_READS,
    not_included=(*NOT_INCLUDED, "traffic to other Regions"),
)
