"""A cluster that many share costs each its storage and traffic, and all together the brokers: held to the options."""

from dataclasses import replace
from pathlib import Path

import pytest

from advisor.core.answers import read_answers
from advisor.core.brokers import paid_throughput
from advisor.core.facts import Facts
from advisor.core.fleet import Judgement, judge
from advisor.core.options.shared_cluster import assign_fleet
from advisor.core.portfolio import CLUSTER, QUEUE, Portfolio
from advisor.rulebook.loader import load_rulebook

RULEBOOK = load_rulebook(Path(__file__).resolve().parents[2] / "rules")
REGION = "us-east-1"
OTHER_REGION = "ap-southeast-1"


def judged(rate: float, **answers: object) -> Judgement:
    given = {"messages_per_second_avg": rate, "region": REGION, "message_size_bytes_avg": 1000, **answers}
    return judge(read_answers(given, RULEBOOK.questions), RULEBOOK, {})


def assigned(*members: Judgement) -> Portfolio:
    named = [(f"w{at}", each) for at, each in enumerate(members)]
    portfolio = assign_fleet(named, members[0].workload.region, RULEBOOK.facts)
    assert portfolio is not None
    return portfolio


def without_queues(judgement: Judgement) -> Judgement:
    return replace(judgement, kept=("msk_provisioned",))


@pytest.mark.parametrize("region", [REGION, OTHER_REGION])
@pytest.mark.parametrize("ordering", ["none", "global"])
@pytest.mark.parametrize("hours", [24, 336, 720])
@pytest.mark.parametrize(
    ("rate", "size"), [(1.0, 1000), (300.0, 1000), (1000.0, 10_000), (5000.0, 1000), (60000.0, 1000)]
)
def test_a_cluster_of_one_costs_what_the_option_costs(
    rate: float, size: int, hours: int, ordering: str, region: str
) -> None:
    """One order is led by one broker, which must be large enough, or the largest."""
    load = {"message_size_bytes_avg": size, "retention_hours": hours, "ordering": ordering}
    judgement = without_queues(judged(rate, region=region, **load))
    alone = next(each for each in judgement.verdicts if each.option == "msk_provisioned").estimate.likely_usd
    assert assigned(judgement).total_usd == pytest.approx(alone)


def test_a_cluster_within_the_quota_costs_what_the_option_costs_though_one_beyond_it_were_cheaper() -> None:
    """Its brokers are of a size whose throughput is paid for."""
    judgement = without_queues(judged(500_000.0, retention_hours=24))
    alone = next(each for each in judgement.verdicts if each.option == "msk_provisioned").estimate.likely_usd
    assert assigned(judgement).total_usd == pytest.approx(alone)


def test_small_workloads_share_the_floor() -> None:
    ones = [without_queues(judged(5.0)) for _ in range(4)]
    assert assigned(*ones).units == assigned(ones[0]).units
    assert assigned(*ones).total_usd < 4 * assigned(ones[0]).total_usd


def test_the_least_that_a_workload_takes_is_a_slot_and_no_fraction_is_lost() -> None:
    one = without_queues(judged(0.01))
    assert (assigned(*[one] * 300).units, assigned(*[one] * 301).units) == (1, 2)


def test_small_queues_stay_and_each_place_is_priced() -> None:
    portfolio = assigned(judged(1.0), judged(2.0))
    assert {each.where for each in portfolio.placements} == {QUEUE}
    assert portfolio.total_usd == pytest.approx(sum(each.usd for each in portfolio.placements))


def test_what_no_queue_keeps_long_enough_goes_to_the_cluster() -> None:
    portfolio = assigned(judged(5.0, replay_needed=True, retention_hours=10_000), judged(1.0))
    assert portfolio.placements[0].where == CLUSTER


def test_what_could_be_on_a_queue_without_a_price_is_sent_nowhere() -> None:
    """In that Region a FIFO queue has none; its workload made a cluster "the cheapest" at hundreds of dollars."""
    fifo, plain = (
        judged(1.0, region=OTHER_REGION, ordering="per-key"),
        judged(2.0, region=OTHER_REGION, ordering="none"),
    )
    assert "sqs_fifo" in fifo.kept
    portfolio = assigned(plain, fifo)
    assert [(each.name, each.where) for each in portfolio.placements] == [("w0", QUEUE)]
    assert assign_fleet([("w", fifo)], OTHER_REGION, RULEBOOK.facts) is None


def test_a_size_whose_throughput_has_no_price_there_is_not_taken() -> None:
    """The price list proposes prices of brokers for a Region, and none of their throughput."""
    fact = RULEBOOK.facts["price_msk_storage_throughput"]
    cells = {at: quote for at, quote in fact.cells.items() if at != (REGION,)}
    facts = Facts({**RULEBOOK.facts, fact.id: replace(fact, cells=cells)})
    portfolio = assign_fleet([("w", without_queues(judged(500_000.0)))], REGION, facts)
    assert portfolio is not None
    assert not paid_throughput(portfolio.unit.size, facts)


def test_a_region_without_prices_has_no_portfolio() -> None:
    assert assign_fleet([("w", judged(1.0))], "nowhere-1", RULEBOOK.facts) is None
