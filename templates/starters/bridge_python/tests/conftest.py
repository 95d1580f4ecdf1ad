"""Each test gets a topic, a group and a queue of its own, on whatever servers the settings or the environment name."""

import os
import uuid
from collections.abc import Iterator
from dataclasses import replace

import pytest
from kafka import KafkaAdminClient

from bridge.jobs import sqs_client
from bridge.kafka_connection import connection
from bridge.settings import Settings, load_settings


@pytest.fixture
def settings() -> Iterator[Settings]:
    name = f"test-{uuid.uuid4().hex}"
    settings = replace(
        load_settings(),
        topic=name,
        dead_letter_topic=f"{name}.dead-letters",
        bridge_group=name,
        queue_name=name,
        session_timeout_ms=int(os.environ.get("SESSION_TIMEOUT_MS", "6000")),
    )
    admin = KafkaAdminClient(**connection(settings))
    topics = {topic: {"num_partitions": 3} for topic in (name, settings.dead_letter_topic)}
    admin.create_topics(topics, wait_for_metadata=True)
    queue = sqs_client(settings).create_queue(QueueName=name)["QueueUrl"]
    yield settings
    sqs_client(settings).delete_queue(QueueUrl=queue)
    admin.delete_topics([name, settings.dead_letter_topic])
    admin.close()
