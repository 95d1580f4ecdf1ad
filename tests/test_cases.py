"""The cases in rules/cases come out as they say, and together they see every rule and every option at work."""

from dataclasses import replace

import pytest

from advisor import evidence, service
from advisor.core.answers import read_answers
from advisor.core.cases import Case, find_question_problems, find_rule_problems, weigh_preferences
from advisor.core.conditions import holds_as_assumed
from advisor.core.costs import Costs
from advisor.core.evaluate import evaluate, signposts_for
from advisor.core.rank import merge_weights, rank
from advisor.core.recommendation import Verdict

CASES = [case for cases in evidence.get_cases().values() for case in cases]


RULEBOOK = service.get_rulebook()
WEIGHTS = merge_weights(RULEBOOK, {})
COSTS = Costs(RULEBOOK.facts)
RULES = (*RULEBOOK.constraints, *RULEBOOK.preferences, *RULEBOOK.signposts)


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
    assert not {rule.id for rule in RULES if rule.id in case.silent and holds_as_assumed(rule.when, workload)}


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


@pytest.mark.parametrize("case", evidence.get_cases()["seed"], ids=lambda case: case.id)
def test_each_winning_reason_names_its_criterion_and_a_fact(case: Case) -> None:
    winner = evaluate(read_answers(case.answers, RULEBOOK.questions), RULEBOOK, WEIGHTS)[0]

    winning = [reason for reason in winner.reasons if reason.contribution > 0]
    assert winning
    for reason in winning:
        assert reason.criterion in RULEBOOK.criteria
        assert reason.evidence, reason.rule


def test_every_rule_fires_and_every_option_wins_and_loses_somewhere() -> None:
    problems = list(find_rule_problems(RULEBOOK, CASES))

    assert not problems, "\n".join(str(problem) for problem in problems)


def test_a_case_that_keeps_or_silences_what_there_is_not_is_found() -> None:
    case = replace(CASES[0], id="slip", kept=("sqs_standrd", "sqs_standard"), silent=("no_rule", RULES[0].id))
    found = [problem.message for problem in find_rule_problems(RULEBOOK, [case]) if problem.code == "unknown_name"]

    assert [message.split()[-5] for message in found] == ["sqs_standrd,", "no_rule,"]


def test_few_preferences_turn_the_family_of_one_case_only() -> None:
    """A preference that turns exactly one case may have been written for that case."""
    turners = [problem for problem in weigh_preferences(RULEBOOK, CASES) if problem.code == "single_turner"]

    assert len(turners) <= 2, turners


def test_a_limit_counts_the_same_number_in_whichever_way_it_holds() -> None:
    """What is said to be needed is that of the first way, which would be false of the others."""
    for rule in RULEBOOK.constraints:
        firsts = [next((test.name for test in way if test.fact), "") for way in rule.when]
        assert len(set(firsts)) <= 1, rule.id


def test_a_repeated_and_a_contradicting_preference_are_found() -> None:
    first = RULEBOOK.preferences[0]
    opposite = tuple((option, -points) for option, points in first.points)
    twice = replace(
        RULEBOOK, preferences=(first, replace(first, id="again"), replace(first, id="against", points=opposite))
    )

    codes = {(problem.where, problem.code) for problem in find_rule_problems(twice, CASES[:1])}

    assert ("again", "shadowed_rule") in codes
    assert ("against", "contradicting_rule") in codes


def test_a_constraint_that_repeats_another_is_found_and_one_on_other_options_is_none() -> None:
    first = replace(RULEBOOK.constraints[0], options=("sqs_standard", "sqs_fifo"))
    others = (replace(first, id="again", options=("sqs_fifo",)), replace(first, id="beside", options=("sns_sqs",)))
    problems = find_rule_problems(replace(RULEBOOK, constraints=(first, *others)), CASES[:1])

    assert {problem.where for problem in problems if problem.code == "shadowed_rule"} == {"again"}


def test_every_question_is_read_by_something() -> None:
    problems = find_question_problems(RULEBOOK, CASES)

    assert [each.where for each in problems if each.code == "unread_question"] == []


def test_a_question_that_nothing_reads_or_no_case_answers_is_named() -> None:
    """Without the rules that read it; what the estimates alone read stays."""
    rules = tuple(rule for rule in RULEBOOK.signposts if "replacing" not in str(rule.when))
    without = replace(RULEBOOK, signposts=rules, preferences=(), constraints=())
    found = {(problem.code, problem.where) for problem in find_question_problems(without, CASES[:3])}

    assert ("unread_question", "replacing") in found
    assert ("unread_question", "engineer_usd_per_hour") not in found
    assert ("unanswered_question", "engineer_usd_per_hour") in found
    assert ("unanswered_question", next(iter(CASES[0].answers))) not in found


def test_a_preference_that_changes_no_case_is_named() -> None:
    first = RULEBOOK.preferences[0]
    idle = replace(first, id="idle", points=tuple((option, 0) for option, _ in first.points))
    problems = weigh_preferences(replace(RULEBOOK, preferences=(idle, *RULEBOOK.preferences)), CASES[:20])

    assert ("idle", "never_decides") in {(problem.where, problem.code) for problem in problems}


def test_what_is_said_of_other_regions_leaves_none_out_that_is_named() -> None:
    quote = RULEBOOK.facts.quote("msk_serverless_regions")
    assert quote
    assert isinstance(quote.value, tuple)
    assert {choice.id for choice in RULEBOOK.questions["region"].choices} - {"other"} <= set(quote.value)


def test_the_zones_of_msk_are_those_of_its_facts() -> None:
    rule = next(rule for rule in RULEBOOK.constraints if rule.id == "msk_has_three_zones")
    assert [test.bound for tests in rule.when for test in tests] == [RULEBOOK.facts.number("msk_standard_zones_max")]
    assert RULEBOOK.facts.number("msk_express_zones") == RULEBOOK.facts.number("msk_standard_zones_max")
