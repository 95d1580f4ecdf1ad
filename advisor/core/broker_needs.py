"""How many brokers of one size a demand asks for, constraint by constraint. Knows no workload, no option, no price."""

from collections.abc import Callable
from dataclasses import dataclass

from advisor.core.brokers import (
    EXPRESS,
    STANDARD_DISK,
    STANDARD_NETWORK,
    STANDARD_STORAGE,
    Demand,
    Fleet,
    Need,
    Sizes,
    disk_write_factor,
    in_zones,
    may_provision,
    network_factor,
    zone_loss_factor,
)
from advisor.core.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class _Broker:
    """What the facts say of one Standard broker under a rule."""

    disk: float
    network: float
    partitions: float
    storage: float
    provisioned: float
    write_factors: tuple[float, float]  # plain, tiered
    network_factors: tuple[float, float]
    zone_loss: float

    def safe_writes(self, is_tiered: bool, fan_out: float) -> tuple[float, float]:
        """What the disk and what the network would let it take in, each at full use."""
        by_network = self.network / (self.network_factors[is_tiered] + fan_out * self.zone_loss)
        return self.disk / self.write_factors[is_tiered], by_network


_LEAST = 1e-12  # a fan-out to divide by where nobody reads
_Row = tuple[str, float, float, str, str]  # constraint, demand, capacity, unit, fact


def standard_fleet(size: str, demand: Demand, sizes: Sizes, facts: Facts) -> Fleet:
    """Brokers with their own disks: safe writes are the least of disk and network, times the planned use."""
    return _fleet(size, _standard_rows(size, demand, sizes, facts), _provisioned(size, sizes, facts), facts)


def express_fleet(size: str, demand: Demand, sizes: Sizes, facts: Facts) -> Fleet:
    """Brokers without disks of their own: published rates for writes (times the planned use) and reads."""
    return _fleet(size, _express_rows(size, demand, sizes, facts), 0.0, facts)


def make_fleet(size: str, demand: Demand, sizes: Sizes, facts: Facts) -> Fleet:
    """Whichever the size is."""
    make = express_fleet if size.startswith(EXPRESS) else standard_fleet
    return make(size, demand, sizes, facts)


def largest_need(size: str, sizes: Sizes, facts: Facts) -> Callable[[Demand], tuple[float, float]]:
    """Brokers by the constraint that needs most, before rounding, and how much of one the leader of the busiest
    sequence takes: all that is asked of a size that is not taken."""
    if size.startswith(EXPRESS):
        written, read, replicas = _express_capacities(size, sizes, facts)

        def express_need(demand: Demand) -> tuple[float, float]:
            carried = max(demand.in_peak / written, demand.out_peak / read)
            return max(carried, demand.partition_replicas / replicas), carried * demand.led

        return express_need
    broker = _standard_broker(size, sizes, facts)

    def need(demand: Demand) -> tuple[float, float]:
        fan_out = demand.fan_out
        safe = min(broker.safe_writes(demand.is_tiered, fan_out)) * sizes.utilization
        carried = max(demand.in_peak / safe, demand.out_peak / (max(fan_out, _LEAST) * safe))
        most = max(
            carried,
            demand.partition_replicas / broker.partitions,
            demand.disk_bytes / broker.storage,
            demand.out_avg / broker.provisioned if broker.provisioned and sizes.disk_provisioned is not None else 0.0,
        )
        return most, carried * demand.led

    return need


def _standard_rows(size: str, demand: Demand, sizes: Sizes, facts: Facts) -> list[_Row]:
    broker = _standard_broker(size, sizes, facts)
    fan_out = demand.fan_out
    by_disk, by_network = broker.safe_writes(demand.is_tiered, fan_out)
    safe = min(by_disk, by_network) * sizes.utilization
    limited_by = STANDARD_DISK if by_disk <= by_network else STANDARD_NETWORK
    rows: list[_Row] = [
        ("ingress", demand.in_peak, safe, "bytes/s", limited_by),
        ("egress", demand.out_peak, max(fan_out, _LEAST) * safe, "bytes/s", limited_by),
        ("partitions", demand.partition_replicas, broker.partitions, "partition replicas", sizes.partitions),
        ("storage", demand.disk_bytes, broker.storage, "bytes", STANDARD_STORAGE),
    ]
    if broker.provisioned and sizes.disk_provisioned is not None:
        rows.append(("throughput", demand.out_avg, broker.provisioned, "bytes/s", STANDARD_DISK))
    return rows


def _standard_broker(size: str, sizes: Sizes, facts: Facts) -> _Broker:
    return _Broker(
        disk=_disk_rate(size, sizes, facts),
        network=facts.number(STANDARD_NETWORK, size),
        partitions=facts.number(sizes.partitions, size),
        storage=facts.number(STANDARD_STORAGE),
        provisioned=_provisioned(size, sizes, facts),
        write_factors=(disk_write_factor(facts, tiered=False), disk_write_factor(facts, tiered=True)),
        network_factors=(network_factor(facts, tiered=False), network_factor(facts, tiered=True)),
        zone_loss=zone_loss_factor(facts),
    )


def _express_rows(size: str, demand: Demand, sizes: Sizes, facts: Facts) -> list[_Row]:
    written, read, replicas = _express_capacities(size, sizes, facts)
    out_fact = sizes.express_out or "msk_sizing_express_egress_factor"
    return [
        ("ingress", demand.in_peak, written, "bytes/s", sizes.express_in),
        ("egress", demand.out_peak, read, "bytes/s", out_fact),
        ("partitions", demand.partition_replicas, replicas, "partition replicas", sizes.partitions),
    ]


def _express_capacities(size: str, sizes: Sizes, facts: Facts) -> tuple[float, float, float]:
    """What one takes in, gives out, and holds of partition replicas."""
    written = facts.number(sizes.express_in, size)
    factor = facts.number("msk_sizing_express_egress_factor")
    read = facts.number(sizes.express_out, size) if sizes.express_out else written * factor
    return written * sizes.utilization, read, facts.number(sizes.partitions, size)


def _disk_rate(size: str, sizes: Sizes, facts: Facts) -> float:
    most = facts.number(STANDARD_DISK, size)
    if sizes.pays_throughput and not may_provision(size, facts):
        return min(most, facts.number("msk_standard_ebs_bytes_per_second_default"))
    return most


def _provisioned(size: str, sizes: Sizes, facts: Facts) -> float:
    """Throughput that is paid for on each broker."""
    most = facts.number(STANDARD_DISK, size)
    if not may_provision(size, facts):
        return 0.0
    if sizes.disk_provisioned is not None:
        return min(sizes.disk_provisioned, most)
    return most if sizes.pays_throughput else 0.0


def _fleet(size: str, rows: list[_Row], provisioned: float, facts: Facts) -> Fleet:
    needs = tuple(
        Need(
            constraint=constraint,
            demand=demand,
            capacity=capacity,
            brokers=in_zones(demand / capacity, facts),
            unit=unit,
            facts=(fact,),
        )
        for constraint, demand, capacity, unit, fact in rows
    )
    brokers = max(need.brokers for need in needs)
    return Fleet(size=size, brokers=brokers, needs=needs, provisioned_throughput=provisioned)
