"""Apache Kafka on machines of one's own: brokers, controllers, volumes, and the replication traffic that is billed."""

from advisor.core.broker_needs import make_fleet
from advisor.core.brokers import STANDARD_DISK, STANDARD_PARTITIONS, Demand
from advisor.core.estimate import Quantity, Setting, Sizing, Step
from advisor.core.facts import Facts
from advisor.core.options._deployed import broker_settings, disk_settings
from advisor.core.options._fleets import Choice, Shop, choose_fleet, extra_throughput
from advisor.core.options._kafka import (
    COPIES,
    FAR_READS,
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
from advisor.core.options._model import GIB, OUTSIDE_AWS, Model, say, setting, some, step, without
from advisor.core.options._sign_in import sign_in
from advisor.core.workload import Workload

SHOP = Shop(
    table=STANDARD_DISK,
    utilization="standard",
    partitions=STANDARD_PARTITIONS,
    broker_price="price_ec2_hour",
    strip="kafka.",
    throughput_price="price_ebs_gp3_throughput",
    free_throughput="ebs_gp3_free_mib_per_second",
    has_quota=False,
)
RULE = "The same machines and the same rule as for MSK Standard brokers, bought as EC2 and EBS."
ELSEWHERE = "Outside AWS this is an AWS list price for comparison; your own machines cost something else."
TRAFFIC = "replication to the other zones and clients in other zones, each GiB billed twice"


def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Machines, volumes and traffic between zones, replication included."""
    stream = read_stream(workload, facts)
    load = demand(stream, facts)
    return _lines(workload, stream, load, _choose(workload, load, facts), facts)


def added(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """What the same load adds to a cluster that runs already: no controllers, no machines where it has room."""
    stream = read_stream(workload, facts)
    load = demand(stream, facts)
    lines = _lines(workload, stream, load, _choose(workload, load, facts, is_added=True), facts)
    if workload.spare_kafka_capacity:
        return without(lines, "machine_hours", "volume_mib")
    return without(lines, f"machine_hours:{_controller(facts)}")


def size(workload: Workload, facts: Facts) -> Sizing:
    """Brokers per constraint, controllers, disks and traffic."""
    stream = read_stream(workload, facts)
    load = demand(stream, facts)
    choice = _choose(workload, load, facts)
    lines = _lines(workload, stream, load, choice, facts)
    return Sizing(
        option="kafka_self_managed",
        steps=(
            *stream_steps(workload, facts, stream),
            disk_step(stream, load, facts),
            *fleet_steps(load, make_fleet(choice.size, load, SHOP.sizes(facts), facts), choice.brokers, facts),
            _controller_step(facts),
            *traffic_step(lines, TRAFFIC if _has_zones(workload) else "nobody bills it in a data centre of your own"),
        ),
        settings=(
            *topic_settings(workload, facts, stream, _sign_in()),
            *broker_settings(SHOP.name(choice.size), choice.brokers),
            *disk_settings(stream, load.disk_bytes, choice.brokers, facts),
            setting("controllers", facts.number("kafka_controllers_min"), "count", "so that one may fail"),
        ),
        quantities=lines,
        notes=(RULE, FAR_READS, *(() if workload.cloud == "aws" else (ELSEWHERE,)), *say_compaction(workload)),
    )


def _choose(workload: Workload, load: Demand, facts: Facts, *, is_added: bool = False) -> Choice:
    return choose_fleet(load, SHOP, workload.region, facts, is_added=is_added)


def _lines(workload: Workload, stream: Stream, load: Demand, choice: Choice, facts: Facts) -> tuple[Quantity, ...]:
    hours = facts.number("hours_per_month")
    far = _copies_in_other_zones(int(facts.number(COPIES)), int(workload.availability_zones))
    traffic = client_traffic(workload, stream, facts) + 2 * far * stream.in_gb
    lines = (
        (f"machine_hours:{SHOP.name(choice.size)}", choice.brokers * hours),
        (f"machine_hours:{_controller(facts)}", facts.number("kafka_controllers_min") * hours),
        ("volume_gb_months", load.disk_bytes / GIB),
        ("volume_mib_months", extra_throughput(choice, SHOP, facts)),
        ("cross_zone_gb", traffic if _has_zones(workload) else 0.0),
    )
    return some(lines)


def _copies_in_other_zones(copies: int, zones: int) -> float:
    """Of the copies of a partition those in another zone than the leader's, on average: they are spread evenly, and
    each of them leads as often as the others."""
    each, more = divmod(copies, max(1, zones))
    in_its_zone = (more * (each + 1) ** 2 + (max(1, zones) - more) * each**2) / copies
    return copies - in_its_zone


def _has_zones(workload: Workload) -> bool:
    """Whether somebody bills what crosses them."""
    return workload.cloud != "on-prem"


def _controller(facts: Facts) -> str:
    return str(facts["plan_controller_machine"].cells[()].value)


def _controller_step(facts: Facts) -> Step:
    controllers = facts.number("kafka_controllers_min")
    formula = f"{say(controllers)} x {_controller(facts)}, so that one may fail"
    return step("controllers", "Controllers", controllers, "count", formula, "kafka_controllers_min")


def _sign_in() -> tuple[Setting, ...]:
    return sign_in("SSL", "", "certificates on both sides: nobody keeps a password")


MODEL = Model(
    bill=bill,
    size=size,
    added=added,
    quantities=("machine_hours", "volume_gb_months", "volume_mib_months", "volume_iops_months", "cross_zone_gb"),
    numbers=(*NUMBERS, "hottest_key_messages_per_second", "peak_hours_per_day"),
    reads=("region", "cloud", "ordering", "existing_platforms", "existing_kafka", "spare_kafka_capacity"),
    not_included=(
        *NOT_INCLUDED,
        "your own working hours (shown apart)",
        "disks of controllers and of operating systems",
        "backups and tiered storage",
    ),
    compared_in=OUTSIDE_AWS,
)
