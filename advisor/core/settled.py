"""What is settled in a box: the rules that hold or fail all over it, and those that still depend.

What is settled in a box is settled in each of its parts, so only open rules are judged again. Knows no score of costs.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from advisor.core.conditions import DEPENDS, YES, Truth, holds
from advisor.core.rank import only_warns
from advisor.core.rulebook import Constraint, Preference, Rulebook, Signpost
from advisor.core.workload import Workload

Rule = TypeVar("Rule", Constraint, Preference, Signpost)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """A box with its open rules, the options surely excluded, and the points surely given."""

    box: Workload
    signposts: tuple[tuple[Signpost, Truth], ...]
    constraints: tuple[tuple[Constraint, Truth], ...]
    preferences: tuple[tuple[Preference, Truth], ...]
    is_elsewhere: bool
    excluded: frozenset[str]
    points: Mapping[str, int]

    def doubt_about(self, option: str) -> Truth | None:
        """What decides whether a hard limit excludes the option; None where that is settled."""
        return next((truth for rule, truth in self.constraints if option in rule.options), None)


def settle_all(box: Workload, rulebook: Rulebook, weights: Mapping[str, int]) -> Settled:
    """Every rule judged over the box."""
    unjudged = Truth(answer=DEPENDS)
    blank = Settled(
        box=box,
        signposts=tuple((rule, unjudged) for rule in rulebook.signposts if rule.strength == "instead"),
        constraints=tuple((rule, unjudged) for rule in rulebook.constraints if not only_warns(rule, rulebook)),
        preferences=tuple((rule, unjudged) for rule in rulebook.preferences),
        is_elsewhere=False,
        excluded=frozenset(),
        points=dict.fromkeys(rulebook.options, 0),
    )
    return settle_part(box, blank, weights)


def settle_part(box: Workload, whole: Settled, weights: Mapping[str, int]) -> Settled:
    """The same for a part of the box: only what was open is judged again."""
    elsewhere, signposts = _judge(whole.signposts, box)
    broken, constraints = _judge(whole.constraints, box)
    given, preferences = _judge(whole.preferences, box)
    points = dict(whole.points)
    for rule in given:
        for option, each in rule.points:
            points[option] = points.get(option, 0) + each * weights[rule.criterion]
    return Settled(
        box=box,
        signposts=signposts,
        constraints=constraints,
        preferences=preferences,
        is_elsewhere=whole.is_elsewhere or bool(elsewhere),
        excluded=whole.excluded.union(*(rule.options for rule in broken)),
        points=points,
    )


def _judge(
    rules: Iterable[tuple[Rule, Truth]], box: Workload
) -> tuple[tuple[Rule, ...], tuple[tuple[Rule, Truth], ...]]:
    """The rules that hold all over the box, and those that depend."""
    judged = [(rule, holds(rule.when, box)) for rule, _ in rules]
    sure = tuple(rule for rule, truth in judged if truth.answer == YES)
    return sure, tuple((rule, truth) for rule, truth in judged if truth.answer == DEPENDS)
