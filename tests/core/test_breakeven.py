"""Break-even: every end is true on both sides, no interval is left out, and growth gets there when it says."""

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from advisor.core.answers import read_answers
from advisor.core.breakeven import BreakEven, break_even
from advisor.core.curves import HIGHEST, LOWEST, RATE, CostPoint, with_rate
from advisor.core.domains import Interval
from advisor.core.options import monthly_usd
from advisor.core.pricing import PRICED
from advisor.core.workload import Workload, vary
from tests.core.pricing_facts import plain_workload, real_facts
from tests.core.workloads import real_rulebook
from tests.examples import tries

FAMILIES = {"sqs": ("sqs_standard",), "kafka": ("msk_provisioned", "msk_serverless")}
ALL = {
    "sqs": ("sqs_standard", "sqs_fifo", "sns_sqs"),
    "kafka": ("kafka_self_managed", "msk_provisioned", "msk_express", "msk_serverless", "confluent_cloud"),
}


def find(workload: Workload) -> BreakEven:
    return break_even(workload, FAMILIES, real_rulebook())


def cheaper_at(workload: Workload, rate: float) -> str:
    """The plain comparison, made without the code under test."""
    bills = {
        family: min(
            monthly_usd(option, with_rate(workload, real_rulebook(), rate), real_facts())[0] for option in options
        )
        for family, options in FAMILIES.items()
    }
    return min(bills, key=lambda family: bills[family])


def test_sqs_is_cheaper_below_and_kafka_above_a_single_rate_for_small_messages() -> None:
    found = find(plain_workload(retention_hours=24.0, processing_seconds_avg=0.01))
    assert [interval.family for interval in found.intervals] == ["sqs", "kafka"]
    assert 100 < found.intervals[0].high < 1000


def test_intervals_follow_each_other_from_the_lowest_rate_to_the_highest() -> None:
    intervals = find(plain_workload()).intervals
    assert len(intervals) > 2
    assert intervals[0].low == pytest.approx(LOWEST)
    assert intervals[-1].high == pytest.approx(HIGHEST)
    for before, after in pairwise(intervals):
        assert before.high < after.low <= before.high * 1.000002
        assert before.family != after.family


@settings(max_examples=tries(12))
@given(
    size=st.floats(10, 1_000_000),
    batch=st.integers(1, 10),
    groups=st.integers(1, 8),
    hours=st.floats(1, 1000),
    seconds=st.floats(0.001, 20),
)
@example(size=10.0, batch=7, groups=7, hours=3.625, seconds=7.625)  # two bills meet on the cent
def test_every_end_is_true_on_both_sides(size: float, batch: int, groups: int, hours: float, seconds: float) -> None:
    workload = plain_workload(
        message_size_bytes_avg=size,
        batch_size=float(batch),
        consumer_groups=float(groups),
        retention_hours=hours,
        processing_seconds_avg=seconds,
    )
    for interval in find(workload).intervals:
        assert cheaper_at(workload, interval.low) == interval.family
        assert cheaper_at(workload, interval.high) == interval.family


@settings(max_examples=tries(12))
@given(
    size=st.floats(10, 1_000_000),
    groups=st.integers(1, 8),
    hours=st.floats(1, 1000),
    seconds=st.floats(0.001, 20),
    region=st.sampled_from(["us-east-1", "eu-central-1", "ap-south-1"]),
)
def test_every_point_has_the_cheapest_of_each_family_though_few_are_asked(
    size: float, groups: int, hours: float, seconds: float, region: str
) -> None:
    workload = plain_workload(
        message_size_bytes_avg=size,
        consumer_groups=float(groups),
        retention_hours=hours,
        processing_seconds_avg=seconds,
        region=region,
    )
    found = break_even(workload, ALL, real_rulebook())
    for point in found.curve:
        assert_cheapest(point, with_rate(workload, real_rulebook(), point.at))
    for point in found.by_size:
        assert_cheapest(point, vary(workload, message_size_bytes_avg=point.at))
    for point in found.by_readers:
        assert_cheapest(point, vary(workload, consumer_groups=point.at))


def assert_cheapest(point: CostPoint, workload: Workload) -> None:
    """Against the bills of all options, made one by one."""
    cheapest: list[str | float | None] = []
    for options in ALL.values():
        bills = {option: monthly_usd(option, workload, real_facts()) for option in options}
        priced = {option: usd for option, (usd, known) in bills.items() if known == PRICED}
        option = min(priced, key=lambda each: priced[each], default="")
        cheapest += [option, priced.get(option)]
    assert [point.sqs_option, point.sqs_usd, point.kafka_option, point.kafka_usd] == cheapest


def test_a_short_return_of_the_other_family_at_a_broker_step_is_not_overlooked() -> None:
    """Where both bills climb side by side the plain comparison on a fine grid must agree with the intervals."""
    workload = plain_workload(
        message_size_bytes_avg=36_000.0,
        batch_size=2.0,
        consumer_groups=2.0,
        retention_hours=0.1,
        peak_hours_per_day=0.0,
        outage_hours=0.0,
        processing_seconds_avg=0.001,
        availability_zones=1.0,
    )
    intervals = find(workload).intervals
    assert len(intervals) > 10
    for step in range(900):
        rate = 100.0 * 10 ** (step / 300)
        inside = [each.family for each in intervals if each.low <= rate <= each.high]
        assert inside in ([cheaper_at(workload, rate)], [])


def test_the_curve_has_the_present_rate_and_both_bills() -> None:
    found = find(plain_workload(messages_per_second_avg=17.0))
    (here,) = [point for point in found.curve if point.at == 17.0]
    assert here.cheaper == "sqs"
    assert here.kafka_option == "msk_provisioned"
    assert found.rate_now == 17.0


def test_peaks_keep_their_proportion_when_the_rate_is_varied() -> None:
    before = plain_workload(messages_per_second_avg=10.0, messages_per_second_peak=30.0)
    assert with_rate(before, real_rulebook(), 100.0).messages_per_second_peak == pytest.approx(300)


def test_who_states_a_rate_of_the_curve_is_told_the_same_bills_though_handling_is_assumed() -> None:
    said, questions = {"consumer_groups": 2, "cloud": "aws", "region": "us-east-1"}, real_rulebook().questions
    curve = break_even(read_answers({**said, RATE: 10}, questions), ALL, real_rulebook()).curve
    assert len(curve) > 90
    for point in curve:
        assert_cheapest(point, read_answers({**said, RATE: point.at}, questions))


def test_growth_reaches_the_break_even_when_compound_growth_does() -> None:
    workload = plain_workload(growth_percent_per_month=10.0, processing_seconds_avg=0.01)
    found = find(workload)
    assert found.months_until is not None
    assert 10 * 1.1**found.months_until == pytest.approx(found.intervals[0].high)


def test_without_growth_the_break_even_never_comes() -> None:
    assert find(plain_workload()).months_until is None


def test_where_a_family_is_not_priced_nobody_is_called_cheaper() -> None:
    found = find(plain_workload(region="mars-north-1"))
    assert {interval.family for interval in found.intervals} == {"unknown"}
    assert found.curve[0].kafka_usd is None


def test_cost_is_swept_over_size_and_readers_too() -> None:
    found = find(plain_workload(message_size_bytes_avg=2500.0))
    assert 2500.0 in [point.at for point in found.by_size]
    assert [point.at for point in found.by_readers] == [*range(1, 11), 12, 15, 20]
    for curve in (found.by_size, found.by_readers):
        for less, more in pairwise(curve):
            assert less.sqs_usd <= more.sqs_usd  # type: ignore[operator]
            assert less.kafka_usd <= more.kafka_usd  # type: ignore[operator]


def test_ranges_stated_for_anything_but_the_rate_span_the_curve() -> None:
    said = {"messages_per_second_avg": "1..100", "processing_seconds_max": 0.1, "cloud": "aws", "nothing_else": True}
    found, small, large = (
        find(read_answers({**said, "message_size_bytes_max": size}, real_rulebook().questions))
        for size in ("1000..300000", 1000, 300_000)
    )
    by_rate = {point.at: point for point in found.curve}
    assert len(found.spans) > 90
    for span in found.spans:
        likely = by_rate[span.at]
        assert span.low.sqs_usd <= likely.sqs_usd < span.high.sqs_usd  # type: ignore[operator]
        assert span.low.kafka_usd <= likely.kafka_usd <= span.high.kafka_usd  # type: ignore[operator]
    at_ten = next(span for span in found.spans if span.at == 10)
    assert at_ten.low in small.curve
    assert at_ten.high in large.curve


def test_without_a_stated_range_there_is_no_span() -> None:
    assert find(plain_workload(domains={"batch_size": Interval(low=1, high=10)})).spans == ()


def test_the_curve_has_both_sides_of_every_change() -> None:
    found = find(plain_workload(retention_hours=24.0, processing_seconds_avg=0.01))
    here = {point.at: point.cheaper for point in found.curve}
    for interval in found.intervals:
        assert here[interval.low] == here[interval.high] == interval.family


def test_an_option_that_lacks_a_price_is_named() -> None:
    assert find(plain_workload()).not_priced == ()
    assert "msk_provisioned" in find(plain_workload(region="mars-north-1")).not_priced
