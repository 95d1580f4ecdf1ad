"""What two rulebooks decide differently: the entries that differ, the cases that change, and the entry to blame.

Compares outcome, option and what is ruled out at the assumed values; knows no file.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from advisor.core.answers import read_answers
from advisor.core.costs import Costs
from advisor.core.errors import AnswersError
from advisor.core.facts import Facts
from advisor.core.rank import excluded_options, merge_weights, rank
from advisor.core.rulebook import Constraint, Preference, Rulebook, Signpost

UNREADABLE = "unreadable"
_KINDS = ("facts", "constraints", "preferences", "signposts", "questions", "options", "criteria")
_SETTINGS = ("tie_margin", "cost_points_per_doubling", "cost_scale_usd")
_E = TypeVar("_E")
_R = TypeVar("_R", Constraint, Preference, Signpost)
Change = tuple[str, str]  # kind and id of an entry that differs
Answered = tuple[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What comes out for a case under one rulebook."""

    outcome: str
    option: str
    excluded: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A case that comes out differently; `because` are the entries each of which does it alone, if any does."""

    case: str
    before: Result
    after: Result
    because: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """All that differs between two rulebooks."""

    changes: tuple[Change, ...]
    changed: tuple[Changed, ...]
    cases: int


def compare_rulebooks(before: Rulebook, after: Rulebook, cases: Iterable[Answered]) -> Difference:
    """`cases` are ids with raw answers."""
    changes = tuple(_find_changes(before, after))
    changed, number = [], 0
    for case, answers in cases:
        number += 1
        old, new = _result(answers, before), _result(answers, after)
        if old != new:
            because = tuple(_blame(changes, before, after, answers, (old, new)))
            changed.append(Changed(case=case, before=old, after=new, because=because))
    return Difference(changes=changes, changed=tuple(changed), cases=number)


def _result(answers: Mapping[str, object], rulebook: Rulebook) -> Result:
    try:
        workload = read_answers(answers, rulebook.questions)
    except AnswersError:
        return Result(outcome=UNREADABLE, option="", excluded=())
    costs = Costs(rulebook.facts)
    found = rank(workload, rulebook, merge_weights(rulebook, {}), costs)
    excluded = tuple(sorted(excluded_options(workload, rulebook, costs.all_usd(workload))))
    return Result(outcome=found.outcome, option=found.option or found.signpost, excluded=excluded)


def _find_changes(before: Rulebook, after: Rulebook) -> Iterator[Change]:
    for kind in _KINDS:
        old, new = _entries(before, kind), _entries(after, kind)
        for name in sorted(old.keys() | new.keys()):
            if old.get(name) != new.get(name):
                yield kind, name
    for name in _SETTINGS:
        if getattr(before, name) != getattr(after, name):
            yield "settings", name


def _entries(rulebook: Rulebook, kind: str) -> Mapping[str, object]:
    """By id; a rule without the numbers that it reads from facts, and without its sentence, which may quote them."""
    entries = getattr(rulebook, kind)
    return {rule.id: _unbound(rule) for rule in entries} if isinstance(entries, tuple) else dict(entries)


def _unbound(rule: _R) -> _R:
    when = tuple(
        tuple(replace(test, bound=0, by_region=()) if test.fact else test for test in tests) for tests in rule.when
    )
    return replace(rule, when=when, because="")


def _blame(
    changes: tuple[Change, ...],
    before: Rulebook,
    after: Rulebook,
    answers: Mapping[str, object],
    results: tuple[Result, Result],
) -> Iterator[Change]:
    """Entries that alone bring the change about, or without which it would not have come."""
    old, new = results
    for change in changes:
        alone, without = _with(before, after, change), _with(after, before, change)
        if (alone and _result(answers, alone) == new) or (without and _result(answers, without) == old):
            yield change


def _with(rulebook: Rulebook, other: Rulebook, change: Change) -> Rulebook | None:
    """The rulebook with one entry as the other has it; None where the rest cannot do with that."""
    kind, name = change
    try:
        if kind == "settings":
            return _put(rulebook, name, getattr(other, name))
        if kind == "facts":
            return rulebook.bind(Facts(_swapped(rulebook.facts, other.facts, name)))
        mine, theirs = getattr(rulebook, kind), getattr(other, kind)
        if isinstance(mine, tuple):
            return _put(rulebook, kind, _swapped_rules(mine, theirs, name, rulebook.facts))
        return _put(rulebook, kind, _swapped(mine, theirs, name))
    except (KeyError, TypeError):  # a fact or question that a rule needs is not in both
        return None


def _put(rulebook: Rulebook, name: str, value: Any) -> Rulebook:
    changed: dict[str, Any] = {name: value}
    return replace(rulebook, **changed)


def _swapped_rules(mine: tuple[_R, ...], theirs: tuple[_R, ...], name: str, facts: Facts) -> tuple[_R, ...]:
    """In the order of `mine`; a rule that is new comes last."""
    other = {rule.id: rule.bound_by(facts) for rule in theirs if rule.id == name}
    return tuple(_swapped({rule.id: rule for rule in mine}, other, name).values())


def _swapped(mine: Mapping[str, _E], theirs: Mapping[str, _E], name: str) -> dict[str, _E]:
    swapped = dict(mine)
    if name in theirs:
        swapped[name] = theirs[name]
    else:
        del swapped[name]
    return swapped
