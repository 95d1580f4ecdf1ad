"""Laws of the ranking, held on the real rulebook with random workloads: what must be true whatever the rules say."""

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from advisor.core import rulebook as values
from advisor.core.answers import write_answers
from advisor.core.conditions import holds_as_assumed
from advisor.core.evaluate import evaluate
from advisor.core.headroom import measure_headroom
from advisor.core.quantities import CALL_BYTES, CALLS, LIGHTENING, QUANTITIES, questions_behind
from advisor.core.rank import ALONE, cost_points, merge_weights, rank
from advisor.core.reaching import answer_for
from advisor.core.rulebook import Constraint, Rulebook
from advisor.core.workload import Workload, vary
from tests.core.workloads import full_answers, rank_now, read, real_costs, real_rulebook, some_answers
from tests.examples import tries

SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
WHENS = [rule.when for rule in (*real_rulebook().constraints, *real_rulebook().preferences)]
OPTIONS = sorted(real_rulebook().options)
few = settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)


@given(some_answers(), st.sampled_from(WHENS), st.lists(st.sampled_from(OPTIONS), min_size=1, unique=True))
@few
def test_adding_a_constraint_never_revives_an_option(answers: dict[str, Any], when: Any, options: list[str]) -> None:
    book, workload = real_rulebook(), read(answers)
    added = Constraint(id="added", options=tuple(options), when=when, because="Added.")
    stricter = replace(book, constraints=(*book.constraints, added))
    assert set(rank_now(workload, stricter).scores) <= set(rank_now(workload).scores)


@given(some_answers(), st.randoms(use_true_random=False))
@few
def test_the_order_of_the_rules_never_matters(answers: dict[str, Any], random: Any) -> None:
    book, workload = real_rulebook(), read(answers)
    shuffled = replace(
        book,
        constraints=tuple(random.sample(book.constraints, len(book.constraints))),
        preferences=tuple(random.sample(book.preferences, len(book.preferences))),
    )
    there, here = rank_now(workload, shuffled), rank_now(workload)
    assert (there.scores, there.option, there.margin) == (here.scores, here.option, here.margin)


@given(some_answers(), st.sampled_from(OPTIONS))
@few
def test_an_irrelevant_option_never_reorders_the_others(answers: dict[str, Any], absent: str) -> None:
    book, workload = real_rulebook(), read(answers)
    options = {name: option for name, option in book.options.items() if name != absent}
    without, everyone = rank_now(workload, replace(book, options=options)), rank_now(workload)
    assert dict(without.scores) == {name: score for name, score in everyone.scores.items() if name != absent}
    assert everyone.option in (absent, without.option)


@given(some_answers(), st.dictionaries(st.sampled_from(sorted(real_rulebook().criteria)), st.integers(0, 9)))
@few
def test_contributions_add_up_to_the_score_and_evaluate_ranks_like_rank(
    answers: dict[str, Any], asked: dict[str, int]
) -> None:
    workload, weights = read(answers), merge_weights(real_rulebook(), asked)
    ranking = rank(workload, real_rulebook(), weights, real_costs())
    verdicts = evaluate(workload, real_rulebook(), weights)
    for verdict in verdicts:
        assert verdict.score == sum(reason.contribution for reason in verdict.reasons)
        assert all(
            reason.contribution == reason.points * weights.get(reason.criterion, 0) for reason in verdict.reasons
        )
    kept = [verdict for verdict in verdicts if not verdict.is_excluded]
    assert {verdict.option: verdict.score for verdict in kept} == dict(ranking.scores)
    assert not ranking.option or kept[0].option == ranking.option


@given(some_answers())
@few
def test_the_margin_is_the_lead_over_the_best_of_another_family(answers: dict[str, Any]) -> None:
    ranking, options = rank_now(read(answers)), real_rulebook().options
    assume(ranking.option)
    best = ranking.scores[ranking.option]
    others = [score for name, score in ranking.scores.items() if options[name].family != ranking.outcome]
    same = [score for name, score in ranking.scores.items() if options[name].family == ranking.outcome]
    same.remove(best)
    assert options[ranking.option].family == ranking.outcome
    assert best == max(ranking.scores.values())
    assert ranking.margin == (best - max(others) if others else ALONE)
    assert ranking.option_margin == (best - max(same) if same else ALONE)


@given(full_answers())
@few
def test_the_answers_in_any_order_give_the_same_workload(answers: dict[str, Any]) -> None:
    assert read(dict(reversed(answers.items()))) == read(answers)


@given(full_answers(), st.sampled_from(QUANTITIES), st.floats(1.0, 100.0))
@few
def test_every_quantity_rises_with_the_load_and_falls_with_what_lightens_it(
    answers: dict[str, Any], quantity: str, times: float
) -> None:
    workload = read(answers)
    for name in questions_behind(quantity):
        value = getattr(workload, name)
        if isinstance(value, float):
            bounds = real_rulebook().questions[name].bounds
            more = min(value * times, bounds.high if bounds else math.inf)  # as far as it is accepted
            before, after = getattr(workload, quantity), getattr(changed(workload, name, more), quantity)
            assert after <= before if name in LIGHTENING else after >= before


@given(full_answers(), st.sampled_from(QUANTITIES), st.floats(0.2, 5))
@few
def test_a_quantity_reaches_its_bound_at_the_answer_that_was_worked_out(
    answers: dict[str, Any], quantity: str, times: float
) -> None:
    workload = read(answers)
    bound = getattr(workload, quantity) * times
    for name in questions_behind(quantity):
        is_stepped = quantity in CALLS and name == "message_size_bytes_avg"  # which has a law of its own below
        turns = isinstance(getattr(workload, name), float) and answer_for(name, quantity, bound, workload)
        bounds = real_rulebook().questions[name].bounds
        if (
            is_stepped or not turns or (bounds and not bounds.holds(turns))
        ):  # a growth of -99.99999 % has no digits left
            continue
        if getattr(changed(workload, name, turns), quantity) != getattr(workload, quantity):
            assert getattr(changed(workload, name, turns), quantity) == pytest.approx(bound)


@pytest.mark.parametrize(
    ("size", "batch", "calls"), [(100.0, 10.0, 100), (200_000.0, 10.0, 200), (2.0**20, 10.0, 1000)]
)
def test_a_call_takes_the_stated_batch_as_far_as_its_bytes_fit(size: float, batch: float, calls: float) -> None:
    said = {"ordering": "global", "messages_per_second_avg": 1000, "messages_per_second_peak": 1000}
    said |= {"message_size_bytes_avg": size, "batch_size": batch, "growth_percent_per_month": 0}
    assert read(said).busiest_sequence_calls_per_second == calls
    assert read(said | {"ordering": "none"}).send_calls_per_second_peak == calls
    assert read(said).send_calls_per_second_peak == 1000
    assert real_rulebook().facts.number("sqs_batch_bytes_max") == CALL_BYTES


@pytest.mark.parametrize("order", [{}, {"ordering": "per-key", "ordering_keys": 200}])
@pytest.mark.parametrize("bound", [110.0, 200.0, 333.0, 600.0])
def test_calls_are_over_their_bound_just_above_the_size_that_was_worked_out(
    bound: float, order: dict[str, Any]
) -> None:
    said = {"messages_per_second_avg": 1000, "messages_per_second_peak": 1000, "growth_percent_per_month": 0}
    workload = read(said | order | {"message_size_bytes_avg": 5000, "batch_size": 10})
    size = answer_for("message_size_bytes_avg", "send_calls_per_second_peak", bound, workload)
    assert size is not None
    assert changed(workload, "message_size_bytes_avg", size).send_calls_per_second_peak <= bound
    assert changed(workload, "message_size_bytes_avg", size + 1).send_calls_per_second_peak > bound


BY_THE_OTHER_HALF = {  # limits of one half that the other makes up for, or that another rule says of both
    "msk_runs_in_aws_only",
    "sqs_retention_too_long",
    "sqs_outage_too_long",
    "sqs_cannot_replay",
    "sqs_has_one_reader",
    "sqs_standard_keeps_no_order",
    "sqs_standard_may_repeat",
    "sqs_feeds_no_streams",
    "sqs_is_no_kafka",
}


def test_log_and_queue_together_have_the_limits_of_both() -> None:
    """They are built of MSK Standard and a standard queue, the whole load in each."""
    halves = {"msk_provisioned", "sqs_standard"}
    limits = [rule for rule in real_rulebook().constraints if halves.intersection(rule.options) and not rule.remedy]
    free = {rule.id for rule in limits if "kafka_with_sqs" not in rule.options}
    assert free == BY_THE_OTHER_HALF


def test_doubling_the_dollars_costs_the_stated_points() -> None:
    book = real_rulebook()
    for usd in (book.cost_scale_usd.low * times for times in (1, 4, 1024)):
        step = cost_points(usd, book) - cost_points(2 * usd, book)
        assert step == book.cost_points_per_doubling


def test_below_the_scale_a_cheaper_bill_wins_nothing() -> None:
    book = real_rulebook()
    assert cost_points(book.cost_scale_usd.low / 100, book) == cost_points(book.cost_scale_usd.low, book)


@pytest.mark.parametrize(("rate", "is_cheap"), [(0.1, True), (100, False)])
def test_a_bill_below_the_scale_says_as_what_it_counts(rate: float, is_cheap: bool) -> None:
    said = read({"work_queue": True, "cloud": "aws", "messages_per_second_avg": rate})
    verdicts = {each.option: each for each in evaluate(said, real_rulebook(), merge_weights(real_rulebook(), {}))}
    (cost,) = (each.because for each in verdicts["sqs_standard"].reasons if each.kind == "cost")
    assert ("for the likely bill, counted as $30.00: 4 points fewer" in cost) is is_cheap


def test_an_unpriced_total_counts_as_the_dearest_of_the_scale() -> None:
    book = real_rulebook()
    assert cost_points(math.inf, book) == cost_points(1e12, book) < cost_points(1000.0, book)


@given(st.floats(0, 1e12), st.floats(0, 1e12))
def test_cost_points_never_rise_with_the_dollars(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert cost_points(low, real_rulebook()) >= cost_points(high, real_rulebook())


def test_an_unknown_criterion_is_refused() -> None:
    with pytest.raises(KeyError):
        merge_weights(real_rulebook(), {"looks": 3})


def changed(workload: Workload, name: str, value: Any) -> Workload:
    return replace(workload, **{name: value})


def limits(book: Rulebook) -> list[tuple[Constraint, int, values.Test]]:
    return [
        (rule, number, test)
        for rule in book.constraints
        for number, tests in enumerate(rule.when)
        for test in tests
        if test.comparison == "more_than"
    ]


def meeting_the_rest(rule: Constraint, number: int, test: values.Test, workload: Workload) -> Workload:
    """The workload with every other comparison of that alternative fulfilled."""
    for other in sorted(rule.when[number], key=lambda each: each.name in QUANTITIES):
        if other is test:
            continue
        if other.name in QUANTITIES:
            one = changed(workload, DRIVERS[other.name], 1.0)
            workload = changed(one, DRIVERS[other.name], 2 * float(str(other.bound)) / getattr(one, other.name))
            continue
        bound = other.bound[0] if isinstance(other.bound, tuple) else other.bound
        value = bound + 1 if other.comparison == "more_than" and isinstance(bound, float) else bound
        old = getattr(workload, other.name)
        workload = changed(workload, other.name, (value,) if isinstance(old, tuple) else value)
    return workload


DRIVERS = {  # the question by which each quantity is brought to its limit
    name: "message_size_bytes_avg" if "bytes" in name else "hottest_key_messages_per_second" for name in QUANTITIES
} | {
    "messages_per_second_peak_at_horizon": "messages_per_second_peak",
    "messages_per_second_avg_at_horizon": "messages_per_second_avg",
    "send_calls_per_second_peak": "messages_per_second_peak",
    "delete_calls_per_second_peak": "messages_per_second_peak",
    "in_flight_messages": "processing_seconds_avg",
    "busy_per_sequence": "messages_per_second_avg",
}


@pytest.mark.parametrize(
    ("rule", "number", "test"), [pytest.param(*each, id=f"{each[0].id}-{each[1]}") for each in limits(real_rulebook())]
)
def test_each_limit_fires_just_above_and_not_at_it(rule: Constraint, number: int, test: values.Test) -> None:
    plain = read({"work_queue": True, "nothing_else": True, "region": "us-east-1", "growth_percent_per_month": 0})
    workload = changed(plain, "ordering", "per-key") if "sequence" in test.name else plain
    workload = meeting_the_rest(rule, number, test, workload)
    alone = replace(rule, when=(rule.when[number],))
    bound = dict(test.by_region).get("us-east-1", test.bound)
    assert isinstance(bound, float)
    if test.name not in QUANTITIES:
        assert not holds_as_assumed(alone.when, changed(workload, test.name, bound))
        assert holds_as_assumed(alone.when, changed(workload, test.name, math.nextafter(bound, math.inf)))
        return
    driver = DRIVERS[test.name]
    one = changed(workload, driver, 1.0)
    at = bound / getattr(one, test.name)
    assert not holds_as_assumed(alone.when, changed(one, driver, at * (1 - 1e-9)))
    assert holds_as_assumed(alone.when, changed(one, driver, at * (1 + 1e-9)))


TOPIC = {"work_queue": False, "nothing_else": True, "consumer_groups": 150, "replay_needed": False}


@pytest.mark.parametrize(
    ("said", "shown", "hidden"),
    [
        ({}, "sns_topic_too_fast", "sns_fifo_too_many_readers"),
        ({"ordering": "per-key"}, "sns_fifo_too_many_readers", "sns_topic_too_fast"),
        ({"replay_needed": True}, "sns_fifo_topic_too_fast", "sns_topic_too_fast"),
        ({"retention_hours": 337}, "sns_fifo_topic_too_fast", "sns_topic_too_fast"),
        ({"delivery": "exactly-once"}, "sns_fifo_topic_too_fast", "sns_topic_too_fast"),
        ({"message_size_bytes_max": 262_145}, "sns_message_too_large_for_many", "sns_fifo_too_many_readers"),
        ({"message_size_bytes_max": 262_144}, "sns_message_too_large", "sns_message_too_large_for_many"),
    ],
)
def test_headroom_leaves_out_limits_that_do_not_count_here(said: dict[str, Any], shown: str, hidden: str) -> None:
    rooms = {room.rule for room in measure_headroom(read(TOPIC | said), real_rulebook())}
    assert shown in rooms
    assert hidden not in rooms


@pytest.mark.parametrize("region", ["us-east-1", "us-east-2"])
def test_headroom_is_that_of_the_limit_where_the_workload_is(region: str) -> None:
    rooms = {room.rule: room for room in measure_headroom(read(TOPIC | {"region": region}), real_rulebook())}
    there = real_rulebook().facts.number("sns_publish_messages_per_second_max", region)
    assert rooms["sns_topic_too_fast"].limit == there


@given(some_answers())
@settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)
def test_headroom_says_when_growth_reaches_a_limit(answers: dict[str, Any]) -> None:
    workload = read(answers)
    today, later = (vary(workload, planning_horizon_months=months) for months in (0.0, 12.0))
    for room in measure_headroom(workload, real_rulebook()):
        assert room.needed == getattr(today, room.needed_name)
        assert room.used_percent == pytest.approx(100 * room.needed / room.limit) if room.limit else True
        months = room.months_until_reached
        if months:
            grown = room.needed * (1 + workload.growth_percent_per_month / 100) ** months
            assert grown == pytest.approx(room.limit, rel=1e-6)
        elif months is None:
            assert room.needed < room.limit
        if room.needed < room.limit and workload.growth_percent_per_month > 0.001:
            assert (months is None) == (getattr(later, room.needed_name) == room.needed)


@pytest.mark.parametrize(("hours", "months"), [(335, None), (336, 0.0), (337, 0.0)])
def test_a_limit_that_is_just_used_up_is_reached_now_and_one_that_nothing_grows_to_never(
    hours: int, months: float | None
) -> None:
    workload = read({"replay_needed": False, "retention_hours": hours, "growth_percent_per_month": 0})
    rooms = {each.rule: each for each in measure_headroom(workload, real_rulebook())}
    room = rooms["sqs_retention_too_long"]
    assert (room.limit, room.months_until_reached) == (336, months)


@given(some_answers())
@few
def test_writing_and_reading_changes_no_ranking(answers: dict[str, Any]) -> None:
    workload = read(answers)
    assert rank_now(read(write_answers(workload))) == rank_now(workload)
