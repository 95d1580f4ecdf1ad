"""What was not answered: a domain and a value inside it for every question, and what was answered stays as it is."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.core.assume import ASKED, ASSUMED, STATED, restate, settle, stated_of
from advisor.core.domains import Choices, Interval, Members, each_value, known, nearest
from tests.core.workloads import open_questions, read, real_rulebook, some_answers, telling_values
from tests.examples import tries

SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
QUESTIONS = real_rulebook().questions


@given(some_answers())
@settings(max_examples=tries(75), suppress_health_check=SLOW_TO_DRAW)
def test_every_value_lies_inside_its_domain(answers: dict[str, Any]) -> None:
    workload = read(answers)
    assert set(workload.domains) == set(QUESTIONS) == ASKED
    for name, domain in workload.domains.items():
        assert domain.holds(getattr(workload, name)), name


@given(some_answers())
@settings(max_examples=tries(50), suppress_health_check=SLOW_TO_DRAW)
def test_assumed_values_keep_to_the_bounds_and_to_what_bounds_them(answers: dict[str, Any]) -> None:
    workload = read(answers)
    for name, question in QUESTIONS.items():
        value, domain = getattr(workload, name), workload.domains[name]
        if workload.grades[name] != ASSUMED or not isinstance(domain, Interval):
            continue
        assert question.bounds is not None
        assert question.bounds.low <= domain.low <= value <= domain.high <= question.bounds.high
        floor, ceiling = (workload.domains.get(each or "") for each in (question.at_least, question.at_most))
        assert not isinstance(floor, Interval) or floor.low <= value
        assert not isinstance(ceiling, Interval) or value <= ceiling.high


def test_which_kafka_runs_is_asked_only_where_kafka_may_run() -> None:
    untold, nothing_to_ask = QUESTIONS["existing_kafka"].unanswered, known("unknown")
    for platforms, left in ((["kafka"], untold), ({"maybe": ["kafka"]}, untold), (["sqs"], nothing_to_ask)):
        workload = read({"existing_platforms": platforms})
        assert workload.domains["existing_kafka"] == left
        named = restate(workload, real_rulebook(), "existing_platforms", known(("kafka",)))
        assert named.domains["existing_kafka"] == untold
    assert read({"nothing_else": True}).domains["existing_kafka"] == nothing_to_ask


def test_the_busiest_key_is_assumed_to_have_no_more_than_the_peak() -> None:
    workload = read({"ordering": "per-key", "ordering_keys": 1, "messages_per_second_avg": 40})
    assert workload.hottest_key_messages_per_second == workload.messages_per_second_peak == 120
    assert restate(workload, real_rulebook(), "messages_per_second_avg", known(50.0)) == read(
        {"ordering": "per-key", "ordering_keys": 1, "messages_per_second_avg": 50}
    )


@given(some_answers())
@settings(max_examples=tries(50), suppress_health_check=SLOW_TO_DRAW)
def test_whole_questions_are_assumed_whole(answers: dict[str, Any]) -> None:
    workload = read(answers)
    for name, question in QUESTIONS.items():
        if question.kind == "integer":
            assert float(getattr(workload, name)).is_integer(), name


@given(some_answers(), st.sampled_from(sorted(QUESTIONS)))
@settings(max_examples=tries(50), suppress_health_check=SLOW_TO_DRAW)
def test_answering_one_more_question_leaves_the_others_as_stated(answers: dict[str, Any], name: str) -> None:
    workload = read(answers)
    value = getattr(workload, name)
    again = restate(workload, real_rulebook(), name, known(value))
    assert stated_of(again) == stated_of(workload) | {name: known(value)}
    assert getattr(again, name) == value


@given(some_answers(), st.data())
@settings(max_examples=tries(100), suppress_health_check=SLOW_TO_DRAW)
def test_settling_what_hangs_on_one_answer_is_settling_everything(answers: dict[str, Any], data: st.DataObject) -> None:
    workload = read(answers)
    for name in data.draw(st.lists(st.sampled_from(sorted(QUESTIONS)), min_size=5, max_size=15)):
        value = data.draw(st.sampled_from(telling_values(name, read({}))))
        grades = {**workload.grades, name: STATED}
        whole = settle({**stated_of(workload), name: known(value)}, QUESTIONS.values(), grades, workload.remarks)
        workload = restate(workload, real_rulebook(), name, known(value))
        assert workload == whole


def test_nothing_else_closes_the_rare_needs_and_nothing_that_was_answered() -> None:
    open_ends, closed = read({"priority_needed": True}), read({"priority_needed": True, "nothing_else": True})
    assert closed.priority_needed is True
    assert set(open_questions(closed)) < set(open_questions(open_ends))
    for name, question in QUESTIONS.items():
        if question.closed_to is not None and name != "priority_needed":
            assert closed.domains[name] == known(question.closed_to)


def test_an_answered_average_narrows_the_peak_and_sets_what_is_assumed_of_it() -> None:
    workload = read({"messages_per_second_avg": 100})
    assert workload.domains["messages_per_second_peak"] == Interval(low=100, high=1000)
    assert workload.messages_per_second_peak == 300


def test_an_answered_peak_sets_the_average_that_is_assumed() -> None:
    workload = read({"messages_per_second_peak": 300})
    assert workload.messages_per_second_avg == pytest.approx(100, rel=0.01)
    assert workload.domains["messages_per_second_avg"].holds(300.0)
    assert not workload.domains["messages_per_second_avg"].holds(301.0)


def test_a_stated_range_is_taken_at_its_geometric_middle() -> None:
    assert read({"messages_per_second_avg": "100..400"}).messages_per_second_avg == 200
    assert read({"messages_per_second_avg": "0..400"}).messages_per_second_avg == 200
    assert read({"consumer_groups": "2..5"}).consumer_groups == 3


def test_an_open_choice_that_leaves_out_the_usual_one_is_taken_at_its_first() -> None:
    assert read({"ordering": "per-key|global"}).ordering == "per-key"
    assert read({"ordering": "none|global"}).ordering == "none"


def test_domains_know_what_they_hold() -> None:
    assert Interval(low=1, high=2).holds(1.5)
    assert not Interval(low=1, high=2).holds("1.5")
    assert Choices(values=("a", "b")).holds("a")
    assert Members(all_of=("a",), maybe=("b",)).holds(("a",))
    assert not Members(all_of=("a",), maybe=("b",)).holds(("b",))
    assert not Members(all_of=("a",), maybe=("b",)).holds("a")
    assert Interval(low=1, high=2).meet(Interval(low=2, high=3)) == Interval(low=2, high=2)
    assert Interval(low=1, high=2).meet(Interval(low=3, high=4)) is None
    assert [*each_value(Interval(low=1, high=1))] == [1]
    assert [*each_value(Members(all_of=("a",), maybe=("b",)))] == [("a",), ("a", "b")]
    assert [*each_value(Choices(values=(True, False)))] == [True, False]


def test_the_nearest_value_is_the_value_itself_where_it_fits() -> None:
    assert nearest(Interval(low=1, high=2), 1.5) == 1.5
    assert nearest(Interval(low=1, high=2), 5.0) == 2
    assert nearest(Choices(values=("a", "b")), "c") == "a"
    assert nearest(Members(all_of=("a",)), ("b",)) == ("a",)
