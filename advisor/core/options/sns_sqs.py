"""An SNS topic that copies each message into one queue for each consumer group.

FIFO throughout where order, exactly-once delivery or an archive is asked: a standard topic has none of them.
"""

from advisor.core.estimate import Quantity, Setting, Sizing, Step
from advisor.core.facts import Facts
from advisor.core.options._fifo import backlog_notes, backlog_steps, together_notes, together_steps
from advisor.core.options._model import GB, Model, net_of_free, round_up, say, setting, some, step
from advisor.core.options._sqs import (
    NOT_INCLUDED,
    NUMBERS,
    QueueMonth,
    cheapest_batch,
    egress,
    full_batch,
    queue_month,
)
from advisor.core.options._sqs_shown import FIFO_IN_FLIGHT, IN_FLIGHT, capacity_steps, queue_settings, queue_steps
from advisor.core.quantities import sent_together
from advisor.core.units import format_quantity
from advisor.core.workload import Workload


def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Publishes, deliveries, and the calls that empty each queue."""
    return _bill(workload, facts, _month(workload, facts))


def size(workload: Workload, facts: Facts) -> Sizing:
    """The publishes, the deliveries and the queues."""
    month, fifo = _month(workload, facts), _is_fifo(workload, facts)
    in_flight = FIFO_IN_FLIGHT if fifo else IN_FLIGHT
    calls = queue_steps(workload, facts, month)
    if fifo:  # which bills no chunks
        calls = tuple(call for call in calls if call.id != "requests_per_message")
        calls = (*together_steps(_batch(workload, facts), workload), *calls)
    return Sizing(
        option="sns_sqs",
        steps=(
            *calls,
            *_topic_steps(workload, facts, month),
            *capacity_steps(workload, facts, in_flight),
            *backlog_steps(workload, facts),
        ),
        settings=(*queue_settings(workload, facts, fifo=fifo), *_archive_setting(workload, facts)),
        quantities=_bill(workload, facts, month),
        notes=(*_notes(workload, facts, month), *backlog_notes(workload, facts)),
    )


def _month(workload: Workload, facts: Facts) -> QueueMonth:
    """The calls of a month, with what is sent to the topic, which puts it into the queues itself. A FIFO topic bills
    the call and each byte, so that the fullest batch costs least."""
    most = _batch(workload, facts)
    together = sent_together(most, workload)
    batch, rate = (together, 1 / together) if _is_fifo(workload, facts) else cheapest_batch(most, workload, facts)
    return queue_month(workload, facts)._replace(sends=0.0, batch=batch, requests_per_message=rate)


def _batch(workload: Workload, facts: Facts) -> int:
    """A batch is no bigger than one message may be: 256 KiB, as the kits publish, though a topic may be raised."""
    return full_batch(workload, facts, "sns_message_bytes_default")


def _notes(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[str, ...]:
    kind = "FIFO" if _is_fifo(workload, facts) else "standard"
    batches = f"One {kind} topic; queues: {month.queues:g}; batches of {say(month.batch)}."
    notes = batches, *together_notes(workload, month)
    if not _has_archive(workload, facts):
        return notes
    hours = _archive_hours(workload, facts)
    return (*notes, f"Switch the topic's archive on, for {hours} hours: readers replay from it.")


def _archive_setting(workload: Workload, facts: Facts) -> tuple[Setting, ...]:
    if not _has_archive(workload, facts):
        return ()
    return (setting("topic_archive_days", _archive_hours(workload, facts) / 24, "days", "readers replay from it"),)


def _is_fifo(workload: Workload, facts: Facts) -> bool:
    """The rules on FIFO topics in constraints.yaml speak in the same cases."""
    return workload.ordering != "none" or workload.delivery == "exactly-once" or _has_archive(workload, facts)


def _has_archive(workload: Workload, facts: Facts) -> bool:
    """What is read again, or kept for longer than a queue keeps it, is kept by the topic."""
    return workload.replay_needed or workload.retention_hours > facts.number("sqs_retention_hours_max")


def _archive_hours(workload: Workload, facts: Facts) -> int:
    """SNS counts in whole days, and keeps what is there for all of the last one."""
    least, most = facts.number("sns_fifo_archive_hours_min"), facts.number("sns_fifo_archive_hours_max")
    return 24 * round_up(min(most, max(least, workload.retention_hours)) / 24)


def _publishes(month: QueueMonth) -> float:
    return month.messages * month.requests_per_message


def _bill(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Quantity, ...]:
    fifo = _is_fifo(workload, facts)
    queue = net_of_free(month.requests, "sqs_free_requests_per_month", workload, facts)
    topic = _fifo_topic(workload, month) if fifo else _standard_topic(workload, facts, month)
    queues = ("fifo_requests" if fifo else "standard_requests", queue)
    return some((*topic, *_archive(workload, facts, month), queues, *egress(workload, facts)))


def _standard_topic(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Quantity, ...]:
    publishes = net_of_free(_publishes(month), "sns_free_requests_per_month", workload, facts)
    deliveries = ("sns_queue_deliveries", month.messages * month.queues)
    return ("sns_requests", publishes), deliveries


def _fifo_topic(workload: Workload, month: QueueMonth) -> tuple[Quantity, ...]:
    """FIFO topics are billed by the call and by the byte, in GB of 10^9 bytes."""
    payload = month.messages * workload.message_size_bytes_avg / GB
    return (
        ("sns_fifo_requests", _publishes(month)),
        ("sns_fifo_payload_gb", payload),
        ("sns_fifo_deliveries", month.messages * month.queues),
        ("sns_fifo_delivered_gb", payload * month.queues),
    )


def _archive(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Quantity, ...]:
    """What goes into the archive in a month, and what lies in it once it is full."""
    if not _has_archive(workload, facts):
        return ()
    archived = month.messages * workload.message_size_bytes_avg / GB
    months = _archive_hours(workload, facts) / facts.number("hours_per_month")
    return ("sns_archive_gb", archived), ("sns_archive_gb_months", archived * months)


def _topic_steps(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Step, ...]:
    archive, sent = dict(_archive(workload, facts, month)), say(month.messages)
    in_chunks, in_calls = f"{sent} x {say(month.requests_per_message)}", f"{sent} in batches of {say(month.batch)}"
    formula = in_calls if _is_fifo(workload, facts) else in_chunks
    steps = (
        step("publishes", "Billed publishes", _publishes(month), "count", formula),
        step(
            "deliveries",
            "Deliveries to queues",
            month.messages * month.queues,
            "count",
            f"{say(month.messages)} x {format_quantity(month.queues, 'queues')}",
        ),
    )
    if not archive:
        return steps
    archived, hours = archive["sns_archive_gb"], _archive_hours(workload, facts)
    formula = f"{say(archived)} GB a month x {say(hours)} h ÷ {say(facts.number('hours_per_month'))} h"
    limits = "sns_fifo_archive_hours_min", "sns_fifo_archive_hours_max"
    return (
        *steps,
        step("archived", "Kept in the topic's archive", archive["sns_archive_gb_months"], "GB", formula, *limits),
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
        "sns_archive_gb",
        "sns_archive_gb_months",
        "standard_requests",
        "fifo_requests",
        "internet_gb",
    ),
    numbers=(*NUMBERS, "retention_hours", "ordering_keys"),
    reads=("region", "use_free_tier", "cloud", "ordering", "delivery", "replay_needed", "consumer_runtime"),
    not_included=NOT_INCLUDED,
)
