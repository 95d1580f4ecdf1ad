"""One standard queue for each consumer group."""

from advisor.core.estimate import Quantity, Sizing
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options._model import Model, net_of_free, say, some
from advisor.core.options._sqs import NOT_INCLUDED, NUMBERS, QueueMonth, egress, queue_month
from advisor.core.options._sqs_shown import IN_FLIGHT, capacity_steps, queue_settings, queue_steps
from advisor.core.workload import Workload


@once
def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Calls of a month; several tenants in one queue make it a fair queue, whose sends cost more."""
    return _bill(workload, facts, queue_month(workload, facts))


@once
def size(workload: Workload, facts: Facts) -> Sizing:
    """The calls and the settings of the queue."""
    month = queue_month(workload, facts)
    return Sizing(
        option="sqs_standard",
        steps=(*queue_steps(workload, facts, month), *capacity_steps(workload, facts, IN_FLIGHT)),
        settings=queue_settings(workload, facts, fifo=False),
        quantities=_bill(workload, facts, month),
        notes=_notes(workload, month),
    )


def _bill(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Quantity, ...]:
    requests = net_of_free(month.requests, "sqs_free_requests_per_month", workload, facts)
    fair = month.sends if workload.isolation_units > 1 else 0.0
    lines = ("standard_requests", requests), ("fair_requests", fair), *egress(workload, facts)
    return some(lines)


def _notes(workload: Workload, month: QueueMonth) -> tuple[str, ...]:
    notes = (f"Batches of {say(month.batch)}, long polls; queues: {month.queues:g}, one for each consumer group.",)
    fair = "Fair queue: each send names its tenant as message group."
    return (*notes, fair) if workload.isolation_units > 1 else notes


MODEL = Model(
    bill=bill,
    size=size,
    quantities=("standard_requests", "fair_requests", "internet_gb"),
    numbers=NUMBERS,
    reads=("region", "use_free_tier", "cloud", "consumer_runtime"),
    not_included=NOT_INCLUDED,
)
