"""The whole recommendation: how firm it says it is, and that what it says would change it does."""

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from advisor.core.answers import write_answers
from advisor.core.assume import ASSUMED, restate
from advisor.core.conclude import open_lab
from advisor.core.domains import Choices, Domain, Interval, Members, Value, known
from advisor.core.probes import walk
from advisor.core.rank import rank
from advisor.core.recommend import recommend
from advisor.core.recommendation import DECIDED, LEANING, NONE, OPEN, TIE, Recommendation
from advisor.core.sensitivity import turning_powers
from advisor.core.workload import Workload
from tests.core.workloads import (
    full_answers,
    open_answers,
    open_questions,
    rank_now,
    read,
    real_costs,
    real_rulebook,
    real_weights,
    some_answers,
)
from tests.examples import tries

SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
JOBS = {
    "work_queue": True,
    "consumer_groups": 1,
    "replay_needed": False,
    "ordering": "none",
    "per_message_retry_or_dlq": True,
    "cloud": "aws",
    "ops_tolerance": "none",
    "messages_per_second_avg": 50,
}
EVENTS = {
    "work_queue": False,
    "consumer_groups": 6,
    "replay_needed": True,
    "stream_processing": True,
    "retention_hours": 720,
    "ordering": "per-key",
    "cloud": "aws",
    "ops_tolerance": "medium",
    "messages_per_second_avg": 5000,
}


def advise(answers: dict[str, Any], **weights: int) -> Recommendation:
    return recommend(read(answers), real_rulebook(), weights)


def test_a_stated_job_with_nothing_else_is_decided_for_sqs() -> None:
    advice = advise(JOBS | {"nothing_else": True, "message_size_bytes_max": 50_000, "processing_seconds_max": 60})
    assert (advice.outcome, advice.state, advice.option) == ("sqs", DECIDED, "sqs_standard")
    assert advice.next_question is None
    assert advice.turning_questions == ()


ORDERED = {
    "region": "us-east-1",
    "cloud": "aws",
    "nothing_else": True,
    "consumer_groups": 1,
    "growth_percent_per_month": 0,
    "retention_hours": 24,
}


@pytest.mark.parametrize("batch", [1, 10])
@pytest.mark.parametrize(
    "said",
    [
        {"ordering": "global", "message_size_bytes_avg": 1_000_000, "messages_per_second_peak": 1000},
        {
            "ordering": "per-key",
            "message_size_bytes_avg": 600_000,
            "messages_per_second_peak": 2000,
            "hottest_key_messages_per_second": 500,
        },
    ],
    ids=lambda said: said["ordering"],
)
def test_a_batch_that_does_not_fit_into_a_call_saves_none(said: dict[str, Any], batch: int) -> None:
    advice = advise(ORDERED | said | {"work_queue": True, "messages_per_second_avg": 200, "batch_size": batch})
    fifo = next(verdict for verdict in advice.verdicts if verdict.option == "sqs_fifo")
    assert "sqs_fifo_sequence_too_fast" in {reason.rule for reason in fifo.reasons if reason.effect == "excludes"}
    assert advice.option != "sqs_fifo"


@pytest.mark.parametrize(("option", "per_second"), [("msk_serverless", 4000), ("msk_express", 9000)])
def test_the_busiest_key_must_fit_into_a_partition(option: str, per_second: int) -> None:
    """Of 2,000 bytes each: over 5 MB a second for the one, over 15 for the other."""
    said = {"ordering": "per-key", "ordering_keys": 1000, "messages_per_second_avg": 10_000}
    said |= {"messages_per_second_peak": 20_000, "message_size_bytes_avg": 2000, "work_queue": False}
    kept = {
        rate: {
            verdict.option
            for verdict in advise(ORDERED | said | {"hottest_key_messages_per_second": rate}).verdicts
            if not verdict.is_excluded
        }
        for rate in (100, per_second)
    }
    assert option in kept[100] - kept[per_second]


TIGHT = {
    "region": "us-east-1",
    "cloud": "aws",
    "nothing_else": True,
    "work_queue": True,
    "consumer_groups": 1,
    "messages_per_second_avg": 500,
    "messages_per_second_peak": 1500,
}


def test_that_nothing_fits_is_said_only_where_it_is_proved() -> None:
    """Of a budget from 1 to 4,000 dollars the assumed middle buys nothing, its end does."""
    proved, assumed = advise(TIGHT | {"budget_usd_per_month": 1}), advise(TIGHT | {"budget_usd_per_month": "1..4000"})
    assert (proved.outcome, proved.state, proved.next_question) == (NONE, NONE, None)
    assert (assumed.outcome, assumed.state) == (NONE, LEANING)
    assert "assumed" in assumed.headline
    assert assumed.next_question is not None
    assert advise(TIGHT | {"budget_usd_per_month": 4000}).outcome == "sqs"


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ("50..4000", {("excludes", ("budget_usd_per_month",)), ("depends", ("budget_usd_per_month",))}),
        (1, {("excludes", ())}),
    ],
)
def test_a_budget_rules_out_surely_or_as_assumed_or_perhaps(budget: object, said: set[tuple[str, Any]]) -> None:
    verdicts = advise(TIGHT | {"budget_usd_per_month": budget}).verdicts
    reasons = [reason for verdict in verdicts for reason in verdict.reasons if reason.rule == "budget"]
    assert {(reason.effect, reason.depends_on) for reason in reasons} == said


@pytest.mark.parametrize("region", ["us-west-2", "ap-south-1", "other"])
def test_a_region_without_prices_gets_the_advice_of_one_with_them(region: str) -> None:
    """Whose bill is known nowhere must not win because the others' are not known here."""
    said = {"work_queue": True, "messages_per_second_avg": 2, "cloud": "aws"}
    here, there = advise(said | {"region": region}, cost=9), advise(said | {"region": "us-east-1"}, cost=9)
    assert (here.outcome, here.option) == (there.outcome, there.option) == ("sqs", "sqs_standard")
    assert here.state != DECIDED
    assert [remark.code for remark in here.remarks] == ["not_priced"]
    assert not there.remarks


@pytest.mark.parametrize("rate", [5e-324, 1e-305, 1e-30])
def test_the_least_numbers_there_are_get_an_answer(rate: float) -> None:
    for name in ("messages_per_second_avg", "growth_percent_per_month", "hottest_key_messages_per_second"):
        assert advise({"ordering": "per-key", "hottest_key_messages_per_second": 20_000} | {name: rate}).flips


def test_questions_that_turn_nothing_alike_keep_their_order() -> None:
    lab = open_lab(read({"cloud": "aws"}), real_rulebook(), None, None)
    told = [name for name, power, loss in turning_powers(lab, lab.rank()) if power == loss == 0]
    assert len(told) > 1
    assert told == [name for name in real_rulebook().questions if name in told]


def test_prices_of_what_is_ruled_out_are_missed_by_nobody() -> None:
    """SQS has no price in ap-southeast-1, and stream processing rules it out; whoever is compared has one there."""
    said = {"stream_processing": True, "nothing_else": True, "region": "ap-southeast-1"}
    assert not advise(said).remarks
    assert [remark.code for remark in advise(said | {"stream_processing": False}).remarks] == ["not_priced"]


OTHER = {"existing_kafka": "other"}


@pytest.mark.parametrize(
    ("answers", "also", "where"),
    [
        ({"spare_kafka_capacity": True}, {"existing_platforms": ["kafka"]} | OTHER, "spare_kafka_capacity"),
        ({"existing_platforms": ["kafka"]}, OTHER, "existing_kafka"),
        (OTHER, {"existing_platforms": ["kafka"]}, "existing_kafka"),
        ({"hottest_key_messages_per_second": 40_000}, {"messages_per_second_peak": 50_000}, "messages_per_second_peak"),
    ],
)
def test_an_answer_that_counts_only_beside_another_asks_for_it(
    answers: dict[str, Any], also: dict[str, Any], where: str
) -> None:
    said = EVENTS | {"processing_seconds_avg": 0.001} | answers
    alone, both = advise(said), advise(said | also)
    assert [remark.where for remark in alone.remarks if remark.code == "goes_with"] == [where]
    assert [remark.where for remark in both.remarks if remark.code == "goes_with"] == []


@pytest.mark.parametrize(
    ("answers", "where"),
    [
        ({"existing_platforms": ["sqs", "redis"], "replacing": ["sqs"]}, ["replacing"]),
        ({"existing_platforms": ["redis"], "replacing": ["sqs"]}, []),
        ({"cloud": "on-prem", "consumer_runtime": "lambda"}, ["consumer_runtime"]),
        ({"cloud": "multi", "consumer_runtime": "lambda"}, []),
        ({"cloud": "gcp", "existing_platforms": ["kafka"], "existing_kafka": "msk_express"}, ["existing_kafka"]),
        ({"cloud": "gcp", "existing_platforms": ["kafka"], "existing_kafka": "kafka_self_managed"}, []),
    ],
)
def test_answers_that_hardly_go_together_are_named(answers: dict[str, Any], where: list[str]) -> None:
    assert [remark.where for remark in advise(answers).remarks if remark.code == "at_odds"] == where


@pytest.mark.parametrize(("keys", "warns"), [(37, True), (38, False)])
def test_a_busiest_key_with_less_than_its_even_share_of_the_peak_is_asked_after(keys: int, warns: bool) -> None:
    load = {"messages_per_second_avg": 1000, "messages_per_second_peak": 4000, "hottest_key_messages_per_second": 100}
    said = EVENTS | load | {"ordering": "per-key", "ordering_keys": keys, "processing_seconds_avg": 0.0001}
    messages = [remark.message for remark in advise(said).remarks if remark.where == "hottest_key_messages_per_second"]
    assert messages == ["37 keys as busy as the busiest have 3,700 messages/s; the peak has 4,000 messages/s."] * warns


@pytest.mark.parametrize(("rate", "seconds", "warns"), [(3300, None, False), (3400, None, True), (3400, 0.1, False)])
def test_a_time_that_is_assumed_is_named_where_it_decides_the_size(
    rate: float, seconds: float | None, warns: bool
) -> None:
    load = {"messages_per_second_avg": rate, "growth_percent_per_month": 0, "processing_seconds_max": 0.5}
    said = EVENTS | load | {"processing_seconds_avg": seconds}
    where = [remark.where for remark in advise(said).remarks]
    assert ("processing_seconds_avg" in where) is warns


ADDED = {"existing_platforms": ["kafka"], "nothing_else": True, "region": "us-east-1", "retention_hours": 168} | {
    "stream_processing": False,
    "consumer_groups": 3,
    "message_size_bytes_avg": 1000,
    "message_size_bytes_max": 10_000,
    "processing_seconds_avg": 0.01,
    "processing_seconds_max": 0.1,
    "hottest_key_messages_per_second": 1,
}


@pytest.mark.parametrize(("has_room", "rate", "option"), [(True, 5000, "msk_express"), (False, 5, "msk_serverless")])
def test_no_kafka_is_decided_for_what_it_adds_to_one_that_may_be_another(
    has_room: bool, rate: float, option: str
) -> None:
    rates = {"messages_per_second_avg": rate, "messages_per_second_peak": 3 * rate}
    said = EVENTS | ADDED | rates | {"spare_kafka_capacity": has_room}
    untold, told = (advise(said | kind, cost=9) for kind in ({}, {"existing_kafka": option}))
    assert (untold.outcome, untold.option, untold.option_state) == ("kafka", option, LEANING)
    assert (told.outcome, told.option, told.option_state) == ("kafka", option, DECIDED)


def test_a_lead_that_only_a_missing_price_could_turn_is_not_said_to_be_a_hair() -> None:
    assumed = read(JOBS)
    everything = {name: getattr(assumed, name) for name in real_rulebook().questions}
    advice = advise(everything | {"region": "us-west-2"})
    assert advice.margin > real_rulebook().tie_margin
    assert advice.state == TIE
    assert advice.headline.startswith("Ahead, but a missing price could turn it: Amazon SQS")


def test_a_stream_that_is_read_again_by_many_goes_to_kafka() -> None:
    advice = advise(EVENTS | {"nothing_else": True})
    assert advice.outcome == "kafka"
    assert advice.alternative is not None
    assert advice.alternative.option.startswith(("sqs", "sns"))


def test_with_no_answers_at_all_the_advice_stays_open_and_asks() -> None:
    advice = advise({})
    assert advice.state == OPEN
    assert advice.next_question is not None
    assert advice.assumptions


def test_every_assumption_made_is_named_with_its_reason() -> None:
    advice = advise(JOBS)
    named = {assumption.question for assumption in advice.assumptions}
    assumed = {name for name, grade in advice.workload.grades.items() if grade == ASSUMED}
    assert named == assumed - {"nothing_else"}
    assert all(assumption.because for assumption in advice.assumptions)
    assert all(assumption.domain.holds(assumption.value) for assumption in advice.assumptions)


@pytest.mark.parametrize(
    ("answers", "question", "value", "because"),
    [
        ({"messages_per_second_peak": 3}, "messages_per_second_avg", 1, "messages_per_second_peak, divided by 3."),
        ({"messages_per_second_peak": 40_000}, "messages_per_second_avg", 2000, "by 3. Kept within what is usual."),
        ({"message_size_bytes_max": "5 MiB"}, "message_size_bytes_avg", 100_000, "by 4. Kept within what is usual."),
        ({"processing_seconds_max": "1 h"}, "processing_seconds_avg", 1, "by 5. Kept within what is usual."),
        ({"message_size_bytes_max": 4000}, "message_size_bytes_avg", 1000, "message_size_bytes_max, divided by 4."),
        ({}, "message_size_bytes_avg", 2000, "A JSON event with a few dozen fields."),
        ({"messages_per_second_avg": 5}, "messages_per_second_peak", 15, "(3 times messages_per_second_avg)"),
        ({"messages_per_second_peak": 0}, "processing_seconds_avg", 0.1, "are handled at once."),
        ({"messages_per_second_peak": 2000}, "processing_seconds_avg", 0.1, "are handled at once."),
        ({"messages_per_second_peak": 4e3}, "processing_seconds_avg", 0.05, "200 divided by messages_per_second_peak)"),
        ({"messages_per_second_peak": 1e8}, "processing_seconds_avg", 1e-5, "_peak) Kept within what is usual."),
        (
            {"ordering_keys": 5},
            "hottest_key_messages_per_second",
            18,
            "messages_per_second_peak, divided by ordering_keys)",
        ),
    ],
)
def test_the_reason_of_an_assumption_says_where_its_value_is_from(
    answers: dict[str, Any], question: str, value: float, because: str
) -> None:
    (made,) = [each for each in advise(answers).assumptions if each.question == question]
    assert made.value == pytest.approx(value, rel=1e-9)
    assert made.because.endswith(because)


def test_a_limit_that_nothing_meets_ends_in_none_and_names_its_limits() -> None:
    advice = advise(EVENTS | {"budget_usd_per_month": 0.01, "nothing_else": True})
    assert (advice.outcome, advice.state, advice.option) == ("none", NONE, "")
    assert all(verdict.is_excluded for verdict in advice.verdicts)
    assert all(any(reason.effect == "excludes" for reason in verdict.reasons) for verdict in advice.verdicts)


def test_no_price_of_another_cloud_rules_out_machines_of_ones_own() -> None:
    told = {"work_queue": False, "replay_needed": True, "budget_usd_per_month": 1, "nothing_else": True}
    for cloud, effect in (("aws", "excludes"), ("on-prem", "warns"), ("gcp", "warns")):
        advice = advise(told | {"cloud": cloud})
        own = next(verdict for verdict in advice.verdicts if verdict.option == "kafka_self_managed")
        assert {reason.effect for reason in own.reasons if reason.rule == "budget"} == {effect}
        assert own.is_excluded is (effect == "excludes")
    assert advise(told | {"cloud": "on-prem"}).option == "kafka_self_managed"


def test_the_headline_names_the_one_that_the_budget_rules_out() -> None:
    advice = advise({"work_queue": False, "replay_needed": True, "budget_usd_per_month": 100, "cloud": "aws"})
    assert advice.headline == (
        "Leaning to Amazon SQS, as Amazon SNS topic with SQS queues. "
        "Amazon MSK with Standard brokers: it costs more a month than the budget allows."
    )


def test_the_headline_says_where_else_to_look_as_part_of_its_sentence() -> None:
    advice = advise({"work_queue": True, "processing_seconds_max": 50_000, "cloud": "aws"})
    assert advice.headline.startswith("Neither: look at a workflow engine, such as Step Functions or Temporal. A job")


IN_ONE_ORDER = {"work_queue": True, "ordering": "global", "messages_per_second_avg": 20, "messages_per_second_peak": 50}


def test_an_order_that_no_worker_keeps_up_with_is_never_decided_for_an_option() -> None:
    told = IN_ONE_ORDER | {"processing_seconds_avg": 2, "nothing_else": True, "cloud": "aws"}
    advice = advise(told)
    assert (advice.outcome, advice.state) == ("none", NONE)
    assert advice.headline == (
        "No option fits. In one order one message is handled at a time, and even on average more comes than that: "
        "no worker ever catches up. It takes order per key instead, or quicker handling."
    )
    assert {(flip.question, flip.outcome) for flip in advice.flips} >= {
        ("ordering", "sqs"),
        ("processing_seconds_avg", "sqs"),
        ("messages_per_second_avg", "sqs"),
    }
    assert advise(told | {"processing_seconds_avg": 0.01}).state == DECIDED
    assumed = advise(IN_ONE_ORDER)
    assert (assumed.outcome, assumed.state) == ("sqs", LEANING)


def test_a_signpost_speaks_instead_where_neither_fits() -> None:
    advice = advise({"work_queue": True, "cloud": "gcp"})
    assert advice.outcome == "neither"
    assert advice.signposts[0].effect == "instead"
    assert advice.option == ""


def test_a_headline_reads_as_a_sentence_where_a_label_begins_with_an_article() -> None:
    advice = advise({"work_queue": True, "transactional_outbox": True, "messages_per_second_avg": 1})
    assert advice.headline.startswith("Neither: look at a table in the database you have. ")


def test_weights_change_the_scores_and_are_told() -> None:
    plain, weighted = advise(JOBS), advise(JOBS, cost=9)
    assert weighted.weights == (("cost", 9),)
    assert plain.verdict("sqs_standard").score != weighted.verdict("sqs_standard").score


def test_an_unknown_option_has_no_verdict() -> None:
    with pytest.raises(KeyError):
        advise(JOBS).verdict("carrier_pigeon")


def test_the_same_answers_give_an_equal_recommendation() -> None:
    assert advise(EVENTS) == advise(dict(reversed(EVENTS.items())))


@given(full_answers())
@settings(max_examples=tries(15), suppress_health_check=SLOW_TO_DRAW)
def test_with_every_question_answered_the_advice_never_leans(answers: dict[str, Any]) -> None:
    advice = advise(answers)
    assert advice.state in (DECIDED, TIE, NONE)
    assert advice.option_state in (DECIDED, TIE, NONE)
    assert advice.turning_questions == ()
    assert advice.assumptions == ()


@given(open_answers(most_open=6))
@settings(max_examples=tries(12), suppress_health_check=SLOW_TO_DRAW)
def test_the_states_keep_their_words(answers: dict[str, Any]) -> None:
    advice = advise(answers)
    margin = real_rulebook().tie_margin
    if advice.state == DECIDED:
        assert advice.margin > margin
        assert not advice.turning_questions
    if advice.state == LEANING:
        assert advice.margin > margin
        assert advice.next_question is not None
    if advice.state == OPEN:
        assert any(real_rulebook().questions[name].needed_to_lean for name in open_questions(advice.workload))
    if advice.option_state == DECIDED and advice.outcome != NONE:
        assert advice.state == DECIDED


@given(some_answers())
@example({"hottest_key_messages_per_second": 20_000.0})  # more than the peak that is assumed, and than it may turn to
@example({"hottest_key_messages_per_second": 20_000.0, "messages_per_second_peak": 30_000.0})
@settings(max_examples=tries(12), suppress_health_check=SLOW_TO_DRAW)
def test_every_flip_is_true_on_both_sides(answers: dict[str, Any]) -> None:
    advice = advise(answers)
    stated = write_answers(advice.workload)
    for flip in advice.flips:
        until, turned = (
            rank_now(read(stated | {flip.question: plain(value)})) for value in (flip.until, flip.becomes_at)
        )
        assert until.outcome == advice.outcome, flip
        assert (turned.outcome, turned.option) == (flip.outcome, flip.option), flip
        assert turned.outcome != advice.outcome
        assert flip.within_domain == advice.workload.domains[flip.question].holds(flip.becomes_at)


@example(  # the longer the retention, first both together win, then Kafka alone, then both again
    {
        "message_size_bytes_avg": 3000,
        "messages_per_second_peak": 9000,
        "minimal_setup": True,
        "per_message_retry_or_dlq": True,
        "slow_or_uneven_work": True,
        "stream_processing": True,
    }
)
@given(st.one_of(some_answers(), full_answers()))
@settings(max_examples=tries(12), suppress_health_check=SLOW_TO_DRAW)
def test_no_step_of_a_walk_turns_before_the_flip(answers: dict[str, Any]) -> None:
    """Steps are left out where the outcome surely stays: here none is."""
    advice, book = advise(answers), real_rulebook()
    for question in book.questions.values():
        value = getattr(advice.workload, question.id)
        for steps in walk(question, advice.workload, book) if isinstance(value, float) else ():
            ranked = ((far, rank_now(restate(advice.workload, book, question.id, known(far)))) for _, far in steps)
            turned = next((far for far, ranking in ranked if ranking.outcome != advice.outcome), None)
            found = [flip.becomes_at for flip in advice.flips if flip.question == question.id]
            assert turned is None or any(is_between(each, value, turned) for each in found), (question.id, turned)


def is_between(value: Value, one: float, other: float) -> bool:
    assert isinstance(value, float)
    return min(one, other) <= value <= max(one, other)


@given(full_answers())
@settings(max_examples=tries(15), suppress_health_check=SLOW_TO_DRAW)
def test_the_outcome_stays_to_the_ends_of_a_weight_and_not_beyond(answers: dict[str, Any]) -> None:
    advice, workload = advise(answers), read(answers)
    for each in advice.weight_ranges:
        for weight in range(10):
            weights = {**real_weights(), each.criterion: weight}
            stays = rank(workload, real_rulebook(), weights, real_costs()).outcome == advice.outcome
            if weight in (each.low - 1, each.high + 1):
                assert not stays, (each, weight)
            assert stays or not each.low <= weight <= each.high, (each, weight)


def plain(value: Any) -> Any:
    return list(value) if isinstance(value, tuple) else value


@given(open_answers(most_open=5), st.data())
@settings(max_examples=tries(12), suppress_health_check=SLOW_TO_DRAW)
def test_narrowing_a_domain_never_turns_what_was_decided(answers: dict[str, Any], data: st.DataObject) -> None:
    advice = advise(answers)
    left = open_questions(advice.workload)
    assume(advice.state == DECIDED and left)
    name = data.draw(st.sampled_from(left))
    narrower = narrowed(name, advice.workload, data)
    assert rank_now(narrower).outcome == advice.outcome
    assert recommend(narrower, real_rulebook()).outcome == advice.outcome


def narrowed(name: str, workload: Workload, data: st.DataObject) -> Workload:
    """One open question answered more narrowly, within its domain and against no stated answer."""
    return restate(workload, real_rulebook(), name, data.draw(st.sampled_from(parts(workload.domains[name]))))


def parts(domain: Domain) -> list[Domain]:
    match domain:
        case Choices(values=values):
            return [known(value) for value in values]
        case Members(all_of=all_of, maybe=maybe):
            return [known(all_of), *(known((*all_of, word)) for word in maybe)]
        case Interval(low=low, high=high):
            return [known(low), known(high), Interval(low=low, high=(low + high) / 2)]


def test_two_questions_answered_at_once_are_both_taken() -> None:
    once = restate(read({}), real_rulebook(), "ordering", known("global"))
    twice = restate(once, real_rulebook(), "cloud", known("aws"))
    assert (twice.ordering, twice.cloud) == ("global", "aws")
    assert twice.grades["ordering"] == "stated"


def test_a_reason_names_the_limit_of_the_region_that_was_asked_about() -> None:
    """Two Regions after each other, and the first again: what is remembered of one is not told of the other."""
    said = {"ordering": "per-key", "ordering_keys": 100_000, "messages_per_second_avg": 250_000}
    said |= {"messages_per_second_peak": 250_000, "growth_percent_per_month": 0, "planning_horizon_months": 0}
    for region in ("us-east-2", "ap-southeast-1", "us-east-2"):
        workload = read({**said, "cloud": "aws", "region": region, "nothing_else": True})
        reasons = [
            reason
            for verdict in recommend(workload, real_rulebook()).verdicts
            for reason in verdict.reasons
            if reason.rule == "order_at_scale"
        ]
        limit = real_rulebook().facts.number("sqs_fifo_high_messages_per_second_max", region)
        assert reasons
        assert all(not reason.depends_on for reason in reasons)
        assert {reason.evidence[0].value for reason in reasons} == {limit}
