"""The cases in rules/cases come out as they say, and together they see every rule and every option at work."""

from dataclasses import replace

import pytest

from advisor import service
from advisor.core.answers import read_answers
from advisor.core.cases import Case, find_rule_problems, find_single_turners
from advisor.core.conditions import holds_as_assumed
from advisor.core.costs import Costs
from advisor.core.evaluate import evaluate, signposts_for
from advisor.core.rank import merge_weights, rank
from advisor.core.recommendation import Verdict
from advisor.core.rulebook import Constraint, Rulebook
from advisor.core.rulebook import Test as Comparison

CASES = [case for cases in service.get_cases().values() for case in cases]


RULEBOOK = service.get_rulebook()
WEIGHTS = merge_weights(RULEBOOK, {})
COSTS = Costs(RULEBOOK.facts)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_comes_out_as_it_says(case: Case) -> None:
    workload = read_answers(case.answers, RULEBOOK.questions)
    ranking = rank(workload, RULEBOOK, WEIGHTS, COSTS)
    verdicts = evaluate(workload, RULEBOOK, WEIGHTS)

    assert (ranking.outcome, case.option or ranking.option) == (case.outcome, ranking.option)
    excluded = {verdict.option for verdict in verdicts if verdict.is_excluded}
    assert set(case.excluded) <= excluded
    assert not set(case.kept) & excluded
    signposts = {reason.rule for reason in signposts_for(workload, RULEBOOK)}
    assert set(case.reasons) <= _fired(verdicts, ranking.option) | signposts


def _fired(verdicts: tuple[Verdict, ...], winner: str) -> set[str]:
    return {
        reason.rule
        for verdict in verdicts
        for reason in verdict.reasons
        if verdict.option == winner or reason.effect != "points"
    }


@pytest.mark.parametrize("case", [case for case in CASES if case.state], ids=lambda case: case.id)
def test_a_case_is_as_firm_as_it_says(case: Case) -> None:
    assert service.recommend(service.read_query(case.answers)).state == case.state


@pytest.mark.parametrize("case", service.get_cases()["seed"], ids=lambda case: case.id)
def test_each_winning_reason_names_its_criterion_and_a_fact(case: Case) -> None:
    winner = evaluate(read_answers(case.answers, RULEBOOK.questions), RULEBOOK, WEIGHTS)[0]

    winning = [reason for reason in winner.reasons if reason.contribution > 0]
    assert winning
    for reason in winning:
        assert reason.criterion in RULEBOOK.criteria
        assert reason.evidence, reason.rule


def _limits(rule: Constraint) -> bool:
    """Whether it compares with a number; a limit that a scheduler lifts alike for all is held by the other's cases."""
    return rule.id != "kafka_cannot_delay" and any(test.fact for tests in rule.when for test in tests)


@pytest.mark.slow
@pytest.mark.parametrize("rule", [rule for rule in RULEBOOK.constraints if _limits(rule)], ids=lambda rule: rule.id)
def test_a_limit_moved_by_a_hair_is_caught_by_a_case(rule: Constraint) -> None:
    """Each threshold, halved and doubled: some case with literal numbers must come out otherwise than it says."""
    for factor in (0.5, 2.0):
        moved = replace(rule, when=tuple(tuple(_move(test, factor) for test in tests) for tests in rule.when))
        others = tuple(moved if each is rule else each for each in RULEBOOK.constraints)
        mutant = replace(RULEBOOK, constraints=others)
        assert any(_differs(case, mutant, rule) for case in CASES), f"{rule.id} × {factor}"


def _move(test: Comparison, factor: float) -> Comparison:
    if test.fact is None or not isinstance(test.bound, float):
        return test
    table = tuple((region, bound * factor) for region, bound in test.by_region)
    return replace(test, bound=test.bound * factor, by_region=table)


def _differs(case: Case, mutant: Rulebook, rule: Constraint) -> bool:
    """Whether the case's own expectation about this rule or its options no longer holds."""
    workload = read_answers(case.answers, RULEBOOK.questions)
    told = {*case.excluded, *case.kept} & set(rule.options)
    if not told and rule.id not in case.reasons:
        return False
    before = next(each for each in RULEBOOK.constraints if each.id == rule.id)
    after = next(each for each in mutant.constraints if each.id == rule.id)
    return holds_as_assumed(before.when, workload) != holds_as_assumed(after.when, workload)


def test_every_rule_fires_and_every_option_wins_and_loses_somewhere() -> None:
    problems = list(find_rule_problems(RULEBOOK, CASES))

    assert not problems, "\n".join(str(problem) for problem in problems)


def test_few_preferences_turn_the_family_of_one_case_only() -> None:
    """A preference that turns exactly one case may have been written for that case."""
    turners = find_single_turners(RULEBOOK, CASES)

    assert len(turners) <= len(RULEBOOK.preferences) // 4, turners
