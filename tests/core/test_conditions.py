"""Three-valued conditions against brute force: yes holds for every completion and no for none."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from advisor.core import rulebook as values
from advisor.core.conditions import DEPENDS, NO, YES, bound_at, compare, holds, holds_as_assumed, spread_of
from advisor.core.domains import Choices, Domain, Interval, Members, known
from advisor.core.once import derived
from advisor.core.probes import cell_values
from advisor.core.quantities import QUANTITIES, questions_behind
from advisor.core.workload import Workload, vary
from tests.core.workloads import completions, open_answers, open_questions, read, real_rulebook
from tests.examples import tries

SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
BOOK = real_rulebook()
RULES = (*BOOK.constraints, *BOOK.preferences, *BOOK.signposts)
PLAIN = read({"nothing_else": True})


def over(domain: Domain, name: str, comparison: str, bound: Any) -> str:
    """The answer when that question may still be anything in the domain."""
    workload = replace(PLAIN, domains=PLAIN.domains | {name: domain})  # type: ignore[operator]
    return holds(((values.Test(name=name, comparison=comparison, bound=bound),),), workload).answer


NUMBER = "messages_per_second_avg"
WIDE = Interval(low=10, high=20)


@pytest.mark.parametrize(
    ("comparison", "bound", "answer"),
    [
        ("at_least", 10.0, YES),
        ("at_least", 15.0, DEPENDS),
        ("at_least", 20.0, DEPENDS),
        ("at_least", 21.0, NO),
        ("at_most", 20.0, YES),
        ("at_most", 10.0, DEPENDS),
        ("at_most", 9.0, NO),
        ("more_than", 9.0, YES),
        ("more_than", 10.0, DEPENDS),
        ("more_than", 20.0, NO),
        ("less_than", 21.0, YES),
        ("less_than", 20.0, DEPENDS),
        ("less_than", 10.0, NO),
        ("is", 15.0, DEPENDS),
        ("is", 25.0, NO),
    ],
)
def test_an_open_number_is_judged_at_both_ends(comparison: str, bound: float, answer: str) -> None:
    assert over(WIDE, NUMBER, comparison, bound) == answer


@pytest.mark.parametrize(
    ("domain", "comparison", "bound", "answer"),
    [
        (Choices(values=("none",)), "is", "none", YES),
        (Choices(values=("none",)), "is", "global", NO),
        (Choices(values=("none", "global")), "is", "none", DEPENDS),
        (Choices(values=("per-key", "global")), "one_of", ("per-key", "global"), YES),
        (Choices(values=("none", "global")), "one_of", ("per-key", "global"), DEPENDS),
        (Choices(values=("none",)), "none_of", ("per-key", "global"), YES),
        (Choices(values=("none", "global")), "none_of", ("per-key", "global"), DEPENDS),
        (Choices(values=("global",)), "none_of", ("per-key", "global"), NO),
    ],
)
def test_an_open_choice_is_judged_at_each(domain: Domain, comparison: str, bound: Any, answer: str) -> None:
    assert over(domain, "ordering", comparison, bound) == answer


@pytest.mark.parametrize(
    ("domain", "comparison", "bound", "answer"),
    [
        (Members(all_of=("s3",)), "is", "s3", YES),
        (Members(all_of=("s3",)), "is", "cdc", NO),
        (Members(all_of=("s3",), maybe=("cdc",)), "is", "cdc", DEPENDS),
        (Members(all_of=("s3",), maybe=("cdc",)), "is", "s3", YES),
        (Members(all_of=("s3",), maybe=("cdc",)), "one_of", ("cdc", "s3"), YES),
        (Members(all_of=(), maybe=("cdc",)), "one_of", ("cdc", "s3"), DEPENDS),
        (Members(all_of=(), maybe=("cdc",)), "none_of", ("cdc",), DEPENDS),
        (Members(all_of=("cdc",), maybe=("s3",)), "none_of", ("cdc",), NO),
        (Members(all_of=(), maybe=("s3",)), "none_of", ("cdc",), YES),
    ],
)
def test_an_open_list_is_judged_with_and_without_its_open_words(
    domain: Domain, comparison: str, bound: Any, answer: str
) -> None:
    assert over(domain, "integrations", comparison, bound) == answer


def test_a_rule_that_depends_names_the_open_questions_it_hangs_on() -> None:
    workload = read({"ordering": "global", "messages_per_second_avg": 5})
    test = values.Test(name="in_flight_messages", comparison="more_than", bound=50.0)
    truth = holds(((test,),), workload)
    assert truth.answer == DEPENDS
    assert set(truth.on) == set(questions_behind("in_flight_messages")) & set(open_questions(workload))


def test_one_failing_comparison_makes_the_whole_no_and_one_holding_alternative_makes_it_yes() -> None:
    workload = read({"ordering": "global", "work_queue": True})
    sure = values.Test(name="work_queue", comparison="is", bound=True)
    wrong = values.Test(name="ordering", comparison="is", bound="none")
    unsure = values.Test(name="cloud", comparison="is", bound="aws")
    assert holds(((unsure, wrong),), workload).answer == NO
    assert holds(((unsure,), (sure,)), workload).answer == YES
    assert holds(((unsure, sure), (wrong,)), workload).answer == DEPENDS


def test_a_bound_by_region_is_taken_where_the_workload_is() -> None:
    table = (("us-east-1", 100.0), ("other", 10.0))
    test = values.Test(name=NUMBER, comparison="more_than", bound=100.0, fact="x", by_region=table)
    assert bound_at(test, "us-east-1") == 100.0
    assert bound_at(test, "eu-west-1") == 10.0
    here, there = (read({NUMBER: 50, "region": region}) for region in ("us-east-1", "eu-west-1"))
    anywhere = read({NUMBER: 50, "region": {"one_of": ["us-east-1", "eu-west-1"]}})
    assert [holds(((test,),), each).answer for each in (here, there)] == [NO, YES]
    truth = holds(((test,),), anywhere)
    assert (truth.answer, truth.on) == (DEPENDS, ("region",))


def test_numbers_and_words_are_not_compared() -> None:
    with pytest.raises(TypeError):
        compare("at_least", "many", 5.0)
    with pytest.raises(ValueError, match="roughly"):
        compare("roughly", 5.0, 5.0)


@given(open_answers(most_open=8), st.data())
@settings(max_examples=tries(40), suppress_health_check=SLOW_TO_DRAW)
def test_every_rule_keeps_its_word_in_every_completion(answers: dict[str, Any], data: st.DataObject) -> None:
    workload = read(answers)
    truths = {rule.id: holds(rule.when, workload) for rule in RULES}
    for _ in range(3):
        complete = data.draw(completions(workload))
        for rule in RULES:
            found = holds_as_assumed(rule.when, complete)
            assert truths[rule.id].answer in ((YES, DEPENDS) if found else (NO, DEPENDS)), rule.id


@given(open_answers(most_open=8))
@settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)
def test_where_all_is_known_nothing_depends_and_both_ways_of_judging_agree(answers: dict[str, Any]) -> None:
    workload = read(answers)
    complete = replace(workload, domains={name: known(getattr(workload, name)) for name in workload.domains})
    for rule in RULES:
        assert holds(rule.when, complete).answer == (YES if holds_as_assumed(rule.when, complete) else NO)
        truth = holds(rule.when, workload)
        assert truth.answer != DEPENDS or (truth.on and set(truth.on) <= set(open_questions(workload)))


@given(open_answers(most_open=8), st.sampled_from(QUANTITIES), st.data())
@settings(max_examples=tries(40), suppress_health_check=SLOW_TO_DRAW)
def test_a_quantity_stays_within_its_spread(answers: dict[str, Any], name: str, data: st.DataObject) -> None:
    workload = read(answers)
    domain, on = spread_of(name, workload)
    complete = data.draw(completions(workload))
    assert isinstance(domain, Interval)
    assert domain.low * (1 - 1e-12) <= getattr(complete, name) <= domain.high * (1 + 1e-12)
    assert bool(on) == (not domain.is_known)


def completed(workload: Workload, name: str, value: Any) -> Workload:
    return replace(workload, **{name: value})


@given(st.sampled_from(QUANTITIES), open_answers(most_open=2))
@settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)
def test_a_quantity_reads_only_the_questions_behind_it(name: str, answers: dict[str, Any]) -> None:
    workload = read(answers)
    others = set(workload.domains) - set(questions_behind(name))
    assume(others)
    for other in others:
        value = getattr(workload, other)
        if isinstance(value, float):
            assert getattr(completed(workload, other, value + 1), name) == getattr(workload, name)


def test_every_derived_quantity_says_what_it_reads() -> None:
    quantities = {name for name, member in vars(Workload).items() if isinstance(member, derived)}
    assert quantities - {"lightest", "heaviest", "is_known", "running_kafka"} == set(QUANTITIES)


@given(open_answers(most_open=8))
@settings(max_examples=tries(20), suppress_health_check=SLOW_TO_DRAW)
def test_a_what_if_keeps_no_quantity_that_changes(answers: dict[str, Any]) -> None:
    workload = read(answers)
    kept = (*QUANTITIES, "running_kafka")
    before = [getattr(workload, quantity) for quantity in kept]
    for question in BOOK.questions.values():
        for value in cell_values(question, workload, BOOK, inside=False):
            changed, made = (make(workload, **{question.id: value}) for make in (vary, replace))
            for quantity in kept:
                assert getattr(changed, quantity) == getattr(made, quantity), (question.id, value, quantity)
    assert before == [getattr(workload, quantity) for quantity in kept]


def test_a_what_if_is_the_workload_that_replace_makes() -> None:
    workload = read({"messages_per_second_avg": 100})
    before = workload.bytes_per_second_avg, workload.heaviest
    changed = vary(workload, messages_per_second_avg=200.0)
    assert changed == replace(workload, messages_per_second_avg=200.0)
    assert changed.bytes_per_second_avg == 2 * before[0]
    assert (workload.bytes_per_second_avg, workload.heaviest) == before
