"""What a Kafka kit sets follows from the workload: how long consumers may take, how much topics take and keep."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from advisor import service
from advisor.core.options._model import round_up
from tests.examples import tries

EVENTS = {"work_queue": False, "replay_needed": True, "consumer_groups": 3, "cloud": "aws", "retention_hours": 72}
SECONDS = st.floats(0, 1e7)


def files_of(answers: dict[str, object], option: str) -> Mapping[str, bytes]:
    return service.build_kit(service.read_query({**EVENTS, **answers, "option": option, "name": "orders"})).files


def settings_of(answers: dict[str, object], option: str = "kafka_self_managed") -> dict[str, Any]:
    settings: dict[str, Any] = json.loads(files_of(answers, option)["settings.json"])["settings"]
    return settings


@examples(max_examples=tries(20), deadline=None)
@given(average=SECONDS, longest=SECONDS)
def test_a_message_may_fail_at_every_attempt_and_a_batch_take_a_while_before_the_consumer_is_given_up(
    average: float, longest: float
) -> None:
    """The batch is cut at half of the interval; the other half is for the message in hand."""
    average, longest = sorted((average, longest))
    made = settings_of({"processing_seconds_avg": average, "processing_seconds_max": longest})
    interval_ms, attempts = made["max_poll_interval_ms"], made["max_attempts"]
    pauses_ms = made["retry_backoff_ms"] * (2 ** (attempts - 1) - 1)

    assert interval_ms >= min(2 * (attempts * longest * 1000 + pauses_ms), 2**31 - 1000)
    assert 300_000 <= interval_ms < 2**31
    assert made["max_poll_records"] == 1 or made["max_poll_records"] * average * 1000 <= interval_ms / 4


def test_one_rare_slow_message_does_not_make_the_batches_of_a_fast_stream_small() -> None:
    made = settings_of({"messages_per_second_avg": 1e5, "processing_seconds_avg": 0.01, "processing_seconds_max": 90})

    assert (made["max_poll_records"], made["max_poll_interval_ms"]) == (500, 906_000)


def test_a_topic_that_need_keep_nothing_keeps_it_until_a_consumer_is_back() -> None:
    made = settings_of({"retention_hours": 0, "outage_hours": 0, "replay_needed": False})

    assert made["retention_ms"] == 3_600_000


@pytest.mark.parametrize(("hours", "rolls"), [(1, 0.5), (24, 6), (96, 24), (720, 168)])
def test_segments_are_begun_so_often_that_what_is_over_leaves_the_disk_before_it_is_full(
    hours: float, rolls: float
) -> None:
    asked: dict[str, object] = {"retention_hours": hours, "outage_hours": 2}
    standard, express = (
        json.loads(files_of(asked, option)["infra/msk/terraform.tfvars.json"])
        for option in ("msk_provisioned", "msk_express")
    )
    *_, own = yaml.safe_load_all(files_of(asked, "kafka_self_managed")["infra/strimzi/kafka.yaml"])

    assert standard["log_roll_ms"] == own["spec"]["kafka"]["config"]["log.roll.ms"] == rolls * 3_600_000
    kept = max(hours, 2)
    assert kept + rolls < 2 * kept * standard["alarm_disk_percent"] / 100  # of disks for twice what is kept
    assert express["log_roll_ms"] is None


KIB, MIB = 1024, 1_048_576


@pytest.mark.parametrize(
    ("option", "largest", "taken"),
    [
        ("kafka_self_managed", 1000, 1_048_588),
        ("kafka_self_managed", 5_000_000, 5_000_000 + 64 * KIB),
        ("msk_provisioned", MIB, MIB + 64 * KIB),
        ("msk_express", 5_000_000, 5_000_000 + 64 * KIB),
        ("msk_serverless", 8 * MIB, 8 * MIB - 64 * KIB),
        ("confluent_cloud", 8 * MIB, 8 * MIB - 64 * KIB),
        ("confluent_cloud", 100 * MIB, 20 * MIB - 64 * KIB),
    ],
)
def test_topics_take_the_largest_message_and_the_dead_letter_topic_its_headers_too(
    option: str, largest: int, taken: int
) -> None:
    """Never less than Kafka's default, and never more than such brokers let a topic take."""
    made = settings_of({"message_size_bytes_avg": 1000, "message_size_bytes_max": largest}, option)

    assert (made["max_record_bytes"], made["dead_letter_max_record_bytes"]) == (taken, taken + 64 * KIB)


def test_a_queue_beside_the_topic_keeps_the_limit_of_queues() -> None:
    answers = {**EVENTS, "message_size_bytes_max": MIB, "option": "kafka_with_sqs", "name": "orders"}
    files = service.build_kit(service.read_query(answers)).files

    assert json.loads(files["kafka/settings.json"])["settings"]["max_record_bytes"] == MIB + 64 * KIB
    assert json.loads(files["infra/sqs/terraform.tfvars.json"])["max_message_bytes"] == MIB


def test_a_topic_without_order_has_three_partitions_of_dead_letters_and_an_ordered_one_has_one() -> None:
    orders = ("none", "global")

    assert [settings_of({"ordering": each})["dead_letter_partitions"] for each in orders] == [3, 1]


@pytest.mark.parametrize(
    ("option", "told"),
    [("msk_provisioned", 2), ("kafka_self_managed", 2), ("msk_serverless", 0), ("msk_express", 0)],
)
def test_brokers_that_decide_how_many_copies_confirm_are_not_told(option: str, told: int) -> None:
    assert settings_of({}, option)["min_insync_replicas"] == told


@pytest.mark.parametrize("hours", [1, 168, 720, 8760])
def test_what_is_kept_is_not_a_millisecond_short(hours: int) -> None:
    assert settings_of({"retention_hours": hours, "outage_hours": 0})["retention_ms"] == hours * 3_600_000


def test_a_hair_above_a_whole_number_is_that_number_and_more_is_the_next() -> None:
    assert [round_up(value) for value in (2.592e9, 0.1 + 0.2 + 2.7, 3.01, 2.592e9 + 0.5)] == [
        2_592_000_000,
        3,
        4,
        2_592_000_001,
    ]


@pytest.mark.parametrize(("target", "linger"), [(9, 0), (20, 2), (1000, 5)])
def test_a_producer_lingers_for_a_tenth_of_the_latency_target_or_for_the_default(target: float, linger: int) -> None:
    assert settings_of({"latency_ms_target": target})["linger_ms"] == linger
