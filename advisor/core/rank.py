"""Rank: constraints exclude, preferences and cost give points, signposts speak last; at the assumed values alone.

The plain evaluator that a reader follows. Integers add up, so the order of the rules never matters. No reasons are
made here (evaluate.py makes them) and nothing is said about what is unknown (sensitivity.py does).
"""

import math
from collections.abc import Mapping
from typing import NamedTuple

from advisor.core.conditions import holds_as_assumed
from advisor.core.costs import Costs
from advisor.core.options import compared_in
from advisor.core.recommendation import NEITHER, NONE
from advisor.core.rulebook import Constraint, Rulebook
from advisor.core.workload import Workload

COST = "cost"
ALONE = 10_000  # the margin of an option without a rival
_LOWEST = -(10**9)  # below every score


class Ranking(NamedTuple):  # no dataclass, since those take a third of the time to rank with to be made
    """Who wins at the assumed values. `margin` is the lead over the best option of another family, `option_margin`
    over the next option inside it; ALONE where there is none. Scores are of the options not excluded."""

    outcome: str
    option: str
    margin: int
    option_margin: int
    scores: Mapping[str, int]
    signpost: str = ""


def rank(workload: Workload, rulebook: Rulebook, weights: Mapping[str, int], costs: Costs) -> Ranking:
    """The winner under the given weights (criterion → 0..9)."""
    usd = costs.all_usd(workload)
    excluded = excluded_options(workload, rulebook, usd)
    scores = dict.fromkeys((option for option in rulebook.options if option not in excluded), 0)
    for rule in rulebook.preferences:
        if holds_as_assumed(rule.when, workload):
            weight = weights[rule.criterion]
            for option, points in rule.points:
                if option in scores:
                    scores[option] += points * weight
    for option in scores:
        scores[option] += cost_points(usd[option][0], rulebook) * weights[COST]
    return conclude(rulebook, scores, signpost_instead(workload, rulebook))


def excluded_options(workload: Workload, rulebook: Rulebook, usd: Mapping[str, tuple[float, int]]) -> frozenset[str]:
    """Options that a hard limit rules out at the assumed values, the budget among the limits."""
    excluded: set[str] = set()
    for rule in rulebook.constraints:
        is_new = not excluded.issuperset(rule.options) and not only_warns(rule, rulebook)
        if is_new and holds_as_assumed(rule.when, workload):
            excluded.update(rule.options)
    left = [option for option in rulebook.options if option not in excluded]
    dear = (option for option in left if is_over_budget(option, usd[option][0], workload, rulebook))
    return frozenset({*excluded, *dear})


def is_over_budget(option: str, usd: float, workload: Workload, rulebook: Rulebook) -> bool:
    """Whether the budget, where there is one, rules this cost out; no figure of another cloud does."""
    budget = workload.budget_usd_per_month
    is_own = option not in compared_in(workload.cloud)
    return usd > budget and is_own and not has_no_budget(budget, rulebook)


def has_no_budget(budget: float, rulebook: Rulebook) -> bool:
    """The most that can be answered stands for no limit, however dear the load."""
    bounds = rulebook.questions["budget_usd_per_month"].bounds
    return bounds is not None and budget >= bounds.high


def only_warns(rule: Constraint, rulebook: Rulebook) -> bool:
    """True where the vendor raises the limit on request or a remedy lifts it: such a rule does not exclude. The limit
    is the first fact of each alternative; what else it compares says in which case the limit counts."""
    if rule.remedy:
        return True
    limits = [next((test.fact for test in tests if test.fact), "") for tests in rule.when]
    return bool(limits) and all(limit and rulebook.facts[limit].adjustable for limit in limits)


def cost_points(usd: float, rulebook: Rulebook) -> int:
    """Points under the criterion cost: minus so many per doubling of the dollars, on the scale of criteria.yaml."""
    return -round(rulebook.cost_points_per_doubling * math.log2(rulebook.cost_scale_usd.clip(usd)))


def signpost_instead(workload: Workload, rulebook: Rulebook) -> str:
    """The first signpost that says to look elsewhere instead; empty where none does."""
    speaking = (
        signpost.id
        for signpost in rulebook.signposts
        if signpost.strength == "instead" and holds_as_assumed(signpost.when, workload)
    )
    return next(speaking, "")


def conclude(rulebook: Rulebook, scores: Mapping[str, int], signpost: str) -> Ranking:
    """The winner of these scores, unless a signpost says to look elsewhere instead."""
    if signpost:
        return _no_option(NEITHER, scores, signpost)
    if not scores:
        return _no_option(NONE, scores)
    best, option, options = _LOWEST, "", rulebook.options
    for name, score in scores.items():
        if score > best:  # on a tie the first of options.yaml, and the state says tie
            best, option = score, name
    family, margin, option_margin = options[option].family, ALONE, ALONE
    for name, score in scores.items():
        if name != option:
            behind = best - score
            if options[name].family == family:
                option_margin = behind if behind < option_margin else option_margin
            else:
                margin = behind if behind < margin else margin
    return tuple.__new__(Ranking, (family, option, margin, option_margin, scores, ""))  # twice as fast


def _no_option(outcome: str, scores: Mapping[str, int], signpost: str = "") -> Ranking:
    return Ranking(outcome, "", ALONE, ALONE, scores, signpost)


def merge_weights(rulebook: Rulebook, asked: Mapping[str, int]) -> dict[str, int]:
    """Each criterion's weight: as asked, else as criteria.yaml has it. Raises KeyError for an unknown criterion."""
    unknown = asked.keys() - rulebook.criteria.keys()
    if unknown:
        raise KeyError(*sorted(unknown))
    return {name: asked.get(name, criterion.weight) for name, criterion in rulebook.criteria.items()}
