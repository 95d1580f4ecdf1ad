"""`decided` is a promise: no completion of the open questions has another outcome, or a margin within the tie margin.

Held against brute force, and a planted fault (an open limit read as kept) must be caught by the same check.
"""

import math
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from advisor.core import settled
from advisor.core.boxes import cells, halve, restrict, split
from advisor.core.conditions import DEPENDS, NO, Truth, holds
from advisor.core.domains import Choices, Domain, Interval, Members, known
from advisor.core.leads import Leads
from advisor.core.pricing import PRICED
from advisor.core.proof import MOST_BOXES, Claim, Prover
from advisor.core.ranges import CostRanges
from advisor.core.recommendation import NEITHER, NONE
from advisor.core.rulebook import When
from advisor.core.settled import settle_all
from advisor.core.workload import Workload
from tests.core.workloads import (
    PAIRS,
    completions,
    full_answers,
    open_answers,
    open_questions,
    rank_now,
    read,
    real_costs,
    real_rulebook,
    real_weights,
    telling_values,
)
from tests.examples import tries

SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
COMPLETIONS = 5
OPTIONS = sorted(real_rulebook().options)


def costs_of_boxes() -> CostRanges:
    return CostRanges(real_rulebook(), real_weights(), real_costs())


def prover() -> Prover:
    return Prover(rulebook=real_rulebook(), weights=real_weights(), costs=real_costs())


def claim_for(workload: Workload, *, alone: bool = False) -> Claim:
    now, options = rank_now(workload), real_rulebook().options
    family = frozenset(name for name, option in options.items() if option.family == now.outcome)
    return Claim(outcome=now.outcome, group=frozenset({now.option}) if alone else family)


def lead_of(claim: Claim, complete: Workload) -> float:
    """By how much the claim is true of this one completion; minus infinity where the outcome is another."""
    now = rank_now(complete)
    if now.outcome != claim.outcome:
        return -math.inf
    outside = [score for option, score in now.scores.items() if option not in claim.group]
    if claim.outcome in (NEITHER, NONE) or not outside:
        return math.inf
    inside = [score for option, score in now.scores.items() if option in claim.group]
    return max(inside, default=-math.inf) - max(outside)


def is_kept(claim: Claim, complete: Workload) -> bool:
    return lead_of(claim, complete) > real_rulebook().tie_margin


def worst_of(claim: Claim, workload: Workload, start: Workload) -> Workload:
    """The adversary: from one completion, each open question moved to the telling value that hurts the claim most."""
    worst, least = start, lead_of(claim, start)
    for name in open_questions(workload) * 2:
        for value in telling_values(name, workload):
            moved = restrict(worst, {name: known(value)})
            if is_possible(moved) and lead_of(claim, moved) < least:
                worst, least = moved, lead_of(claim, moved)
    return worst


def is_possible(workload: Workload) -> bool:
    return all(getattr(workload, small) <= getattr(workload, large) for small, large in PAIRS)


def check_decided(answers: dict[str, Any], data: st.DataObject, *, alone: bool = False) -> None:
    """If the claim is proved, no completion that is drawn or that an adversary finds from there may break it."""
    workload = read(answers)
    claim = claim_for(workload, alone=alone)
    if prover().proves(claim, workload):
        for _ in range(COMPLETIONS):
            complete = data.draw(completions(workload))
            assert is_kept(claim, complete)
        assert is_kept(claim, worst_of(claim, workload, complete))


@given(open_answers(most_open=4), st.data())
@settings(max_examples=tries(75), suppress_health_check=SLOW_TO_DRAW)
def test_no_completion_of_a_few_open_questions_breaks_what_was_decided(
    answers: dict[str, Any], data: st.DataObject
) -> None:
    check_decided(answers, data)


@given(open_answers(most_open=12), st.data())
@settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)
def test_no_completion_of_many_open_questions_breaks_what_was_decided(
    answers: dict[str, Any], data: st.DataObject
) -> None:
    check_decided(answers, data)


@given(open_answers(most_open=3), st.data())
@settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)
def test_no_completion_breaks_a_decided_option(answers: dict[str, Any], data: st.DataObject) -> None:
    check_decided(answers, data, alone=True)


@given(full_answers(), st.sampled_from([30.0, 100.0, 300.0, 600.0, 1000.0, 3000.0]), st.data())
@settings(max_examples=tries(40), suppress_health_check=SLOW_TO_DRAW)
def test_no_load_breaks_what_was_decided_within_a_budget(
    answers: dict[str, Any], budget: float, data: st.DataObject
) -> None:
    for name in ("messages_per_second_avg", "messages_per_second_peak", "hottest_key_messages_per_second"):
        del answers[name]
    check_decided(answers | {"budget_usd_per_month": budget}, data)


@given(open_answers(most_open=10), st.sampled_from(OPTIONS), st.sampled_from(OPTIONS), st.data())
@settings(max_examples=tries(50), suppress_health_check=SLOW_TO_DRAW)
def test_no_completion_exceeds_the_bound_on_a_lead(
    answers: dict[str, Any], rival: str, champion: str, data: st.DataObject
) -> None:
    workload, book = read(answers), replace(real_rulebook(), constraints=(), signposts=())
    leads = Leads(book, real_weights(), real_costs())
    bound = leads.largest(rival, champion, settle_all(workload, book, real_weights()))
    costs = {option: leads.ranges.of(option, workload) for option in (rival, champion)}
    for _ in range(3):
        complete = restrict(data.draw(completions(workload)), {"budget_usd_per_month": known(1e9)})
        scores = rank_now(complete, book).scores
        assert scores[rival] - scores[champion] <= bound
        for option, cost in costs.items():
            usd, how = real_costs().monthly_usd(option, complete)
            assert how == PRICED or cost.may_be_partial
            assert usd >= cost.low_usd * (1 - 1e-12)
            assert cost.may_be_partial or usd <= cost.high_usd * (1 + 1e-12)


NUMBERS_OF_BILLS = ("batch_size", "message_size_bytes_avg", "consumer_groups", "idle_pollers", "retention_hours")


@given(full_answers(), st.sets(st.sampled_from(NUMBERS_OF_BILLS), min_size=1, max_size=2), st.data())
@settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)
def test_no_completion_brings_up_who_is_surely_behind_by_cost(
    answers: dict[str, Any], left_open: set[str], data: st.DataObject
) -> None:
    workload = read({name: answer for name, answer in answers.items() if name not in left_open})
    rivals = data.draw(st.permutations(OPTIONS))[:3]
    ranges = costs_of_boxes()
    for rival in rivals[1:]:
        bound = data.draw(st.integers(-60, 60))
        if ranges.keep_below(bound, rival, rivals[0], workload):
            for complete in (data.draw(completions(workload)) for _ in range(3)):
                assert ranges.lead(rival, rivals[0], known_at(complete)) < bound, (rival, rivals[0])


def known_at(complete: Workload) -> Workload:
    return restrict(complete, {name: known(getattr(complete, name)) for name in open_questions(complete)})


@given(st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1), st.sampled_from(["batch_size", "consumer_groups"]))
def test_the_halves_of_a_number_hold_all_of_it(low: float, high: float, share: float, name: str) -> None:
    question, whole = real_rulebook().questions[name], math.floor if name == "consumer_groups" else float
    domain = Interval(low=whole(min(low, high)), high=whole(max(low, high)))
    value = min(domain.high, whole(domain.low + share * (domain.high - domain.low)))
    parts = halve(domain, question)
    assert bool(parts) == (domain.low < domain.high)
    assert not parts or sum(part.holds(value) for part in parts) == 1
    assert all(domain.holds(part.low) and domain.holds(part.high) and part.low <= part.high for part in parts)


def test_costs_that_follow_one_open_number_together_take_one_box() -> None:
    rates = {name: known(1000.0) for name in ("messages_per_second_avg", "messages_per_second_peak")}
    workload = only_open(batch_size=Interval(low=1, high=10), **rates)
    claim, one = Claim(outcome="sqs", group=frozenset({"sqs_standard"})), prover()
    assert one.proves(claim, workload)
    assert one.boxes == 1
    bound = Leads(real_rulebook(), real_weights(), real_costs()).largest(
        "sqs_fifo", "sqs_standard", settle_all(workload, real_rulebook(), real_weights())
    )
    assert bound >= -real_rulebook().tie_margin


@pytest.mark.slow
@given(open_answers(most_open=6), st.data())
@settings(max_examples=tries(250), suppress_health_check=SLOW_TO_DRAW)
def test_no_completion_breaks_what_was_decided_over_a_long_run(answers: dict[str, Any], data: st.DataObject) -> None:
    check_decided(answers, data)


def test_an_open_limit_read_as_kept_is_caught_by_the_same_check(monkeypatch: pytest.MonkeyPatch) -> None:
    def careless(when: When, workload: Workload) -> Truth:
        truth = holds(when, workload)
        return Truth(answer=NO) if truth.answer == DEPENDS else truth

    monkeypatch.setattr(settled, "holds", careless)

    @given(open_answers(most_open=4), st.data())
    @settings(max_examples=tries(200), database=None, phases=[Phase.generate], suppress_health_check=SLOW_TO_DRAW)
    def run_the_same_check(answers: dict[str, Any], data: st.DataObject) -> None:
        check_decided(answers, data)

    with pytest.raises(AssertionError):
        run_the_same_check()


@given(full_answers())
@settings(max_examples=tries(50), suppress_health_check=SLOW_TO_DRAW)
def test_with_every_question_answered_a_clear_lead_is_proved_in_one_box(answers: dict[str, Any]) -> None:
    workload = read(answers)
    now, one = rank_now(workload), prover()
    assume(now.outcome not in (NEITHER, NONE))
    is_clear = now.margin > real_rulebook().tie_margin
    rivals = [option for option in real_rulebook().options if option not in claim_for(workload).group]
    is_priced = not any(real_costs().monthly_usd(option, workload)[1] for option in real_rulebook().options)
    if is_priced or not is_clear:
        assert one.proves(claim_for(workload), workload) == is_clear, rivals
        assert one.boxes == 1


@given(open_answers(most_open=5), st.data())
@settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)
def test_the_parts_of_a_split_hold_every_completion(answers: dict[str, Any], data: st.DataObject) -> None:
    workload = read(answers)
    complete = data.draw(completions(workload))
    for name in open_questions(workload):
        parts = list(split(workload, name, real_rulebook()))
        assert any(is_inside(complete, part) for part in parts)
        assert all(part.domains[name] != workload.domains[name] for part in parts)


@given(open_answers(most_open=5))
@settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)
def test_every_part_keeps_its_assumed_values_inside(answers: dict[str, Any]) -> None:
    workload = read(answers)
    for name in open_questions(workload):
        for part in split(workload, name, real_rulebook()):
            assert is_inside(part, part)


@given(open_answers(most_open=5), st.data())
@settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)
def test_the_cells_of_a_domain_cover_it(answers: dict[str, Any], data: st.DataObject) -> None:
    workload = read(answers)
    complete = data.draw(completions(workload))
    for name in open_questions(workload):
        value = getattr(complete, name)
        assert any(cell.holds(value) for cell in cells(name, workload, real_rulebook()))


def is_inside(complete: Workload, box: Workload) -> bool:
    return all(domain.holds(getattr(complete, name)) for name, domain in box.domains.items())


def only_open(**domains: Domain) -> Workload:
    """A plain job for a queue, all of it known but these."""
    workload = read({"work_queue": True, "nothing_else": True, "cloud": "aws", "region": "us-east-1"})
    closed = {name: known(getattr(workload, name)) for name in workload.domains}
    return restrict(workload, closed | domains)


def test_a_platform_that_may_already_run_widens_what_kafka_may_cost() -> None:
    ranges = costs_of_boxes()
    alone = ranges.of("kafka_self_managed", only_open())
    shared = ranges.of("kafka_self_managed", only_open(existing_platforms=known(("kafka",))))
    either = ranges.of("kafka_self_managed", only_open(existing_platforms=Members(all_of=(), maybe=("redis", "kafka"))))
    assert shared.most > alone.most
    assert (either.least, either.most) == (min(alone.least, shared.least), shared.most)


def test_an_integer_cut_to_one_value_is_judged_at_that_value() -> None:
    workload = only_open(consumer_groups=Interval(low=1, high=5))
    for part in split(workload, "consumer_groups", real_rulebook()):
        domain = part.domains["consumer_groups"]
        assert isinstance(domain, Interval)
        assert domain.holds(part.consumer_groups)


def test_a_budget_that_may_be_too_small_keeps_kafka_from_being_decided() -> None:
    answers = {"work_queue": False, "replay_needed": True, "stream_processing": True, "cloud": "aws"}
    workload = read(answers | {"region": "us-east-1", "nothing_else": True, "budget_usd_per_month": "1..1000000"})
    assert not prover().proves(claim_for(workload), workload)


def test_where_the_cloud_is_open_no_budget_rules_out_machines_of_ones_own_for_sure() -> None:
    answers = {"work_queue": False, "replay_needed": True, "nothing_else": True, "integrations": ["kafka-clients"]}
    answers |= {"region": "us-east-1", "messages_per_second_avg": 100, "messages_per_second_peak": 100}
    answers |= {"message_size_bytes_avg": 1000, "budget_usd_per_month": 1}
    clouds: tuple[tuple[object, bool], ...] = (("aws", True), ({"one_of": ["aws", "on-prem"]}, False))
    for cloud, is_proved in clouds:
        workload = read({**answers, "cloud": cloud})
        assert prover().proves(Claim(outcome=NONE, group=frozenset()), workload) is is_proved


def test_no_more_parts_of_boxes_are_tried_than_stated(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many boxes ask: a proof that fails must not take seconds."""
    asked: list[Workload] = []
    lead = CostRanges.lead

    def count(self: CostRanges, rival: str, champion: str, box: Workload) -> int:
        asked.append(box)
        return lead(self, rival, champion, box)

    monkeypatch.setattr(CostRanges, "lead", count)
    spans = {"batch_size": Interval(low=1, high=10), "message_size_bytes_avg": Interval(low=1, high=1e6)}
    workload, ranges = only_open(messages_per_second_avg=known(1000.0), **spans), costs_of_boxes()
    for bound in range(-60, 60):
        ranges.keep_below(bound, "sqs_fifo", "sqs_standard", workload)
    assert len(asked) <= 700


def test_no_more_boxes_are_tried_than_stated() -> None:
    one = prover()
    one.proves(claim_for(read({})), read({}))
    assert one.boxes <= MOST_BOXES


def test_a_claim_that_nothing_fits_is_proved_only_where_all_is_excluded() -> None:
    nowhere = frozenset[str]()
    everything = tuple(real_rulebook().options)
    impossible = replace(real_rulebook().constraints[0], options=everything, when=((),))
    closed = replace(real_rulebook(), constraints=(impossible,), signposts=())
    one = Prover(rulebook=closed, weights=real_weights(), costs=real_costs())
    assert one.proves(Claim(outcome=NONE, group=nowhere), read({}))
    assert not prover().proves(Claim(outcome=NONE, group=nowhere), read({}))


def test_an_open_choice_is_cut_into_its_choices() -> None:
    workload = only_open(ordering=Choices(values=("none", "per-key", "global")))
    parts = [part.ordering for part in split(workload, "ordering", real_rulebook())]
    assert parts == ["none", "per-key", "global"]


def test_grades_survive_a_split() -> None:
    workload = only_open(replay_needed=Choices(values=(True, False)))
    assert all(
        part.grades == MappingProxyType(dict(workload.grades))
        for part in split(workload, "replay_needed", real_rulebook())
    )
