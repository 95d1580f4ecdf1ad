"""The clients of this project, and the address of a queue."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from messaging.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient


class MissingError(Exception):
    """Something that the project needs is not there; the message says how to make it."""


@contextmanager
def exit_where_missing() -> Iterator[None]:
    """For programs, which end with that message alone."""
    try:
        yield
    except MissingError as error:
        raise SystemExit(str(error)) from None


def sqs_client(settings: Settings) -> SQSClient:
    return boto3.client("sqs", **_arguments(settings))


def sns_client(settings: Settings) -> SNSClient:
    return boto3.client("sns", **_arguments(settings))


def _arguments(settings: Settings) -> dict[str, Any]:
    config = Config(
        retries={"mode": "standard", "total_max_attempts": 5},
        connect_timeout=5,
        read_timeout=settings.wait_time_seconds + 10,  # a long poll is silent for its whole wait
        max_pool_connections=2 * settings.worker_count + 1,
    )
    arguments = {"region_name": settings.region, "endpoint_url": settings.endpoint_url, "config": config}
    if settings.endpoint_url and settings.endpoint_url.startswith("http://"):
        # Not AWS, and not encrypted: a local server must not be shown anybody's real keys.
        return arguments | {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return arguments


def queue_url(client: SQSClient, name: str) -> str:
    try:
        return client.get_queue_url(QueueName=name)["QueueUrl"]
    except client.exceptions.QueueDoesNotExist:
        raise MissingError(f"no such queue: {name} (python -m messaging.create_queues makes it)") from None


def topic_arn(client: SQSClient, settings: Settings) -> str:
    """The topic is in the queue's account and Region. Asking SNS would need the right to list or to create topics."""
    url = queue_url(client, settings.queue_name)
    queue_arn = client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    partition, region, account = queue_arn.split(":")[1], *queue_arn.split(":")[3:5]
    return f"arn:{partition}:sns:{region}:{account}:{settings.topic_name}"
