"""Amazon MSK Serverless: a cluster fee, partitions by the hour, and bytes in, out and kept."""

from advisor.core.estimate import Quantity, Setting, Sizing, Step
from advisor.core.facts import Facts
from advisor.core.options._kafka import MSK_READS, NOT_INCLUDED, NUMBERS, Stream, carry, say_compaction
from advisor.core.options._kafka_settings import fixed_min_insync, record_sizes, topic_settings
from advisor.core.options._kafka_shown import stream_steps
from advisor.core.options._model import GIB, Model, leave_aws, say, some, step, without
from advisor.core.options._sign_in import offer, sign_in
from advisor.core.workload import Workload

PARTITION_IN = "msk_serverless_partition_ingress_bytes_per_second_max"
PARTITION_OUT = "msk_serverless_partition_egress_bytes_per_second_max"


def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """The month's hours and bytes."""
    return _lines(workload, _stream(workload, facts), facts)


def added(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """The cluster is paid for already; partitions and bytes are not."""
    return without(bill(workload, facts), "serverless_cluster_hours")


def size(workload: Workload, facts: Facts) -> Sizing:
    """Partitions and bytes against the cluster's limits."""
    stream = _stream(workload, facts)
    return Sizing(
        option="msk_serverless",
        steps=(*stream_steps(workload, facts, stream), *_limit_steps(stream, facts)),
        settings=topic_settings(workload, facts, stream, _own_settings(workload, facts)),
        quantities=_lines(workload, stream, facts),
        notes=(
            "Storage is billed for one copy.",
            "One topic; nothing to size but its partitions.",
            *say_compaction(workload),
        ),
    )


def _stream(workload: Workload, facts: Facts) -> Stream:
    """Partitions of a serverless cluster carry less than others, so there may have to be more of them."""
    return carry(workload, facts, PARTITION_IN, PARTITION_OUT)


def _lines(workload: Workload, stream: Stream, facts: Facts) -> tuple[Quantity, ...]:
    hours = facts.number("hours_per_month")
    lines = (
        ("serverless_cluster_hours", hours),
        ("serverless_partition_hours", stream.partitions * hours),
        ("serverless_in_gb", stream.in_gb),
        ("serverless_out_gb", stream.out_gb),
        ("serverless_storage_gb_months", stream.kept_bytes / GIB),
        *leave_aws(stream.out_gb, workload, facts),
    )
    return some(lines)


def _limit_steps(stream: Stream, facts: Facts) -> tuple[Step, ...]:
    uses = (
        ("ingress", stream.in_peak, "msk_serverless_ingress_bytes_per_second_max"),
        ("egress", stream.out_peak, "msk_serverless_egress_bytes_per_second_max"),
        ("partitions", float(stream.partitions), "msk_serverless_partitions_max"),
    )
    most = max(uses, key=lambda use: use[1] / facts.number(use[2]))
    return tuple(
        step(
            f"{name}_share",
            f"Use of the cluster's {name}",
            100 * value / facts.number(fact),
            "percent",
            f"{say(value)} ÷ {say(facts.number(fact))}",
            fact,
            binding=name == most[0],
        )
        for name, value, fact in uses
    )


def _own_settings(workload: Workload, facts: Facts) -> tuple[Setting, ...]:
    return (
        *sign_in("SASL_SSL", "AWS_MSK_IAM", f"MSK Serverless takes {offer('msk_serverless_auth', facts)} only"),
        *record_sizes(workload, facts, facts.number("msk_serverless_message_bytes_max")),
        fixed_min_insync("the brokers of MSK Serverless"),
    )


MODEL = Model(
    bill=bill,
    size=size,
    added=added,
    quantities=(
        "serverless_cluster_hours",
        "serverless_partition_hours",
        "serverless_in_gb",
        "serverless_out_gb",
        "serverless_storage_gb_months",
        "internet_gb",
    ),
    numbers=NUMBERS,
    reads=MSK_READS,
    not_included=(*NOT_INCLUDED, "traffic of clients between zones"),
)
