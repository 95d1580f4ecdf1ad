"""More load never costs less, whatever the option; and a few bills worked out by hand."""

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.domains import Interval
from advisor.core.options import OPTIONS, estimate, monthly_usd
from advisor.core.tariffs import total_usd
from advisor.core.workload import LIGHTENING, Workload
from tests.core.pricing_facts import facts_with, plain_workload, real_facts

SPANS: dict[str, tuple[float, float]] = {
    "consumer_groups": (1, 30),
    "retention_hours": (0.1, 9000),
    "ordering_keys": (1, 1e6),
    "hottest_key_messages_per_second": (0.01, 1e4),
    "messages_per_second_avg": (0.001, 300_000),
    "messages_per_second_peak": (0.001, 900_000),
    "message_size_bytes_avg": (1, 1_500_000),
    "message_size_bytes_max": (1, 8_000_000),
    "processing_seconds_avg": (0.001, 600),
    "processing_seconds_max": (0.001, 40_000),
    "delay_seconds": (0, 90_000),
    "latency_ms_target": (1, 60_000),
    "isolation_units": (1, 5000),
    "team_size": (1, 50),
    "budget_usd_per_month": (0, 1e6),
    "growth_percent_per_month": (0, 20),
    "planning_horizon_months": (0, 60),
    "batch_size": (1, 10),
    "outage_hours": (0, 200),
    "operating_hours_per_month": (0, 160),
    "engineer_usd_per_hour": (0, 300),
    "idle_pollers": (0, 500),
    "availability_zones": (1, 3),
    "compression_ratio": (1, 10),
    "peak_hours_per_day": (0, 24),
}


def _numbers(low: float, high: float) -> st.SearchStrategy[float]:
    spread = st.floats(-6, 6).map(lambda power: min(high, max(low, low + 10**power)))
    return st.one_of(st.floats(low, high), spread, st.sampled_from((low, high)))


@st.composite
def workloads(draw: st.DrawFn) -> Workload:
    answers: dict[str, Any] = {name: draw(_numbers(*span)) for name, span in SPANS.items()}
    answers["ordering"] = draw(st.sampled_from(("none", "per-key", "global")))
    answers["cloud"] = draw(st.sampled_from(("aws", "gcp", "on-prem")))
    answers["region"] = draw(st.sampled_from(("us-east-1", "eu-west-1", "ap-southeast-1")))
    answers["use_free_tier"] = draw(st.booleans())
    answers["existing_platforms"] = draw(st.sampled_from(((), ("kafka",))))
    answers["spare_kafka_capacity"] = draw(st.booleans())
    return plain_workload(**answers)


def _ranked(option: str, workload: Workload) -> tuple[bool, float]:
    """A partial figure counts as above any full one."""
    usd, is_partial = monthly_usd(option, workload, real_facts())
    return is_partial, usd


@pytest.mark.parametrize("option", OPTIONS)
@settings(max_examples=60)
@given(data=st.data())
def test_more_load_never_costs_less(option: str, data: st.DataObject) -> None:
    workload = data.draw(workloads())
    name = data.draw(st.sampled_from(sorted(SPANS)))
    changed = replace(workload, **{name: data.draw(_numbers(*SPANS[name]))})  # type: ignore[arg-type]
    less, more = sorted((workload, changed), key=lambda given: getattr(given, name), reverse=name in LIGHTENING)
    (was_partial, was), (is_partial, now) = _ranked(option, less), _ranked(option, more)
    assert (was_partial, was) <= (is_partial, now * (1 + 1e-9) + 1e-9)


SWEPT = (
    "consumer_groups",
    "retention_hours",
    "messages_per_second_avg",
    "messages_per_second_peak",
    "message_size_bytes_avg",
    "processing_seconds_avg",
    "batch_size",
    "isolation_units",
    "outage_hours",
    "availability_zones",
    "compression_ratio",
)
LARGE = {"messages_per_second_avg": 900.0, "messages_per_second_peak": 4000.0, "message_size_bytes_avg": 43_000.0}


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", SWEPT)
def test_a_number_that_rises_step_by_step_never_saves_at_any_step(option: str, name: str) -> None:
    low, high = SPANS[name]
    points = [low * (high / low) ** (step / 60) if low else high * step / 60 for step in range(61)]
    for workload in (plain_workload(batch_size=10.0), plain_workload(**LARGE)):
        at = [_ranked(option, replace(workload, **{name: point})) for point in points]  # type: ignore[arg-type]
        rising = at[::-1] if name in LIGHTENING else at
        for (was_partial, was), (is_partial, now) in pairwise(rising):
            assert (was_partial, was) <= (is_partial, now * (1 + 1e-9))


@settings(max_examples=100)
@given(data=st.data())
def test_more_load_never_needs_fewer_brokers_of_a_type(data: st.DataObject) -> None:
    workload = data.draw(workloads())
    name = data.draw(st.sampled_from(sorted(SPANS)))
    changed = replace(workload, **{name: data.draw(_numbers(*SPANS[name]))})  # type: ignore[arg-type]
    less, more = sorted((workload, changed), key=lambda given: getattr(given, name), reverse=name in LIGHTENING)
    for option, prefix in (("msk_provisioned", "broker_hours"), ("kafka_self_managed", "machine_hours")):
        before, after = (
            {line.id: line.value for line in OPTIONS[option].bill(given, real_facts()) if line.id.startswith(prefix)}
            for given in (less, more)
        )
        assert all(after[size] >= before[size] for size in before.keys() & after.keys())


@pytest.mark.parametrize("option", OPTIONS)
@settings(max_examples=15)
@given(workload=workloads())
def test_every_line_multiplies_out_and_the_total_is_their_sum(option: str, workload: Workload) -> None:
    made = estimate(option, workload, real_facts())
    for line in made.lines:
        if line.unit_price_usd is None:
            assert line.amount_usd is None
            assert made.is_partial
        else:
            assert line.amount_usd == line.quantity * line.unit_price_usd
    assert made.likely_usd == total_usd(made.lines)


STEPPED = ("broker_hours", "machine_hours", "throughput_", "volume_mib", "serverless_partition", "confluent_unit")


@pytest.mark.parametrize("option", OPTIONS)
@settings(max_examples=25)
@given(workload=workloads())
def test_cost_jumps_only_where_brokers_partitions_or_units_do(option: str, workload: Workload) -> None:
    """Over the rate; the size of a message steps at each 64 KiB too."""
    near = replace(workload, messages_per_second_avg=workload.messages_per_second_avg * (1 + 1e-9))
    (here, there) = (
        {line.id: line.value for line in OPTIONS[option].bill(given, real_facts())} for given in (workload, near)
    )
    stepped = [name for name in here if name.startswith(STEPPED)]
    if all(here[name] == there.get(name) for name in stepped):
        assert _ranked(option, near)[1] == pytest.approx(_ranked(option, workload)[1], rel=1e-7, abs=1e-9)


def test_readers_outside_aws_pay_for_what_leaves_it_whichever_family_it_comes_from() -> None:
    workload = plain_workload(cloud="gcp", consumer_groups=2.0)
    for option in ("sqs_standard", "msk_provisioned", "msk_express", "msk_serverless"):
        bill = {line.id: line.value for line in OPTIONS[option].bill(workload, real_facts())}
        assert bill["internet_gb"] == pytest.approx(10 * 2_628_000 * 2000 * 2 / 2**30)


def test_a_fifo_queue_needs_enough_busy_message_groups_for_its_rate() -> None:
    workload = plain_workload(ordering="per-key", messages_per_second_peak=30_001.0, batch_size=10.0)
    found = {step.id: step.value for step in OPTIONS["sqs_fifo"].size(workload, real_facts()).steps}
    assert found["queue_calls_per_second"] == pytest.approx(3000.1)
    assert found["message_groups"] == 11


def test_strict_order_over_everything_leaves_one_partition_and_may_never_catch_up() -> None:
    steps = OPTIONS["msk_provisioned"].size(plain_workload(ordering="global"), real_facts()).steps
    found = {step.id: step.value for step in steps}
    assert found["partitions"] == found["useful_consumers"] == 1
    assert found["drain_hours"] == float("inf")


@pytest.mark.parametrize("option", OPTIONS)
def test_an_estimate_prices_exactly_what_its_sizing_says(option: str) -> None:
    model, workload = OPTIONS[option], plain_workload()
    assert model.size(workload, real_facts()).quantities == model.bill(workload, real_facts())


@pytest.mark.parametrize("option", OPTIONS)
def test_every_fact_that_a_step_names_exists(option: str) -> None:
    lambda_workload = plain_workload(consumer_runtime="lambda", ordering="per-key", retention_hours=2000.0)
    steps = OPTIONS[option].size(lambda_workload, real_facts()).steps
    assert {fact for step in steps for fact in step.facts} <= set(real_facts())


@pytest.mark.parametrize("option", OPTIONS)
@settings(max_examples=20)
@given(data=st.data())
def test_choices_that_the_cost_is_said_not_to_read_do_not_move_it(option: str, data: st.DataObject) -> None:
    workload = data.draw(workloads())
    free = {
        "ordering": ("none", "per-key", "global"),
        "cloud": ("aws", "gcp", "azure", "on-prem", "multi"),
        "region": ("us-east-1", "eu-west-1", "ap-southeast-1"),
        "use_free_tier": (True, False),
        "consumer_runtime": ("lambda", "containers"),
        "existing_platforms": ((), ("kafka",), ("postgres",)),
        "spare_kafka_capacity": (True, False),
        "work_queue": (True, False),
    }
    for name in free.keys() - set(OPTIONS[option].reads):
        changed = replace(workload, **{name: data.draw(st.sampled_from(free[name]))})  # type: ignore[arg-type]
        assert monthly_usd(option, changed, real_facts()) == monthly_usd(option, workload, real_facts())


def test_one_message_a_second_unbatched_is_three_calls_and_a_retry_in_a_hundred() -> None:
    workload = plain_workload(messages_per_second_avg=1.0)
    usd, _ = monthly_usd("sqs_standard", workload, real_facts())
    assert usd == pytest.approx(2_628_000 * 3.01 * 0.4 / 1e6)


def test_full_batches_cost_a_tenth() -> None:
    one, ten = (monthly_usd("sqs_standard", plain_workload(batch_size=batch), real_facts())[0] for batch in (1.0, 10.0))
    assert ten == pytest.approx(one / 10)


def test_a_message_of_the_largest_size_is_billed_sixteen_times_a_call() -> None:
    size = OPTIONS["sqs_standard"].size(plain_workload(message_size_bytes_avg=2.0**20), real_facts())
    assert next(step.value for step in size.steps if step.id == "requests_per_message") == 16


def test_an_idle_cluster_costs_its_floor() -> None:
    workload = plain_workload(messages_per_second_avg=1e-6, messages_per_second_peak=1e-6, retention_hours=0.1)
    assert monthly_usd("msk_provisioned", workload, real_facts())[0] == pytest.approx(446.76, abs=0.01)
    assert monthly_usd("msk_express", workload, real_facts())[0] == pytest.approx(893.52, abs=0.01)
    assert monthly_usd("msk_serverless", workload, real_facts())[0] == pytest.approx(
        730 * (0.75 + 3 * 0.0015), abs=0.01
    )


def test_where_kafka_runs_with_room_only_storage_and_traffic_count() -> None:
    workload = plain_workload(existing_platforms=("kafka",), spare_kafka_capacity=True)
    made = estimate("msk_provisioned", workload, real_facts())
    assert {line.id for line in made.marginal_lines} == {"storage_gb_months", "cross_zone_gb"}
    assert made.scored_usd == total_usd(made.marginal_lines) < made.likely_usd


def test_where_kafka_runs_without_room_the_added_broker_counts() -> None:
    made = estimate("msk_provisioned", plain_workload(existing_platforms=("kafka",)), real_facts())
    assert {line.id: line.quantity for line in made.marginal_lines}["broker_hours:kafka.m7g.large"] == 730


def test_sqs_has_no_marginal_cost_of_its_own() -> None:
    made = estimate("sqs_standard", plain_workload(existing_platforms=("kafka", "sqs")), real_facts())
    assert made.marginal_lines == ()
    assert made.scored_usd == made.likely_usd


def test_low_and_high_span_what_was_stated_and_not_what_was_assumed() -> None:
    domains = {
        "messages_per_second_avg": Interval(low=1, high=100),
        "message_size_bytes_avg": Interval(low=1, high=1_000_000),
    }
    grades = {"messages_per_second_avg": "stated", "message_size_bytes_avg": "assumed"}
    made = estimate("sqs_standard", plain_workload(domains=domains, grades=grades), real_facts())
    assert made.low_usd == pytest.approx(made.likely_usd / 10)
    assert made.high_usd == pytest.approx(made.likely_usd * 10)


def test_growth_shows_at_the_horizon_and_not_in_the_bill_of_today() -> None:
    made = estimate("sqs_standard", plain_workload(growth_percent_per_month=5.0), real_facts())
    still = estimate("sqs_standard", plain_workload(), real_facts())
    assert made.likely_usd == still.likely_usd == still.horizon_usd
    assert made.horizon_usd == pytest.approx(still.likely_usd * 1.05**24)


def test_brokers_that_no_quota_fits_are_the_largest() -> None:
    workload = plain_workload(
        messages_per_second_avg=10_000_000.0, messages_per_second_peak=10_000_000.0, message_size_bytes_avg=1000.0
    )
    sizing = OPTIONS["msk_provisioned"].size(workload, real_facts())
    assert sizing.quantities[0].id == "broker_hours:kafka.m7g.16xlarge"
    assert "quota" in sizing.notes[-1]


def test_drain_time_is_never_where_workers_only_just_keep_up() -> None:
    workload = plain_workload(messages_per_second_avg=16.0, messages_per_second_peak=16.0, processing_seconds_avg=0.05)
    steps = {step.id: step for step in OPTIONS["sqs_standard"].size(workload, real_facts()).steps}
    assert steps["workers"].value == 1
    assert steps["drain_hours"].value == pytest.approx(16 * 2 / (1 / 0.05 - 16))


def test_a_size_whose_throughput_has_no_price_is_not_chosen() -> None:
    """Large brokers need provisioned throughput; where that is not priced they are left out, not taken as free."""
    facts = facts_with("price_msk_storage_throughput", "us-east-1", kind="unverified")
    heavy = plain_workload(
        messages_per_second_avg=1_000_000.0, messages_per_second_peak=1_000_000.0, message_size_bytes_avg=2000.0
    )
    lines = OPTIONS["msk_provisioned"].bill(heavy, facts)
    assert lines[0].id in ("broker_hours:kafka.m5.2xlarge", "broker_hours:kafka.m7g.2xlarge")
    assert "throughput_mib_months" not in [line.id for line in lines]
