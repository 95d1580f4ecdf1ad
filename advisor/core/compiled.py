"""The compiled form of rank.py: all rules of one rulebook as one generated Python function, made once.

The same ranking, proved in the tests with rank.py as the oracle. Safe to execute, since the text is made of the
workload's own field names, of constants through `repr`, and of what stands in this file; anything else is refused.
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from advisor.core.costs import Costs, Usd
from advisor.core.domains import Interval, Value
from advisor.core.quantities import QUANTITIES
from advisor.core.rank import COST, Ranking, conclude, only_warns
from advisor.core.rulebook import Preference, Rulebook, Test, When
from advisor.core.workload import Workload

_LANE = 20  # bits for one option's points, in an integer that holds those of all
_HALF = 1 << (_LANE - 1)  # added to every lane, so that none is below 0 and borrows from its neighbour
_MASK = (1 << _LANE) - 1
_HEAVIEST = 9
_FEW = 2
_KINDS: Mapping[str, object] = {each.name: each.type for each in fields(Workload)} | dict.fromkeys(QUANTITIES, float)
_SIGNS = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}
_MEMBERS = {"one_of": "in", "none_of": "not in"}

Judge = Callable[[Workload, Mapping[str, int]], tuple[int, str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """`judge` gives a bit for each excluded option, the signpost that speaks instead, and all options' points in
    lanes of one integer. `lanes` has each option, its bit among the excluded and where its lane starts."""

    rulebook: Rulebook
    judge: Judge
    source: str
    lanes: tuple[tuple[str, int, int], ...]
    cost_scale_usd: Interval
    cost_points_per_doubling: int
    no_budget_from: float

    def rank(self, workload: Workload, weights: Mapping[str, int], costs: Costs) -> Ranking:
        """The same as rank.rank."""
        return self.rank_priced(workload, weights, costs.all_usd(workload))

    def rank_priced(self, workload: Workload, weights: Mapping[str, int], usd: Mapping[str, Usd]) -> Ranking:
        """The same where the options' costs can be asked for; those of excluded options are not."""
        excluded, signpost, points = self.judge(workload, weights)
        budget = workload.budget_usd_per_month
        is_bounded = budget < self.no_budget_from
        weight, scale = -weights[COST], self.cost_scale_usd
        scores: dict[str, int] = {}
        for option, bit, lane in self.lanes:
            if not excluded & bit:
                dollars, is_partial = usd[option]
                if not (is_bounded and dollars > budget):
                    scaled = scale.high if is_partial or dollars > scale.high else max(dollars, scale.low)
                    doublings = round(self.cost_points_per_doubling * math.log2(scaled))
                    scores[option] = (points >> lane & _MASK) - _HALF + weight * doublings
        return conclude(self.rulebook, scores, signpost)


def compile_rules(rulebook: Rulebook) -> Compiled:
    """The compiled form, kept with its rulebook."""
    return rulebook.remember("compiled", lambda: _compile(rulebook))


def _compile(rulebook: Rulebook) -> Compiled:
    tables: dict[str, Any] = {}
    source = _write(rulebook, tables)
    exec(compile(source, f"<rulebook {rulebook.version}>", "exec"), tables)  # noqa: S102 - see above why that is safe
    bounds = rulebook.questions["budget_usd_per_month"].bounds
    return Compiled(
        rulebook=rulebook,
        judge=tables["judge"],
        source=source,
        lanes=tuple((option, 1 << place, _LANE * place) for place, option in enumerate(rulebook.options)),
        cost_scale_usd=rulebook.cost_scale_usd,
        cost_points_per_doubling=rulebook.cost_points_per_doubling,
        no_budget_from=bounds.high if bounds is not None else math.inf,
    )


def _write(rulebook: Rulebook, tables: dict[str, Any]) -> str:
    """The function's text. `tables` receives the bounds that differ by region."""
    hard = [rule for rule in rulebook.constraints if not only_warns(rule, rulebook)]
    instead = [rule for rule in rulebook.signposts if rule.strength == "instead"]
    lifted = sum(_HALF << (_LANE * place) for place in range(len(rulebook.options)))
    body = ["excluded = 0", "signpost = ''", f"points = {lifted}"]
    for rule in hard:
        mask = sum(1 << place for place, option in enumerate(rulebook.options) if option in rule.options)
        body.append(f"if {_condition(rule.when, tables)}: excluded |= {mask}")
    for number, signpost in enumerate(instead):
        body.append(f"{'elif' if number else 'if'} {_condition(signpost.when, tables)}: signpost = {signpost.id!r}")
    for criterion in dict.fromkeys(rule.criterion for rule in rulebook.preferences):
        body.append("given = 0")
        for given in rulebook.preferences:
            if given.criterion == criterion:
                body.append(f"if {_condition(given.when, tables)}: given += {_lanes(given, rulebook)}")
        body.append(f"if given: points += given * weights[{criterion!r}]")
    _check_lanes(rulebook)
    rules = (*hard, *instead, *rulebook.preferences)
    names = dict.fromkeys(test.name for rule in rules for tests in rule.when for test in tests)
    read = [f"{name} = workload.{name}" for name in ("region", *names)]
    lines = [*read, *body, "return excluded, signpost, points"]
    return "def judge(workload, weights):\n" + "".join(f"    {line}\n" for line in lines)


def _lanes(rule: Preference, rulebook: Rulebook) -> int:
    points = dict(rule.points)
    return sum(points.get(option, 0) << (_LANE * place) for place, option in enumerate(rulebook.options))


def _check_lanes(rulebook: Rulebook) -> None:
    for option in rulebook.options:
        most = sum(abs(dict(rule.points).get(option, 0)) for rule in rulebook.preferences)
        if most * _HEAVIEST >= _HALF:
            raise ValueError(f"the points of {option} do not fit into {_LANE} bits")


def _condition(when: When, tables: dict[str, Any]) -> str:
    """Any of these, all tests of which hold."""
    parts = (" and ".join(_comparison(test, tables) for test in tests) or "True" for tests in when)
    return " or ".join(f"({part})" for part in dict.fromkeys(parts)) or "False"


def _comparison(test: Test, tables: dict[str, Any]) -> str:
    """One comparison as conditions.compare makes it."""
    name, kind = test.name, _KINDS.get(test.name)
    if kind is float and test.comparison in _SIGNS:
        return f"{name} {_SIGNS[test.comparison]} {_number(test, tables)}"
    if kind is bool and isinstance(test.bound, bool) and test.comparison == "is":
        return name if test.bound else f"not {name}"
    if kind in (float, str, bool) and test.comparison == "is":
        return f"{name} == {_number(test, tables) if kind is float else _word(test.bound)}"
    words = test.bound if isinstance(test.bound, tuple) else (test.bound,)
    if kind in (str, bool) and test.comparison in _MEMBERS:
        return f"{name} {_MEMBERS[test.comparison]} ({''.join(f'{_word(word)}, ' for word in words)})"
    if kind == tuple[str, ...] and test.comparison in ("is", *_MEMBERS):
        return f"{'not ' if test.comparison == 'none_of' else ''}({_any_word(words, name, tables)})"
    raise ValueError(f"{name} {test.comparison} {test.bound!r} is no comparison that can be compiled")


def _any_word(words: tuple[Value, ...], name: str, tables: dict[str, Any]) -> str:
    """Whether a list has one of these words: a few are asked for one by one, more at once."""
    if len(words) <= _FEW:
        return " or ".join(f"{_word(word)} in {name}" for word in words) or "False"
    table = f"TABLE_{len(tables)}"
    tables[table] = frozenset(words)
    return f"not {table}.isdisjoint({name})"


def _number(test: Test, tables: dict[str, Any]) -> str:
    if not isinstance(test.bound, int | float) or not math.isfinite(test.bound):
        raise ValueError(f"{test.bound!r} is no number to compare {test.name} with")
    if not test.by_region:
        return repr(test.bound)
    table = f"TABLE_{len(tables)}"
    tables[table] = dict(test.by_region)
    return f"{table}.get(region, {tables[table].get('other', test.bound)!r})"


def _word(value: Value) -> str:
    if not isinstance(value, str | bool):
        raise ValueError(f"{value!r} is no word")
    return repr(value)
