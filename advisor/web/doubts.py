"""A number outside of what is usual: ask whether another unit was meant, and take it as it was written all the same.

Knows the questions and their units; must not change an answer.
"""

from dataclasses import dataclass

from advisor.core.questions import Question
from advisor.core.units import UnitError, format_quantity, parse_quantity

# What people may mean when they leave the unit out.
_ALSO = {
    "messages/s": ("/min", "/h", "/day"),
    "bytes": (" KiB", " MiB"),
    "seconds": (" ms", " min"),
    "hours": (" min", " days"),
    "ms": (" s",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """Another reading of the same digits: how it is written, and what it comes to."""

    typed: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """One answer that is unusual, in words, with the readings that would be usual."""

    question: str
    words: str
    usual: str
    meant: tuple[Meant, ...]


def find_doubt(question: Question, typed: str) -> Doubt | None:
    """Nothing for what is usual, and nothing for what cannot be read: that is a problem, and said elsewhere."""
    plausible, value = question.plausible, _read(typed, question.unit)
    if value is None or plausible is None or plausible.is_known or plausible.holds(value):
        return None
    ends = (format_quantity(end, question.unit) for end in (plausible.low, plausible.high))
    return Doubt(
        question=question.id,
        words=format_quantity(value, question.unit),
        usual=" to ".join(ends),
        meant=_other_readings(question, typed.strip()),
    )


def _other_readings(question: Question, typed: str) -> tuple[Meant, ...]:
    """A bare number with another unit, where that is usual; a unit that was written is not doubted."""
    if not typed[-1:].isdigit():
        return ()
    found = []
    for unit in _ALSO.get(question.unit, ()):
        value = _read(f"{typed}{unit}", question.unit)
        if value is not None and question.plausible is not None and question.plausible.holds(value):
            found.append(Meant(typed=f"{typed}{unit}", words=format_quantity(value, question.unit)))
    return tuple(found)


def _read(typed: str, unit: str) -> float | None:
    """The quantity; nothing for what cannot be read, as digits that leave no room for another unit."""
    try:
        return parse_quantity(typed, unit)
    except UnitError:
        return None
