"""Evaluate: the verdict for each option, with the reasons that add up to it, the estimate and the headroom.

Same numbers as rank.py (tested); here each gets its sentence and its facts. Knows no way of showing them.
"""

import math
from collections.abc import Iterable, Mapping, Set
from functools import partial

from advisor.core.cited import evidence_for, rule_evidence
from advisor.core.compiled import rules_held
from advisor.core.conditions import holds
from advisor.core.domains import Interval
from advisor.core.estimate import Estimate
from advisor.core.index import is_known_enough
from advisor.core.limits import speak_limits
from advisor.core.options import compared_in, estimate
from advisor.core.pricing import ELSEWHERE, PRICED, REFERENCE_REGION, UNPRICED
from advisor.core.rank import COST, cost_points, has_no_budget, is_over_budget
from advisor.core.recommendation import Reason, Verdict
from advisor.core.rulebook import Option, Preference, Rulebook
from advisor.core.stated import stated_ends
from advisor.core.units import format_quantity
from advisor.core.workload import Workload

BUDGET = "budget"
_COMPARED = "It is reckoned with prices of AWS, to compare with; machines of your own cost something else."
_GAPS = {
    PRICED: "",
    ELSEWHERE: f" Some prices are not known in this Region; those of {REFERENCE_REGION} count instead.",
    UNPRICED: " Some prices are missing, so it counts as the dearest of the scale.",
}


def evaluate(workload: Workload, rulebook: Rulebook, weights: Mapping[str, int]) -> tuple[Verdict, ...]:
    """A verdict for every option, best first, excluded ones last."""
    held = frozenset(rules_held(workload, rulebook))
    constraints = tuple(speak_limits(workload, rulebook, held))
    preferences = tuple(_preferences(workload, rulebook, weights, held))
    verdicts = []
    for option in rulebook.options.values():
        limits = [limit(option=option.id) for rule, limit in constraints if option.id in rule.options]
        points = [given[option.id] for given in preferences if option.id in given]
        verdicts.append(_judge(option, limits, points, workload, rulebook, weights))
    return tuple(sorted(verdicts, key=lambda verdict: (verdict.is_excluded, -verdict.score)))


def _judge(
    option: Option,
    limits: list[Reason],
    points: list[Reason],
    workload: Workload,
    rulebook: Rulebook,
    weights: Mapping[str, int],
) -> Verdict:
    priced = estimate_option(option.id, workload, rulebook)
    limits.extend(_budget(priced, workload, rulebook))
    points.append(_cost(priced, workload, rulebook, weights))
    points.sort(key=lambda reason: -abs(reason.contribution))
    return Verdict(
        option=option.id,
        family=option.family,
        label=option.label,
        status=_status(limits),
        score=sum(reason.contribution for reason in points),
        reasons=(*limits, *points),
        estimate=priced,
    )


def estimate_option(option: str, workload: Workload, rulebook: Rulebook) -> Estimate:
    """Sized and priced, over the ranges that were stated."""
    return estimate(option, workload, rulebook.facts, stated_ends(workload, rulebook, "planning_horizon_months"))


def _status(limits: Iterable[Reason]) -> str:
    effects = {reason.effect for reason in limits}
    if "excludes" in effects:
        return "excluded"
    return "depends" if "depends" in effects else "kept"


def _budget(priced: Estimate, workload: Workload, rulebook: Rulebook) -> Iterable[Reason]:
    """Over the budget that is assumed it excludes, over the least that the budget may be it depends. Figures of another
    cloud only warn."""
    budget, usd = workload.domains["budget_usd_per_month"], priced.scored_usd
    assert isinstance(budget, Interval)
    if usd <= budget.low or has_no_budget(budget.low, rulebook):
        return
    effect, because = "depends", say_over_budget(usd)
    if priced.option in compared_in(workload.cloud):
        effect, because = "warns", f"{because} {_COMPARED}"
    elif is_over_budget(priced.option, usd, workload, rulebook):
        effect = "excludes"
    yield Reason(
        rule=BUDGET,
        kind="constraint",
        effect=effect,
        because=because,
        option=priced.option,
        needed=usd,
        needed_name="likely cost a month",
        limit=workload.budget_usd_per_month,
        unit="USD",
        depends_on=("budget_usd_per_month",) if usd <= budget.high else (),
    )


def say_over_budget(usd: float) -> str:
    """Why a cost is over the budget; what has no price is infinite."""
    if math.isfinite(usd):
        return "It costs more a month than the budget allows."
    return "Not all of its prices are known, so that nobody can say that it keeps to the budget."


def _preferences(
    workload: Workload, rulebook: Rulebook, weights: Mapping[str, int], held: Set[str]
) -> Iterable[Mapping[str, Reason]]:
    """The reasons that each preference that fires gives, by option: the same ones in each Region, where nothing that
    they hang on is open."""
    is_known = is_known_enough(workload, rulebook)
    for rule in rulebook.preferences:
        if rule.id in held:
            on, weight = () if is_known else holds(rule.when, workload).on, weights[rule.criterion]
            give = partial(_give, rule, weight, on, workload, rulebook)
            yield give() if on else rulebook.remember(("points", rule.id, weight, workload.region), give)


def _give(
    rule: Preference, weight: int, on: tuple[str, ...], workload: Workload, rulebook: Rulebook
) -> dict[str, Reason]:
    evidence = rule_evidence(rule, workload, rulebook)
    return {
        option: Reason(
            rule=rule.id,
            kind="preference",
            effect="points",
            because=rule.because,
            option=option,
            criterion=rule.criterion,
            points=points,
            contribution=points * weight,
            depends_on=on,
            evidence=evidence,
        )
        for option, points in rule.points
    }


def _cost(priced: Estimate, workload: Workload, rulebook: Rulebook, weights: Mapping[str, int]) -> Reason:
    scored, kind = priced.lines, "the likely bill"
    if priced.marginal_lines is not None:
        scored, kind = priced.marginal_lines, "what it adds to the Kafka you run"
    points, fewer = cost_points(priced.scored_usd, rulebook), rulebook.cost_points_per_doubling
    counted = rulebook.cost_scale_usd.clip(priced.scored_usd)
    if counted != priced.scored_usd < math.inf:
        kind = f"{kind}, counted as {format_quantity(counted, 'USD')}"
    given = f"{points} × weight {weights[COST]} for {kind}".replace("-", "−")  # as the column beside it is written
    facts = dict.fromkeys(line.fact for line in scored if line.amount_usd)
    return Reason(
        rule=COST,
        kind="cost",
        effect="points",
        because=f"{given}: {fewer} points fewer for each doubling.{_GAPS[priced.scored_by]}",
        option=priced.option,
        criterion=COST,
        points=points,
        contribution=points * weights[COST],
        needed=priced.scored_usd,
        needed_name="likely cost a month",
        unit="USD",
        evidence=tuple(evidence_for(fact, workload, rulebook) for fact in facts if fact in rulebook.facts),
    )


def signposts_for(workload: Workload, rulebook: Rulebook) -> tuple[Reason, ...]:
    """Where else to look, those that speak instead of our options first."""
    held = rules_held(workload, rulebook)
    found = [
        Reason(
            rule=signpost.id,
            kind="signpost",
            effect=signpost.strength,
            because=signpost.because,
            option=signpost.label,
            depends_on=holds(signpost.when, workload).on,
            evidence=rule_evidence(signpost, workload, rulebook),
        )
        for signpost in rulebook.signposts
        if signpost.id in held
    ]
    return tuple(sorted(found, key=lambda reason: reason.effect != "instead"))
