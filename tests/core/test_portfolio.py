"""The portfolio's assignment is the cheapest: as brute force finds it, and in cases that a person can follow."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.portfolio import CLUSTER, NEITHER, QUEUE, Candidate, Portfolio, Unit, assign

UNIT = Unit(size="kafka.m7g.large", brokers=3, usd=450.0, slots=300)
DOLLARS = st.one_of(st.none(), st.integers(0, 900).map(float))


def candidate(name: str, queue: float | None, cluster: float | None, slots: int = 10) -> Candidate:
    return Candidate(name=name, queue_usd=queue, cluster_usd=cluster, slots=slots)


def places(portfolio: Portfolio) -> dict[str, str]:
    return {each.name: each.where for each in portfolio.placements}


def brute_force(candidates: list[Candidate], unit: Unit) -> float:
    """The least total over every way to place those that can be placed."""
    totals = []
    bound = sum(each.slots for each in candidates if each.queue_usd is None and each.cluster_usd is not None)
    room = max(unit.most, unit.count(bound)) * unit.slots
    ways = [[way for way in ("queue_usd", "cluster_usd") if getattr(each, way) is not None] for each in candidates]
    for choice in product(*(way or ["neither"] for way in ways)):
        on_cluster = [each for each, way in zip(candidates, choice, strict=True) if way == "cluster_usd"]
        total = sum(getattr(each, way, 0.0) for each, way in zip(candidates, choice, strict=True))
        slots = sum(each.slots for each in on_cluster)
        guests = [
            each for each in on_cluster if each.queue_usd is not None and each.slots
        ]  # who fills nothing may join
        if slots > room and guests:
            continue
        totals.append(total + (max(1, -(-slots // unit.slots)) * unit.usd if on_cluster else 0.0))
    return min(totals)


@given(
    st.lists(st.tuples(DOLLARS, DOLLARS, st.integers(0, 40)), max_size=8),
    st.integers(1, 900).map(float),
    st.integers(1, 60),
    st.integers(1, 9),
)
def test_no_assignment_is_cheaper_than_the_one_found(
    drawn: list[tuple[float | None, float | None, int]], usd: float, slots: int, most: int
) -> None:
    unit = Unit(size="any", brokers=3, usd=usd, slots=slots, most=most)
    candidates = [candidate(f"w{at}", queue, cluster, need) for at, (queue, cluster, need) in enumerate(drawn)]
    assert assign(candidates, unit).total_usd == pytest.approx(brute_force(candidates, unit))


def test_alone_each_is_cheaper_on_a_queue_and_together_on_a_cluster() -> None:
    three = [candidate(name, 200.0, 20.0) for name in ("orders", "mails", "clicks")]
    assert set(places(assign(three[:1], UNIT)).values()) == {QUEUE}
    together = assign(three, UNIT)
    assert set(places(together).values()) == {CLUSTER}
    assert (together.total_usd, together.queues_usd) == (510.0, 600.0)


def test_it_is_said_with_which_workload_a_cluster_begins_to_pay() -> None:
    usd = {"a": 120.0, "b": 320.0, "c": 220.0}
    portfolio = assign([candidate(name, each, 20.0) for name, each in usd.items()], UNIT)
    assert (portfolio.pays_at, portfolio.pays_from) == (2, "c")  # largest savings first: b and c pay for the brokers


def test_brokers_that_a_workload_adds_are_paid_for_before_a_cluster_is_said_to_pay() -> None:
    usd = {"a": 320.0, "b": 420.0, "c": 421.0}  # with c and b 801 dollars are saved, and 900 are due for 400 slots
    portfolio = assign([candidate(name, each, 20.0, slots=200) for name, each in usd.items()], UNIT)
    assert (portfolio.units, portfolio.pays_at, portfolio.pays_from) == (2, 3, "a")


def test_a_cluster_that_must_be_there_pays_from_nobody() -> None:
    guests = [candidate(name, 200.0, 20.0) for name in ("a", "b", "c")]
    portfolio = assign([candidate("replayed", None, 30.0), *guests], UNIT)
    assert (portfolio.pays_at, portfolio.pays_from) == (0, "")


def test_small_queues_stay_queues_beside_a_cluster_where_they_cost_more_there() -> None:
    portfolio = assign([candidate("big", 900.0, 100.0), candidate("small", 1.0, 5.0)], UNIT)
    assert places(portfolio) == {"big": CLUSTER, "small": QUEUE}


def test_what_only_a_cluster_can_carry_brings_it_and_others_follow() -> None:
    portfolio = assign([candidate("replayed", None, 30.0), candidate("mails", 25.0, 5.0)], UNIT)
    assert places(portfolio) == {"replayed": CLUSTER, "mails": CLUSTER}
    assert portfolio.total_usd == 485.0


def test_what_can_go_nowhere_is_placed_nowhere() -> None:
    assert places(assign([candidate("huge", None, None)], UNIT)) == {"huge": NEITHER}


def test_another_unit_is_bought_only_when_its_guests_pay_for_it() -> None:
    full = [candidate("full", 2000.0, 0.0, slots=300)]
    assert assign([*full, candidate("small", 100.0, 0.0)], UNIT).units == 1
    assert assign([*full, candidate("dear", 600.0, 0.0)], UNIT).units == 2


def test_what_brings_more_units_than_the_most_leaves_their_free_slots_to_others() -> None:
    small = Unit(size="any", brokers=3, usd=100.0, slots=10, most=1)
    bound, mails = candidate("replayed", None, 30.0, slots=13), candidate("mails", 25.0, 3.0, slots=6)
    portfolio = assign([bound, mails], small)
    assert (portfolio.units, portfolio.total_usd) == (2, 233.0)
    assert places(portfolio) == {"replayed": CLUSTER, "mails": CLUSTER}
    assert places(assign([bound, candidate("mails", 25.0, 3.0, slots=8)], small))["mails"] == QUEUE


@pytest.mark.slow
def test_two_thousand_workloads_are_assigned_within_seconds() -> None:
    many = [candidate(f"w{at:04}", float(at % 97), float(at % 11), slots=at % 7) for at in range(2000)]
    portfolio = assign(many, UNIT)
    assert portfolio.total_usd < portfolio.queues_usd


def test_nothing_is_assigned_to_nothing() -> None:
    assert assign([], UNIT).total_usd == 0
