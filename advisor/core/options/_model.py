"""What one option must offer to be sized and priced, and the small words that every sizing uses.

Knows no option.
"""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from advisor.core.estimate import Quantity, Setting, Sizing, Step
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.quantities import sequences_of
from advisor.core.units import format_number, format_quantity
from advisor.core.workload import Workload

GIB = 2.0**30
GB = 1e9
MIB = 2.0**20

OUTSIDE_AWS = ("gcp", "azure", "on-prem")

Bill = Callable[[Workload, Facts], tuple[Quantity, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One option's arithmetic.

    `bill` is the month's quantities; `size` the same with every step shown. `added` is the bill where Kafka runs
    already: of the option's own kind if it reads `existing_kafka`, else of any. `reads` names the choices, booleans and
    lists on which the cost depends, `numbers` the numbers (tested).
    `compared_in` are the clouds where the figures are those of another, to compare with.
    """

    bill: Bill
    size: Callable[[Workload, Facts], Sizing]
    quantities: tuple[str, ...]
    numbers: tuple[str, ...]
    reads: tuple[str, ...] = ()
    added: Bill | None = None
    not_included: tuple[str, ...] = ()
    compared_in: tuple[str, ...] = ()


def some(lines: Iterable[Quantity]) -> tuple[Quantity, ...]:
    """Without what there is nothing of."""
    return tuple([line for line in lines if line[1] > 0])


def without(lines: Iterable[Quantity], *beginnings: str) -> tuple[Quantity, ...]:
    """Without what begins so."""
    return tuple(line for line in lines if not line[0].startswith(beginnings))


def step(
    step_id: str,
    label: str,
    value: float,
    unit: str,
    formula: str,
    *facts: str,
    binding: bool = False,
) -> Step:
    """One line of arithmetic."""
    return Step(id=step_id, label=label, value=value, unit=unit, formula=formula, facts=facts, is_binding=binding)


def setting(name: str, value: float | str | bool, unit: str, because: str) -> Setting:
    """A value for the project, with its reason."""
    return Setting(id=name, value=value, unit=unit, because=because)


def assumptions(workload: Workload, largest: float = math.inf) -> tuple[Setting, ...]:
    """What the project's bench checks against a real broker, in whole numbers from 1 on; `largest` is a message's."""
    rate, size = workload.messages_per_second_peak_at_horizon, min(workload.message_size_bytes_avg, largest)
    return (
        setting("assumed_messages_per_second", whole(rate, least=1), "messages/s", "the peak at the planning horizon"),
        setting("assumed_message_bytes", whole(size, least=1), "bytes", "the average size of a message"),
        setting("assumed_latency_ms", whole(workload.latency_ms_target, least=1), "ms", "the latency target"),
    )


def whole(value: float, *, least: float = 0) -> float:
    """Rounded up: what clients and brokers take whole numbers of."""
    return float(max(least, round_up(value)))


def round_up(value: float) -> int:
    """The next whole number; a hair above one, as floats make it, is that one."""
    nearest = round(value)
    return nearest if math.isclose(value, nearest, rel_tol=1e-12, abs_tol=1e-9) else math.ceil(value)


def say(value: float) -> str:
    """A number as a formula shows it."""
    whole_part = int(value)
    if value == whole_part and -1e15 < value < 1e15:
        return f"{whole_part:,}"
    if abs(value) >= 100:
        return f"{value:,.2f}"
    return f"{value:.4g}" if abs(value) >= 1e-4 else format_number(value)  # which has no exponent


def month_seconds(facts: Facts) -> float:
    """Seconds in the month that prices are reckoned with."""
    return facts.number("hours_per_month") * 3600


def net_of_free(amount: float, free_fact: str, workload: Workload, facts: Facts) -> float:
    """What is left to pay for after the free tier, where it is to be counted."""
    return max(0.0, amount - facts.number(free_fact)) if workload.use_free_tier else amount


def leave_aws(gib: float, workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """What readers outside AWS take out of it in a month."""
    if workload.cloud not in OUTSIDE_AWS:
        return ()
    return (("internet_gb", net_of_free(gib, "internet_out_free_gb_per_month", workload, facts)),)


def planned_workers(workload: Workload, facts: Facts) -> int:
    """Workers with headroom, so that they are not busy all the time."""
    return max(1, round_up(workload.in_flight_messages / facts.number("plan_worker_utilization")))


def useful_workers(workload: Workload, facts: Facts, partitions: float = math.inf) -> int:
    """The planned workers that find work."""
    return int(min(planned_workers(workload, facts), partitions, sequences_of(workload)))


def drain_hours(workload: Workload, workers: float) -> float:
    """How long an outage's backlog takes to clear while new messages keep coming; infinite when it never does."""
    backlog = workload.messages_per_second_avg_at_horizon * workload.outage_hours
    if workload.processing_seconds_avg <= 0:
        return 0.0
    spare = workers / workload.processing_seconds_avg - workload.messages_per_second_avg_at_horizon
    return backlog / spare if spare > 0 else math.inf


@once
def worker_steps(workload: Workload, facts: Facts, partitions: float) -> tuple[Step, ...]:
    """Workers and catching up: the same arithmetic for queues and logs; queues have no end of partitions."""
    use, workers = facts.number("plan_worker_utilization"), useful_workers(workload, facts, partitions)
    peak, seconds = workload.messages_per_second_peak_at_horizon, workload.processing_seconds_avg
    backlog = workload.messages_per_second_avg_at_horizon * workload.outage_hours * 3600
    busy, drain = workload.in_flight_messages, drain_hours(workload, workers)
    return (
        step(
            "busy_workers",
            "Messages being worked on at the peak (Little's law)",
            busy,
            "count",
            f"{say(peak)} messages/s x {say(seconds)} s = {say(busy)}",
        ),
        step(
            "workers",
            "Workers",
            workers,
            "count",
            f"{say(busy)} ÷ {say(use)} busy, rounded up = {say(planned_workers(workload, facts))}"
            + _cap(workload, facts, partitions),
            "plan_worker_utilization",
        ),
        step(
            "backlog_messages",
            "Backlog after the stated outage",
            backlog,
            "count",
            f"{say(workload.messages_per_second_avg_at_horizon)} messages/s x {say(workload.outage_hours)} h "
            f"= {say(backlog)}",
        ),
        step(
            "drain_hours",
            "Time to work it off",
            drain,
            "hours",
            f"backlog ÷ (the rate of {format_quantity(workers, 'workers')} - what keeps coming) = "
            + ("never" if math.isinf(drain) else f"{say(drain)} h"),
        ),
    )


def _cap(workload: Workload, facts: Facts, partitions: float) -> str:
    """What leaves some of the planned workers without work."""
    workers, keys = useful_workers(workload, facts, partitions), sequences_of(workload)
    if workers == planned_workers(workload, facts):
        return ""
    if workload.ordering == "global":
        return "; one order over everything: 1 finds work"
    at_once = f"{format_quantity(keys, 'keys')}, one message of each at a time"
    by = format_quantity(partitions, "partitions") if partitions <= keys else at_once
    return f"; {by}: {say(workers)} find{'s' if workers == 1 else ''} work"
