"""What both families cost over the rate, the message size and the readers, and how far stated ranges move it.

Looks at cost alone: constraints and preferences are not its business. Knows no option by name.
"""

import math
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from advisor.core.assume import ASSUMED, restate
from advisor.core.domains import known
from advisor.core.facts import Facts
from advisor.core.options import monthly_usd
from advisor.core.pricing import PRICED
from advisor.core.recommendation import KAFKA, SQS
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload, vary

LOWEST, HIGHEST = 0.01, 1_000_000.0
PER_DECADE = 12
RATE, PEAK = "messages_per_second_avg", "messages_per_second_peak"
SIZES = (*(float(step * 2**power) for power in range(6, 19) for step in (2, 3)), 2.0**20)
READERS = tuple(map(float, (*range(1, 11), 12, 15, 20)))

Families = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CostPoint:
    """Both families' cheapest option at one value of what is varied, in US dollars a month at list price; None where a
    family is not wholly priced."""

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
        return SQS if self.sqs_usd < self.kafka_usd else KAFKA


@dataclass(frozen=True, slots=True, kw_only=True)
class CostSpan:
    """Each family's lowest and highest cost at one rate, over the ranges stated for anything but the rate."""

    at: float
    low: CostPoint
    high: CostPoint


def with_rate(workload: Workload, rulebook: Rulebook, rate: float) -> Workload:
    """The same workload at another average rate; its peaks and its hottest key keep their proportion, and a time of
    handling that is assumed follows the peak."""
    now = workload.messages_per_second_avg
    factor = rate / now if now > 0 else 0.0
    peak = workload.messages_per_second_peak * factor if now > 0 else rate
    is_assumed = workload.grades.get("processing_seconds_avg") == ASSUMED
    return vary(
        restate(workload, rulebook, PEAK, known(peak)) if is_assumed else workload,
        messages_per_second_avg=rate,
        messages_per_second_peak=peak,
        hottest_key_messages_per_second=workload.hottest_key_messages_per_second * factor,
    )


def rates(now: float) -> tuple[float, ...]:
    """Rates evenly spread over the decades, and the present one."""
    decades = math.log10(HIGHEST / LOWEST)
    steps = round(decades * PER_DECADE)
    grid = {LOWEST * 10 ** (decades * step / steps) for step in range(steps + 1)}
    return tuple(sorted(grid | ({now} if LOWEST <= now <= HIGHEST else set())))


@dataclass(frozen=True, slots=True)
class Rising:
    """Both families' cheapest options while one number rises and all else stays. No bill falls then (tested): what was
    dearer at a lower value than another option is now is not asked what it costs."""

    families: Families
    facts: Facts
    _seen: defaultdict[str, list[tuple[float, float]]] = field(default_factory=lambda: defaultdict(list))

    def point(self, at: float, workload: Workload) -> CostPoint:
        """The costs at one value of the number, in any order."""
        sqs_option, sqs_usd = self._cheapest(at, workload, self.families.get(SQS, ()))
        kafka_option, kafka_usd = self._cheapest(at, workload, self.families.get(KAFKA, ()))
        return CostPoint(at=at, sqs_option=sqs_option, sqs_usd=sqs_usd, kafka_option=kafka_option, kafka_usd=kafka_usd)

    def _cheapest(self, at: float, workload: Workload, options: Sequence[str]) -> tuple[str, float | None]:
        """The first of those that cost least. Options that lack a price take no part: what is not known is not
        cheap."""
        least = [(self._least(option, at), place) for place, option in enumerate(options)]
        best = math.inf, -1
        for low, place in sorted(least):
            if low > best[0]:
                break
            usd, known = monthly_usd(options[place], workload, self.facts)
            if known == PRICED:
                insort(self._seen[options[place]], (at, usd))
                best = min(best, (usd, place))
        return (options[best[1]], best[0]) if best[1] >= 0 else ("", None)

    def _least(self, option: str, at: float) -> float:
        """What the option cost at the next lower value at which it was asked."""
        seen = self._seen[option]
        place = bisect_right(seen, (at, math.inf))
        return seen[place - 1][1] if place else 0.0


def cost_sweep(
    workload: Workload, name: str, values: Sequence[float], families: Families, facts: Facts
) -> tuple[CostPoint, ...]:
    """The costs at some values of one number, and at its present one."""
    points, rising = sorted({*values, getattr(workload, name)}), Rising(families, facts)
    return tuple(rising.point(value, vary(workload, **{name: value})) for value in points)


def cost_spans(ends: tuple[Workload, Workload], families: Families, rulebook: Rulebook) -> tuple[CostSpan, ...]:
    """Over the rate, at the lightest and the heaviest load that was stated; empty where the two are one."""
    lightest, heaviest = ends
    if lightest is heaviest:
        return ()
    low, high = Rising(families, rulebook.facts), Rising(families, rulebook.facts)
    return tuple(
        CostSpan(
            at=at,
            low=low.point(at, with_rate(lightest, rulebook, at)),
            high=high.point(at, with_rate(heaviest, rulebook, at)),
        )
        for at in rates(lightest.messages_per_second_avg)
    )


def without_price(workload: Workload, families: Families, facts: Facts) -> tuple[str, ...]:
    """The options that no curve shows, since a price of theirs is missing at the present load."""
    options = (option for family in families.values() for option in family)
    return tuple(option for option in options if monthly_usd(option, workload, facts)[1])
