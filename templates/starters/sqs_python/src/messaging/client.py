"""The SQS client of this project, and the address of a queue."""

from __future__ import annotations

from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

from messaging.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient


def sqs_client(settings: Settings) -> SQSClient:
    config = Config(
        retries={"mode": "standard", "total_max_attempts": 5},
        connect_timeout=5,
        read_timeout=settings.wait_time_seconds + 10,  # a long poll is silent for its whole wait
        max_pool_connections=2 * settings.worker_count + 1,
    )
    if settings.endpoint_url and settings.endpoint_url.startswith("http://"):
        # Not AWS, and not encrypted: a local server must not be shown anybody's real keys.
        return boto3.client(
            "sqs",
            region_name=settings.region,
            endpoint_url=settings.endpoint_url,
            aws_access_key_id="local",
            aws_secret_access_key="local",
            config=config,
        )
    return boto3.client("sqs", region_name=settings.region, endpoint_url=settings.endpoint_url, config=config)


def queue_url(client: SQSClient, name: str) -> str:
    try:
        return client.get_queue_url(QueueName=name)["QueueUrl"]
    except client.exceptions.QueueDoesNotExist:
        raise SystemExit(f"no such queue: {name} (python -m messaging.create_queues makes it)") from None
