"""What an answer may still be: an interval, a set of choices, or a list of which some members are open.

A known answer is a domain of one value. Knows nothing of questions or rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

Value = float | str | bool | tuple[str, ...]
NOT_TOLD = "unknown"  # what is assumed of a choice of which none is likelier than the others; nobody can answer it


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """All numbers from `low` to `high`, both included."""

    low: float
    high: float

    @property
    def is_known(self) -> bool:
        return self.low == self.high

    @property
    def sole(self) -> Value:
        """The value of a known answer."""
        return self.low

    def holds(self, value: Value) -> bool:
        return isinstance(value, int | float) and self.low <= value <= self.high

    def clip(self, value: float) -> float:
        return min(max(value, self.low), self.high)

    def meet(self, other: "Interval") -> "Interval | None":
        low, high = max(self.low, other.low), min(self.high, other.high)
        return Interval(low=low, high=high) if low <= high else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """One of `values`: words, or True and False."""

    values: tuple[str | bool, ...]

    @property
    def is_known(self) -> bool:
        return len(self.values) == 1

    @property
    def sole(self) -> Value:
        return self.values[0]

    def holds(self, value: Value) -> bool:
        return value in self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class Members:
    """A list that surely has `all_of` and may have any of `maybe`."""

    all_of: tuple[str, ...]
    maybe: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        return not self.maybe

    @property
    def sole(self) -> Value:
        return self.all_of

    def holds(self, value: Value) -> bool:
        if not isinstance(value, tuple):
            return False
        return set(self.all_of) <= set(value) <= {*self.all_of, *self.maybe}


Domain = Interval | Choices | Members


@lru_cache(maxsize=10_000)
def exactly(number: float) -> Interval:
    """This number alone. The same few are answered again and again."""
    return Interval(low=number, high=number)


def known(value: Value) -> Domain:
    """The domain of a known answer."""
    if isinstance(value, tuple):
        return Members(all_of=value)
    if isinstance(value, str | bool):
        return Choices(values=(value,))
    return exactly(value)


def each_value(domain: Domain) -> Iterator[Value]:
    """Every value of a finite domain; the two ends of an interval."""
    match domain:
        case Interval(low=low, high=high):
            yield from dict.fromkeys((low, high))
        case Choices(values=values):
            yield from values
        case Members(all_of=all_of, maybe=maybe):
            yield all_of
            yield from ((*all_of, word) for word in maybe)


def nearest(domain: Domain, value: Value) -> Value:
    """The value itself where the domain holds it, else one of the domain's own."""
    if domain.holds(value):
        return value
    match domain:
        case Interval():
            assert isinstance(value, int | float), value
            return domain.clip(value)
        case Choices(values=values):
            return values[0]
        case Members(all_of=all_of):
            return all_of
