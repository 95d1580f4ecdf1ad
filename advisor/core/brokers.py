"""How many Kafka brokers of each size a load needs: the rule of AWS's MSK sizing script, one of three zones lost.

Knows no workload, no option and no price. Rates are bytes per second.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from advisor.core.facts import Facts

STANDARD_DISK = "msk_standard_ebs_bytes_per_second_max"
STANDARD_NETWORK = "msk_standard_network_bytes_per_second_max"
STANDARD_PARTITIONS = "msk_standard_partitions_per_broker_recommended"
STANDARD_STORAGE = "msk_standard_storage_bytes_per_broker_max"
EXPRESS = "express."  # how the sizes of Express brokers begin
EXPRESS_PARTITIONS = "msk_express_partitions_per_broker_recommended"


class Demand(NamedTuple):
    """What the brokers together must carry; partitions count their copies, `disk_bytes` with copies and headroom. The
    broker that leads the busiest ordered sequence takes in and gives out at least that part of all, `led` (0..1)."""

    in_avg: float
    in_peak: float
    out_avg: float
    out_peak: float
    partition_replicas: float
    disk_bytes: float
    is_tiered: bool = False
    led: float = 0.0

    @property
    def fan_out(self) -> float:
        """Bytes read for each byte written, at the peak; 0 where nothing is written."""
        return self.out_peak / self.in_peak if self.in_peak > 0 else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One constraint: `demand` over `capacity` of a broker; `brokers` in whole zones."""

    constraint: str
    demand: float
    capacity: float
    brokers: int
    unit: str
    facts: tuple[str, ...] = ()

    @property
    def exact(self) -> float:
        """Brokers needed before rounding."""
        return self.demand / self.capacity


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """Brokers of one size, and the throughput that each disk is provisioned with. The binding constraint is the first
    of those that need most."""

    size: str
    brokers: int
    needs: tuple[Need, ...]
    provisioned_throughput: float = 0.0

    @property
    def binding(self) -> Need:
        return max(self.needs, key=lambda need: need.brokers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How hard brokers may be driven and which tables say what a size can do.

    Disk throughput above the default must be paid for (`pays_throughput`); AWS's script takes it as given, or at a
    stated rate (`disk_provisioned`).
    """

    utilization: float
    partitions: str
    pays_throughput: bool = False
    disk_provisioned: float | None = None
    express_in: str = "msk_express_ingress_bytes_per_second_sustained"
    express_out: str | None = "msk_express_egress_bytes_per_second_sustained"


def in_zones(brokers: float, facts: Facts) -> int:
    """The next multiple of the zones."""
    zones = int(facts.number("msk_sizing_zones"))
    return math.ceil(math.ceil(brokers - 1e-9) / zones) * zones


def zone_loss_factor(facts: Facts) -> float:
    """What each remaining zone carries when one is lost: 3/2 with three."""
    zones = facts.number("msk_sizing_zones")
    return zones / (zones - 1)


def disk_write_factor(facts: Facts, *, tiered: bool) -> float:
    """Bytes written to disk for each byte produced."""
    return facts.number("msk_sizing_storage_factor") + tiered * facts.number("msk_sizing_storage_factor_tiered")


def network_factor(facts: Facts, *, tiered: bool) -> float:
    """Bytes sent by a broker for each byte produced, readers aside."""
    return facts.number("msk_sizing_network_factor") + tiered * facts.number("msk_sizing_network_factor_tiered")


def capability(size: str, sizes: Sizes, facts: Facts) -> tuple[float, ...]:
    """Sorts sizes by what they can carry; the last of all carries at least as much as any other in every respect."""
    if size.startswith(EXPRESS):
        return facts.number(sizes.express_in, size), facts.number(sizes.partitions, size)
    return facts.number(STANDARD_DISK, size), facts.number(STANDARD_NETWORK, size), facts.number(sizes.partitions, size)


def sizes_of(table: str, facts: Facts, prefix: str = "") -> Iterator[str]:
    """The sizes that a table knows, in its order."""
    return (key[0] for key in facts[table].cells if key[0].startswith(prefix))


def paid_throughput(size: str, facts: Facts) -> float:
    """Throughput of one broker that must be provisioned and paid for, where the size may have any."""
    return facts.number(STANDARD_DISK, size) if may_provision(size, facts) else 0.0


def may_provision(size: str, facts: Facts) -> bool:
    """Whether disks of brokers of this size can be given throughput above their default."""
    allowed = facts["msk_sizing_throughput_sizes"].cells[()].value
    return isinstance(allowed, tuple) and size in allowed
