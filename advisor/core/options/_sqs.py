"""SQS arithmetic that the queue options share: a month of calls from messages.

Knows no price and no option.
"""

import math
from typing import NamedTuple

from advisor.core.estimate import Quantity
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options._model import GIB, leave_aws, month_seconds, planned_workers, say
from advisor.core.workload import Workload

NUMBERS = (
    "batch_size",
    "consumer_groups",
    "idle_pollers",
    "isolation_units",
    "message_size_bytes_avg",
    "messages_per_second_avg",
    "messages_per_second_peak",
    "processing_seconds_avg",
    "processing_seconds_max",
)
NOT_INCLUDED = (
    "computing time of producers and workers",
    "encryption with your own KMS keys",
    "interface endpoints or NAT gateways, where a private network has no other way to AWS",
    "monitoring, alarms and logs",
)


class Taken(NamedTuple):
    """How many messages a worker takes at once, and the billed requests that each then takes."""

    batch: int
    rate: float


class QueueMonth(NamedTuple):
    """A month of calls, each in billed requests; `queues` is one per consumer group. Messages are sent in batches of
    `batch` and received as `taken` says; `deleted` and `extended` are the requests that one takes until it is gone."""

    messages: float
    batch: float
    taken: Taken
    deleted: float
    extended: float
    queues: float
    requests_per_message: float
    sends: float
    receives: float
    deletes: float
    extensions: float
    empty_receives: float

    @property
    def requests(self) -> float:
        """Billed requests of all kinds."""
        return self.sends + self.receives + self.deletes + self.extensions + self.empty_receives


def billed_requests(payload_bytes: float, facts: Facts) -> int:
    """Requests billed for one call: one for each 64 KiB begun."""
    return max(1, math.ceil(payload_bytes / facts.number("sqs_billed_chunk_bytes")))


def stated_batch(workload: Workload, facts: Facts) -> int:
    """The stated batch, as far as SQS takes it; calls without payload need look no further."""
    return max(1, int(min(workload.batch_size, facts.number("sqs_batch_messages_max"))))


def full_batch(workload: Workload, facts: Facts, limit: str = "sqs_batch_bytes_max") -> int:
    """The stated batch, as far as its bytes fit into one call, which takes what this fact says."""
    fits = facts.number(limit) // max(1.0, workload.message_size_bytes_avg)
    return max(1, min(stated_batch(workload, facts), int(fits)))


def cheapest_batch(most: int, workload: Workload, facts: Facts) -> tuple[int, float]:
    """Of the batches up to this size the one that costs least, and the billed requests a message then takes.

    A fuller batch can cost more a message (3 x 40 KiB are 2 requests, 4 are 3), so each is tried; that keeps the cost
    from rising with the batch size and from falling with the message size.
    """
    size = workload.message_size_bytes_avg
    if billed_requests(most * size, facts) == 1:
        return most, 1 / most
    tried = range(1, most + 1)
    rates = ((billed_requests(batch * size, facts) / batch, batch) for batch in tried)
    rate, batch = min(rates, key=lambda pair: (pair[0], -pair[1]))
    return batch, rate


@once
def receive_batch(workload: Workload, facts: Facts) -> Taken:
    """How many messages a worker takes at once: the batch that costs least of those that it handles in time."""
    return Taken(*cheapest_batch(min(full_batch(workload, facts), _hands(workload, facts)), workload, facts))


@once
def _hands(workload: Workload, facts: Facts) -> int:
    """How many messages of the stated batch a worker may have in hand; it handles them one after another."""
    most = min(map(_ratio, _limits_in_hand(workload, facts)))
    return max(1, int(min(most, stated_batch(workload, facts))))


def _limits_in_hand(workload: Workload, facts: Facts) -> tuple[tuple[float, float], ...]:
    """What there is, and what one takes of it, in the order of _WHY.

    All messages in hand must be done soon, and while they are lent, even if all are slow. And with all workers' hands
    full the queue must stay below its quota of messages in flight.
    """
    average = workload.processing_seconds_avg
    flight = facts.number("plan_alarm_share") * facts.number("sqs_in_flight_max")
    return (
        (facts.number("plan_receive_batch_seconds"), average),
        (_seconds_lent(workload, facts), max(workload.processing_seconds_max, average)),
        (flight, planned_workers(workload, facts)),
    )


def _seconds_lent(workload: Workload, facts: Facts) -> float:
    """So long a batch may take: one run in Lambda, else half of the time for which SQS lends messages at most."""
    if workload.consumer_runtime == "lambda":
        return facts.number("lambda_timeout_seconds_max")
    return facts.number("sqs_visibility_timeout_seconds_max") / 2


_WHY = ("{} s of work, at {} s a message", "{} s for all, should each take {} s", "{} in flight ÷ {} workers")


def _ratio(limit: tuple[float, float]) -> float:
    there_is, one_takes = limit
    return there_is / one_takes if one_takes else math.inf


def say_receive_batch(workload: Workload, facts: Facts) -> str:
    """Why a worker takes so many at once."""
    if _hands(workload, facts) >= full_batch(workload, facts):
        return "the batch that costs least a message"
    limits = _limits_in_hand(workload, facts)
    limit = min(limits, key=_ratio)
    return _WHY[limits.index(limit)].format(*map(say, limit))


def _until_gone(workload: Workload, facts: Facts) -> tuple[float, float]:
    """Delete and extension requests that a message takes.

    The kits' consumers delete what is done within a second, in batches, and extend each third of the visibility timeout
    what they still work on; what takes less than a second is done before, with all of its batch. Lambda deletes whole
    batches and extends nothing.
    """
    whole = 1 / _hands(workload, facts)
    if workload.consumer_runtime == "lambda":
        return whole, 0.0
    seconds, soon = workload.processing_seconds_avg, facts.number("plan_delete_seconds")
    third = facts.number("plan_visibility_timeout_seconds") / 3
    return max(whole, min(1.0, seconds / soon)), max(0.0, seconds - soon) / third


@once
def queue_month(workload: Workload, facts: Facts) -> QueueMonth:
    """The calls of a month."""
    messages = workload.messages_per_second_avg_at_horizon * month_seconds(facts)
    batch, rate = cheapest_batch(full_batch(workload, facts), workload, facts)
    taken = receive_batch(workload, facts)
    deleted, extended = _until_gone(workload, facts)
    queues = max(1.0, workload.consumer_groups)
    again = 1 + facts.number("plan_redelivery_percent") / 100
    polls = workload.idle_pollers * month_seconds(facts) / facts.number("sqs_long_poll_seconds_max")
    return QueueMonth(
        messages=messages,
        batch=batch,
        taken=taken,
        deleted=deleted,
        extended=extended,
        queues=queues,
        requests_per_message=rate,
        sends=messages * rate * queues,
        receives=messages * taken.rate * queues * again,
        deletes=messages * deleted * queues,
        extensions=messages * extended * queues,
        empty_receives=polls * queues,
    )


def egress(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Messages that leave AWS for readers elsewhere; inside a Region SQS traffic costs nothing."""
    messages = workload.messages_per_second_avg_at_horizon * month_seconds(facts)
    out = messages * workload.message_size_bytes_avg * max(1.0, workload.consumer_groups) / GIB
    return leave_aws(out, workload, facts)
