"""How what an outage leaves of the busiest key is shown against what a FIFO queue looks through for other keys.

Knows no price and no option.
"""

from advisor.core.estimate import Step
from advisor.core.facts import Facts
from advisor.core.options._model import round_up, say, step
from advisor.core.workload import Workload

_LOOKED_THROUGH = "sqs_fifo_group_scan_messages"


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
    """What the busiest key has on average: its share of the peak, at most all of it, of the average."""
    peak = workload.messages_per_second_peak_at_horizon
    if workload.ordering != "per-key" or not peak:
        return 0.0
    return min(1.0, workload.busiest_sequence_messages_per_second / peak) * workload.messages_per_second_avg_at_horizon
