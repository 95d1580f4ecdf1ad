"""The hard limits: what each says of a workload, as a reason that lacks only its option.

Knows no score, no cost and no estimate.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass
from functools import partial

from advisor.core.cited import rule_evidence
from advisor.core.conditions import NO, YES, Truth, bound_at, holds
from advisor.core.index import is_known_enough
from advisor.core.rank import only_warns
from advisor.core.recommendation import Reason
from advisor.core.rulebook import Constraint, Rulebook, Test
from advisor.core.workload import Workload

_SURE = Truth(answer=YES)


def speak_limits(
    workload: Workload, rulebook: Rulebook, held: Set[str]
) -> Iterable[tuple[Constraint, partial[Reason]]]:
    """What each hard limit says, to whichever option: a reason that lacks only the option."""
    is_known = is_known_enough(workload, rulebook)
    for limit in rulebook.remember("limits", lambda: [_find_limit(rule, rulebook) for rule in rulebook.constraints]):
        is_assumed = limit.rule.id in held
        if is_assumed or not (limit.warns or is_known):  # what at most warns is said only where it is assumed to hold
            truth = _SURE if is_known else holds(limit.rule.when, workload)
            if truth.answer != NO:
                effect = ("warns" if limit.warns else "excludes") if is_assumed else "depends"
                yield limit.rule, _say_limit(limit, effect, truth, workload, rulebook)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limit:
    """A hard limit with what follows from the rulebook alone; needed and limit come from `test`."""

    rule: Constraint
    warns: bool
    because: str
    test: Test | None
    unit: str


def _find_limit(rule: Constraint, rulebook: Rulebook) -> _Limit:
    test = limiting_test(rule)
    return _Limit(
        rule=rule,
        warns=only_warns(rule, rulebook),
        because=f"{rule.because} {rule.remedy}".strip(),
        test=test,
        unit=rulebook.facts[test.fact].unit if test and test.fact else "",
    )


def _say_limit(limit: _Limit, effect: str, truth: Truth, workload: Workload, rulebook: Rulebook) -> partial[Reason]:
    rule, test = limit.rule, limit.test
    return partial(
        Reason,
        rule=rule.id,
        kind="constraint",
        effect=effect,
        because=limit.because,
        needed=float(getattr(workload, test.name)) if test else None,
        needed_name=test.name if test else "",
        limit=as_number(bound_at(test, workload.region)) if test else None,
        unit=limit.unit,
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
