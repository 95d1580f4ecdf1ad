"""Batches as Lambda writes them, handed over; what is set aside goes to a real server."""

import base64
from dataclasses import replace
from typing import Any

import pytest

from messaging.client import queue_url, sqs_client
from messaging.dead_letters import DeadLetters
from messaging.lambda_function import handle_batch
from messaging.message import Handle, Message, Unprocessable
from messaging.settings import Settings


def record(id_: str, body: str = '"fine"', *, receives: int = 1, group: str | None = None) -> dict[str, Any]:
    """One message of an event: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
    attributes = {
        "ApproximateReceiveCount": str(receives),
        "SentTimestamp": "1573251510774",
        "SenderId": "AIDAIO23YVJENQZJOL4VO",
        "ApproximateFirstReceiveTimestamp": "1573251510774",
    }
    ordered = {"SequenceNumber": "18849496460467696128", "MessageGroupId": group, "MessageDeduplicationId": id_}
    return {
        "messageId": id_,
        "receiptHandle": "AQEBwJnKyrHigUMZj6rYigCgxlaS3SLy0a...",
        "body": body,
        "attributes": {**attributes, **ordered} if group else attributes,
        "messageAttributes": {},
        "md5OfBody": "e4e68fb7bd0e697a0ae8f1bb342846b3",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:jobs",
        "awsRegion": "us-east-1",
    }


def returned(settings: Settings, handle: Handle, *records: dict[str, Any]) -> list[str]:
    """The ids of what is to come again."""
    dead_letters = DeadLetters(sqs_client(settings), settings)
    answer = handle_batch({"Records": list(records)}, handle, dead_letters, settings)
    assert list(answer) == ["batchItemFailures"]
    return [item["itemIdentifier"] for item in answer["batchItemFailures"]]


def set_aside(settings: Settings) -> dict[str, Any]:
    client = sqs_client(settings)
    found = client.receive_message(
        QueueUrl=queue_url(client, settings.dead_letter_queue_name),
        WaitTimeSeconds=1,
        MaxNumberOfMessages=10,
        MessageAttributeNames=["All"],
    )
    return {message["Body"]: message["MessageAttributes"] for message in found.get("Messages", [])}


def test_only_what_failed_comes_again(standard: Settings) -> None:
    seen: list[Message] = []

    def handle(message: Message) -> None:
        seen.append(message)
        if message.body == "bad":
            raise ValueError("not yet")

    assert returned(standard, handle, record("1"), record("2", '"bad"', receives=2), record("3")) == ["2"]
    assert seen[1] == Message(id="2", body="bad", group=None, receive_count=2)
    assert [message.id for message in seen] == ["1", "2", "3"]
    assert set_aside(standard) == {}


def test_what_failed_for_the_last_time_or_can_never_succeed_is_set_aside_with_its_reason(standard: Settings) -> None:
    def handle(_: Message) -> None:
        raise ValueError("no such invoice")

    last = record("1", '"last"', receives=standard.max_receive_count)
    last["messageAttributes"] = {
        "shop": {"stringValue": "9", "stringListValues": [], "binaryListValues": [], "dataType": "Number"},
        "seal": {
            "binaryValue": base64.b64encode(b"\x00\xff").decode(),
            "stringListValues": [],
            "binaryListValues": [],
            "dataType": "Binary",
        },
    }
    assert returned(standard, handle, last, record("2", "not json")) == []
    aside = set_aside(standard)
    assert aside['"last"']["DeadLetterReason"]["StringValue"] == "ValueError: no such invoice"
    assert aside['"last"']["DeadLetterAttempts"]["StringValue"] == str(standard.max_receive_count)
    assert aside['"last"']["shop"] == {"DataType": "Number", "StringValue": "9"}
    assert aside['"last"']["seal"]["BinaryValue"] == b"\x00\xff"
    assert aside["not json"]["DeadLetterReason"]["StringValue"].startswith("Unprocessable: not JSON")


def test_what_cannot_be_set_aside_comes_again(fifo: Settings) -> None:
    unfit = replace(fifo, fifo=False)  # its dead-letter queue refuses what has no group
    assert returned(unfit, lambda _: None, record("1", "not json"), record("2")) == ["1"]


def test_a_fifo_message_that_comes_again_takes_those_of_its_group_behind_it_along(fifo: Settings) -> None:
    seen: list[str] = []

    def handle(message: Message) -> None:
        seen.append(message.id)
        if message.id == "a2":
            raise TimeoutError("not yet")

    batch = [record(id_, group=id_[0]) for id_ in ("a1", "a2", "b1", "a3", "b2", "a4")]
    assert returned(fifo, handle, *batch) == ["a2", "a3", "a4"]
    assert seen == ["a1", "a2", "b1", "b2"]


def test_a_fifo_message_that_is_set_aside_holds_up_nobody(fifo: Settings) -> None:
    def handle(message: Message) -> None:
        if message.id == "a1":
            raise Unprocessable("never")

    assert returned(fifo, handle, record("a1", group="a"), record("a2", group="a")) == []
    assert len(set_aside(fifo)) == 1


@pytest.mark.parametrize("group", ["tenant-1", None])
def test_groups_of_a_standard_queue_are_no_order(standard: Settings, group: str | None) -> None:
    def handle(message: Message) -> None:
        if message.id == "1":
            raise TimeoutError("not yet")

    assert returned(standard, handle, record("1", group=group), record("2", group=group)) == ["1"]
