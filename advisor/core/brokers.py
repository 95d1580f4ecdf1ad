"""How many Kafka brokers of each size a load needs: the rule of AWS's MSK sizing script, one of three zones lost.

Knows no workload, no option and no price. Rates are bytes per second.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass

from advisor.core.facts import Facts

STANDARD_DISK = "msk_standard_ebs_bytes_per_second_max"
STANDARD_NETWORK = "msk_standard_network_bytes_per_second_max"
STANDARD_PARTITIONS = "msk_standard_partitions_per_broker_recommended"
EXPRESS_PARTITIONS = "msk_express_partitions_per_broker_recommended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """What the brokers together must carry; partitions count their copies, `disk_bytes` with copies and headroom."""

    in_avg: float
    in_peak: float
    out_avg: float
    out_peak: float
    partition_replicas: float
    disk_bytes: float
    is_tiered: bool = False

    @property
    def fan_out(self) -> float:
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
    """Brokers of one size. The binding constraint is the first of those that need most."""

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


def network_factor(facts: Facts, fan_out: float, *, tiered: bool) -> float:
    """Bytes sent by a broker for each byte produced."""
    base = facts.number("msk_sizing_network_factor") + tiered * facts.number("msk_sizing_network_factor_tiered")
    return base + fan_out * zone_loss_factor(facts)


def standard_fleet(size: str, demand: Demand, sizes: Sizes, facts: Facts) -> Fleet:
    """Brokers with their own disks: safe writes are the least of disk and network, times the planned use."""
    disk = _disk_rate(size, sizes, facts)
    by_disk = disk / disk_write_factor(facts, tiered=demand.is_tiered)
    by_network = facts.number(STANDARD_NETWORK, size) / network_factor(facts, demand.fan_out, tiered=demand.is_tiered)
    safe = min(by_disk, by_network) * sizes.utilization
    limited_by = STANDARD_DISK if by_disk <= by_network else STANDARD_NETWORK
    most = facts.number("msk_standard_storage_bytes_per_broker_max")
    needs = [
        _need("ingress", demand.in_peak, safe, "bytes/s", facts, limited_by),
        _need("egress", demand.out_peak, max(demand.fan_out, 1e-12) * safe, "bytes/s", facts, limited_by),
        _need(
            "partitions",
            demand.partition_replicas,
            facts.number(sizes.partitions, size),
            "partition replicas",
            facts,
            sizes.partitions,
        ),
        _need("storage", demand.disk_bytes, most, "bytes", facts, "msk_standard_storage_bytes_per_broker_max"),
    ]
    provisioned = _provisioned(size, sizes, facts)
    if provisioned and sizes.disk_provisioned is not None:
        needs.append(_need("throughput", demand.out_avg, provisioned, "bytes/s", facts, STANDARD_DISK))
    return _fleet(size, needs, provisioned)


def express_fleet(size: str, demand: Demand, sizes: Sizes, facts: Facts) -> Fleet:
    """Brokers without disks of their own: published rates for writes (times the planned use) and reads."""
    written = facts.number(sizes.express_in, size)
    factor = facts.number("msk_sizing_express_egress_factor")
    read = facts.number(sizes.express_out, size) if sizes.express_out else written * factor
    out_fact = sizes.express_out or "msk_sizing_express_egress_factor"
    replicas = facts.number(sizes.partitions, size)
    needs = [
        _need("ingress", demand.in_peak, written * sizes.utilization, "bytes/s", facts, sizes.express_in),
        _need("egress", demand.out_peak, read, "bytes/s", facts, out_fact),
        _need("partitions", demand.partition_replicas, replicas, "partition replicas", facts, sizes.partitions),
    ]
    return _fleet(size, needs, 0.0)


def capability(size: str, sizes: Sizes, facts: Facts) -> tuple[float, ...]:
    """Sorts sizes by what they can carry; the last of all carries at least as much as any other in every respect."""
    if size.startswith("express."):
        return facts.number(sizes.express_in, size), facts.number(sizes.partitions, size)
    return facts.number(STANDARD_DISK, size), facts.number(STANDARD_NETWORK, size), facts.number(sizes.partitions, size)


def sizes_of(table: str, facts: Facts, prefix: str = "") -> Iterator[str]:
    """The sizes that a table knows, in its order."""
    return (key[0] for key in facts[table].cells if key[0].startswith(prefix))


def _disk_rate(size: str, sizes: Sizes, facts: Facts) -> float:
    most = facts.number(STANDARD_DISK, size)
    if sizes.pays_throughput and not _may_provision(size, facts):
        return min(most, facts.number("msk_standard_ebs_bytes_per_second_default"))
    return most


def _provisioned(size: str, sizes: Sizes, facts: Facts) -> float:
    """Throughput that is paid for on each broker."""
    most = facts.number(STANDARD_DISK, size)
    if not _may_provision(size, facts):
        return 0.0
    if sizes.disk_provisioned is not None:
        return min(sizes.disk_provisioned, most)
    return most if sizes.pays_throughput else 0.0


def paid_throughput(size: str, facts: Facts) -> float:
    """Throughput of one broker that must be provisioned and paid for, where the size may have any."""
    return facts.number(STANDARD_DISK, size) if _may_provision(size, facts) else 0.0


def _may_provision(size: str, facts: Facts) -> bool:
    allowed = facts["msk_sizing_throughput_sizes"].cells[()].value
    return isinstance(allowed, tuple) and size in allowed


def _need(constraint: str, demand: float, capacity: float, unit: str, facts: Facts, *used: str) -> Need:
    brokers = in_zones(demand / capacity, facts)
    return Need(constraint=constraint, demand=demand, capacity=capacity, brokers=brokers, unit=unit, facts=used)


def _fleet(size: str, needs: list[Need], provisioned: float) -> Fleet:
    brokers = max(need.brokers for need in needs)
    return Fleet(size=size, brokers=brokers, needs=tuple(needs), provisioned_throughput=provisioned)
