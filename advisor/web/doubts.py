"""A number outside of what is usual: ask whether another unit was meant, and take it as it was written all the same.

Knows the questions and their units; must not change an answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.core.ends import is_range, split_range
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
    plausible, ends = question.plausible, read_ends(typed, question.unit)
    if not ends or plausible is None or plausible.is_known or all(plausible.holds(end) for end in ends):
        return None
    return Doubt(
        question=question.id,
        words=say_ends(ends, question.unit),
        usual=say_ends((plausible.low, plausible.high), question.unit),
        meant=_other_readings(question, typed.strip()),
    )


def _other_readings(question: Question, typed: str) -> tuple[Meant, ...]:
    """A bare number with another unit, where that is usual; a unit that was written is not doubted."""
    if not typed[-1:].isdigit() or question.plausible is None:
        return ()
    found = []
    for unit in _ALSO.get(question.unit, ()):
        ends = read_ends(f"{typed}{unit}", question.unit)
        if ends and ends[0] <= ends[-1] and all(question.plausible.holds(end) for end in ends):
            found.append(Meant(typed=f"{typed}{unit}", words=say_ends(ends, question.unit)))
    return tuple(found)


def read_ends(typed: str, unit: str) -> tuple[float, ...]:
    """The quantity, or both ends of a range; nothing for what cannot be read, as digits without room for a unit."""
    try:
        ends = split_range(typed, unit) if is_range(typed) else (typed,)
        return tuple(parse_quantity(end, unit) for end in ends)
    except UnitError:
        return ()


def say_ends(ends: Sequence[float], unit: str) -> str:
    return " to ".join(format_quantity(end, unit) for end in ends)
