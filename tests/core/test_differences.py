"""Two rulebooks compared: which entries differ, which cases change, and which entry does it."""

from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest

from advisor import service
from advisor.core.differences import Changed, compare_rulebooks
from advisor.core.domains import Interval
from advisor.core.facts import Facts
from advisor.core.rulebook import Rulebook

RULEBOOK = service.get_rulebook()
BIG = ("big", {"cloud": "aws", "work_queue": True, "message_size_bytes_max": 500_000})
SMALL = ("small", {"cloud": "aws", "work_queue": True, "message_size_bytes_max": 5_000})
SIZE = "sqs_message_bytes_max"


def with_fact(rulebook: Rulebook, name: str, value: float) -> Rulebook:
    fact = rulebook.facts[name]
    changed = replace(fact, cells={(): replace(fact.cells[()], value=value)})
    return rulebook.bind(Facts({**rulebook.facts, name: changed}))


def without_rule(rulebook: Rulebook, name: str) -> Rulebook:
    return replace(rulebook, constraints=tuple(rule for rule in rulebook.constraints if rule.id != name))


def blame(changed: tuple[Changed, ...]) -> dict[str, set[tuple[str, str]]]:
    return {each.case: set(each.because) for each in changed}


def test_a_rulebook_does_not_differ_from_itself() -> None:
    difference = compare_rulebooks(RULEBOOK, RULEBOOK, [BIG, SMALL])

    assert (difference.changes, difference.changed, difference.cases) == ((), (), 2)


def test_a_changed_fact_is_named_with_the_cases_it_changes() -> None:
    difference = compare_rulebooks(RULEBOOK, with_fact(RULEBOOK, SIZE, 262_144.0), [BIG, SMALL])

    assert difference.changes == (("facts", SIZE),)
    assert blame(difference.changed) == {"big": {("facts", SIZE)}}
    (changed,) = difference.changed
    assert changed.before.outcome == "sqs"
    assert "sqs_standard" in set(changed.after.excluded) - set(changed.before.excluded)


def test_of_two_changes_only_the_one_that_matters_is_blamed() -> None:
    after = with_fact(with_fact(RULEBOOK, SIZE, 262_144.0), "lambda_timeout_seconds_max", 901.0)

    difference = compare_rulebooks(RULEBOOK, after, [BIG])
    assert len(difference.changes) == 2
    assert blame(difference.changed) == {"big": {("facts", SIZE)}}


def test_a_rule_that_went_away_is_blamed() -> None:
    too_large = {"big": {"cloud": "aws", "work_queue": True, "message_size_bytes_max": 3_000_000}}
    rules = {rule.id for rule in RULEBOOK.constraints if any(t.fact == SIZE for tests in rule.when for t in tests)}
    after = RULEBOOK
    for rule in rules:
        after = without_rule(after, rule)

    difference = compare_rulebooks(RULEBOOK, after, too_large.items())
    assert {name for kind, name in difference.changes if kind == "constraints"} == rules
    back = compare_rulebooks(after, RULEBOOK, too_large.items())
    assert {each.case for each in back.changed} == {each.case for each in difference.changed} == {"big"}


def test_rules_that_only_together_change_a_case_are_both_blamed() -> None:
    case = {"cloud": "aws", "work_queue": True, "message_size_bytes_max": 3_000_000}
    rule = next(rule for rule in RULEBOOK.constraints if rule.id == "sqs_message_too_large")
    before = replace(RULEBOOK, constraints=(*RULEBOOK.constraints, replace(rule, id="again")))

    difference = compare_rulebooks(before, without_rule(RULEBOOK, rule.id), [("big", case)])
    assert blame(difference.changed) == {"big": {("constraints", rule.id), ("constraints", "again")}}


@pytest.mark.parametrize("name", ["tie_margin", "cost_points_per_doubling", "cost_scale_usd"])
def test_a_setting_and_a_weight_are_changes_too(name: str) -> None:
    other: dict[str, Any] = {"tie_margin": 1, "cost_points_per_doubling": 1, "cost_scale_usd": Interval(low=2, high=3)}
    criterion = replace(RULEBOOK.criteria["cost"], weight=9)
    after = replace(RULEBOOK, criteria=MappingProxyType({**RULEBOOK.criteria, "cost": criterion}))
    after = replace(after, **{name: other[name]})

    assert compare_rulebooks(RULEBOOK, after, []).changes == (("criteria", "cost"), ("settings", name))


def test_a_question_that_went_away_makes_cases_unreadable_and_is_blamed() -> None:
    questions = {name: question for name, question in RULEBOOK.questions.items() if name != "message_size_bytes_max"}

    difference = compare_rulebooks(RULEBOOK, replace(RULEBOOK, questions=questions), [BIG])
    assert difference.changed[0].after.outcome == "unreadable"
    assert blame(difference.changed) == {"big": {("questions", "message_size_bytes_max")}}


def test_another_sentence_for_the_same_rule_decides_nothing() -> None:
    rules = tuple(replace(rule, because="Said otherwise.") for rule in RULEBOOK.preferences)

    assert compare_rulebooks(RULEBOOK, replace(RULEBOOK, preferences=rules), [BIG]).changes == ()
