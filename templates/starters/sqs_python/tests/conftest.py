"""Each test gets queues of its own, on whatever server the settings or the environment name, and removes them."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest

from messaging.client import queue_url, sqs_client
from messaging.create_queues import create_queues
from messaging.settings import Settings, load_settings


def _made(fifo: bool) -> Iterator[Settings]:
    suffix = ".fifo" if fifo else ""
    name = f"test-{uuid.uuid4().hex}"
    settings = replace(
        load_settings(),
        queue_name=f"{name}{suffix}",
        dead_letter_queue_name=f"{name}-dead{suffix}",
        topic_name=None,
        fifo=fifo,
        content_based_deduplication=False,
        high_throughput_fifo=False,
        delay_seconds=0,
        wait_time_seconds=1,
        max_receive_count=3,
        visibility_timeout_seconds=3,
        worker_count=2,
    )
    create_queues(settings)
    yield settings
    client = sqs_client(settings)
    for queue in (settings.queue_name, settings.dead_letter_queue_name):
        client.delete_queue(QueueUrl=queue_url(client, queue))


@pytest.fixture
def standard() -> Iterator[Settings]:
    yield from _made(fifo=False)


@pytest.fixture
def fifo() -> Iterator[Settings]:
    yield from _made(fifo=True)
