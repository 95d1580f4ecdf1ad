"""How a Kafka sizing is shown: each step of the arithmetic.

Knows no price and no option.
"""

import math
from collections.abc import Iterable

from advisor.core.brokers import Demand, Fleet
from advisor.core.estimate import Quantity, Step
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options._kafka import COPIES, LEAST_KEPT, Stream
from advisor.core.options._lambda_shown import log_lambda_steps
from advisor.core.options._model import GIB, planned_workers, say, step, worker_steps
from advisor.core.units import format_quantity
from advisor.core.workload import Workload


@once
def stream_steps(workload: Workload, facts: Facts, stream: Stream) -> tuple[Step, ...]:
    """Bytes, partitions and consumers."""
    return (
        step(
            "in_peak",
            "Written at the peak",
            stream.in_peak,
            "bytes/s",
            f"{say(workload.messages_per_second_peak_at_horizon)} messages/s x {say(workload.message_size_bytes_avg)} "
            f"bytes ÷ {say(workload.compression_ratio)} by compression",
        ),
        step(
            "out_peak",
            "Read at the peak",
            stream.out_peak,
            "bytes/s",
            f"{say(stream.in_peak)} bytes/s x {say(workload.consumer_groups)} (consumer groups)",
        ),
        *_partition_steps(workload, facts, stream),
        step(
            "kept_bytes",
            "Kept, one copy",
            stream.kept_bytes,
            "bytes",
            f"{say(stream.in_avg)} bytes/s x {say(stream.kept_hours)} h (retention, or the outage if longer; "
            f"{say(facts.number(LEAST_KEPT))} h at least)",
            LEAST_KEPT,
        ),
        *worker_steps(workload, facts, float(stream.partitions)),
        *log_lambda_steps(workload, facts, stream.partitions),
    )


def _partition_steps(workload: Workload, facts: Facts, stream: Stream) -> tuple[Step, ...]:
    carried = stream.carried
    keys = workload.ordering_keys if workload.ordering == "per-key" else math.inf
    useful = min(float(stream.partitions), keys)
    one = "order over everything: one partition" if workload.ordering == "global" else ""
    needs = (
        say(facts.number("plan_partitions_min")),
        f"{say(stream.in_peak)} ÷ {say(carried.ingress)} written",
        "" if math.isinf(carried.egress) else f"{say(stream.out_peak)} ÷ {say(carried.egress)} read",
        format_quantity(planned_workers(workload, facts), "workers"),
        f"{say(workload.isolation_units)} separate lanes" if workload.isolation_units > 1 else "",
    )
    return (
        step(
            "partitions",
            "Partitions",
            stream.partitions,
            "count",
            one or f"max({', '.join(filter(None, needs))})",
            *carried.facts,
            "plan_partitions_min",
            "kafka_consumers_per_partition_max",
        ),
        step(
            "useful_consumers",
            "Consumers of one group that find work",
            useful,
            "count",
            format_quantity(stream.partitions, "partitions")
            + ("" if math.isinf(keys) else f", {format_quantity(keys, 'distinct keys')}"),
            "kafka_consumers_per_partition_max",
        ),
    )


def fleet_steps(load: Demand, fleet: Fleet, brokers: int, facts: Facts) -> tuple[Step, ...]:
    """One line per constraint of the chosen size, with one of three zones lost; the binding one is marked."""
    least = int(facts.number("kafka_brokers_min"))
    most = max(fleet.needs, key=lambda need: (need.brokers, need.exact))
    needs = (
        step(
            f"brokers_for_{need.constraint}",
            f"Brokers for {need.constraint}",
            need.brokers,
            "count",
            f"{say(need.demand)} ÷ {say(need.capacity)} {need.unit} a broker = {say(need.exact)}, in whole zones",
            *need.facts,
            binding=need is most and brokers > least,
        )
        for need in fleet.needs
    )
    floor = step(
        "brokers_floor",
        "Smallest sane cluster",
        least,
        "count",
        "one broker in each of three zones",
        "kafka_brokers_min",
        binding=brokers == least,
    )
    total = step(
        "brokers", f"Brokers, {fleet.size}", brokers, "count", "the largest of these", "msk_sizing_utilization"
    )
    return (*needs, *_leader_step(load, fleet, brokers), floor, total)


def _leader_step(load: Demand, fleet: Fleet, brokers: int) -> tuple[Step, ...]:
    """How much of one broker the leader of the busiest sequence takes, where that is more than an even share."""
    if load.led * brokers <= 1:
        return ()
    most = max((need for need in fleet.needs if need.constraint in ("ingress", "egress")), key=lambda need: need.exact)
    carried, led = load.led * most.exact, "" if load.led == 1 else f" x {say(load.led)} of all"
    formula = (
        f"{say(most.demand)}{led} ÷ {say(most.capacity)} {most.unit} a broker, since one broker leads its partition"
    )
    beyond = "; no size with a price is planned for so much" if carried > 1 else ""
    label = "Brokers' worth that the leader of the busiest sequence carries"
    return (step("leader", label, carried, "count", formula + beyond, *most.facts),)


def disk_step(stream: Stream, load: Demand, facts: Facts) -> Step:
    """Disk to provision for all copies."""
    busiest = " after the busiest hours" if stream.most_kept_bytes > stream.kept_bytes else ""
    copies, factor = (say(facts.number(each)) for each in (COPIES, "msk_sizing_disk_factor"))
    return step(
        "disk_gib",
        "Disk of all brokers",
        load.disk_bytes / GIB,
        "GiB",
        f"{say(stream.most_kept_bytes / GIB)} GiB{busiest} x {copies} copies x {factor} so that disks stay half empty",
        COPIES,
        "msk_sizing_disk_factor",
    )


def traffic_step(lines: Iterable[Quantity], formula: str) -> tuple[Step, ...]:
    """Traffic that crosses zones."""
    value = dict(lines).get("cross_zone_gb", 0)
    return (step("cross_zone_gb", "Billed traffic between zones a month", value, "GiB", formula, "price_cross_zone"),)
