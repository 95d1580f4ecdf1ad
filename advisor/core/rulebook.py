"""What the house knows, as typed values: questions, facts, options, criteria and the three kinds of rule.

Knows no YAML and no file; advisor/rulebook reads those into these.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from advisor.core.domains import Interval, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One offered answer of a choice or list question."""

    id: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiple:
    """`times` the answer of question `of`, divided by the answer of `over` where there is one."""

    of: str
    times: float
    over: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """Reckoned with from `low` to `high` times the answer of question `of`; `low` is divided by that of `over`."""

    of: str
    low: float
    high: float
    over: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing we ask. `plausible` (or `within`) is what is reckoned with while unanswered; `assume` lies inside it.

    `assume_from` is used instead of `assume` when that other question was answered. `at_least` and `at_most`
    name questions whose answers bound this one. `closed_to` is the value under `nothing_else: true`.
    """

    id: str
    group: str
    kind: str
    text: str
    help: str
    why_we_ask: str
    assume: Value | Multiple
    assume_because: str
    unit: str = ""
    choices: tuple[Choice, ...] = ()
    bounds: Interval | None = None
    plausible: Interval | None = None
    within: Within | None = None
    plausible_because: str = ""
    assume_from: Multiple | None = None
    at_least: str | None = None
    at_most: str | None = None
    closed_to: Value | None = None
    needed_to_lean: bool = False
    other_words: bool = False
    aliases: tuple[str, ...] = ()


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
        return self.cells.get(at) or self.cells.get((*at[:-1], "other")) if at else self.cells.get(())


class Facts(Mapping[str, Fact]):
    """All facts by id. An unknown id is the author's error; a missing cell is None, never 0."""

    __slots__ = ("_facts",)

    def __init__(self, facts: Mapping[str, Fact]) -> None:
        self._facts = dict(facts)

    def __getitem__(self, fact: str) -> Fact:
        return self._facts[fact]

    def __iter__(self) -> Iterator[str]:
        return iter(self._facts)

    def __len__(self) -> int:
        return len(self._facts)

    def quote(self, fact: str, *at: str) -> Quote | None:
        """The sourced value, or None where the table has no cell for these keys."""
        return self._facts[fact].find(*at)

    def number(self, fact: str, *at: str) -> float:
        """A number that must be there; raises KeyError when it is not, TypeError when it is no number."""
        quote = self.quote(fact, *at)
        if quote is None:
            raise KeyError((fact, *at))
        if isinstance(quote.value, bool) or not isinstance(quote.value, int | float):
            raise TypeError(f"{fact} is no number")
        return quote.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that can be chosen."""

    id: str
    family: str
    label: str
    summary: str
    starters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What is valued, and how much unless the asker says otherwise (weight 0 to 9)."""

    id: str
    label: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One comparison. `bound` is a literal, or the number of `fact`; by region when that fact is a table."""

    name: str
    comparison: str
    bound: Value
    fact: str | None = None
    by_region: tuple[tuple[str, float], ...] = ()


When = tuple[tuple[Test, ...], ...]  # any of these, all tests of which hold


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint:
    """Hard: excludes `options` when it surely holds; warns instead where the limit is adjustable."""

    id: str
    options: tuple[str, ...]
    when: When
    because: str
    facts: tuple[str, ...] = ()
    setting: str = ""
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference:
    """Soft: gives points under a criterion."""

    id: str
    criterion: str
    points: tuple[tuple[str, int], ...]
    when: When
    because: str
    facts: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signpost:
    """For this, look at `to` instead of, or beside, our options. `strength` is instead or beside."""

    id: str
    to: str
    label: str
    strength: str
    when: When
    because: str
    facts: tuple[str, ...] = ()
    since: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A sentence and the facts on which it rests."""

    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One row of the table that sets Kafka and SQS side by side."""

    id: str
    factor: str
    kafka: Statement
    sqs: Statement
    correction: Statement | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """All of it, with the digest of its content as version."""

    version: str
    tie_margin: int
    cost_points_per_doubling: int
    cost_scale_usd: Interval
    questions: Mapping[str, Question]
    facts: Facts
    options: Mapping[str, Option]
    criteria: Mapping[str, Criterion]
    constraints: tuple[Constraint, ...]
    preferences: tuple[Preference, ...]
    signposts: tuple[Signpost, ...]
    comparisons: tuple[Comparison, ...]
