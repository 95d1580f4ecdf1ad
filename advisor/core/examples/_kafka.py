"""Worked examples about Kafka wherever it runs: partitions, retained volume, throughput by the right-sizing formula."""

from advisor.core.examples._values import KIB, Adapter, Inputs, Outcome
from advisor.core.options._model import round_up


def partitions(inputs: Inputs) -> Outcome:
    """The larger of target over produce rate and target over consume rate."""
    target = inputs.number("target_mb_s", "target_msgs_s", "target_messages_per_second")
    rates = inputs.ending("_per_partition")
    if not rates:
        raise ValueError("what one partition carries")
    needed = float(max(round_up(target / rate) for rate in rates))
    return Outcome(got={"partitions": needed}, beyond={"partitions_chosen": "headroom by the author's taste"})


def retained(inputs: Inputs) -> Outcome:
    """Bytes kept: rate x time x copies, in GiB where the rate is in MiB."""
    hours = inputs.number("retention_hours", default=inputs.number("retention_days") * 24)
    seconds = inputs.number("retention_s", "retention_seconds", default=hours * 3600)
    rate = inputs.number("write_mib_s", "write_mb_s")
    one = rate * seconds / (KIB if inputs.has("write_mib_s") else 1000)
    copies = one * inputs.number("replication_factor", default=3.0)
    brokers = inputs.maybe("brokers")
    return Outcome(
        got={
            "one_copy_gb": one,
            "three_copies_gb": copies,
            "total_gb": copies,
            "provisioned_gb": copies / inputs.number("disk_utilization", default=1.0),
            "per_broker_gb": None if brokers is None else copies / brokers,
        }
    )


def right_sizing(inputs: Inputs) -> Outcome:
    """AWS's formula: what the disks take over the copies, what the network sends over readers and followers."""
    brokers, copies = inputs.number("brokers"), inputs.number("replication_factor")
    groups = inputs.number("consumer_groups")
    network = inputs.number("usable_network_mb_s") * brokers / (groups + copies - 1)
    storage = inputs.number("usable_storage_mb_s") * brokers / copies
    got = {"network_bound_mb_s": network, "storage_bound_mb_s": storage, "cluster_mb_s": min(network, storage)}
    return Outcome(got=got)


def write_load(inputs: Inputs) -> Outcome:
    """Replicated writes against a volume's throughput."""
    ingress = inputs.number("ingress_mib_s", "ingress_mib_s_per_broker")
    writes = ingress * inputs.number("replication_factor")
    ceiling = inputs.number("ebs_default_mib_s", default=float("inf"))
    at_ceiling = ingress + 1 > ceiling / inputs.number("replication_factor")
    return Outcome(got={"total_write_io_mib_s": writes, "write_io_mib_s": writes, "at_ceiling": at_ceiling})


ADAPTERS = (
    Adapter(run=partitions, any_of=("target_mb_s", "target_msgs_s", "target_messages_per_second")),
    Adapter(run=right_sizing, needs=("usable_network_mb_s", "brokers", "replication_factor")),
    Adapter(run=retained, any_of=("write_mib_s", "write_mb_s"), needs=("replication_factor",)),
    Adapter(run=retained, needs=("write_mib_s", "retention_hours")),
    Adapter(run=write_load, any_of=("ingress_mib_s", "ingress_mib_s_per_broker"), needs=("replication_factor",)),
)
