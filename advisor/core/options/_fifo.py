"""What order costs at a FIFO queue: calls that bring one message of each key, and what an outage leaves of the busiest
key against what the queue looks through for other keys.

Knows no price and no option.
"""

import math

from advisor.core.estimate import Step
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options._model import round_up, say, step
from advisor.core.options._sqs import QueueMonth, cheapest_batch, full_batch, queue_month
from advisor.core.quantities import chances_together, sent_together, sequences_of
from advisor.core.units import format_quantity
from advisor.core.workload import Workload

_LOOKED_THROUGH = "sqs_fifo_group_scan_messages"


@once
def fifo_month(workload: Workload, facts: Facts) -> QueueMonth:
    """The calls of a month where each brings one message of a sequence at most. A message takes its part of a call, and
    no less than in the cheapest batch of so many, so that costs rise with the load."""
    month = queue_month(workload, facts)
    if workload.ordering == "none":
        return month
    batch = sent_together(full_batch(workload, facts), workload)
    rate = max(1 / batch, cheapest_batch(math.ceil(batch), workload, facts)[1])
    return month._replace(batch=batch, requests_per_message=rate, sends=month.messages * rate * month.queues)


def together_steps(most: int, workload: Workload) -> tuple[Step, ...]:
    """Why a call brings fewer than the stated batch."""
    if workload.ordering == "none":
        return ()
    chances, keys = chances_together(most, sequences_of(workload)), format_quantity(workload.ordering_keys, "keys")
    formula = (
        f"{' + '.join(map(say, chances))}: of each of {say(most)} the chance to be in it, "
        + ("all in one order" if workload.ordering == "global" else f"with {keys}, all alike")
        + "; the projects send no two of a key in one call, since SQS may refuse the first and take the second"
    )
    return (step("sent_together", "Messages in a send call, on average", sum(chances), "count", formula),)


def together_notes(workload: Workload, month: QueueMonth) -> tuple[str, ...]:
    """What a busy key makes of that, if it is stated."""
    stated = workload.domains.get("hottest_key_messages_per_second")
    if stated is not None and not stated.is_known:
        return ()
    percent = 100 * _share(workload)
    each_alone = (
        f"The busiest key has {say(percent)} % of the messages, each in a call of its own: 100 messages take at least "
        f"{say(percent)} calls, where the bill has the {say(100 / month.batch)} of keys that are all alike."
    )
    return (each_alone,) if percent > 100 / month.batch else ()


def backlog_steps(workload: Workload, facts: Facts) -> tuple[Step, ...]:
    """The share of it that the busiest key fills; without keys no message waits behind another's key."""
    if workload.ordering != "per-key":
        return ()
    backlog, limit = _key_backlog(workload), facts.number(_LOOKED_THROUGH)
    each, hours = say(_average(workload)), say(workload.outage_hours)
    formula = f"{each} messages/s of that key on average x {hours} h = {say(backlog)}, ÷ {say(limit)}"
    label = "Use of what the queue looks through, by the busiest key after the stated outage"
    return (step("key_backlog_share", label, 100 * backlog / limit, "percent", formula, _LOOKED_THROUGH),)


def backlog_notes(workload: Workload, facts: Facts) -> tuple[str, ...]:
    """What then happens to the other keys."""
    backlog, limit = _key_backlog(workload), facts.number(_LOOKED_THROUGH)
    held_up = (
        f"After the stated outage {say(round_up(backlog))} messages of the busiest key may wait; a FIFO queue looks "
        f"for other keys in its first {say(limit)} only, so those behind wait until that key has caught up."
    )
    return (held_up,) if backlog > limit else ()


def _key_backlog(workload: Workload) -> float:
    return _average(workload) * workload.outage_hours * 3600


def _average(workload: Workload) -> float:
    return _share(workload) * workload.messages_per_second_avg_at_horizon


def _share(workload: Workload) -> float:
    """What the busiest key has of all: its share of the peak, at most all of it, on average too."""
    peak = workload.messages_per_second_peak_at_horizon
    if workload.ordering != "per-key" or not peak:
        return 0.0
    return min(1.0, workload.busiest_sequence_messages_per_second / peak)
