"""Facts that were checked too long ago, or on a day that has not come. Today is given: the core has no clock."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from advisor.core.facts import Fact, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """A fact and one of its sources, with the days since that was checked."""

    fact: Fact
    source: Source
    days: int


def find_aged(facts: Iterable[Fact], today: date, max_age_days: int) -> tuple[Aged, ...]:
    """Facts with a value older than that, oldest first."""
    aged = [each for fact in facts if (each := _age(fact, today, min)).days > max_age_days]
    return tuple(sorted(aged, key=lambda each: (-each.days, each.fact.id)))


def find_ahead(facts: Iterable[Fact], today: date) -> tuple[Aged, ...]:
    """Facts with a value that says it was checked after tomorrow, furthest first; somewhere it is a day later."""
    ahead = [each for fact in facts if (each := _age(fact, today, max)).days < -1]
    return tuple(sorted(ahead, key=lambda each: (each.days, each.fact.id)))


def _age(fact: Fact, today: date, pick: Callable[..., Source]) -> Aged:
    """By the source that was checked first, or last."""
    source = pick(_sources(fact), key=lambda source: source.checked)
    return Aged(fact=fact, source=source, days=(today - source.checked).days)


def _sources(fact: Fact) -> Iterator[Source]:
    return (quote.source for quote in fact.cells.values())
