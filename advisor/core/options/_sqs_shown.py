"""How an SQS sizing is shown: each step of the arithmetic, and the settings of the queue.

Knows no price and no option.
"""

import math
from collections.abc import Iterator

from advisor.core.estimate import Setting, Step
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options._deployed import queue_alarms, queue_size
from advisor.core.options._lambda_shown import function_visibility, queue_lambda_steps
from advisor.core.options._model import (
    assumptions,
    month_seconds,
    planned_workers,
    say,
    setting,
    step,
    useful_workers,
    whole,
    worker_steps,
)
from advisor.core.options._sqs import QueueMonth, queue_month, receive_batch, say_receive_batch
from advisor.core.units import format_quantity
from advisor.core.workload import Workload

IN_FLIGHT, FIFO_IN_FLIGHT = "sqs_in_flight_max", "sqs_fifo_in_flight_max"
_TO_A_TOPIC = "sns_batch_messages_max", "sns_message_bytes_default"
_UNTIL_GONE = "plan_delete_seconds", "plan_visibility_timeout_seconds"


def queue_steps(workload: Workload, facts: Facts, month: QueueMonth) -> tuple[Step, ...]:
    """The calls, line by line."""
    messages, after = _calls(workload, facts)
    return (messages, *_sends(workload, facts, month), *after)


@once
def _calls(workload: Workload, facts: Facts) -> tuple[Step, tuple[Step, ...]]:
    """The messages, and the calls after the sends, which are the same for every kind of queue."""
    month = queue_month(workload, facts)
    queues, again = month.queues, facts.number("plan_redelivery_percent")
    wait, to = facts.number("sqs_long_poll_seconds_max"), format_quantity(queues, "queues")
    each = f"{say(month.messages)} x {to} x"
    deleted, extended = (f"{each} {say(rate)} a message" for rate in (month.deleted, month.extended))
    messages = step(
        "messages",
        "Messages a month",
        month.messages,
        "count",
        f"{say(workload.messages_per_second_avg_at_horizon)} messages/s x {say(month_seconds(facts))} s",
        "hours_per_month",
    )
    after = (
        step(
            "receive_requests",
            "Receive requests",
            month.receives,
            "count",
            f"{say(month.messages)} x {say(month.taken.rate)} x {to}, {say(again)} % received again; "
            f"batches of {month.taken.batch}",
            "plan_redelivery_percent",
            "sqs_billed_chunk_bytes",
        ),
        step("delete_requests", "Delete requests", month.deletes, "count", deleted, *_UNTIL_GONE),
        step("extension_requests", "Visibility extensions", month.extensions, "count", extended, *_UNTIL_GONE),
        step(
            "empty_receives",
            "Empty long polls",
            month.empty_receives,
            "count",
            f"{say(workload.idle_pollers)} pollers x {say(month_seconds(facts))} s ÷ {say(wait)} s x {to}",
            "sqs_long_poll_seconds_max",
        ),
    )
    return messages, after


def _sends(workload: Workload, facts: Facts, month: QueueMonth) -> Iterator[Step]:
    rate = month.requests_per_message
    formula = (
        f"batches of {say(month.batch)} x {say(workload.message_size_bytes_avg)} bytes in chunks of "
        f"{say(facts.number('sqs_billed_chunk_bytes'))} bytes = {say(rate)}"
    )
    limits = ("sqs_batch_messages_max", "sqs_batch_bytes_max") if month.sends else _TO_A_TOPIC
    of = "sqs_billed_chunk_bytes", *limits
    yield step("requests_per_message", "Billed requests per message sent", rate, "count", formula, *of)
    if month.sends:
        formula = f"{say(month.messages)} x {say(rate)} x {format_quantity(month.queues, 'queues')}"
        yield step("send_requests", "Send requests", month.sends, "count", formula)


def capacity_steps(workload: Workload, facts: Facts, in_flight_fact: str) -> tuple[Step, ...]:
    """Workers, messages in flight against the quota, and the pollers that Lambda needs."""
    limit, workers = facts.number(in_flight_fact), useful_workers(workload, facts)
    batch = receive_batch(workload, facts).batch
    steps = (
        *worker_steps(workload, facts, math.inf),
        step(
            "in_flight_share",
            "Use of the in-flight quota when every worker has a full batch",
            100 * workers * batch / limit,
            "percent",
            f"{format_quantity(workers, 'workers')} x {batch} ÷ {say(limit)}",
            in_flight_fact,
        ),
    )
    return (*steps, *queue_lambda_steps(workload, facts, fifo=in_flight_fact == FIFO_IN_FLIGHT))


def queue_settings(workload: Workload, facts: Facts, *, fifo: bool) -> tuple[Setting, ...]:
    """What the project sets its queue to."""
    handling, workers, checks = _settings(workload, facts)
    wanted = "order, deduplication or an archive is wanted"
    return (
        *handling,
        _delay(workload, facts, fifo=fifo),
        setting("fifo", fifo, "", wanted if fifo else "no order is asked of the queue"),
        _high_throughput(workload, facts, fifo=fifo),
        workers,
        _named_by_content(fifo=fifo),
        *checks,
        *queue_alarms(workload, facts, FIFO_IN_FLIGHT if fifo else IN_FLIGHT),
    )


@once
def _settings(workload: Workload, facts: Facts) -> tuple[tuple[Setting, ...], Setting, tuple[Setting, ...]]:
    """Those that are the same for every kind of queue: how messages are handled, the workers, and what is checked."""
    (batch, _), poll = receive_batch(workload, facts), facts.number("sqs_long_poll_seconds_max")
    checks = (*assumptions(workload, facts.number("sqs_message_bytes_max")), queue_size(workload, facts))
    handling = (
        _visibility(workload, facts),
        _retention(workload, facts),
        setting("wait_time_seconds", poll, "seconds", "the longest poll makes fewest empty ones"),
        setting("batch_size", float(batch), "count", say_receive_batch(workload, facts)),
        setting("max_receive_count", facts.number("plan_max_receive_count"), "count", "then to the dead-letter queue"),
    )
    return handling, _workers(workload, facts), checks


def _workers(workload: Workload, facts: Facts) -> Setting:
    needed, most = useful_workers(workload, facts), int(facts.number("plan_workers_per_process_max"))
    because = f"{say(workload.in_flight_messages)} busy at the peak ÷ {say(facts.number('plan_worker_utilization'))}"
    planned = planned_workers(workload, facts)
    if needed < planned:
        because += f" = {say(planned)}, of which order lets {say(needed)} find work"
    elif needed > most:
        because += f" = {say(needed)}"
    if needed <= most:
        return setting("worker_count", float(needed), "count", because)
    processes = math.ceil(needed / most)
    because += f": run {say(processes)} processes of {say(math.ceil(needed / processes))}"
    return setting("worker_count", float(math.ceil(needed / processes)), "count", because)


def _visibility(workload: Workload, facts: Facts) -> Setting:
    """The consumers of the kits extend it while they work; a function cannot."""
    if workload.consumer_runtime == "lambda":
        return function_visibility(workload, facts, receive_batch(workload, facts).batch)
    because = "extended while a message is worked on; after a consumer has died its messages wait for so long"
    return setting("visibility_timeout_seconds", facts.number("plan_visibility_timeout_seconds"), "seconds", because)


def _retention(workload: Workload, facts: Facts) -> Setting:
    least, most = facts.number("sqs_retention_hours_default"), facts.number("sqs_retention_hours_max")
    hours = min(most, max(least, workload.retention_hours, 2 * workload.outage_hours))
    because = f"the longest of {say(least)} h, the stated {say(workload.retention_hours)} h and twice the outage"
    return setting("message_retention_seconds", whole(hours * 3600), "seconds", because)


def _delay(workload: Workload, facts: Facts, *, fifo: bool) -> Setting:
    """SendMessage takes a delay of its own for standard queues only; SNS takes none."""
    value = whole(min(workload.delay_seconds, facts.number("sqs_delay_seconds_max")))
    single = "the longest that the producer may ask for a message; fed by a topic, the queue delays all by it"
    because = "the stated delay, of every message: a FIFO queue delays all or none" if fifo else single
    return setting("delay_seconds", value, "seconds", because if value else "no message has to wait")


def _named_by_content(*, fifo: bool) -> Setting:
    because = "equal bodies can be two events: the sender names each" if fifo else "not a FIFO queue"
    return setting("content_based_deduplication", False, "", because)


def _high_throughput(workload: Workload, facts: Facts, *, fifo: bool) -> Setting:
    """Each action has the quota for itself; long work is received in small batches and deleted one by one."""
    month, peak = queue_month(workload, facts), workload.messages_per_second_peak_at_horizon
    calls = max(workload.send_calls_per_second_peak, peak / month.taken.batch, peak * month.deleted)
    limit = facts.number("sqs_fifo_normal_calls_per_second_max")
    because = (
        f"{say(calls)} calls/s at the peak, of sends, receives or deletes whichever are most, against {say(limit)} of "
        "each in normal mode"
    )
    return setting("high_throughput_fifo", fifo and calls > limit, "", because if fifo else "not a FIFO queue")
