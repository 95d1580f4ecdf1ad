"""The producer and the consumer against a real server."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from messaging.client import MissingError, queue_url, sqs_client
from messaging.consumer import consume
from messaging.create_queues import create_queues
from messaging.message import Handle, Message, Unprocessable
from messaging.producer import Producer, SendFailedError
from messaging.settings import Settings

PATIENCE_SECONDS = 30


def send(settings: Settings, *bodies: Any, group: str = "g") -> None:
    producer = Producer(settings)
    for body in bodies:
        producer.send(body, group=group)
    producer.flush()


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
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_enough() and not problems and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    thread.join(PATIENCE_SECONDS)
    assert not problems, problems
    assert is_enough()


def left_in(settings: Settings, queue: str) -> int:
    client = sqs_client(settings)
    attributes = client.get_queue_attributes(
        QueueUrl=queue_url(client, queue),
        AttributeNames=["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"],
    )["Attributes"]
    return sum(map(int, attributes.values()))


def dead_letter(settings: Settings) -> tuple[str, dict[str, str]]:
    client = sqs_client(settings)
    (message,) = client.receive_message(
        QueueUrl=queue_url(client, settings.dead_letter_queue_name),
        WaitTimeSeconds=5,
        MessageAttributeNames=["All"],
    )["Messages"]
    return message["Body"], {name: value["StringValue"] for name, value in message["MessageAttributes"].items()}


def test_what_is_sent_is_handled_once_and_deleted(standard: Settings) -> None:
    seen: list[int] = []
    send(standard, *range(35))
    consume_until(standard, lambda message: seen.append(message.body), lambda: len(seen) >= 35)
    assert sorted(seen) == list(range(35))
    assert left_in(standard, standard.queue_name) == 0


def test_a_failing_message_is_tried_again_and_then_set_aside_with_its_reason(standard: Settings) -> None:
    attempts: list[int] = []

    def handle(message: Message) -> None:
        attempts.append(message.receive_count)
        raise ValueError("no such\x00 invoice")

    send(standard, "poison")
    consume_until(standard, handle, lambda: left_in(standard, standard.dead_letter_queue_name) == 1)
    assert attempts == [1, 2, 3]
    body, attributes = dead_letter(standard)
    assert body == '"poison"'
    assert attributes["DeadLetterReason"] == "ValueError: no such  invoice"
    assert attributes["DeadLetterAttempts"] == "3"
    assert left_in(standard, standard.queue_name) == 0


def test_what_is_not_json_is_set_aside_at_once_and_unchanged(standard: Settings) -> None:
    client = sqs_client(standard)
    client.send_message(QueueUrl=queue_url(client, standard.queue_name), MessageBody="not json")
    seen: list[Message] = []
    consume_until(standard, seen.append, lambda: left_in(standard, standard.dead_letter_queue_name) == 1)
    body, attributes = dead_letter(standard)
    assert (body, seen) == ("not json", [])
    assert attributes["DeadLetterReason"].startswith("Unprocessable: not JSON")
    assert attributes["DeadLetterAttempts"] == "1"


def test_a_handler_slower_than_the_visibility_timeout_gets_its_message_once(standard: Settings) -> None:
    seen: list[str] = []

    def handle(message: Message) -> None:
        time.sleep(2.5 * standard.visibility_timeout_seconds)
        seen.append(message.body)

    send(standard, "slow")
    consume_until(standard, handle, lambda: len(seen) >= 1)
    assert seen == ["slow"]
    assert left_in(standard, standard.queue_name) == 0


def test_a_stop_gives_back_what_was_not_handled(standard: Settings) -> None:
    alone = replace(standard, worker_count=1, visibility_timeout_seconds=60)
    seen: list[int] = []

    def handle(message: Message) -> None:
        time.sleep(0.3)
        seen.append(message.body)

    send(alone, *range(10))
    consume_until(alone, handle, lambda: len(seen) >= 2)
    assert len(seen) < 10
    consume_until(alone, lambda message: seen.append(message.body), lambda: len(seen) >= 10)
    assert sorted(seen) == list(range(10))


def test_a_fifo_group_keeps_its_order_although_one_message_fails_twice(fifo: Settings) -> None:
    attempts: list[int] = []

    def handle(message: Message) -> None:
        attempts.append(message.body)
        if attempts.count(message.body) < 3 and message.body == 1:
            raise TimeoutError("not yet")

    send(fifo, *range(5))
    consume_until(fifo, handle, lambda: 4 in attempts)
    assert attempts == [0, 1, 1, 1, 2, 3, 4]


def test_a_fifo_message_is_set_aside_with_its_group(fifo: Settings) -> None:
    seen: list[str] = []

    def handle(message: Message) -> None:
        seen.append(message.body)
        if message.body == "poison":
            raise Unprocessable("never")

    send(fifo, "poison", "after")
    consume_until(fifo, handle, lambda: "after" in seen)
    assert seen == ["poison", "after"]
    assert dead_letter(fifo)[1]["DeadLetterReason"] == "Unprocessable: never"


def test_a_fifo_queue_takes_one_deduplication_id_once(fifo: Settings) -> None:
    seen: list[str] = []
    producer = Producer(fifo)
    for body, key in (("first", "a"), ("again", "a"), ("other", "b")):
        producer.send(body, group="g", deduplication_id=key)
    producer.flush()
    consume_until(fifo, lambda message: seen.append(message.body), lambda: "other" in seen)
    assert seen == ["first", "other"]


def test_a_batch_stays_below_the_limit_of_a_request(standard: Settings) -> None:
    seen: list[int] = []
    send(standard, *("x" * 300_000 for _ in range(8)))
    consume_until(standard, lambda message: seen.append(len(message.body)), lambda: len(seen) >= 8)
    assert seen == [300_000] * 8


def test_a_standard_queue_delays_only_the_messages_that_ask_for_it(standard: Settings) -> None:
    delaying = replace(standard, delay_seconds=5)
    create_queues(delaying)
    seen: list[str] = []
    producer, started = Producer(delaying), time.monotonic()
    producer.send("later", delay_seconds=3)
    producer.send("now")
    producer.flush()
    arrived: dict[str, float] = {}

    def handle(message: Message) -> None:
        seen.append(message.body)
        arrived[message.body] = time.monotonic() - started

    consume_until(delaying, handle, lambda: len(seen) >= 2)
    assert seen == ["now", "later"]
    assert arrived["now"] < 3 <= arrived["later"]


def test_a_fifo_queue_delays_all_messages_by_the_setting(fifo: Settings) -> None:
    create_queues(replace(fifo, delay_seconds=5))
    client = sqs_client(fifo)
    answer = client.get_queue_attributes(QueueUrl=queue_url(client, fifo.queue_name), AttributeNames=["DelaySeconds"])
    assert answer["Attributes"] == {"DelaySeconds": "5"}


@pytest.mark.parametrize("kind", ["standard", "fifo"])
def test_a_delay_beyond_what_the_settings_allow_is_refused(kind: str, request: pytest.FixtureRequest) -> None:
    settings: Settings = replace(request.getfixturevalue(kind), delay_seconds=5)
    for seconds in (-1, settings.message_delay_seconds_max + 1):
        with pytest.raises(ValueError, match="delay_seconds"):
            Producer(settings).send("late", delay_seconds=seconds)


def test_a_message_that_sqs_refuses_is_reported(standard: Settings) -> None:
    producer = Producer(standard)
    producer.send("fine")
    producer._batch.append({"Id": "refused", "MessageBody": "\x01"})  # a letter that SQS does not take
    with pytest.raises(SendFailedError, match="refused"):
        producer.flush()


def test_queues_are_created_once_and_brought_up_to_the_settings(standard: Settings) -> None:
    create_queues(standard)
    create_queues(replace(standard, visibility_timeout_seconds=77))
    client = sqs_client(standard)
    answer = client.get_queue_attributes(
        QueueUrl=queue_url(client, standard.queue_name), AttributeNames=["VisibilityTimeout"]
    )
    assert answer["Attributes"] == {"VisibilityTimeout": "77"}


def test_a_missing_queue_or_topic_is_named_by_an_error_that_no_thread_swallows(standard: Settings) -> None:
    with pytest.raises(MissingError, match="no such queue: nowhere"):
        Producer(replace(standard, queue_name="nowhere"))
    producer = Producer(replace(standard, topic_name="nowhere"))
    producer.send(1)
    with pytest.raises(MissingError, match="no such topic: arn:aws:sns:"):
        producer.flush()
