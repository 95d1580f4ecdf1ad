"""Evaluate: the verdict for each option, with the reasons that add up to it, the estimate and the headroom.

Same numbers as rank.py (tested); here each gets its sentence and its facts. Knows no way of showing them.
"""

from collections.abc import Iterable, Mapping
from functools import partial

from advisor.core.cited import evidence_for
from advisor.core.conditions import NO, Truth, bound_at, holds, holds_as_assumed
from advisor.core.estimate import Estimate
from advisor.core.options import estimate
from advisor.core.rank import COST, cost_points, is_over_budget, only_warns
from advisor.core.recommendation import Evidence, Reason, Verdict
from advisor.core.rulebook import Constraint, Option, Preference, Rulebook, Signpost, Test
from advisor.core.workload import Workload

BUDGET = "budget"
TOO_DEAR = "It costs more a month than the budget allows."


def evaluate(workload: Workload, rulebook: Rulebook, weights: Mapping[str, int]) -> tuple[Verdict, ...]:
    """A verdict for every option, best first, excluded ones last."""
    constraints = tuple(_constraints(workload, rulebook))
    preferences = tuple(_preferences(workload, rulebook))
    verdicts = []
    for option in rulebook.options.values():
        limits = [limit(option=option.id) for rule, limit in constraints if option.id in rule.options]
        points = [
            give(option=option.id, points=given[option.id], contribution=given[option.id] * weights[criterion])
            for given, criterion, give in preferences
            if option.id in given
        ]
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
    priced = estimate(option.id, workload, rulebook.facts)
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


def _status(limits: Iterable[Reason]) -> str:
    effects = {reason.effect for reason in limits}
    if "excludes" in effects:
        return "excluded"
    return "depends" if "depends" in effects else "kept"


def _constraints(workload: Workload, rulebook: Rulebook) -> Iterable[tuple[Constraint, partial[Reason]]]:
    """What each hard limit says, to whichever option: a reason that lacks only the option."""
    for rule in rulebook.constraints:
        truth = holds(rule.when, workload)
        may_warn = only_warns(rule, rulebook) and not holds_as_assumed(rule.when, workload)
        if truth.answer != NO and not may_warn:  # what at most warns is said only where it is assumed to hold
            yield rule, _limit(rule, truth, workload, rulebook)


def _limit(rule: Constraint, truth: Truth, workload: Workload, rulebook: Rulebook) -> partial[Reason]:
    """The reason of a hard limit; needed and limit come from its first comparison with a fact."""
    effect = "depends"
    if holds_as_assumed(rule.when, workload):
        effect = "warns" if only_warns(rule, rulebook) else "excludes"
    test = limiting_test(rule)
    return partial(
        Reason,
        rule=rule.id,
        kind="constraint",
        effect=effect,
        because=f"{rule.because} {rule.remedy}".strip(),
        needed=float(getattr(workload, test.name)) if test else None,
        needed_name=test.name if test else "",
        limit=as_number(bound_at(test, workload.region)) if test else None,
        unit=rulebook.facts[test.fact].unit if test and test.fact else "",
        setting=rule.setting,
        depends_on=truth.on,
        evidence=rule_evidence(rule, workload, rulebook),
    )


def limiting_test(rule: Constraint) -> Test | None:
    """The comparison of a number with a limit that this rule is about, if it has one."""
    for tests in rule.when:
        for test in tests:
            if test.fact is not None:
                return test
    return None


def as_number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def rule_evidence(
    rule: Constraint | Preference | Signpost, workload: Workload, rulebook: Rulebook
) -> tuple[Evidence, ...]:
    facts = rulebook.remember(("facts of", rule.id), lambda: _facts_of(rule))
    return tuple(evidence_for(fact, workload, rulebook) for fact in facts)


def _facts_of(rule: Constraint | Preference | Signpost) -> tuple[str, ...]:
    compared = (test.fact for tests in rule.when for test in tests if test.fact)
    return tuple(dict.fromkeys((*compared, *rule.facts)))


def _budget(priced: Estimate, workload: Workload, rulebook: Rulebook) -> Iterable[Reason]:
    if not is_over_budget(priced.scored_usd, workload, rulebook):
        return
    yield Reason(
        rule=BUDGET,
        kind="constraint",
        effect="excludes",
        because=TOO_DEAR,
        option=priced.option,
        needed=priced.scored_usd,
        needed_name="likely cost a month",
        limit=workload.budget_usd_per_month,
        unit="USD",
    )


def _preferences(workload: Workload, rulebook: Rulebook) -> Iterable[tuple[Mapping[str, int], str, partial[Reason]]]:
    """The points of each preference that fires, by option, its criterion, and its reason without option and points."""
    for rule in rulebook.preferences:
        if holds_as_assumed(rule.when, workload):
            yield (
                dict(rule.points),
                rule.criterion,
                partial(
                    Reason,
                    rule=rule.id,
                    kind="preference",
                    effect="points",
                    because=rule.because,
                    criterion=rule.criterion,
                    depends_on=holds(rule.when, workload).on,
                    evidence=rule_evidence(rule, workload, rulebook),
                ),
            )


def _cost(priced: Estimate, workload: Workload, rulebook: Rulebook, weights: Mapping[str, int]) -> Reason:
    scored = priced.marginal_lines or priced.lines
    is_partial = any(line.amount_usd is None for line in scored)
    points = cost_points(priced.scored_usd, is_partial, rulebook)
    kind = "what it adds to the Kafka you run" if priced.marginal_lines else "the likely bill"
    partial = " Some prices are missing, so it counts as the dearest of the scale." if is_partial else ""
    facts = dict.fromkeys(line.fact for line in scored if line.amount_usd)
    return Reason(
        rule=COST,
        kind="cost",
        effect="points",
        because=f"{points} points for {kind}: {rulebook.cost_points_per_doubling} fewer for each doubling.{partial}",
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
        if holds_as_assumed(signpost.when, workload)
    ]
    return tuple(sorted(found, key=lambda reason: reason.effect != "instead"))
