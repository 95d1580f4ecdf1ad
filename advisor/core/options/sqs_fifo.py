"""One FIFO queue for each consumer group, in high-throughput mode where normal mode would not do."""

from advisor.core.estimate import Quantity, Sizing, Step
from advisor.core.facts import Facts
from advisor.core.options._fifo import backlog_notes, backlog_steps, fifo_month, together_notes, together_steps
from advisor.core.options._model import Model, net_of_free, round_up, say, some, step
from advisor.core.options._sqs import NOT_INCLUDED, NUMBERS, QueueMonth, egress, full_batch
from advisor.core.options._sqs_shown import FIFO_IN_FLIGHT, capacity_steps, queue_settings, queue_steps
from advisor.core.quantities import mean_batch
from advisor.core.workload import Workload


def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Calls of a month at the FIFO rate."""
    return _bill(workload, facts, fifo_month(workload, facts))


def size(workload: Workload, facts: Facts) -> Sizing:
    """The calls, the settings, and the longest sequence against one message group's rate."""
    month = fifo_month(workload, facts)
    return Sizing(
        option="sqs_fifo",
        steps=(
            *together_steps(full_batch(workload, facts), workload),
            *queue_steps(workload, facts, month),
            *capacity_steps(workload, facts, FIFO_IN_FLIGHT),
            *_sequence_steps(workload, facts),
            *backlog_steps(workload, facts),
        ),
        settings=queue_settings(workload, facts, fifo=True),
        quantities=_bill(workload, facts, month),
        notes=(
            f"A send call brings {say(month.batch)} messages; long polls; "
            f"queues: {month.queues:g}, one for each consumer group.",
            *together_notes(workload, month),
            *backlog_notes(workload, facts),
        ),
    )


def _bill(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Quantity, ...]:
    requests = net_of_free(month.requests, "sqs_free_requests_per_month", workload, facts)
    return some((("fifo_requests", requests), *egress(workload, facts)))


def _sequence_steps(workload: Workload, facts: Facts) -> tuple[Step, ...]:
    busiest, limit = workload.busiest_sequence_messages_per_second, facts.number("sqs_fifo_group_calls_per_second_max")
    queue, batch = workload.send_calls_per_second_peak, say(mean_batch(workload))
    flight = workload.in_flight_messages
    groups = max(1, round_up(queue / limit), round_up(flight))
    return (
        step(
            "queue_calls_per_second",
            "Send calls to the queue at the peak",
            queue,
            "calls/s",
            f"{say(workload.messages_per_second_peak_at_horizon)} messages/s ÷ batches of {batch}",
        ),
        step(
            "message_groups",
            "Message groups that must be busy at the peak, at least",
            groups,
            "count",
            f"the larger of {say(queue)} calls/s ÷ {say(limit)} calls/s a group and {say(flight)} in hand at once",
            "sqs_fifo_group_calls_per_second_max",
            "sqs_fifo_group_blocks_while_in_flight",
        ),
        step(
            "group_share",
            "Use of one message group's rate by the busiest sequence",
            100 * busiest / limit,
            "percent",
            f"{say(busiest)} messages/s, each in a call of its own, ÷ {say(limit)} calls/s",
            "sqs_fifo_group_calls_per_second_max",
        ),
    )


MODEL = Model(
    bill=bill,
    size=size,
    quantities=("fifo_requests", "internet_gb"),
    numbers=(*NUMBERS, "ordering_keys"),
    reads=("region", "use_free_tier", "cloud", "ordering", "consumer_runtime"),
    not_included=NOT_INCLUDED,
)
