"""A batch of which SQS takes only a part: no local server does that, so its answers are given by botocore's Stubber."""

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.stub import ANY, Stubber

from messaging.attempts import finish
from messaging.client import sqs_client
from messaging.dead_letters import DeadLetters
from messaging.hold import Hold
from messaging.message import Message
from messaging.producer import Producer, SendFailedError
from messaging.settings import Settings


def failure(id_: str, *, sender_fault: bool) -> dict[str, Any]:
    return {"Id": id_, "SenderFault": sender_fault, "Code": "InternalError", "Message": "try again"}


def test_only_what_was_refused_is_sent_again(standard: Settings) -> None:
    producer = Producer(standard)
    producer.send(1)
    producer.send(2)
    first, second = producer._batch
    with Stubber(producer._destination.client) as sqs:
        sqs.add_response(
            "send_message_batch",
            {"Successful": [], "Failed": [failure(first["Id"], sender_fault=False)]},
            {"QueueUrl": ANY, "Entries": [first, second]},
        )
        sqs.add_response("send_message_batch", {"Successful": [], "Failed": []}, {"QueueUrl": ANY, "Entries": [first]})
        producer.flush()
        sqs.assert_no_pending_responses()


def test_what_is_refused_for_ever_is_reported(standard: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.producer.ATTEMPTS", 2)
    producer = Producer(standard)
    producer.send(1)
    (entry,) = producer._batch
    with Stubber(producer._destination.client) as sqs:
        for _ in range(2):
            answer = {"Successful": [], "Failed": [failure(entry["Id"], sender_fault=False)]}
            sqs.add_response("send_message_batch", answer)
        with pytest.raises(SendFailedError, match="1 messages, refused 2 times"):
            producer.flush()


def refusing_all(sqs: Stubber, producer: Producer) -> None:
    failed = [failure(entry["Id"], sender_fault=False) for entry in producer._batch]
    sqs.add_response("send_message_batch", {"Successful": [], "Failed": failed})


def expecting(sqs: Stubber, *entries: Any, failed: Sequence[dict[str, Any]] = ()) -> None:
    asked = {"QueueUrl": ANY, "Entries": list(entries)}
    sqs.add_response("send_message_batch", {"Successful": [], "Failed": list(failed)}, asked)


def test_what_one_flush_could_not_send_is_sent_by_the_next_before_anything_later(
    fifo: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.producer.ATTEMPTS", 1)
    producer = Producer(fifo)
    producer.send(1, group="a")
    producer.send(2, group="b")
    first, second = producer._batch
    with Stubber(producer._destination.client) as sqs:
        sqs.add_client_error("send_message_batch", "ServiceUnavailable")
        with pytest.raises(ClientError, match="ServiceUnavailable"):
            producer.flush()
        expecting(sqs, first, second, failed=[failure(second["Id"], sender_fault=False)])
        with pytest.raises(SendFailedError, match="1 messages"):
            producer.flush()
        producer.send(3, group="c")
        expecting(sqs, second, producer._batch[-1])
        producer.flush()
        sqs.assert_no_pending_responses()


def test_a_group_waits_for_its_message_that_was_not_sent(fifo: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("messaging.producer.ATTEMPTS", 1)
    producer = Producer(fifo)
    producer.send(1, group="a")
    (first,) = producer._batch
    with Stubber(producer._destination.client) as sqs:
        for _ in range(2):
            refusing_all(sqs, producer)
            with pytest.raises(SendFailedError):
                producer.send(2, group="a")
            assert producer._batch == [first]
        expecting(sqs, first)
        producer.send(2, group="a")
        assert [entry["MessageBody"] for entry in producer._batch] == ["2"]


def test_what_does_not_fit_beside_what_was_not_sent_is_not_taken(
    standard: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.producer.ATTEMPTS", 1)
    producer = Producer(standard)
    for number in range(10):
        producer.send(number)
    with Stubber(producer._destination.client) as sqs:
        for _ in range(2):
            refusing_all(sqs, producer)
            with pytest.raises(SendFailedError, match="10 messages"):
                producer.send("one more")
    assert [entry["MessageBody"] for entry in producer._batch] == [str(number) for number in range(10)]


def test_a_message_that_can_never_be_sent_comes_with_the_error_and_what_came_beside_it_is_sent(
    standard: Settings,
) -> None:
    producer = Producer(standard)
    for body in ("bad", "slow", "fine"):
        producer.send(body)
    bad, slow, fine = producer._batch
    failed = [failure(bad["Id"], sender_fault=True), failure(slow["Id"], sender_fault=False)]
    with Stubber(producer._destination.client) as sqs:
        expecting(sqs, bad, slow, fine, failed=failed)
        expecting(sqs, slow)
        with pytest.raises(SendFailedError) as raised:
            producer.flush()
        producer.flush()
        sqs.assert_no_pending_responses()
    assert raised.value.dropped == ('"bad"',)
    assert str(raised.value) == "dropped for good: 5 letters (InternalError: try again)"


def test_a_message_that_can_never_be_sent_is_named_even_where_the_connection_broke_first(standard: Settings) -> None:
    producer = Producer(standard)
    for body in ("bad", "slow"):
        producer.send(body)
    bad, slow = producer._batch
    failed = [failure(bad["Id"], sender_fault=True), failure(slow["Id"], sender_fault=False)]
    with Stubber(producer._destination.client) as sqs:
        expecting(sqs, bad, slow, failed=failed)
        sqs.add_client_error("send_message_batch", "ServiceUnavailable")
        with pytest.raises(ClientError, match="ServiceUnavailable"):
            producer.flush()
        expecting(sqs, bad, slow, failed=failed[:1])
        with pytest.raises(SendFailedError) as raised:
            producer.flush()
    assert raised.value.dropped == ('"bad"',)


def test_a_message_larger_than_any_batch_is_refused_at_once(standard: Settings) -> None:
    producer = Producer(standard)
    with pytest.raises(ValueError, match="body: 1048577 bytes"):
        producer.send("x" * (producer._destination.max_bytes - 1))
    assert producer._batch == []


def test_a_flush_waits_for_what_another_thread_has_in_hand(standard: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked, answered = threading.Event(), threading.Event()
    sent: list[str] = []

    def put(entries: Sequence[Any]) -> list[dict[str, Any]]:
        asked.set()
        answered.wait(10)
        sent.extend(entry["MessageBody"] for entry in entries)
        return []

    producer = Producer(standard)
    monkeypatch.setattr(producer, "_destination", replace(producer._destination, put=put))
    producer.send(1)
    with ThreadPoolExecutor(3) as pool:
        theirs = pool.submit(producer.flush)
        assert asked.wait(10)
        ours, later = pool.submit(producer.flush), pool.submit(producer.send, 2)
        time.sleep(0.2)
        assert [each.done() for each in (theirs, ours, later)] == [False, False, False]
        answered.set()
    for each in (theirs, ours, later):
        each.result()
    producer.flush()
    assert sent == ["1", "2"]


def test_only_what_was_not_deleted_is_deleted_again(standard: Settings, caplog: pytest.LogCaptureFixture) -> None:
    client = sqs_client(standard)
    messages: Any = [{"MessageId": id_, "ReceiptHandle": f"receipt of {id_}"} for id_ in ("a", "b", "c")]
    entries = [{"Id": id_, "ReceiptHandle": f"receipt of {id_}"} for id_ in ("a", "b")]
    with Stubber(client) as sqs, caplog.at_level(logging.WARNING):
        sqs.add_response(
            "delete_message_batch",
            {"Successful": [], "Failed": [failure("b", sender_fault=False)]},
            {"QueueUrl": "queue", "Entries": entries},
        )
        sqs.add_response(
            "delete_message_batch",
            {"Successful": [], "Failed": [failure("b", sender_fault=True)]},
            {"QueueUrl": "queue", "Entries": entries[1:]},
        )
        given_back = [{"Id": "c", "ReceiptHandle": "receipt of c", "VisibilityTimeout": 0}]
        sqs.add_response(
            "change_message_visibility_batch",
            {"Successful": [], "Failed": []},
            {"QueueUrl": "queue", "Entries": given_back},
        )
        with Hold(client, "queue", messages, 30) as hold:
            hold.done(messages[0])
            hold.done(messages[1])
        sqs.assert_no_pending_responses()
    assert [record.getMessage() for record in caplog.records] == ["not deleted", "not deleted"]


def test_a_message_that_is_too_large_with_its_reason_is_set_aside_without_it(
    standard: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    client = sqs_client(standard)
    dead_letters = DeadLetters(client, standard)
    theirs = {"trace": {"DataType": "String", "StringValue": "t"}}
    (message,) = received("m1")
    message["MessageAttributes"] = theirs
    too_large = {"QueueUrl": ANY, "MessageBody": "1", "MessageAttributes": ANY}
    with Stubber(client) as sqs, caplog.at_level(logging.ERROR):
        sqs.add_client_error("send_message", "InvalidParameterValue", expected_params=too_large)
        sqs.add_response("send_message", {"MessageId": "d1"}, {**too_large, "MessageAttributes": theirs})
        dead_letters.add(message, ValueError("no such invoice"), 3)
        sqs.assert_no_pending_responses()
        sqs.add_client_error("send_message", "AccessDenied")
        with pytest.raises(ClientError, match="AccessDenied"):
            dead_letters.add(message, ValueError("no such invoice"), 3)
    (said,) = [record.__dict__["fields"] for record in caplog.records]
    assert said["reason"] == "ValueError: no such invoice"
    assert (said["id"], said["dead_letter_id"]) == ("m1", "d1")


def received(*ids: str) -> list[Any]:
    attributes = {"ApproximateReceiveCount": "3"}  # the last one that the settings of the tests allow
    return [{"MessageId": id_, "ReceiptHandle": f"of {id_}", "Body": "1", "Attributes": attributes} for id_ in ids]


def deletes(monkeypatch: pytest.MonkeyPatch, client: Any, *, failing: int) -> list[tuple[float, list[str]]]:
    """What is asked to be deleted and when, in seconds from now; the first calls do not reach SQS."""
    asked: list[tuple[float, list[str]]] = []
    started = time.monotonic()

    def delete(QueueUrl: str, Entries: list[dict[str, str]]) -> dict[str, Any]:  # noqa: N803 - boto3's names
        asked.append((time.monotonic() - started, [entry["Id"] for entry in Entries]))
        if len(asked) <= failing:
            raise EndpointConnectionError(endpoint_url=QueueUrl)
        return {}

    monkeypatch.setattr(client, "delete_message_batch", delete)
    return asked


@pytest.mark.parametrize("kind", ["standard", "fifo"])
def test_a_delete_that_fails_is_no_failure_of_the_handler_and_is_tried_again(
    kind: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    settings: Settings = request.getfixturevalue(kind)
    client, handled = sqs_client(settings), []
    asked = deletes(monkeypatch, client, failing=1)
    (message,) = received("m1")

    def handle(message: Message) -> None:
        handled.append(message.id)

    with Hold(client, "queue", [message], 30) as hold, caplog.at_level(logging.INFO):
        finish(message, handle, hold, DeadLetters(client, settings), settings, threading.Event())
        time.sleep(2.5)
    assert handled == ["m1"]
    assert [ids for _, ids in asked] == [["m1"], ["m1"]]
    assert [record.getMessage() for record in caplog.records] == ["not deleted"]


def test_what_is_done_is_deleted_while_the_next_message_takes_long(
    standard: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sqs_client(standard)
    asked = deletes(monkeypatch, client, failing=0)
    first, second = received("a", "b")
    with Hold(client, "queue", [first, second], 30) as hold:
        hold.done(first)
        time.sleep(2.5)
        hold.done(second)
    (at, ids), (_, last) = asked
    assert (ids, last) == (["a"], ["b"])
    assert at < 2


def test_what_could_not_be_deleted_at_the_end_is_not_given_back(
    standard: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = sqs_client(standard)
    deletes(monkeypatch, client, failing=1)
    given_back: list[dict[str, Any]] = []

    def change(QueueUrl: str, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: ARG001, N803
        given_back.extend(Entries)
        return {}

    monkeypatch.setattr(client, "change_message_visibility_batch", change)
    first, second = received("a", "b")
    with pytest.raises(EndpointConnectionError), Hold(client, "queue", [first, second], 30) as hold:
        hold.done(first)
    assert [entry["Id"] for entry in given_back] == ["b"]
