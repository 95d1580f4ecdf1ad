"""How a Kafka sizing is shown: each step of the arithmetic, and the settings of the topic and its consumers.

Knows no price and no option.
"""

import math
from collections.abc import Iterable

from advisor.core.brokers import Demand, Fleet
from advisor.core.estimate import Quantity, Setting, Step
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options._deployed import stream_alarms
from advisor.core.options._kafka import COPIES, Stream
from advisor.core.options._lambda_shown import log_lambda_steps
from advisor.core.options._model import GIB, assumptions, planned_workers, say, setting, step, whole, worker_steps
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
            f"{say(stream.in_peak)} bytes/s x {say(workload.consumer_groups)} consumer groups",
        ),
        *_partition_steps(workload, facts, stream),
        step(
            "kept_bytes",
            "Kept, one copy",
            stream.kept_bytes,
            "bytes",
            f"{say(stream.in_avg)} bytes/s x {say(stream.kept_hours)} h (retention, or the outage if longer)",
        ),
        *worker_steps(workload, facts, float(stream.partitions)),
        *log_lambda_steps(workload, facts, stream.partitions),
    )


def _partition_steps(workload: Workload, facts: Facts, stream: Stream) -> tuple[Step, ...]:
    rate, workers = facts.number("plan_partition_bytes_per_second"), planned_workers(workload, facts)
    keys = workload.ordering_keys if workload.ordering == "per-key" else math.inf
    useful = min(float(stream.partitions), keys)
    one = "order over everything: one partition" if workload.ordering == "global" else ""
    formula = (
        f"max({say(facts.number('plan_partitions_min'))}, {say(stream.in_peak)} ÷ {say(rate)}, {say(workers)} workers)"
    )
    return (
        step(
            "partitions",
            "Partitions",
            stream.partitions,
            "count",
            one or formula,
            "plan_partition_bytes_per_second",
            "plan_partitions_min",
            "kafka_consumers_per_partition_max",
        ),
        step(
            "useful_consumers",
            "Consumers of one group that find work",
            useful,
            "count",
            f"{say(stream.partitions)} partitions" + ("" if math.isinf(keys) else f", {say(keys)} distinct keys"),
            "kafka_consumers_per_partition_max",
        ),
    )


def fleet_steps(fleet: Fleet, brokers: int, facts: Facts) -> tuple[Step, ...]:
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
    return (*needs, floor, total)


def disk_step(load: Demand, facts: Facts) -> Step:
    """Disk to provision for all copies."""
    local = load.disk_bytes / facts.number(COPIES) / facts.number("msk_sizing_disk_factor")
    return step(
        "disk_gib",
        "Disk of all brokers",
        load.disk_bytes / GIB,
        "GiB",
        f"{say(local / GIB)} GiB x {say(facts.number(COPIES))} copies x {say(facts.number('msk_sizing_disk_factor'))} "
        "so that disks stay half empty",
        COPIES,
        "msk_sizing_disk_factor",
    )


def traffic_step(lines: Iterable[Quantity], formula: str) -> tuple[Step, ...]:
    """Traffic that crosses zones."""
    value = dict(lines).get("cross_zone_gb", 0)
    return (step("cross_zone_gb", "Billed traffic between zones a month", value, "GB", formula, "price_cross_zone"),)


def topic_settings(
    workload: Workload, facts: Facts, stream: Stream, security: tuple[Setting, ...]
) -> tuple[Setting, ...]:
    """What the project sets its topic and its consumers to; `security` is how they sign in once deployed."""
    topic, checks = _settings(workload, facts, stream)
    return (*topic, *security, *checks)


@once
def _settings(workload: Workload, facts: Facts, stream: Stream) -> tuple[tuple[Setting, ...], tuple[Setting, ...]]:
    """Those of the topic and its consumers, and what is checked and watched: the same for every option."""
    kept = f"the longer of {say(workload.retention_hours)} h retention and {say(workload.outage_hours)} h outage"
    in_sync = facts.number("msk_standard_min_insync_replicas_default")
    topic = (
        setting("partitions", float(stream.partitions), "count", "throughput and one consumer for each partition"),
        setting("replication_factor", facts.number(COPIES), "count", "one copy in each of three zones"),
        setting("min_insync_replicas", in_sync, "count", "writes go on with one zone lost, and lose nothing"),
        setting("retention_ms", whole(stream.kept_hours * 3.6e6), "ms", kept),
        *_poll_settings(workload, facts),
        _linger(workload, facts),
        setting(
            "compression_type",
            "gzip" if workload.compression_ratio > 1 else "none",
            "",
            f"compression by {say(workload.compression_ratio)} is reckoned with; each client has gzip built in",
        ),
    )
    return topic, (*assumptions(workload), *stream_alarms(workload, stream))


def _poll_settings(workload: Workload, facts: Facts) -> tuple[Setting, ...]:
    """So few records at a time that even slow ones are done before the broker gives the consumer up."""
    longest = max(workload.processing_seconds_max, workload.processing_seconds_avg, 1e-6)
    interval = max(facts.number("kafka_max_poll_interval_seconds_default"), math.ceil(2 * longest))
    records = max(1, min(facts.number("kafka_max_poll_records_default"), interval // (2 * longest)))
    because = f"{say(records)} x {say(longest)} s is at most half of {say(interval)} s"
    return (
        setting("max_poll_records", float(records), "count", because),
        setting("max_poll_interval_ms", interval * 1000.0, "ms", f"twice the longest processing of {say(longest)} s"),
    )


def _linger(workload: Workload, facts: Facts) -> Setting:
    default = facts.number("kafka_linger_seconds_default") * 1000
    value = math.floor(min(default, workload.latency_ms_target / 10))
    return setting("linger_ms", float(value), "ms", "the default, or a tenth of the latency target if that is less")
