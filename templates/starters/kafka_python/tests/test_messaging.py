"""The producer and the consumer against a real broker."""

import json
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer

from messaging.connection import MissingError, connection
from messaging.consumer import consume
from messaging.create_topics import create_topics, require_topics
from messaging.dead_letters import DeadLetters
from messaging.message import Handle, Message, Unprocessable
from messaging.producer import DeliveryFailedError, Producer
from messaging.send_samples import samples
from messaging.settings import Settings

PATIENCE_SECONDS = 30


def send(settings: Settings, *pairs: tuple[str, Any]) -> None:
    producer = Producer(settings)
    for key, value in pairs:
        producer.send(key, value)
    producer.close()


def consume_until(settings: Settings, handle: Handle, is_enough: Callable[[], bool]) -> None:
    """Run the consumer in a thread as the process would run it, until enough was seen."""
    stop = threading.Event()
    problems: list[BaseException] = []

    def run() -> None:
        try:
            consume(settings, handle, stop)
        except BaseException as error:
            problems.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    enough = threading.Event()
    for _ in range(PATIENCE_SECONDS * 10):
        if is_enough() or problems or enough.wait(0.1):
            break
    stop.set()
    thread.join(PATIENCE_SECONDS)
    assert not problems, problems
    assert is_enough()


def read_all(settings: Settings, topic: str) -> list[Any]:
    consumer = KafkaConsumer(
        topic, **connection(settings), auto_offset_reset="earliest", group_id=None, consumer_timeout_ms=2000
    )
    records = list(consumer)
    consumer.close()
    return records


def test_what_is_produced_is_consumed_in_order_of_its_key(settings: Settings) -> None:
    seen: list[Message] = []
    sent = [(sample["key"], sample["value"]) for sample in samples(50)]
    send(settings, *sent)
    consume_until(settings, seen.append, lambda: len(seen) >= 50)
    for key in {key for key, _ in sent}:
        assert [message.value for message in seen if message.key == key] == [v for k, v in sent if k == key]


def test_a_failing_message_is_tried_again_and_then_set_aside_with_its_reason(settings: Settings) -> None:
    attempts: list[str] = []
    done: list[str] = []

    def handle(message: Message) -> None:
        attempts.append(message.value)
        if message.value == "poison":
            raise ValueError("no such order")
        done.append(message.value)

    send(settings, ("k", "before"), ("k", "poison"), ("k", "after"))
    consume_until(settings, handle, lambda: "after" in done)
    assert attempts == ["before", *["poison"] * settings.max_attempts, "after"]
    (dead,) = read_all(settings, settings.dead_letter_topic)
    headers = dict(dead.headers)
    assert (dead.key, json.loads(dead.value)) == (b"k", "poison")
    assert headers["dead-letter-reason"] == b"ValueError: no such order"
    assert headers["dead-letter-attempts"] == str(settings.max_attempts).encode()
    assert headers["dead-letter-consumer-group"] == settings.consumer_group.encode()


def test_an_unprocessable_message_is_set_aside_at_the_first_attempt(settings: Settings) -> None:
    attempts: list[str] = []

    def handle(message: Message) -> None:
        attempts.append(message.value)
        if message.value == "poison":
            raise Unprocessable("never")

    send(settings, ("k", "poison"), ("k", "after"))
    consume_until(settings, handle, lambda: "after" in attempts)
    assert attempts == ["poison", "after"]


def test_what_is_not_json_is_set_aside_unchanged(settings: Settings) -> None:
    seen: list[Message] = []
    raw = KafkaProducer(**connection(settings))
    raw.send(settings.topic, key=b"k", value=b"\xff not json", headers=[("trace", b"1")]).get(timeout=10)
    raw.send(settings.topic, key=b"k", value=b'"after"').get(timeout=10)
    raw.close()
    consume_until(settings, seen.append, lambda: bool(seen))
    (dead,) = read_all(settings, settings.dead_letter_topic)
    assert dead.value == b"\xff not json"
    assert dict(dead.headers)["trace"] == b"1"
    assert dict(dead.headers)["dead-letter-reason"].startswith(b"Unprocessable: not JSON")


def test_a_header_without_a_value_and_half_a_letter_in_the_reason_are_set_aside_too(settings: Settings) -> None:
    send(settings, ("k", 1))
    (record,) = read_all(settings, settings.topic)
    with closing(DeadLetters(settings)) as dead_letters:
        dead_letters.add(record._replace(headers=[("trace", None)]), ValueError("\ud83d"), 1)
    (dead,) = read_all(settings, settings.dead_letter_topic)
    assert dict(dead.headers)["trace"] == b""  # the client sends none without a value
    assert dict(dead.headers)["dead-letter-reason"] == b"ValueError: ?"


def test_a_stopped_consumer_continues_where_it_stopped(settings: Settings) -> None:
    first: list[Message] = []
    second: list[Message] = []
    send(settings, ("k", 1), ("k", 2))
    consume_until(settings, first.append, lambda: len(first) == 2)
    send(settings, ("k", 3))
    consume_until(settings, second.append, lambda: bool(second))
    assert [message.value for message in second] == [3]


def test_a_batch_that_takes_too_long_is_cut_and_nothing_of_it_is_lost(settings: Settings) -> None:
    slow = replace(settings, max_poll_interval_ms=6000, session_timeout_ms=6000)
    seen: list[int] = []
    pause = threading.Event()

    def handle(message: Message) -> None:
        pause.wait(0.8)
        seen.append(message.value)

    send(slow, *(("k", number) for number in range(8)))
    consume_until(slow, handle, lambda: len(seen) >= 8)
    assert seen == list(range(8))


@pytest.fixture
def narrow(settings: Settings) -> Settings:
    """A topic that takes small records only."""
    narrow = replace(settings, topic=f"{settings.topic}-narrow")
    admin = KafkaAdminClient(**connection(settings))
    admin.create_topics({narrow.topic: {"num_partitions": 1, "configs": {"max.message.bytes": "1000"}}})
    admin.close()
    return narrow


def too_large() -> str:
    return secrets.token_hex(10_000)


def test_a_record_that_the_broker_refuses_is_reported(narrow: Settings) -> None:
    producer = Producer(narrow)
    producer.send("k", too_large())
    lost = f"1 records for {narrow.topic}, first: key k, MessageSizeTooLarge"
    with pytest.raises(DeliveryFailedError, match=lost) as caught:
        producer.close()
    assert [each.key for each in caught.value.lost] == ["k"]


def test_flush_waits_for_all_that_was_sent_and_tells_a_failure_once(narrow: Settings) -> None:
    producer = Producer(narrow)
    producer.send("k", "before")
    producer.flush()
    assert [record.value for record in read_all(narrow, narrow.topic)] == [b'"before"']
    producer.send("k", too_large())
    with pytest.raises(DeliveryFailedError, match="1 records"):
        producer.flush()
    producer.flush()
    producer.send("k", "after")
    producer.flush()
    assert [record.value for record in read_all(narrow, narrow.topic)] == [b'"before"', b'"after"']
    producer.close()


def test_send_tells_a_failure_once_and_before_it_hands_anything_over(narrow: Settings) -> None:
    producer = Producer(narrow)
    producer.send("lost", too_large())
    handed_over: list[str] = []
    told: list[str] = []
    for number in range(PATIENCE_SECONDS * 10):
        try:
            producer.send(str(number), number)
            handed_over.append(str(number))
            if told:
                break
        except DeliveryFailedError as error:
            told.extend(each.key for each in error.lost)
        time.sleep(0.1)
    producer.close()
    arrived = [record.key.decode() for record in read_all(narrow, narrow.topic)]
    assert told[0] == "lost"
    assert handed_over[-1] in arrived
    assert sorted(told[1:] + arrived, key=int) == handed_over


def test_threads_that_share_a_producer_lose_nothing_untold(narrow: Settings) -> None:
    producer = Producer(narrow)
    told: list[str] = []

    def work(thread: int) -> None:
        for number in range(30):
            key = f"{thread}-{number}"
            for _ in range(3):  # one that tells of earlier records has handed nothing over
                try:
                    producer.send(key, too_large() if number % 10 == 9 else number)
                    break
                except DeliveryFailedError as error:
                    told.extend(each.key for each in error.lost)
            else:
                told.append(key)

    threads = [threading.Thread(target=work, args=(thread,)) for thread in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE_SECONDS)
    try:
        producer.close()
    except DeliveryFailedError as error:
        told.extend(each.key for each in error.lost)
    arrived = [record.key.decode() for record in read_all(narrow, narrow.topic)]
    assert sorted(told + arrived) == sorted(f"{thread}-{number}" for thread in range(3) for number in range(30))


def test_flush_waits_for_a_batch_that_is_split_as_the_broker_takes_less(narrow: Settings) -> None:
    producer = Producer(replace(narrow, linger_ms=200))
    for number in range(20):
        producer.send("k", [number, secrets.token_hex(200)])
    producer.flush()
    assert [json.loads(record.value)[0] for record in read_all(narrow, narrow.topic)] == list(range(20))
    producer.close()


def test_what_a_transaction_took_back_is_never_handled(settings: Settings) -> None:
    seen: list[Message] = []
    writer = KafkaProducer(**connection(settings), transactional_id=settings.topic)
    writer.init_transactions()
    writer.begin_transaction()
    writer.send(settings.topic, key=b"k", value=b'"aborted"')
    writer.flush()
    writer.abort_transaction()
    writer.begin_transaction()
    writer.send(settings.topic, key=b"k", value=b'"committed"')
    writer.commit_transaction()
    writer.close()
    consume_until(settings, seen.append, lambda: any(message.value == "committed" for message in seen))
    assert [message.value for message in seen] == ["committed"]


def test_topics_are_created_once_and_a_missing_one_is_named(settings: Settings) -> None:
    create_topics(settings)
    require_topics(settings, settings.topic, settings.dead_letter_topic)
    with pytest.raises(MissingError, match="no such topic: nowhere"):
        require_topics(settings, settings.topic, "nowhere")
