"""Worked examples about Amazon MSK: bills of brokers and Serverless, and Express by its published rates."""

from advisor.core.brokers import EXPRESS, in_zones
from advisor.core.examples._msk_script import sizing_script
from advisor.core.examples._values import Adapter, Inputs, Outcome, summed

STORAGE_NAMES = (
    "volume_gb",
    "autoscaling_min_gb",
    "capacity_gb",
    "storage_gb_per_broker",
    "storage_gib_per_broker",
)
CLUSTER_NAMES = ("storage_gb_months", "storage_gb", "storage_gib")
TIERED_NAMES = ("tiered_gb", "tiered_gb_months", "tiered_storage_gb")


def broker_bill(inputs: Inputs) -> Outcome:
    """Brokers by the hour; their volumes, or for Express what the cluster keeps and what is written."""
    hours = inputs.number("brokers") * inputs.number("hours", default=730.0)
    space = inputs.number(*CLUSTER_NAMES, default=inputs.number("brokers") * inputs.number(*STORAGE_NAMES))
    instance = inputs.text("instance", "instance_type")
    express = instance.startswith(EXPRESS)
    name = "express_storage_gb_months" if express else "storage_gb_months"
    brokers = inputs.usd_at(("broker_price",), **{f"broker_hours__{instance}": hours})
    storage = inputs.usd_at(("storage_price",), **{name: space})
    written = inputs.usd(express_in_gb=inputs.number("data_in_gb", "data_in_gib") if express else 0.0)
    tiered = _tiered(inputs)
    beyond = {"file_total_usd": "sums further clusters that its inputs leave out"}
    return Outcome(
        got={
            "broker_hours": hours,
            "brokers_usd": brokers,
            "storage_gb": space,
            "storage_usd": storage,
            **tiered,
            "data_in_usd": written,
            "in_usd": written,
            "total_usd": summed(brokers, storage, written, tiered["total_usd"]),
        },
        beyond=beyond,
    )


def tiers(inputs: Inputs) -> Outcome:
    """The second tier alone."""
    return Outcome(got=_tiered(inputs))


def _tiered(inputs: Inputs) -> dict[str, float | None]:
    """What the second tier keeps, and what is read back from it."""
    kept = inputs.usd(tiered_gb_months=inputs.number(*TIERED_NAMES))
    read = inputs.usd(tiered_read_gb=inputs.number("retrieval_gb", "tiered_retrieval_gb", "tiered_read_gb"))
    return {"tiered_usd": kept, "retrieval_usd": read, "total_usd": summed(kept, read)}


def serverless_bill(inputs: Inputs) -> Outcome:
    """Cluster hours, partition hours and bytes of a serverless cluster."""
    hours = inputs.number("clusters", default=1.0) * inputs.number("hours", default=730.0)
    incoming, outgoing = inputs.number("data_in_gib", "data_in_gb"), inputs.number("data_out_gib", "data_out_gb")
    partition_hours = inputs.number("partitions") * inputs.number("hours", default=730.0)
    cluster = inputs.usd_at(("price", "cluster_price"), serverless_cluster_hours=hours)
    amounts = {
        "cluster_usd": cluster,
        "partitions_usd": inputs.usd(serverless_partition_hours=partition_hours),
        "in_usd": inputs.usd(serverless_in_gb=incoming),
        "out_usd": inputs.usd(serverless_out_gb=outgoing),
        "storage_usd": inputs.usd(serverless_storage_gb_months=inputs.number("storage_gb", "storage_gib")),
    }
    counts = {"cluster_hours": hours, "partition_hours": partition_hours, "in_gb": incoming, "out_gb": outgoing}
    return Outcome(got={**amounts, **counts, "total_usd": summed(*amounts.values())})


def express_by_rates(inputs: Inputs) -> Outcome:
    """Brokers by the developer guide: rate over what one sustains, in whole zones, without headroom."""
    per_broker = inputs.example.inputs.get("per_broker")
    given = per_broker if isinstance(per_broker, dict) else {}
    size = inputs.text("size")
    needed = []
    for way in ("ingress", "egress"):
        fact = inputs.facts.quote(f"msk_express_{way}_bytes_per_second_sustained", size)
        sustained = given.get(way) or (fact.value if fact and isinstance(fact.value, int | float) else 0) / 1e6
        needed.append(in_zones(inputs.number(f"{way}_mb_s") / float(sustained), inputs.facts))
    brokers = float(max(needed))
    shares = {f"per_broker_{way}": inputs.number(f"{way}_mb_s") / brokers for way in ("ingress", "egress")}
    return Outcome(got={"brokers": brokers, **shares})


def safe_rate(inputs: Inputs) -> Outcome:
    """What a broker may be written to, by the disk rule of the sizing script."""
    factor = inputs.number("storage_factor", default=inputs.facts.number("msk_sizing_storage_factor"))
    return Outcome(got={"safe_mb_s": inputs.number("ebs_mib_s") / factor})


ADAPTERS = (
    Adapter(run=sizing_script, needs=("avg_data_in_mbs", "peak_data_in_mbs", "num_partitions")),
    Adapter(run=broker_bill, needs=("brokers",), any_of=STORAGE_NAMES, lacks=("usable_network_mb_s",)),
    Adapter(run=broker_bill, needs=("brokers", "hours"), any_of=("instance", "instance_type", "broker_price")),
    Adapter(run=tiers, any_of=TIERED_NAMES),
    Adapter(run=serverless_bill, any_of=("data_in_gib", "data_in_gb", "clusters", "partitions"), needs=("hours",)),
    Adapter(run=express_by_rates, needs=("ingress_mb_s", "egress_mb_s", "size")),
    Adapter(run=safe_rate, needs=("ebs_mib_s",)),
)
