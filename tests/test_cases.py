"""The cases in rules/cases come out as they say, and together they see every rule and every option at work."""

import pytest

from advisor import service
from advisor.core.cases import Case, find_rule_problems, find_single_turners
from advisor.core.recommendation import Recommendation

CASES = [case for cases in service.get_cases().values() for case in cases]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_case_comes_out_as_it_says(case: Case) -> None:
    recommendation = service.recommend(service.read_query(case.answers))

    assert recommendation.outcome == case.outcome, recommendation.headline
    assert case.option in ("", recommendation.option)
    assert case.state in ("", recommendation.state)
    excluded = {verdict.option for verdict in recommendation.verdicts if verdict.is_excluded}
    assert set(case.excluded) <= excluded
    assert not set(case.kept) & excluded
    assert set(case.reasons) <= _fired(recommendation)


def _fired(recommendation: Recommendation) -> set[str]:
    winners = [verdict for verdict in recommendation.verdicts if verdict.option == recommendation.option]
    limits = {reason.rule for verdict in recommendation.verdicts for reason in verdict.reasons if reason.effect != "points"}
    signposts = {reason.rule for reason in recommendation.signposts}
    return {reason.rule for verdict in winners for reason in verdict.reasons} | signposts | limits


@pytest.mark.parametrize("case", service.get_cases()["seed"], ids=lambda case: case.id)
def test_each_winning_reason_names_its_criterion_and_a_fact(case: Case) -> None:
    recommendation = service.recommend(service.read_query(case.answers))

    winning = [r for r in recommendation.verdict(recommendation.option).reasons if r.contribution > 0]
    assert winning
    for reason in winning:
        assert reason.criterion in service.get_rulebook().criteria
        assert reason.evidence, reason.rule


def test_every_rule_fires_and_every_option_wins_and_loses_somewhere() -> None:
    problems = list(find_rule_problems(service.get_rulebook(), CASES))

    assert not problems, "\n".join(str(problem) for problem in problems)


def test_few_preferences_turn_the_family_of_one_case_only() -> None:
    """A preference that turns exactly one case may have been written for it; each such one is listed here on purpose."""
    turners = find_single_turners(service.get_rulebook(), CASES)

    assert len(turners) <= len(service.get_rulebook().preferences) // 4, turners
