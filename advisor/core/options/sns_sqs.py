"""An SNS topic that copies each message into one queue for each consumer group; FIFO throughout where order counts."""

from advisor.core.estimate import Quantity, Sizing, Step
from advisor.core.facts import Facts
from advisor.core.options._model import GB, Model, say, some, step
from advisor.core.options._sqs import NOT_INCLUDED, NUMBERS, QueueMonth, egress, full_batch, net_of_free, topic_month
from advisor.core.options._sqs_shown import FIFO_IN_FLIGHT, capacity_steps, queue_settings, queue_steps
from advisor.core.workload import Workload


def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Publishes, deliveries, and the calls that empty each queue."""
    return _bill(workload, facts, topic_month(workload, facts))


def size(workload: Workload, facts: Facts) -> Sizing:
    """The publishes, the deliveries and the queues."""
    month, fifo = topic_month(workload, facts), _is_fifo(workload)
    in_flight = FIFO_IN_FLIGHT if fifo else "sqs_in_flight_max"
    return Sizing(
        option="sns_sqs",
        steps=(
            *queue_steps(workload, facts, month),
            *_topic_steps(workload, facts, month),
            *capacity_steps(workload, facts, in_flight),
        ),
        settings=queue_settings(workload, facts, fifo=fifo),
        quantities=_bill(workload, facts, month),
        notes=(f"One {'FIFO' if fifo else 'standard'} topic; queues: {month.queues:g}; batches of {month.batch}.",),
    )


def _is_fifo(workload: Workload) -> bool:
    return workload.ordering != "none"


def _publishes(month: QueueMonth) -> float:
    return month.messages * month.requests_per_message


def _bill(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Quantity, ...]:
    fifo = _is_fifo(workload)
    queue = net_of_free(month.requests, "sqs_free_requests_per_month", workload, facts)
    topic = _fifo_topic(workload, facts, month) if fifo else _standard_topic(workload, facts, month)
    queues = ("fifo_requests" if fifo else "standard_requests", queue)
    return some((*topic, queues, *egress(workload, facts)))


def _standard_topic(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Quantity, ...]:
    publishes = net_of_free(_publishes(month), "sns_free_requests_per_month", workload, facts)
    deliveries = ("sns_queue_deliveries", month.messages * month.queues)
    return ("sns_requests", publishes), deliveries


def _fifo_topic(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Quantity, ...]:
    """FIFO topics are billed by the call and by the byte, in GB of 10^9 bytes."""
    payload = month.messages * workload.message_size_bytes_avg / GB
    return (
        ("sns_fifo_requests", month.messages / full_batch(workload, facts)),
        ("sns_fifo_payload_gb", payload),
        ("sns_fifo_deliveries", month.messages * month.queues),
        ("sns_fifo_delivered_gb", payload * month.queues),
    )


def _topic_steps(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Step, ...]:
    batch = full_batch(workload, facts) if _is_fifo(workload) else month.batch
    publishes = month.messages / batch if _is_fifo(workload) else _publishes(month)
    return (
        step("publishes", "Billed publishes", publishes, "count", f"{say(month.messages)} in batches of {batch}"),
        step(
            "deliveries",
            "Deliveries to queues",
            month.messages * month.queues,
            "count",
            f"{say(month.messages)} x {say(month.queues)} queues",
        ),
    )


MODEL = Model(
    bill=bill,
    size=size,
    quantities=(
        "sns_requests",
        "sns_queue_deliveries",
        "sns_fifo_requests",
        "sns_fifo_payload_gb",
        "sns_fifo_deliveries",
        "sns_fifo_delivered_gb",
        "standard_requests",
        "fifo_requests",
        "internet_gb",
    ),
    numbers=NUMBERS,
    reads=("region", "use_free_tier", "cloud", "ordering"),
    not_included=NOT_INCLUDED,
)
