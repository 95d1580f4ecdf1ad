"""Where the producer puts its batches: the queue, or the topic that copies each message into its readers' queues."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from messaging.client import MissingError, queue_url, sns_client, sqs_client, topic_arn
from messaging.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef as Entry

# Of one batch: docs.aws.amazon.com, "Amazon SQS message quotas" and the SNS API's PublishBatch, which takes more where
# the topic's MaximumMessageSize was raised.
QUEUE_BYTES, TOPIC_BYTES = 1_048_576, 262_144


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """`put` returns what was refused, each with its Id and whether that is the SenderFault."""

    client: Any
    max_bytes: int
    put: Callable[[Sequence[Entry]], list[dict[str, Any]]]


def find_destination(settings: Settings) -> Destination:
    return _topic(settings) if settings.topic_name else _queue(settings)


def _queue(settings: Settings) -> Destination:
    client = sqs_client(settings)
    url = queue_url(client, settings.queue_name)

    def put(entries: Sequence[Entry]) -> list[dict[str, Any]]:
        return [dict(each) for each in client.send_message_batch(QueueUrl=url, Entries=entries).get("Failed", [])]

    return Destination(client=client, max_bytes=QUEUE_BYTES, put=put)


def _topic(settings: Settings) -> Destination:
    client = sns_client(settings)
    arn = topic_arn(sqs_client(settings), settings)

    def put(entries: Sequence[Entry]) -> list[dict[str, Any]]:
        renamed = [_publishable(dict(entry)) for entry in entries]
        try:
            answer = client.publish_batch(TopicArn=arn, PublishBatchRequestEntries=renamed)
        except client.exceptions.NotFoundException:
            raise MissingError(f"no such topic: {arn} (python -m messaging.create_queues makes it)") from None
        return [dict(each) for each in answer.get("Failed", [])]

    return Destination(client=client, max_bytes=max(TOPIC_BYTES, settings.max_message_bytes), put=put)


def _publishable(entry: dict[str, Any]) -> Any:
    """SNS calls a body a message."""
    return {"Message" if name == "MessageBody" else name: value for name, value in entry.items()}
