"""Every threshold, one unit to either side: some case with literal numbers comes out otherwise than it says."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from advisor import evidence, service
from advisor.core.answers import read_answers
from advisor.core.cases import Case
from advisor.core.conditions import holds_as_assumed
from advisor.core.costs import Costs
from advisor.core.rank import excluded_options, merge_weights, rank
from advisor.core.rulebook import Constraint, Preference, Rulebook, Signpost
from advisor.core.rulebook import Test as Comparison
from advisor.core.workload import Workload

AnyRule = Constraint | Preference | Signpost
RULEBOOK = service.get_rulebook()
WEIGHTS = merge_weights(RULEBOOK, {})
COSTS = Costs(RULEBOOK.facts)
PLAYED = [
    (case, read_answers(case.answers, RULEBOOK.questions)) for cases in evidence.get_cases().values() for case in cases
]
# Mutants that no workload can tell from the rule: two_systems holds for every count of readers, and the limit of a
# topic is held to the byte by the limit of the queues behind it.
EQUIVALENT = frozenset({"two_systems", "sns_message_too_large"})
_LARGE = 1e6


def thresholds() -> Iterator[tuple[AnyRule, Comparison]]:
    rules: tuple[AnyRule, ...] = (*RULEBOOK.constraints, *RULEBOOK.preferences, *RULEBOOK.signposts)
    for rule in rules:
        if rule.id not in EQUIVALENT:
            found = dict.fromkeys(test for tests in rule.when for test in tests if isinstance(test.bound, float))
            yield from ((rule, test) for test in found)  # the same in several alternatives is one threshold


@pytest.mark.parametrize("sign", [1, -1], ids=["above", "below"])
@pytest.mark.parametrize(
    ("rule", "test"), list(thresholds()), ids=lambda each: getattr(each, "id", getattr(each, "name", ""))
)
def test_a_threshold_moved_by_a_unit_is_caught_by_a_case(rule: AnyRule, test: Comparison, sign: int) -> None:
    assert isinstance(test.bound, float)
    moved = _move(test, sign * (test.bound * 1e-4 if test.bound >= _LARGE else 1.0))
    when = tuple(tuple(moved if each == test else each for each in tests) for tests in rule.when)
    mutant = _exchange(rule, replace(rule, when=when))

    assert not all(_comes_out(case, workload, mutant) for case, workload in PLAYED)


def _move(test: Comparison, by: float) -> Comparison:
    assert isinstance(test.bound, float)
    return replace(
        test, bound=test.bound + by, by_region=tuple((region, bound + by) for region, bound in test.by_region)
    )


def _exchange(rule: AnyRule, mutant: AnyRule) -> Rulebook:
    kinds = {"constraints": RULEBOOK.constraints, "preferences": RULEBOOK.preferences, "signposts": RULEBOOK.signposts}
    changed = {kind: tuple(mutant if each is rule else each for each in rules) for kind, rules in kinds.items()}
    return replace(RULEBOOK, **changed)  # type: ignore[arg-type]


def _comes_out(case: Case, workload: Workload, rulebook: Rulebook) -> bool:
    ranking = rank(workload, rulebook, WEIGHTS, COSTS)
    excluded = excluded_options(workload, rulebook, COSTS.all_usd(workload))
    fired = {rule.id for rule in rulebook.rules if holds_as_assumed(rule.when, workload)}
    return (
        ranking.outcome == case.outcome
        and case.option in ("", ranking.option)
        and set(case.excluded) <= excluded
        and not set(case.kept) & excluded
        and set(case.reasons) <= fired
        and not set(case.silent) & fired
    )
