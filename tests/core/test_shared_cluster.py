"""A cluster that many share costs each its storage and traffic, and all together the brokers: held to the options."""

from dataclasses import replace
from pathlib import Path

import pytest

from advisor.core.answers import read_answers
from advisor.core.fleet import Judgement, judge
from advisor.core.options.shared_cluster import assign_fleet
from advisor.core.portfolio import CLUSTER, QUEUE, Portfolio
from advisor.rulebook.loader import load_rulebook

RULEBOOK = load_rulebook(Path(__file__).resolve().parents[2] / "rules")
REGION = "us-east-1"


def judged(rate: float, **answers: object) -> Judgement:
    given = {"messages_per_second_avg": rate, "region": REGION, "message_size_bytes_avg": 1000, **answers}
    return judge(read_answers(given, RULEBOOK.questions), RULEBOOK, {})


def assigned(*members: Judgement) -> Portfolio:
    portfolio = assign_fleet([(f"w{at}", each) for at, each in enumerate(members)], REGION, RULEBOOK.facts)
    assert portfolio is not None
    return portfolio


def without_queues(judgement: Judgement) -> Judgement:
    return replace(judgement, kept=("msk_provisioned",))


@pytest.mark.parametrize("rate", [1.0, 300.0, 5000.0, 60000.0])
def test_a_cluster_of_one_costs_what_the_option_costs(rate: float) -> None:
    judgement = without_queues(judged(rate))
    alone = next(each for each in judgement.verdicts if each.option == "msk_provisioned").estimate.likely_usd
    assert assigned(judgement).total_usd == pytest.approx(alone)


def test_small_workloads_share_the_floor() -> None:
    ones = [without_queues(judged(5.0)) for _ in range(4)]
    assert assigned(*ones).units == assigned(ones[0]).units
    assert assigned(*ones).total_usd < 4 * assigned(ones[0]).total_usd


def test_small_queues_stay_and_each_place_is_priced() -> None:
    portfolio = assigned(judged(1.0), judged(2.0))
    assert {each.where for each in portfolio.placements} == {QUEUE}
    assert portfolio.total_usd == pytest.approx(sum(each.usd for each in portfolio.placements))


def test_what_no_queue_keeps_long_enough_goes_to_the_cluster() -> None:
    portfolio = assigned(judged(5.0, replay_needed=True, retention_hours=10_000), judged(1.0))
    assert portfolio.placements[0].where == CLUSTER


def test_a_region_without_prices_has_no_portfolio() -> None:
    assert assign_fleet([("w", judged(1.0))], "nowhere-1", RULEBOOK.facts) is None
