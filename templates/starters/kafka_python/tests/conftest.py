"""Each test gets topics and a group of its own, on whatever broker the settings or the environment name."""

import os
import uuid
from dataclasses import replace

import pytest

from messaging.create_topics import create_topics
from messaging.settings import Settings, load_settings


@pytest.fixture
def settings() -> Settings:
    name = f"test-{uuid.uuid4().hex}"
    settings = replace(
        load_settings(),
        topic=name,
        dead_letter_topic=f"{name}.dead-letters",
        consumer_group=name,
        partitions=3,
        retry_backoff_ms=1,
        session_timeout_ms=int(os.environ.get("SESSION_TIMEOUT_MS", "6000")),
    )
    create_topics(settings)
    return settings
