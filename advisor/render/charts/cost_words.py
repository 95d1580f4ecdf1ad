"""The cost curves in words: who is cheaper from where to where, today, and when growth gets there.

Knows costs by family; options have the labels that are handed in.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

from advisor.core.breakeven import BreakEven, CheaperInterval
from advisor.core.curves import CostPoint
from advisor.core.units import format_number, format_quantity
from advisor.render.words import FAMILIES, NOT_PRICED, say_region

SIDES = ("sqs", "kafka")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """At this rate the cheaper family changes to `family`."""

    at: float
    family: str


def changes(found: BreakEven) -> tuple[Change, ...]:
    """Every break-even, by rate."""
    return tuple(
        Change(at=after.low, family=after.family)
        for before, after in pairwise(found.intervals)
        if before.family in SIDES and after.family in SIDES
    )


def say_rate(rate: float) -> str:
    """A rate as it is spoken of: three figures are enough to find it on the picture."""
    return f"{format_number(float(f'{rate:.3g}'))} messages/s"


def say_usd(usd: float | None) -> str:
    """Dollars, to the cent where cents tell."""
    return NOT_PRICED if usd is None else format_quantity(usd, "USD")


def describe_costs(found: BreakEven, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The picture in sentences, for whoever does not see it and for the page beside it."""
    sentences = (
        say_cheaper(found.intervals),
        _today(found, labels),
        _growth(found),
        _spans(found),
        "Kafka runs already: of a cluster of its kind only what the load adds counts." if found.is_added else "",
        _left_out(found, labels),
        f"List prices of {say_region(found.region)}, today’s bill; peaks keep their proportion to the average.",
    )
    return tuple(sentence for sentence in sentences if sentence)


def say_cheaper(intervals: tuple[CheaperInterval, ...]) -> str:
    """Who is cheaper from where to where; many changes are counted, not recited."""
    sure = [each for each in intervals if each.family in SIDES]
    if not sure:
        return "Neither side is called cheaper: one of them has no option that is both possible and wholly priced."
    first, last = sure[0], sure[-1]
    if len(sure) == 1:
        return f"{FAMILIES[first.family]} is cheaper from {say_rate(first.low)} to {say_rate(first.high)}."
    if len(sure) <= 3:
        parts = [f"{FAMILIES[each.family]} up to {say_rate(each.high)}" for each in sure[:-1]]
        return f"Cheaper is {', '.join(parts)}, and {FAMILIES[last.family]} above."
    return (
        f"The cheaper side changes {len(sure) - 1} times between {say_rate(first.high)} and {say_rate(last.low)}, "
        f"since brokers are added in steps; below that {FAMILIES[first.family]} is, above it {FAMILIES[last.family]}."
    )


def point_now(found: BreakEven) -> CostPoint | None:
    """The costs at the present rate, where the curve reaches it."""
    return next((point for point in found.curve if point.at == found.rate_now), None)


def _today(found: BreakEven, labels: Mapping[str, str]) -> str:
    now = point_now(found)
    if now is None:
        return f"Today’s {say_rate(found.rate_now)} lie outside of the curve."
    sides = ((now.sqs_option, now.sqs_usd), (now.kafka_option, now.kafka_usd))
    costs = [f"{say_usd(usd)} a month with {labels.get(option, option)}" for option, usd in sides if option]
    return f"Today’s {say_rate(found.rate_now)} cost at least {' or '.join(costs)}." if costs else ""


def _growth(found: BreakEven) -> str:
    growth, months = found.growth_percent_per_month, found.months_until
    if not changes(found):
        return ""
    if growth <= 0:
        return "No growth is reckoned with, so today’s side stays the cheaper one."
    if months is None:
        return f"Growth of {format_number(growth)} % a month reaches no further change."
    return f"At {format_number(growth)} % growth a month the break-even comes {say_months(months)}."


def say_months(months: float) -> str:
    """How far off it is; beyond ten years nobody can say."""
    if months > 120:
        return "in more than ten years"
    return f"in {format_number(float(f'{months:.2g}'))} months" if months >= 1 else "within a month"


def _spans(found: BreakEven) -> str:
    if not found.spans:
        return ""
    return "The hatched bands span the ranges that you stated for anything but the rate."


def _left_out(found: BreakEven, labels: Mapping[str, str]) -> str:
    names = ", ".join(labels.get(option, option) for option in found.not_priced)
    return f"Not shown, since a price is missing in {say_region(found.region)}: {names}." if names else ""
