"""Runs of AWS's MSK sizing script: our broker arithmetic with the script's own prices and choices."""

from dataclasses import dataclass

from advisor.core.broker_needs import express_fleet, standard_fleet
from advisor.core.brokers import (
    EXPRESS,
    EXPRESS_PARTITIONS,
    STANDARD_DISK,
    STANDARD_PARTITIONS,
    Demand,
    Fleet,
    Sizes,
    sizes_of,
)
from advisor.core.examples._values import Got, Inputs, Outcome

MIB = 2.0**20
GIB_OF_MIB = 1024.0
TIERED = "tiered storage at the script's own 0.023 USD; our estimates take the price list's rate where it is known"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Bill:
    """What a fleet costs by the script's own prices, line by line."""

    fleet: Fleet
    brokers: float
    storage: float
    tiered: float = 0.0
    data_in: float = 0.0
    cross_zone: float = 0.0
    throughput: float = 0.0

    @property
    def total(self) -> float:
        return self.brokers + self.storage + self.tiered + self.data_in + self.cross_zone + self.throughput


def sizing_script(inputs: Inputs) -> Outcome:
    """The cheapest size of each class within the quota, as AWS's script picks it."""
    got: dict[str, float | str | bool | None] = {}
    quota = inputs.number("broker_quota", default=inputs.facts.number("msk_brokers_per_cluster_max"))
    for name, bills in _by_class(inputs).items():
        fitting = [bill for bill in bills if bill.fleet.brokers <= quota]
        if fitting:
            got.update({f"{name}.{key}": value for key, value in _shown(min(fitting, key=_total)).items()})
        else:
            got[name] = f"no size fits within {quota:g} brokers"
    return Outcome(got=got, differs=TIERED if _demand(inputs).is_tiered else "")


def _total(bill: _Bill) -> float:
    return round(bill.total, 6)


def _shown(bill: _Bill) -> Got:
    size = bill.fleet.size
    name = f"kafka.{size.removeprefix(EXPRESS)} (Express)" if size.startswith(EXPRESS) else size
    return {
        "instance_type": name,
        "brokers": float(bill.fleet.brokers),
        "bottleneck": {"throughput": "pst"}.get(bill.fleet.binding.constraint, bill.fleet.binding.constraint),
        "brokers_usd": bill.brokers,
        "storage_usd": bill.storage,
        "tiered_usd": bill.tiered,
        "data_in_usd": bill.data_in,
        "cross_az_usd": bill.cross_zone,
        "pst_usd": bill.throughput,
        "total_usd": bill.total,
    }


def _by_class(inputs: Inputs) -> dict[str, list[_Bill]]:
    facts, most = inputs.facts, inputs.flag("use_max_partitions")
    pst = inputs.maybe("pst_per_broker_mbs")
    standard = Sizes(
        utilization=inputs.number("utilization_standard", default=facts.number("msk_sizing_utilization", "standard")),
        partitions="msk_standard_partitions_per_broker_max" if most else STANDARD_PARTITIONS,
        disk_provisioned=None if pst is None else pst * MIB,
    )
    express = Sizes(
        utilization=inputs.number("utilization_express", default=facts.number("msk_sizing_utilization", "express")),
        partitions="msk_express_partitions_per_broker_max" if most else EXPRESS_PARTITIONS,
        express_in="msk_sizing_express_bytes_per_second",
        express_out=None,
    )
    demand = _demand(inputs)
    made = {
        name: [
            _standard_bill(inputs, standard_fleet(size, demand, standard, facts), demand)
            for size in sizes_of(STANDARD_DISK, facts, prefix)
        ]
        for name, prefix in (("m5_standard", "kafka.m5."), ("m7g_standard", "kafka.m7g."))
    }
    flat = demand._replace(is_tiered=False)
    fleets = (express_fleet(size, flat, express, facts) for size in sizes_of(EXPRESS_PARTITIONS, facts))
    return {**made, "express": [_express_bill(inputs, fleet) for fleet in fleets]}


def _demand(inputs: Inputs) -> Demand:
    hours = inputs.number("retention_hours")
    local = inputs.number("primary_retention_hours", default=hours)
    copies = inputs.number("replication_factor", default=3.0)
    disk = inputs.number("avg_data_in_mbs") * local * 3600 * copies * inputs.facts.number("msk_sizing_disk_factor")
    return Demand(
        in_avg=inputs.number("avg_data_in_mbs") * MIB,
        in_peak=inputs.number("peak_data_in_mbs") * MIB,
        out_avg=inputs.number("avg_data_out_mbs") * MIB,
        out_peak=inputs.number("peak_data_out_mbs") * MIB,
        partition_replicas=inputs.number("num_partitions"),
        disk_bytes=disk * MIB,
        is_tiered=hours > local,
    )


def _standard_bill(inputs: Inputs, fleet: Fleet, demand: Demand) -> _Bill:
    older = inputs.number("retention_hours") - inputs.number("primary_retention_hours", default=0.0)
    tiered = inputs.number("avg_data_in_mbs") * older * 3600 / GIB_OF_MIB if demand.is_tiered else 0.0
    return _Bill(
        fleet=fleet,
        brokers=_broker_usd(inputs, fleet),
        storage=inputs.usd(storage_gb_months=demand.disk_bytes / MIB / GIB_OF_MIB) or 0.0,
        tiered=tiered * inputs.facts.number("price_msk_tiered_sizing_script", inputs.region),
        cross_zone=_cross_zone_usd(inputs),
        throughput=inputs.usd(throughput_mib_months=fleet.brokers * fleet.provisioned_throughput / MIB) or 0.0,
    )


def _express_bill(inputs: Inputs, fleet: Fleet) -> _Bill:
    kept = inputs.number("avg_data_in_mbs") * inputs.number("retention_hours") * 3600 / GIB_OF_MIB
    month = inputs.number("avg_data_in_mbs") * 3600 * inputs.facts.number("hours_per_month") / GIB_OF_MIB
    return _Bill(
        fleet=fleet,
        brokers=_broker_usd(inputs, fleet),
        storage=inputs.usd(express_storage_gb_months=kept) or 0.0,
        data_in=inputs.usd(express_in_gb=month) or 0.0,
        cross_zone=_cross_zone_usd(inputs),
    )


def _broker_usd(inputs: Inputs, fleet: Fleet) -> float:
    hours = fleet.brokers * inputs.facts.number("hours_per_month")
    return inputs.usd(**{f"broker_hours__{fleet.size}": hours}) or 0.0


def _cross_zone_usd(inputs: Inputs) -> float:
    zones = inputs.facts.number("msk_sizing_zones")
    near = inputs.example.inputs.get("rack_affined_consumers", True) is True
    rate = inputs.number("avg_data_in_mbs") + (0.0 if near else inputs.number("avg_data_out_mbs"))
    moved = rate * (zones - 1) / zones * 3600 * inputs.facts.number("hours_per_month") / GIB_OF_MIB
    return inputs.usd(cross_zone_gb=2 * moved) or 0.0
