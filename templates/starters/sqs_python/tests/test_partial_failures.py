"""A batch of which SQS takes only a part: no local server does that, so its answers are given by botocore's Stubber."""

import logging
from typing import Any

import pytest
from botocore.stub import ANY, Stubber

from messaging.client import sqs_client
from messaging.hold import Hold
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
