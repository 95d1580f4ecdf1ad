"""Creates the queue and its dead-letter queue, or brings their attributes up to the settings. Safe to run again.

With a topic_name, the topic as well.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING

from messaging.client import queue_url, sqs_client
from messaging.create_topic import create_topic
from messaging.logs import set_up_logs
from messaging.settings import Settings, load_settings_or_exit

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.literals import QueueAttributeNameType as Name

log = logging.getLogger(__name__)


def create_queues(settings: Settings) -> None:
    client = sqs_client(settings)
    dead_letters: dict[Name, str] = {"MessageRetentionPeriod": str(settings.dead_letter_retention_seconds)}
    url = _create(client, settings.dead_letter_queue_name, dead_letters, settings)
    arn = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = {"deadLetterTargetArn": arn, "maxReceiveCount": str(settings.max_receive_count)}
    attributes: dict[Name, str] = {
        "VisibilityTimeout": str(settings.visibility_timeout_seconds),
        "MessageRetentionPeriod": str(settings.message_retention_seconds),
        "ReceiveMessageWaitTimeSeconds": str(settings.wait_time_seconds),
        "DelaySeconds": str(settings.queue_delay_seconds),
        "RedrivePolicy": json.dumps(redrive),
    }
    if settings.fifo:
        attributes["ContentBasedDeduplication"] = str(settings.content_based_deduplication).lower()
    if settings.high_throughput_fifo:
        attributes |= {"DeduplicationScope": "messageGroup", "FifoThroughputLimit": "perMessageGroupId"}
    _create(client, settings.queue_name, attributes, settings)
    if settings.topic_name:
        create_topic(settings, settings.topic_name)


def _create(client: SQSClient, name: str, attributes: dict[Name, str], settings: Settings) -> str:
    kind: dict[Name, str] = {"FifoQueue": "true"} if settings.fifo else {}
    fields = {"queue": name, "attributes": attributes}
    try:
        url = client.create_queue(QueueName=name, Attributes=attributes | kind)["QueueUrl"]
        log.info("there", extra={"fields": fields})
    except client.exceptions.QueueNameExists:  # with other attributes
        url = queue_url(client, name)
        client.set_queue_attributes(QueueUrl=url, Attributes=attributes)
        log.warning("attributes changed", extra={"fields": fields})
    return url


def main() -> None:
    set_up_logs()
    create_queues(load_settings_or_exit())


if __name__ == "__main__":
    main()
