"""Facts: every number from the world once, with unit, source and the day it was checked.

Knows no rule and no file. A missing cell is None, never 0; an unknown id is the author's error.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeVar

from advisor.core.domains import Value

K = TypeVar("K")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value was read, what kind of place that is, and the day it was checked."""

    name: str
    url: str
    kind: str
    checked: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """From `start` on (in the fact's own base unit) a unit costs `value`."""

    start: float
    value: float


Cell = Value | tuple[Tier, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One value of a fact with the source it came from."""

    fact: str
    value: Cell
    unit: str
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What a fact was until (not including) a day."""

    until: date
    value: Cell
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A sourced, dated value: one for everywhere (`cells` has the key ()), or a table by region, size, …"""

    id: str
    label: str
    unit: str
    by: tuple[str, ...]
    cells: Mapping[tuple[str, ...], Quote]
    statement: str = ""
    adjustable: bool = False
    earlier: tuple[Earlier, ...] = ()

    @property
    def source(self) -> Source:
        return next(iter(self.cells.values())).source

    def find(self, *at: str) -> Quote | None:
        """The quote for these keys, else the one for `other`, else None (a price nobody published)."""
        quote = self.cells.get(at)
        return quote if quote is not None or not at else self.cells.get((*at[:-1], "other"))

    def as_of(self, day: date) -> "Fact":
        """The fact as it stood on that day; earlier values are kept for single values only."""
        past = [earlier for earlier in self.earlier if day < earlier.until]
        if not past:
            return self
        then = min(past, key=lambda earlier: earlier.until)
        return replace(self, cells={(): replace(self.cells[()], value=then.value, source=then.source)}, earlier=())


class Found(dict[K, T]):
    """Values that are worked out when they are first asked for: to ask, not to walk through."""

    def __init__(self, find: Callable[[K], T]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, key: K) -> T:
        value = self[key] = self._find(key)
        return value


class Facts(Mapping[str, Fact]):
    """All facts by id. An unknown id is the author's error; a missing cell is None, never 0."""

    __slots__ = ("_facts", "_numbers", "_tables")

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = dict(facts)
        self._numbers: dict[str | tuple[str, ...], float] = {}  # a what-if asks for the same few numbers many times
        self._tables: dict[object, Any] = {}

    def __getitem__(self, fact: str) -> Fact:
        return self._facts[fact]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def remember(self, key: object, make: Callable[[], T]) -> T:
        """What follows from the facts alone, made once for each key."""
        found = self._tables.get(key)
        if found is None:
            found = self._tables[key] = make()
        kept: T = found
        return kept

    def quote(self, fact: str, *at: str) -> Quote | None:
        """The sourced value, or None where the table has no cell for these keys."""
        return self._facts[fact].find(*at)

    def number(self, fact: str, *at: str) -> float:
        """A number that must be there; raises KeyError when it is not, TypeError when it is no number."""
        key = (fact, *at) if at else fact
        found = self._numbers.get(key)
        if found is not None:
            return found
        quote = self.quote(fact, *at)
        if quote is None:
            raise KeyError((fact, *at))
        if isinstance(quote.value, bool) or not isinstance(quote.value, int | float):
            raise TypeError(f"{fact} is no number")
        self._numbers[key] = quote.value
        return quote.value
