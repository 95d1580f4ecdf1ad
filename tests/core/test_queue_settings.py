"""What a queue is set to follows how long its messages take and how many are worked on at once."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.estimate import Setting
from advisor.core.options import OPTIONS
from advisor.core.workload import Workload
from tests.core.pricing_facts import plain_workload, real_facts
from tests.examples import tries

QUEUES = ("sqs_standard", "sqs_fifo", "sns_sqs")


def found(option: str, workload: Workload) -> dict[str, Setting]:
    return {setting.id: setting for setting in OPTIONS[option].size(workload, real_facts()).settings}


def value(name: str, **answers: object) -> object:
    return found("sqs_standard", plain_workload(batch_size=10.0, **answers))[name].value


@pytest.mark.parametrize(
    ("average", "slowest", "batch"),
    [(0.0, 0.0, 10), (0.2, 5.0, 10), (6.0, 60.0, 5), (60.0, 7200.0, 1), (1.0, 7200.0, 3)],
)
def test_a_worker_takes_no_more_at_once_than_it_has_soon_done(average: float, slowest: float, batch: int) -> None:
    assert value("batch_size", processing_seconds_avg=average, processing_seconds_max=slowest) == batch


@settings(max_examples=tries(60))
@given(st.floats(0, 50_000), st.floats(0, 50_000), st.floats(1e-3, 1e6), st.sampled_from(QUEUES))
def test_a_full_batch_is_done_while_sqs_lends_it_and_full_hands_stay_below_the_quota(
    average: float, slowest: float, rate: float, option: str
) -> None:
    workload = plain_workload(
        batch_size=10.0,
        processing_seconds_avg=average,
        processing_seconds_max=slowest,
        messages_per_second_avg=rate,
        messages_per_second_peak=rate,
    )
    sizing = OPTIONS[option].size(workload, real_facts())
    (batch,) = (setting.value for setting in sizing.settings if setting.id == "batch_size")
    (share,) = (step.value for step in sizing.steps if step.id == "in_flight_share")
    assert isinstance(batch, float)
    assert 1 <= batch <= 10
    if batch > 1:
        assert batch * max(average, slowest) <= 6 * 3600
        assert batch * average <= 30
        assert share <= 80


def test_only_lambda_needs_a_visibility_timeout_of_several_runs() -> None:
    slow = {"processing_seconds_avg": 40.0, "processing_seconds_max": 7200.0}
    assert value("visibility_timeout_seconds", **slow, consumer_runtime="lambda") == 6 * 7200
    assert value("visibility_timeout_seconds", **slow, consumer_runtime="containers") == 60
    assert "extended" in found("sqs_standard", plain_workload(**slow))["visibility_timeout_seconds"].because


@pytest.mark.parametrize(("slowest", "batch"), [(20.0, 10), (600.0, 3), (1800.0, 1)])
def test_a_function_has_the_time_for_a_whole_batch_and_six_times_of_it_are_lent(slowest: float, batch: int) -> None:
    work = {"processing_seconds_avg": 1.0, "processing_seconds_max": slowest, "consumer_runtime": "lambda"}
    assert value("batch_size", **work) == batch
    assert value("visibility_timeout_seconds", **work) == 6 * batch * slowest


@pytest.mark.parametrize(("stated", "delay"), [(0.0, 0), (120.0, 120), (7200.0, 900)])
def test_the_age_that_rings_allows_for_those_before_it_in_a_batch_and_for_the_delay(stated: float, delay: int) -> None:
    work = {"processing_seconds_avg": 3.0, "processing_seconds_max": 20.0, "latency_ms_target": 1000.0}
    assert value("alarm_age_seconds", **work, delay_seconds=stated) == 60 + 9 * 3 + 20 + delay


def test_one_failure_of_a_function_rings_no_alarm_for_age() -> None:
    work = {"processing_seconds_avg": 1.0, "processing_seconds_max": 20.0, "latency_ms_target": 1000.0}
    hidden = value("visibility_timeout_seconds", **work, consumer_runtime="lambda")
    assert hidden == 1200
    assert value("alarm_age_seconds", **work, consumer_runtime="lambda") == 60 + 9 * 1 + 20 + hidden


@pytest.mark.parametrize("option", [*QUEUES, "kafka_with_sqs"])
def test_no_project_of_a_queue_assumes_messages_that_sqs_refuses(option: str) -> None:
    assumed = found(option, plain_workload(message_size_bytes_avg=2_000_000.0))["assumed_message_bytes"]
    assert assumed.value == real_facts().number("sqs_message_bytes_max")


@pytest.mark.parametrize(("outage", "kept"), [(1.0, 96), (100.0, 200), (300.0, 336)])
def test_messages_are_kept_for_twice_the_outage_but_no_longer_than_a_queue_can(outage: float, kept: int) -> None:
    assert value("message_retention_seconds", outage_hours=outage) == kept * 3600


@pytest.mark.parametrize(
    ("option", "rate", "is_high"),
    [("sqs_fifo", 300.0, False), ("sqs_fifo", 301.0, True), ("sqs_standard", 301.0, False)],
)
def test_a_fifo_queue_is_set_to_high_throughput_above_the_normal_mode(option: str, rate: float, is_high: bool) -> None:
    workload = plain_workload(batch_size=1.0, messages_per_second_avg=rate, messages_per_second_peak=rate)
    assert found(option, workload)["high_throughput_fifo"].value is is_high


@pytest.mark.parametrize(
    ("seconds", "runtime", "is_high"),
    [(0.5, "containers", False), (0.6, "containers", True), (15.0, "lambda", False), (16.0, "lambda", True)],
)
def test_long_work_is_received_in_small_batches_or_deleted_one_by_one_and_then_needs_high_throughput(
    seconds: float, runtime: str, is_high: bool
) -> None:
    workload = plain_workload(
        batch_size=10.0,  # 60 sends a second
        messages_per_second_avg=600.0,
        messages_per_second_peak=600.0,
        processing_seconds_avg=seconds,
        processing_seconds_max=seconds,
        consumer_runtime=runtime,
    )
    assert found("sqs_fifo", workload)["high_throughput_fifo"].value is is_high


@pytest.mark.parametrize(("busy", "workers"), [(40.0, 50), (41.0, 26), (200.0, 50)])
def test_workers_that_are_too_many_for_a_process_are_shared_out_evenly(busy: float, workers: int) -> None:
    work = {"messages_per_second_avg": busy, "messages_per_second_peak": busy}
    assert value("worker_count", **work, processing_seconds_avg=1.0, processing_seconds_max=1.0) == workers
