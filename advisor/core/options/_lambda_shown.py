"""What Lambda's event source allows where Lambda consumes: concurrency, pollers and batches, from a queue or a log.

Knows no price and no option.
"""

import math
from collections.abc import Iterator

from advisor.core.estimate import Setting, Step
from advisor.core.facts import Facts
from advisor.core.options._model import say, setting, step
from advisor.core.workload import Workload


def queue_lambda_steps(workload: Workload, facts: Facts, *, fifo: bool) -> Iterator[Step]:
    """Without provisioned pollers Lambda starts small, grows by the minute and stops at a ceiling."""
    if workload.consumer_runtime != "lambda":
        return
    start, growth = (facts.number(f"lambda_sqs_concurrency_{part}") for part in ("start", "growth_per_minute"))
    ceiling, needed = facts.number("lambda_sqs_concurrency_max_default"), workload.in_flight_messages
    seconds = 60 * max(0.0, min(needed, ceiling) - start) / growth
    ramp = f"(min({say(needed)}, {say(ceiling)}) - {say(start)}) ÷ {say(growth)} a minute x 60"
    yield step(
        "lambda_concurrency_share",
        "Use of Lambda's concurrency without provisioned pollers",
        100 * needed / ceiling,
        "percent",
        f"{say(needed)} at once ÷ {say(ceiling)}",
        "lambda_sqs_concurrency_max_default",
    )
    yield step(
        "lambda_ramp_seconds",
        "Time until Lambda is at that concurrency",
        seconds,
        "seconds",
        ramp if seconds else f"{say(start)} at once from the start",
        "lambda_sqs_concurrency_start",
        "lambda_sqs_concurrency_growth_per_minute",
    )
    yield from _queue_pollers(workload, facts)
    if fifo:
        yield _group_share(workload)
    yield _batch(facts, "lambda_sqs_fifo_batch_messages_max" if fifo else "lambda_sqs_batch_messages_max")


def _queue_pollers(workload: Workload, facts: Facts) -> Iterator[Step]:
    needed, rate = workload.in_flight_messages, workload.bytes_per_second_peak
    by_work = needed / facts.number("lambda_sqs_poller_concurrency")
    by_bytes = rate / facts.number("lambda_sqs_poller_bytes_per_second")
    least, most = facts.number("lambda_sqs_pollers_min"), facts.number("lambda_sqs_pollers_max")
    pollers = max(least, math.ceil(max(by_work, by_bytes)))
    yield step(
        "lambda_pollers",
        "Event pollers if provisioned",
        pollers,
        "count",
        f"the larger of {say(needed)} at once and {say(rate)} bytes/s, each by poller",
        "lambda_sqs_poller_concurrency",
        "lambda_sqs_poller_bytes_per_second",
        "lambda_sqs_pollers_min",
    )
    yield step(
        "lambda_pollers_share",
        "Use of the pollers that Lambda provisions",
        100 * pollers / most,
        "percent",
        f"{say(pollers)} ÷ {say(most)}",
        "lambda_sqs_pollers_max",
    )


def _group_share(workload: Workload) -> Step:
    """On a FIFO queue only as many run as groups are active; without keys everything is one group."""
    groups = 1.0 if workload.ordering == "global" else max(1.0, workload.ordering_keys)
    needed = workload.in_flight_messages
    return step(
        "lambda_group_share",
        "Use of the message groups that Lambda may work on at once",
        100 * needed / groups,
        "percent",
        f"{say(needed)} at once ÷ {say(groups)} groups, one invocation each",
        "lambda_sqs_fifo_concurrency_rule",
    )


def _batch(facts: Facts, most: str) -> Step:
    label, formula = "Messages that Lambda hands over at once, at most", "a limit of the event source"
    return step("lambda_batch_messages_max", label, facts.number(most), "count", formula, most)


def function_visibility(workload: Workload, facts: Facts, batch: int) -> Setting:
    """Lambda lends messages for the timeout and no longer; one run works on a whole batch, all of which may be slow."""
    factor, most = facts.number("lambda_visibility_timeout_factor"), facts.number("sqs_visibility_timeout_seconds_max")
    least = facts.number("sqs_visibility_timeout_seconds_default")
    longest = max(workload.processing_seconds_max, workload.processing_seconds_avg)
    value = min(most, max(least, math.ceil(factor * batch * longest)))
    run = f"{say(batch)} x {say(longest)} s" if batch > 1 else f"{say(longest)} s"
    because = f"{say(factor)} x {run} of processing in Lambda, between {say(least)} s and {say(most)} s"
    return setting("visibility_timeout_seconds", float(value), "seconds", because)


def log_lambda_steps(workload: Workload, facts: Facts, partitions: float) -> Iterator[Step]:
    """On a log one batch of a partition runs at a time, and no more pollers than partitions."""
    if workload.consumer_runtime != "lambda":
        return
    needed, rate = workload.in_flight_messages, workload.wire_bytes_per_second_peak
    most = min(partitions, facts.number("lambda_kafka_pollers_max"))
    pollers = max(1, math.ceil(rate / facts.number("lambda_kafka_poller_bytes_per_second")))
    yield step(
        "lambda_partition_share",
        "Use of the partitions that Lambda may work on at once",
        100 * needed / partitions,
        "percent",
        f"{say(needed)} at once ÷ {say(partitions)} partitions, one batch each",
        "lambda_kafka_ordering",
    )
    yield step(
        "lambda_pollers",
        "Event pollers of one group if provisioned",
        pollers,
        "count",
        f"{say(rate)} bytes/s ÷ {say(facts.number('lambda_kafka_poller_bytes_per_second'))} a poller, rounded up",
        "lambda_kafka_poller_bytes_per_second",
    )
    yield step(
        "lambda_pollers_share",
        "Use of the pollers that Lambda provisions",
        100 * pollers / most,
        "percent",
        f"{say(pollers)} ÷ {say(most)}, never more than partitions",
        "lambda_kafka_pollers_max",
    )
    yield _batch(facts, "lambda_kafka_batch_messages_max")
