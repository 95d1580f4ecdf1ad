"""Kafka arithmetic that the options share: partitions, bytes, copies and traffic between zones.

Knows no price and no option. Rates are bytes per second on the wire, compressed as stated.
"""

import math
from typing import NamedTuple

from advisor.core.brokers import Demand
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options._model import GIB, month_seconds, planned_workers, round_up
from advisor.core.workload import Workload

COPIES = "kafka_replication_factor_durable"
LEAST_KEPT = "plan_topic_hours_min"
PLANNED = "plan_partition_bytes_per_second"
NUMBERS = (
    "availability_zones",
    "compression_ratio",
    "consumer_groups",
    "isolation_units",
    "message_size_bytes_avg",
    "messages_per_second_avg",
    "messages_per_second_peak",
    "outage_hours",
    "processing_seconds_avg",
    "retention_hours",
)
MSK_READS = (
    "region",
    "cloud",
    "ordering",
    "existing_platforms",
    "existing_kafka",
    "spare_kafka_capacity",
    "use_free_tier",
)
NOT_INCLUDED = (
    "computing time of producers and consumers",
    "monitoring, alarms and logs",
    "connectors, schema registry and stream processing",
)
COMPACTION = "log-compaction"
FAR_READS = "consumers read from the leader, in any zone; reading from the nearest replica would save traffic"


class Carried(NamedTuple):
    """What one partition takes in and gives out, in bytes a second, and the facts that say so."""

    ingress: float
    egress: float
    facts: tuple[str, ...]


class Stream(NamedTuple):
    """What a cluster must carry; `busiest` is the part of it (0..1) that one partition takes, being one sequence."""

    in_avg: float
    in_peak: float
    out_avg: float
    out_peak: float
    partitions: int
    busiest: float
    carried: Carried
    kept_hours: float
    peak_hours: float
    seconds: float

    @property
    def kept_bytes(self) -> float:
        """One copy of what is kept."""
        return self.in_avg * self.kept_hours * 3600

    @property
    def most_kept_bytes(self) -> float:
        """The most that one copy grows to: of a few hours those of the peak, but no more than a day brings."""
        busiest = min(self.in_peak * min(self.kept_hours, self.peak_hours), self.in_avg * 24)
        return max(self.kept_bytes, busiest * 3600)

    @property
    def in_gb(self) -> float:
        """GiB written in a month."""
        return self.in_avg * self.seconds / GIB

    @property
    def out_gb(self) -> float:
        """GiB read in a month, by all groups."""
        return self.out_avg * self.seconds / GIB


@once
def read_stream(workload: Workload, facts: Facts) -> Stream:
    """The stream that the workload makes at its horizon; an outage must not outlast what is kept, nor a restart."""
    written, peak = workload.bytes_per_second_avg / workload.compression_ratio, workload.wire_bytes_per_second_peak
    groups, planned = max(1.0, workload.consumer_groups), Carried(facts.number(PLANNED), math.inf, (PLANNED,))
    return Stream(
        in_avg=written,
        in_peak=peak,
        out_avg=written * groups,
        out_peak=peak * groups,
        partitions=_partitions(peak, peak * groups, planned, workload, facts),
        busiest=min(1.0, workload.busiest_sequence_wire_bytes_per_second / peak) if peak > 0 else 0.0,
        carried=planned,
        kept_hours=max(workload.retention_hours, workload.outage_hours, facts.number(LEAST_KEPT)),
        peak_hours=workload.peak_hours_per_day,
        seconds=month_seconds(facts),
    )


def carry(workload: Workload, facts: Facts, ingress: str, egress: str, *size: str) -> Stream:
    """The same where the vendor's facts say what a partition carries."""
    stream = read_stream(workload, facts)
    carried = Carried(facts.number(ingress, *size), facts.number(egress, *size), (ingress, egress))
    partitions = _partitions(stream.in_peak, stream.out_peak, carried, workload, facts)
    return stream._replace(carried=carried, partitions=partitions)


def _partitions(written: float, read: float, carried: Carried, workload: Workload, facts: Facts) -> int:
    """Enough for the bytes, for one consumer each and for a lane each; strict order over everything leaves one.

    Not cut down to the number of keys: consumers beyond it idle, which the steps say, and cost nothing here.
    """
    if workload.ordering == "global":
        return 1
    return max(
        int(facts.number("plan_partitions_min")),
        round_up(written / carried.ingress),
        round_up(read / carried.egress),
        planned_workers(workload, facts),
        round_up(workload.isolation_units),
    )


def demand(stream: Stream, facts: Facts) -> Demand:
    """The stream as brokers feel it: copies counted, disks with headroom."""
    copies = facts.number(COPIES)
    return Demand(
        in_avg=stream.in_avg,
        in_peak=stream.in_peak,
        out_avg=stream.out_avg,
        out_peak=stream.out_peak,
        partition_replicas=stream.partitions * copies,
        disk_bytes=stream.most_kept_bytes * copies * facts.number("msk_sizing_disk_factor"),
        led=stream.busiest,
    )


def say_compaction(workload: Workload) -> tuple[str, ...]:
    """What no bill can know of a compacted topic: how many of its records are the newest of their keys."""
    said = (
        "Compaction is not reckoned with: storage is for every record of the stated time. A compacted topic keeps the "
        "newest of each key, for as long as it is not deleted, which may be far less or more."
    )
    return (said,) if COMPACTION in workload.integrations else ()


def client_traffic(workload: Workload, stream: Stream, facts: Facts, fewest_zones: float = 1.0) -> float:
    """GiB of producers and consumers across zones, of which a cluster lies in no fewer than these; each client talks to
    any broker, and each GiB is billed on both sides."""
    zones = min(max(fewest_zones, workload.availability_zones), facts.number("msk_sizing_zones"))
    return 2 * (zones - 1) / zones * (stream.in_gb + stream.out_gb)
