"""Creates the topic of a fan-out and subscribes this project's queue to it. Safe to run again."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from messaging.client import queue_url, sns_client, sqs_client
from messaging.destination import TOPIC_BYTES
from messaging.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

log = logging.getLogger(__name__)


def create_topic(settings: Settings, topic_name: str) -> None:
    """Another reader of the topic is another queue: run this with another QUEUE_NAME and DEAD_LETTER_QUEUE_NAME."""
    sns, sqs = sns_client(settings), sqs_client(settings)
    topic = sns.create_topic(Name=topic_name, Attributes=_attributes(settings))["TopicArn"]
    if settings.max_message_bytes > TOPIC_BYTES:
        most = str(settings.max_message_bytes)
        sns.set_topic_attributes(TopicArn=topic, AttributeName="MaximumMessageSize", AttributeValue=most)
    queue = _let_it_send(sqs, topic, settings)
    # Raw: the queue gets the message as it was published, without SNS's envelope around it.
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=queue, Attributes={"RawMessageDelivery": "true"})
    log.info("subscribed", extra={"fields": {"topic": topic, "queue": queue}})


def _attributes(settings: Settings) -> dict[str, str]:
    if not settings.fifo:
        return {}
    by_content = str(settings.content_based_deduplication).lower()
    scope = {"FifoThroughputScope": "MessageGroup"} if settings.high_throughput_fifo else {}
    return {"FifoTopic": "true", "ContentBasedDeduplication": by_content, **scope}


def _let_it_send(sqs: SQSClient, topic: str, settings: Settings) -> str:
    """The queue's policy lets this topic send, and nothing else that was not let before; returns the queue's ARN."""
    url = queue_url(sqs, settings.queue_name)
    found = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn", "Policy"])["Attributes"]
    policy = json.loads(found.get("Policy") or '{"Version": "2012-10-17", "Statement": []}')
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": found["QueueArn"],
        "Condition": {"ArnEquals": {"aws:SourceArn": topic}},
    }
    if all(each.get("Condition") != statement["Condition"] for each in policy["Statement"]):
        policy["Statement"].append(statement)
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})
    return found["QueueArn"]
