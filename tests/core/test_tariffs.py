"""Money: every line multiplies out, tiers add up, and a price nobody verified is never 0."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.errors import AnswersError
from advisor.core.options import OPTIONS, estimate, price_quantities
from advisor.core.pricing import ELSEWHERE, PRICED, UNPRICED, comparable_usd, is_partial, total_usd
from advisor.core.tariffs import TARIFFS
from tests.core.pricing_facts import facts_with, plain_workload, real_facts

BILLION = 1e9


def price(option: str, region: str = "us-east-1", **quantities: float) -> float:
    return total_usd(price_quantities(option, quantities, region, real_facts()))


def test_three_m7g_large_brokers_cost_446_76_a_month() -> None:
    lines = price_quantities("msk_provisioned", {"broker_hours:kafka.m7g.large": 2190}, "us-east-1", real_facts())
    assert round(total_usd(lines), 2) == 446.76


def test_requests_beyond_a_hundred_billion_fall_into_the_next_tier() -> None:
    lines = price_quantities("sqs_standard", {"standard_requests": 216 * BILLION}, "us-east-1", real_facts())
    assert [round(line.amount_usd or 0) for line in lines] == [40_000, 30_000, 3_840]
    assert [line.quantity for line in lines] == [100_000, 100_000, 16_000]


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_what_leaves_aws_beyond_150_tib_costs_five_cents(region: str) -> None:
    usd = 0.09 * 10_240 + 0.085 * 40_960 + 0.07 * 102_400 + 0.05 * 46_400
    assert price("sqs_standard", region, internet_gb=200_000) == pytest.approx(usd)


def test_the_last_request_of_a_tier_is_still_in_it() -> None:
    assert len(price_quantities("sqs_standard", {"standard_requests": 100 * BILLION}, "us-east-1", real_facts())) == 1
    assert (
        len(price_quantities("sqs_standard", {"standard_requests": 100 * BILLION + 1}, "us-east-1", real_facts())) == 2
    )


def test_an_unverified_price_is_missing_and_not_nothing() -> None:
    facts = facts_with("price_sqs_standard", "us-east-1", kind="unverified")
    (line,) = price_quantities("sqs_standard", {"standard_requests": 1e6}, "us-east-1", facts)
    assert line.unit_price_usd is None
    assert line.amount_usd is None
    assert line.note == "not priced"
    assert is_partial((line,))


def test_a_region_nobody_priced_is_missing_too() -> None:
    assert is_partial(price_quantities("msk_serverless", {"serverless_in_gb": 1}, "eu-west-1", real_facts()))


def test_what_is_compared_has_another_regions_price_for_what_lacks_one_and_its_own_for_the_rest() -> None:
    bill = (("internet_gb", 1000.0), ("serverless_in_gb", 10.0))
    assert comparable_usd(bill, "us-east-1", real_facts()) == pytest.approx((90 + 1, PRICED))
    assert comparable_usd(bill, "eu-west-1", real_facts()) == pytest.approx((90 + 1, ELSEWHERE))
    nowhere = facts_with("price_msk_serverless_data_in", "us-east-1", kind="unverified")
    assert comparable_usd(bill, "eu-west-1", nowhere) == (math.inf, UNPRICED)


def test_what_an_option_does_not_bill_is_refused_by_name() -> None:
    with pytest.raises(AnswersError) as caught:
        price("sqs_standard", brokers=3, standard_requests=-1, fair_requests=1.1e18)
    assert [(problem.where, problem.code) for problem in caught.value.problems] == [
        ("brokers", "unknown_quantity"),
        ("standard_requests", "out_of_bounds"),
        ("fair_requests", "out_of_bounds"),
    ]


def test_a_quantity_is_counted_in_the_unit_of_its_price() -> None:
    for tariff in TARIFFS.values():
        assert real_facts()[tariff.price].unit.rstrip("s") == f"USD per {tariff.unit.rstrip('s')}", tariff.id


@pytest.mark.parametrize(
    ("option", "quantity", "unit", "size"),
    [
        ("msk_provisioned", "cross_zone_gb", "GiB", 2**30 * 3 / 8),  # both sides of two thirds, written and read
        ("msk_serverless", "serverless_in_gb", "GiB", 2**30),
        ("sns_sqs", "sns_fifo_payload_gb", "GB", 1e9),  # AWS counts those in powers of ten
    ],
)
def test_bytes_are_billed_in_the_unit_that_the_line_names(option: str, quantity: str, unit: str, size: float) -> None:
    load = plain_workload(ordering="per-key", messages_per_second_avg=1.0, message_size_bytes_avg=1000.0)
    (line,) = (line for line in estimate(option, load, real_facts()).lines if line.id == quantity)
    assert line.unit == unit
    assert line.quantity == pytest.approx(2_628_000 * 1000 / size)


def test_every_tariff_has_its_price_among_the_facts() -> None:
    assert {tariff.price for tariff in TARIFFS.values()} <= set(real_facts())


def test_every_quantity_of_every_option_has_a_tariff() -> None:
    assert {name for model in OPTIONS.values() for name in model.quantities} <= set(TARIFFS)


@given(st.floats(0, 1e12), st.sampled_from(("us-east-1", "us-east-2", "eu-west-1")))
def test_quantity_times_price_is_the_amount_and_quantities_add_up(requests: float, region: str) -> None:
    lines = price_quantities("sqs_standard", {"standard_requests": requests}, region, real_facts())
    for line in lines:
        assert line.unit_price_usd is not None
        assert line.amount_usd == line.quantity * line.unit_price_usd
    assert sum(line.quantity for line in lines) == pytest.approx(requests / 1e6, rel=1e-9)
