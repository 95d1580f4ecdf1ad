"""From which rate on each family is the cheaper one: intervals, the curve, and when growth gets there.

Looks at cost alone: constraints and preferences are not its business. Knows no option by name.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

from advisor.core.curves import (
    RATE,
    READERS,
    SIZES,
    CostPoint,
    CostSpan,
    Families,
    Rising,
    cost_spans,
    cost_sweep,
    rates,
    with_rate,
    without_price,
)
from advisor.core.rulebook import Rulebook
from advisor.core.stated import stated_ends
from advisor.core.workload import Workload

PRECISION = 1e-6
NARROW = 1.001  # a change of family that lasts for less than a thousandth of the rate is not looked for


@dataclass(frozen=True, slots=True, kw_only=True)
class CheaperInterval:
    """Between these rates `family` is cheaper; at both ends it was tried on both sides."""

    family: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """Where the cheaper family changes with the rate (messages a second on average, peaks in proportion).

    `curve` holds both sides of every change; `spans` is empty where nothing but the rate was stated as a range. The
    stated growth gets to another family in `months_until`; None where it never does.
    With `is_added` Kafka runs already, and a cluster of its kind costs what the load adds to it.
    """

    intervals: tuple[CheaperInterval, ...]
    curve: tuple[CostPoint, ...]
    spans: tuple[CostSpan, ...]
    by_size: tuple[CostPoint, ...]
    by_readers: tuple[CostPoint, ...]
    rate_now: float
    size_now: float
    readers_now: float
    growth_percent_per_month: float
    months_until: float | None
    not_priced: tuple[str, ...]
    region: str
    is_added: bool


def break_even(workload: Workload, families: Families, rulebook: Rulebook) -> BreakEven:
    """`families` says which options of sqs and of kafka take part; leave out those that are excluded."""
    facts = rulebook.facts
    rising = Rising(families, facts)

    def at_rate(rate: float) -> CostPoint:
        return rising.point(rate, with_rate(workload, rulebook, rate))

    curve = tuple(at_rate(rate) for rate in rates(workload.messages_per_second_avg))
    intervals = _intervals(curve, at_rate)
    ends = {end for each in intervals for end in (each.low, each.high)} - {point.at for point in curve}
    return BreakEven(
        intervals=intervals,
        curve=tuple(sorted((*curve, *map(at_rate, ends)), key=lambda point: point.at)),
        spans=cost_spans(stated_ends(workload, rulebook, RATE), families, rulebook),
        by_size=cost_sweep(workload, "message_size_bytes_avg", SIZES, families, facts),
        by_readers=cost_sweep(workload, "consumer_groups", READERS, families, facts),
        rate_now=workload.messages_per_second_avg,
        size_now=workload.message_size_bytes_avg,
        readers_now=workload.consumer_groups,
        growth_percent_per_month=workload.growth_percent_per_month,
        months_until=_months_until(workload, intervals),
        not_priced=without_price(workload, families, facts),
        region=workload.region,
        is_added=bool(workload.running_kafka),
    )


def _intervals(curve: tuple[CostPoint, ...], at_rate: Callable[[float], CostPoint]) -> tuple[CheaperInterval, ...]:
    """Who is cheaper from where to where. Kafka's cost is a step function: the family can change many times."""
    points = [curve[0]]
    for left, right in pairwise(curve):
        points.extend(_explore(left, right, at_rate))
    found: list[CheaperInterval] = []
    low, family = curve[0].at, curve[0].cheaper
    for left, right in pairwise(points):
        for left_end, right_end, after in _turns(left, right, at_rate):
            found.append(CheaperInterval(family=family, low=low, high=left_end))
            low, family = right_end, after
    found.append(CheaperInterval(family=family, low=low, high=curve[-1].at))
    return _without_touches(found)


def _without_touches(found: list[CheaperInterval]) -> tuple[CheaperInterval, ...]:
    """What lasts for a single rate, as where two bills cross on the very cent, is no interval."""
    kept: list[CheaperInterval] = []
    for each in found:
        if kept and kept[-1].family == each.family:
            kept[-1] = replace(kept[-1], high=each.high)
        elif each.low < each.high:
            kept.append(each)
    return tuple(kept)


def _explore(left: CostPoint, right: CostPoint, at_rate: Callable[[float], CostPoint]) -> list[CostPoint]:
    """Points so close that between two of them the cheaper family surely stays, or cannot stay away for long."""
    if right.at <= left.at * NARROW or _is_settled(left, right):
        return [right]
    middle = at_rate(math.sqrt(left.at * right.at))
    return [*_explore(left, middle, at_rate), *_explore(middle, right, at_rate)]


def _is_settled(left: CostPoint, right: CostPoint) -> bool:
    """No cost falls as the rate rises, so who is cheaper even at its dearest is cheaper all the way."""
    if left.sqs_usd is None or left.kafka_usd is None or right.sqs_usd is None or right.kafka_usd is None:
        return left.cheaper == right.cheaper
    return right.sqs_usd < left.kafka_usd or right.kafka_usd < left.sqs_usd


def _turns(left: CostPoint, right: CostPoint, at_rate: Callable[[float], CostPoint]) -> list[tuple[float, float, str]]:
    """Each change between two rates: the last one before, the first one after, and who is cheaper then."""
    turns: list[tuple[float, float, str]] = []
    while left.cheaper != right.cheaper:
        before, after = left, right
        while after.at - before.at > PRECISION * before.at:
            middle = at_rate(math.sqrt(before.at * after.at))
            before, after = (middle, after) if middle.cheaper == left.cheaper else (before, middle)
        turns.append((before.at, after.at, after.cheaper))
        left = after
    return turns


def _months_until(workload: Workload, intervals: tuple[CheaperInterval, ...]) -> float | None:
    """Months of the stated growth until another family is cheaper; None when that never comes."""
    now, growth = workload.messages_per_second_avg, workload.growth_percent_per_month / 100
    ends = [each.high for each in intervals[:-1] if each.low <= now <= each.high]
    if not ends or growth <= 0 or now <= 0:
        return None
    return max(0.0, math.log(ends[0] / now) / math.log1p(growth))
