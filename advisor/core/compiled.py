"""The compiled form of rank.py: all rules of one rulebook as one generated Python function, made once.

The same ranking, proved in the tests with rank.py as the oracle.
"""

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import CodeType, FunctionType
from typing import Any, NamedTuple

from advisor.core.costs import Costs, Usd
from advisor.core.facts import Found
from advisor.core.generated import Generated, generate, generate_held
from advisor.core.once import once
from advisor.core.options import compared_in
from advisor.core.rank import COST, Ranking, conclude, cost_points
from advisor.core.recommendation import NEITHER, NONE
from advisor.core.rulebook import HEAVIEST, Preference, Rule, Rulebook
from advisor.core.workload import Workload

_LANE = 20  # bits for one option's points, in an integer that holds those of all
_HALF = 1 << (_LANE - 1)  # added to every lane, so that none is below 0 and borrows from its neighbour
_MASK = (1 << _LANE) - 1
_WEIGHTS_KEPT = 100

Judge = Callable[[Workload], tuple[int, int]]
Lanes = tuple[tuple[str, int], ...]


class Winner(NamedTuple):
    """Who wins, as a ranking says it, for fewer bills: `scores` are of the options that were asked what they cost and
    are within the budget, `unasked` is the most that each other may have, which is less than the winner has."""

    outcome: str
    option: str
    scores: Mapping[str, int]
    unasked: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """All rules under some weights. `judge` gives the marks of generated.py, and the points of all options in lanes of
    one integer; `left` has each option that the marks of options leave, and where its lane starts; `most_of_cost` is
    what makes a lane the points of an option that costs nothing."""

    rulebook: Rulebook
    judge: Judge
    weight_of_cost: int
    left: Found[int, Lanes]
    signposts: tuple[str, ...]
    cost_steps: tuple[float, ...]
    most_of_cost: int
    no_budget_from: float

    def rank(self, workload: Workload, costs: Costs) -> Ranking:
        """The same as rank.rank."""
        return self.rank_priced(workload, costs.all_usd(workload))

    def rank_priced(self, workload: Workload, usd: Mapping[str, Usd]) -> Ranking:
        """The same where the options' costs can be asked for; those of excluded options are not."""
        marks, points = self.judge(workload)
        options, budget = self.rulebook.options, workload.budget_usd_per_month
        spared = compared_in(workload.cloud) if budget < self.no_budget_from else options
        weight, steps, spoken = self.weight_of_cost, self.cost_steps, marks >> len(options)
        scores: dict[str, int] = {}  # dict[str, int]() takes sixteen times as long
        for option, lane in self.left[marks - (spoken << len(options))]:
            dollars = usd[option][0]
            if dollars <= budget or option in spared:
                scores[option] = (points >> lane & _MASK) + self.most_of_cost - weight * bisect_right(steps, dollars)
        signpost = self.signposts[(spoken & -spoken).bit_length() - 1] if spoken else ""
        return conclude(self.rulebook, scores, signpost)

    def find_winner(self, judged: tuple[int, int], workload: Workload, usd: Mapping[str, Usd]) -> Winner:
        """The same outcome and option, once the workload is judged. The options are asked for their costs in the order
        of the most that they may have, until none is left that could still win."""
        marks, points = judged
        options, budget = self.rulebook.options, workload.budget_usd_per_month
        spared = compared_in(workload.cloud) if budget < self.no_budget_from else options
        if marks >> len(options):
            return Winner(NEITHER, "", {}, {})
        weight, best = self.weight_of_cost, -math.inf
        scores: dict[str, int] = {}
        most = {option: (points >> lane & _MASK) + self.most_of_cost for option, lane in self.left[marks]}
        waiting = sorted(most, key=most.__getitem__)
        while waiting and most[waiting[-1]] >= best:
            option = waiting.pop()
            dollars = usd[option][0]
            if dollars <= budget or option in spared:
                scores[option] = most[option] - weight * bisect_right(self.cost_steps, dollars)
                best = max(best, scores[option])
        winner = next((option for option in most if scores.get(option) == best), "")
        outcome = options[winner].family if winner else NONE
        return Winner(outcome, winner, scores, {option: most[option] for option in waiting})


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """The rules of one rulebook, before they are weighed."""

    rulebook: Rulebook
    generated: Generated
    code: CodeType
    cost_steps: tuple[float, ...]
    _weighed: dict[tuple[int, ...], Weighed] = field(default_factory=dict)

    def rank(self, workload: Workload, weights: Mapping[str, int], costs: Costs) -> Ranking:
        """The same as rank.rank."""
        return self.under(weights).rank(workload, costs)

    def under(self, weights: Mapping[str, int]) -> Weighed:
        """The rules under these weights of all criteria; some are kept."""
        key = tuple([weights[criterion] for criterion in self.rulebook.criteria])
        found = self._weighed.get(key)
        if found is None:
            if len(self._weighed) >= _WEIGHTS_KEPT:
                self._weighed.clear()
            found = self._weighed[key] = self._weigh(weights)
        return found

    def _weigh(self, weights: Mapping[str, int]) -> Weighed:
        """The generated function with its constants filled in: no text is compiled again."""
        rulebook, generated = self.rulebook, self.generated
        lanes = tuple((option, _LANE * place) for place, option in enumerate(rulebook.options))
        worth = {name: _worth(rules, weights, lanes) for name, rules in generated.given.items()}
        base = sum(_HALF << lane for _, lane in lanes)
        bounds = rulebook.questions["budget_usd_per_month"].bounds
        return Weighed(
            rulebook=rulebook,
            judge=FunctionType(self.code, {**generated.tables, **worth, "BASE": base}),
            weight_of_cost=weights[COST],
            left=Found(lambda marks: tuple(each for place, each in enumerate(lanes) if not marks >> place & 1)),
            signposts=tuple(signpost.id for signpost in generated.signposts),
            cost_steps=self.cost_steps,
            most_of_cost=weights[COST] * cost_points(0, rulebook) - _HALF,
            no_budget_from=bounds.high if bounds is not None else math.inf,
        )


def _worth(rules: tuple[Rule, ...], weights: Mapping[str, int], lanes: Lanes) -> int:
    """What these preferences give to all options, in lanes."""
    given = ((dict(rule.points), weights[rule.criterion]) for rule in rules if isinstance(rule, Preference))
    return sum(points.get(option, 0) * weight << lane for points, weight in given for option, lane in lanes)


def compile_rules(rulebook: Rulebook) -> Compiled:
    """The compiled form, kept with its rulebook."""
    return rulebook.remember("compiled", lambda: _compile(rulebook))


def _compile(rulebook: Rulebook) -> Compiled:
    _check_lanes(rulebook)
    generated = generate(rulebook)
    code = _compile_text(generated, rulebook)
    return Compiled(rulebook=rulebook, generated=generated, code=code, cost_steps=_cost_steps(rulebook))


@once
def rules_held(workload: Workload, rulebook: Rulebook) -> tuple[str, ...]:
    """The rules of every kind that hold at the assumed values, by id: the same as conditions.holds_as_assumed says."""
    return rulebook.remember("held", lambda: _compile_held(rulebook))(workload)


def _compile_held(rulebook: Rulebook) -> Callable[[Workload], tuple[str, ...]]:
    """Where ranking adds points, ids are put together."""
    generated = generate_held(rulebook.rules)
    named = {name: tuple(rule.id for rule in rules) for name, rules in generated.given.items()}
    return FunctionType(_compile_text(generated, rulebook), {**generated.tables, **named})


def _compile_text(generated: Generated, rulebook: Rulebook) -> CodeType:
    made: dict[str, Any] = {}
    exec(compile(generated.source, f"<rulebook {rulebook.version}>", "exec"), made)  # noqa: S102 - see written.py
    code: CodeType = made["judge"].__code__
    return code


def _check_lanes(rulebook: Rulebook) -> None:
    for option in rulebook.options:
        most = sum(abs(dict(rule.points).get(option, 0)) for rule in rulebook.preferences)
        if most * HEAVIEST >= _HALF:
            raise ValueError(f"the points of {option} do not fit into {_LANE} bits")


def _cost_steps(rulebook: Rulebook) -> tuple[float, ...]:
    """The first cost that has one point less than the one before, to the last bit: a search is quicker than a
    logarithm."""
    scale = rulebook.cost_scale_usd
    most, least = (cost_points(usd, rulebook) for usd in (scale.low, scale.high))
    return tuple(_first_below(points, rulebook) for points in range(most, least, -1))


def _first_below(points: int, rulebook: Rulebook) -> float:
    """The smallest cost on the scale that has fewer points."""
    low, high = rulebook.cost_scale_usd.low, rulebook.cost_scale_usd.high
    while low < (middle := (low + high) / 2) < high:
        low, high = (low, middle) if cost_points(middle, rulebook) < points else (middle, high)
    return high
