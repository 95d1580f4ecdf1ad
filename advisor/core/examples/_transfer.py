"""Worked examples about data transfer, endpoints, gateways, machines and volumes."""

from advisor.core.examples._values import Adapter, Inputs, Outcome, summed


def transfer(inputs: Inputs) -> Outcome:
    """Data out to the internet by tier, inside the Region (billed both ways) and to other Regions."""
    internet = max(0.0, inputs.number("internet_gb") - inputs.number("free_gb"))
    tiers = inputs.lines(internet_gb=internet)
    billed = 2 * inputs.number("intra_region_gb", "cross_az_gb", "cross_zone_gb")
    amounts = {f"tier{number}_usd": line.amount_usd for number, line in enumerate(tiers, start=1)}
    others = {
        "intra_region_usd": inputs.usd(cross_zone_gb=billed),
        "us_east_usd": inputs.usd(us_east_gb=inputs.number("us_east_to_us_east_gb")),
        "other_regions_usd": inputs.usd(other_region_gb=inputs.number("other_regions_gb")),
    }
    total = summed(*amounts.values(), *others.values())
    more = {"internet_usd": summed(*amounts.values()), "intra_region_billed_gb": billed, "total_usd": total}
    return Outcome(got={**amounts, **others, **more})


def endpoint(inputs: Inputs) -> Outcome:
    """Interface endpoints: hours in each zone, and data by tier."""
    hours = inputs.number("endpoints", default=1.0) * inputs.number("azs", default=1.0) * inputs.number("hours")
    rent = inputs.usd_at(("price",), endpoint_hours=hours)
    tiers = inputs.lines(endpoint_gb=inputs.number("gb"))
    amounts = {f"tier{number}_usd": line.amount_usd for number, line in enumerate(tiers, start=1)}
    return Outcome(got={**amounts, "endpoint_usd": rent, "monthly_usd": summed(rent, *amounts.values())})


def gateway(inputs: Inputs) -> Outcome:
    """NAT gateways by the hour."""
    hours = inputs.number("gateways", default=1.0) * inputs.number("hours")
    return Outcome(got={"gateway_hours": hours, "monthly_usd": inputs.usd_at(("price",), nat_hours=hours)})


def machines(inputs: Inputs) -> Outcome:
    """EC2 machines by the hour."""
    hours = inputs.number("instances") * inputs.number("hours")
    kind = inputs.text("instance", "instance_type", "type")
    usd = inputs.usd_at(("price",), **{f"machine_hours__{kind}": hours})
    return Outcome(got={"instance_hours": hours, "monthly_usd": usd})


def volumes(inputs: Inputs) -> Outcome:
    """gp3 volumes: space, and what throughput and operations exceed the free base."""
    count = inputs.number("volumes", default=1.0)
    throughput = inputs.number("throughput_mb_s", "throughput_mib_s", "throughput")
    extra = max(0.0, throughput - inputs.facts.number("ebs_gp3_free_mib_per_second"))
    operations = max(0.0, inputs.number("iops") - inputs.facts.number("ebs_gp3_free_iops"))
    amounts = {
        "storage_usd": inputs.usd_at(("price", "price_per_gb"), volume_gb_months=count * inputs.number("volume_gb")),
        "throughput_usd": inputs.usd(volume_mib_months=count * extra),
        "iops_usd": inputs.usd(volume_iops_months=count * operations),
    }
    return Outcome(got={**amounts, "monthly_usd": summed(*amounts.values())})


ADAPTERS = (
    Adapter(
        run=transfer,
        any_of=("internet_gb", "intra_region_gb", "other_regions_gb", "cross_az_gb", "us_east_to_us_east_gb"),
    ),
    Adapter(run=endpoint, needs=("endpoints", "hours")),
    Adapter(run=gateway, needs=("gateways", "hours")),
    Adapter(run=machines, needs=("instances", "hours")),
    Adapter(run=volumes, needs=("volume_gb",), lacks=("brokers",)),
)
