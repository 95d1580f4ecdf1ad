"""From which rate on each family is the cheaper one: intervals, the curve, and when growth gets there.

Looks at cost alone: constraints and preferences are not its business. Knows no option by name.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from advisor.core.facts import Facts
from advisor.core.options import monthly_usd
from advisor.core.workload import Workload

LOWEST, HIGHEST = 0.01, 1_000_000.0
PER_DECADE = 12
PRECISION = 1e-6
NARROW = 1.001  # a change of family that lasts for less than a thousandth of the rate is not looked for
SIZES = (100.0, 1_000.0, 10_000.0, 65_536.0, 262_144.0, 1_048_576.0)
READERS = (1.0, 2.0, 3.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPoint:
    """Both families' cheapest option at one value of what is varied; None where a family is not wholly priced."""

    at: float
    sqs_option: str
    sqs_usd: float | None
    kafka_option: str
    kafka_usd: float | None

    @property
    def cheaper(self) -> str:
        """sqs, kafka, equal, or unknown where a price is missing."""
        if self.sqs_usd is None or self.kafka_usd is None:
            return "unknown"
        if math.isclose(self.sqs_usd, self.kafka_usd, rel_tol=1e-9):
            return "equal"
        return "sqs" if self.sqs_usd < self.kafka_usd else "kafka"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheaperInterval:
    """Between these rates `family` is cheaper; at both ends it was tried on both sides."""

    family: str
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakEven:
    """Where the cheaper family changes with the rate (messages a second on average, peaks in proportion)."""

    intervals: tuple[CheaperInterval, ...]
    curve: tuple[CostPoint, ...]
    by_size: tuple[CostPoint, ...]
    by_readers: tuple[CostPoint, ...]
    rate_now: float
    months_until: float | None


def break_even(workload: Workload, families: Mapping[str, Sequence[str]], facts: Facts) -> BreakEven:
    """`families` says which options of sqs and of kafka take part; leave out those that are excluded."""

    def at_rate(rate: float) -> CostPoint:
        return _point(rate, with_rate(workload, rate), families, facts)

    curve = tuple(at_rate(rate) for rate in _grid(workload.messages_per_second_avg))
    intervals = _intervals(curve, at_rate)
    return BreakEven(
        intervals=intervals,
        curve=curve,
        by_size=_sweep(workload, "message_size_bytes_avg", SIZES, families, facts),
        by_readers=_sweep(workload, "consumer_groups", READERS, families, facts),
        rate_now=workload.messages_per_second_avg,
        months_until=_months_until(workload, intervals),
    )


def with_rate(workload: Workload, rate: float) -> Workload:
    """The same workload at another average rate; its peaks and its hottest key keep their proportion."""
    now = workload.messages_per_second_avg
    factor = rate / now if now > 0 else 0.0
    return replace(
        workload,
        messages_per_second_avg=rate,
        messages_per_second_peak=workload.messages_per_second_peak * factor if now > 0 else rate,
        hottest_key_messages_per_second=workload.hottest_key_messages_per_second * factor,
    )


def _grid(now: float) -> tuple[float, ...]:
    """Rates evenly spread over the decades, and the present one."""
    decades = math.log10(HIGHEST / LOWEST)
    steps = round(decades * PER_DECADE)
    grid = {LOWEST * 10 ** (decades * step / steps) for step in range(steps + 1)}
    return tuple(sorted(grid | ({now} if LOWEST <= now <= HIGHEST else set())))


def _point(at: float, workload: Workload, families: Mapping[str, Sequence[str]], facts: Facts) -> CostPoint:
    sqs_option, sqs_usd = _cheapest(workload, families.get("sqs", ()), facts)
    kafka_option, kafka_usd = _cheapest(workload, families.get("kafka", ()), facts)
    return CostPoint(at=at, sqs_option=sqs_option, sqs_usd=sqs_usd, kafka_option=kafka_option, kafka_usd=kafka_usd)


def _cheapest(workload: Workload, options: Sequence[str], facts: Facts) -> tuple[str, float | None]:
    """Options that lack a price take no part: what is not known is not cheap."""
    best: tuple[str, float | None] = "", None
    for option in options:
        usd, is_partial = monthly_usd(option, workload, facts)
        if not is_partial and (best[1] is None or usd < best[1]):
            best = option, usd
    return best


def _sweep(
    workload: Workload, name: str, values: Sequence[float], families: Mapping[str, Sequence[str]], facts: Facts
) -> tuple[CostPoint, ...]:
    points = sorted({*values, getattr(workload, name)})
    changed = ((value, replace(workload, **{name: value})) for value in points)
    return tuple(_point(value, each, families, facts) for value, each in changed)


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
    return tuple(found)


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
