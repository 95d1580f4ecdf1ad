"""What the house knows, as typed values: options, criteria, the three kinds of rule, and the rulebook of it all.

Knows no YAML and no file; advisor/rulebook reads those into these.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

from advisor.core.domains import Interval, Value
from advisor.core.facts import Facts
from advisor.core.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that can be chosen."""

    id: str
    family: str
    label: str
    summary: str
    starters: tuple[str, ...]
    infrastructure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """What is valued, and how much unless the asker says otherwise (weight 0 to 9)."""

    id: str
    label: str
    weight: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """One comparison. `bound` is a literal, or the number of `fact`: at `size`, or by region where that is a table."""

    name: str
    comparison: str
    bound: Value
    fact: str | None = None
    size: str = ""
    by_region: tuple[tuple[str, float], ...] = ()

    def bound_by(self, facts: Facts) -> "Test":
        """The same test with its bound read from its fact; KeyError or TypeError where that is no number."""
        if self.fact is None:
            return self
        fact = facts[self.fact]
        if fact.by == ("region",):
            table = tuple((key[0], facts.number(self.fact, *key)) for key in fact.cells)
            return replace(self, bound=max(number for _, number in table), by_region=table)
        return replace(self, bound=facts.number(self.fact, *([self.size] if self.size else [])))


HEAVIEST = 9  # weights are whole numbers from 0 to this
When = tuple[tuple[Test, ...], ...]  # any of these, all tests of which hold
Own = TypeVar("Own", bound="_Rule")
T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """What the three kinds of rule share."""

    id: str
    when: When
    because: str
    facts: tuple[str, ...] = ()
    since: date | None = None

    def was_there(self, day: date) -> bool:
        return self.since is None or self.since <= day

    def bound_by(self: Own, facts: Facts) -> Own:
        """The rule with its bounds read from these facts."""
        return replace(self, when=tuple(tuple(test.bound_by(facts) for test in tests) for tests in self.when))


@dataclass(frozen=True, slots=True, kw_only=True)
class Constraint(_Rule):
    """Hard: excludes `options` when it holds; only warns where the vendor raises the limit or a `remedy` lifts it."""

    options: tuple[str, ...]
    setting: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preference(_Rule):
    """Soft: gives points under a criterion."""

    criterion: str
    points: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signpost(_Rule):
    """For this, look at `to` instead of, or beside, our options. `strength` is instead or beside."""

    to: str
    label: str
    strength: str


Rule = Constraint | Preference | Signpost


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
    _made: dict[object, Any] = field(init=False, default_factory=dict, compare=False, repr=False)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Those of all three kinds."""
        return (*self.constraints, *self.preferences, *self.signposts)

    def bind(self, facts: Facts) -> "Rulebook":
        """With these facts, and its rules' bounds read from them; KeyError or TypeError where one is no number."""
        return replace(
            self,
            facts=facts,
            constraints=tuple(rule.bound_by(facts) for rule in self.constraints),
            preferences=tuple(rule.bound_by(facts) for rule in self.preferences),
            signposts=tuple(rule.bound_by(facts) for rule in self.signposts),
        )

    def remember(self, key: object, make: Callable[[], T]) -> T:
        """What follows from the rulebook alone, made once for each key."""
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = make()
        kept: T = found
        return kept

    def as_of(self, day: date) -> "Rulebook":
        """The rulebook with facts as they stood on that day, and without rules that are younger.

        Made once for all days between two on which something changed.
        """
        return self.remember(bisect_right(self.changes(), day), lambda: self._as_of(day))

    def changes(self) -> list[date]:
        """The days on which a fact or a rule changed, in order."""
        return self.remember("changes", self._find_changes)

    def last_checked(self) -> date:
        """The newest day on which a fact was checked."""
        checked = (quote.source.checked for fact in self.facts.values() for quote in fact.cells.values())
        return self.remember("last_checked", lambda: max(checked, default=date.min))

    def _find_changes(self) -> list[date]:
        ends = {earlier.until for fact in self.facts.values() for earlier in fact.earlier}
        return sorted(ends | {rule.since for rule in self.rules if rule.since is not None})

    def _as_of(self, day: date) -> "Rulebook":
        older = replace(
            self,
            constraints=tuple(rule for rule in self.constraints if rule.was_there(day)),
            preferences=tuple(rule for rule in self.preferences if rule.was_there(day)),
            signposts=tuple(rule for rule in self.signposts if rule.was_there(day)),
        )
        return older.bind(Facts({name: fact.as_of(day) for name, fact in self.facts.items()}))
