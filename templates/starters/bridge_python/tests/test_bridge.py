"""The bridge between a real broker and a real queue."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from kafka import KafkaConsumer, KafkaProducer

from bridge.bridge import bridge
from bridge.dead_letters import DeadLetters
from bridge.jobs import MAX_BYTES, sqs_client
from bridge.kafka_connection import MissingError, connection
from bridge.settings import Settings
from bridge.topics import require_topics

PATIENCE_SECONDS = 30


def produce(settings: Settings, *values: bytes | None) -> None:
    producer = KafkaProducer(**connection(settings), max_request_size=3_000_000, compression_type="gzip")
    for value in values:
        producer.send(settings.topic, key=b"k", value=value, headers=[("trace", b"1")]).get(timeout=10)
    producer.close()


def bridge_until(settings: Settings, is_enough: Callable[[], bool]) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=bridge, args=(settings, stop))
    thread.start()
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_enough() and time.monotonic() < deadline:
        time.sleep(0.1)
    stop.set()
    thread.join(PATIENCE_SECONDS)
    assert is_enough()


def take_jobs(settings: Settings, into: list[str]) -> int:
    """Move what is in the queue to the list; return how many there are now."""
    client = sqs_client(settings)
    url = client.get_queue_url(QueueName=settings.queue_name)["QueueUrl"]
    for message in client.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1).get("Messages", []):
        into.append(message["Body"])
        client.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return len(into)


def read_all(settings: Settings, topic: str) -> list[Any]:
    consumer = KafkaConsumer(
        topic,
        **connection(settings),
        auto_offset_reset="earliest",
        group_id=None,
        consumer_timeout_ms=2000,
    )
    records = list(consumer)
    consumer.close()
    return records


def set_aside(settings: Settings) -> list[Any]:
    return read_all(settings, settings.dead_letter_topic)


def test_each_record_becomes_one_job_with_the_same_body(settings: Settings) -> None:
    jobs: list[str] = []
    produce(settings, *(json.dumps({"n": n, "name": "é"}, ensure_ascii=False).encode() for n in range(25)))
    bridge_until(settings, lambda: take_jobs(settings, jobs) >= 25)
    assert sorted(json.loads(job)["n"] for job in jobs) == list(range(25))
    assert {json.loads(job)["name"] for job in jobs} == {"é"}


def test_a_bridge_goes_on_where_the_last_one_stopped(settings: Settings) -> None:
    jobs: list[str] = []
    produce(settings, b"1", b"2")
    bridge_until(settings, lambda: take_jobs(settings, jobs) >= 2)
    produce(settings, b"3")
    bridge_until(settings, lambda: take_jobs(settings, jobs) >= 3)
    assert sorted(jobs) == ["1", "2", "3"]


def test_what_sqs_never_takes_is_set_aside_unchanged_with_the_reason(settings: Settings) -> None:
    jobs: list[str] = []
    large = b"x" * (MAX_BYTES + 1)
    produce(settings, b"\xff", b"", None, b"a\x00b", large, b"fine")
    bridge_until(settings, lambda: take_jobs(settings, jobs) >= 1 and len(set_aside(settings)) == 5)
    records = set_aside(settings)
    assert jobs == ["fine"]
    assert sorted(record.value for record in records) == [b"", b"", b"a\x00b", large, b"\xff"]
    assert {dict(record.headers)["trace"] for record in records} == {b"1"}
    groups = {dict(record.headers)["dead-letter-consumer-group"] for record in records}
    assert groups == {settings.bridge_group.encode()}
    reasons = b"".join(dict(record.headers)["dead-letter-reason"] for record in records)
    assert b"no empty message" in reasons
    assert b"1048577 bytes are more than SQS takes" in reasons


def test_a_header_without_a_value_is_set_aside_too(settings: Settings) -> None:
    produce(settings, b"")
    (record,) = read_all(settings, settings.topic)
    with DeadLetters(settings) as dead_letters:
        dead_letters.add(record._replace(headers=[("trace", None)]), "SQS takes no empty message")
    (dead,) = set_aside(settings)
    assert dict(dead.headers)["trace"] == b""  # the client sends none without a value


def test_nothing_is_committed_while_sqs_does_not_answer(settings: Settings) -> None:
    jobs: list[str] = []
    produce(settings, b"1", b"2")
    away = replace(settings, endpoint_url="http://127.0.0.1:9")
    with pytest.raises(Exception, match="connect"):
        bridge(away, threading.Event())
    bridge_until(settings, lambda: take_jobs(settings, jobs) >= 2)
    assert sorted(jobs) == ["1", "2"]


def test_a_queue_or_a_topic_that_is_missing_is_named(settings: Settings) -> None:
    with pytest.raises(MissingError, match="no such queue: nowhere"):
        bridge(replace(settings, queue_name="nowhere"), threading.Event())
    with pytest.raises(MissingError, match="no such topic: none, nowhere"):
        require_topics(replace(settings, topic="nowhere", dead_letter_topic="none"))
