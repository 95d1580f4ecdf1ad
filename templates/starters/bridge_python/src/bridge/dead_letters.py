"""Sets records aside that SQS will never take: unchanged, with the reason and their origin in the headers."""

from __future__ import annotations

import logging
from types import TracebackType
from typing import Any

from kafka import KafkaProducer

from bridge.kafka_connection import connection
from bridge.metrics import count
from bridge.settings import Settings

log = logging.getLogger(__name__)
# What came compressed may be more than the client, and then a broker, takes otherwise.
MAX_BYTES = 32 * 1_048_576  # as much as the client buffers


class DeadLetters:
    def __init__(self, settings: Settings) -> None:
        self._topic, self._group = settings.dead_letter_topic, settings.bridge_group
        self._producer = KafkaProducer(
            **connection(settings),
            acks="all",
            allow_auto_create_topics=False,
            max_request_size=MAX_BYTES,
            compression_type="gzip",
        )

    def __enter__(self) -> DeadLetters:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._producer.close(timeout=5)  # with what could not be set aside it would wait for long

    def add(self, record: Any, reason: str) -> None:
        """Return only when the broker has confirmed: the caller commits the original next."""
        origin = {
            "dead-letter-reason": reason,
            "dead-letter-attempts": 1,
            "dead-letter-topic": record.topic,
            "dead-letter-partition": record.partition,
            "dead-letter-offset": record.offset,
            "dead-letter-consumer-group": self._group,
        }
        theirs = ((name, value or b"") for name, value in record.headers)  # this client takes no header without a value
        self._producer.send(
            self._topic,
            key=record.key,
            value=b"" if record.value is None else record.value,  # neither key nor value would be refused
            headers=[*theirs, *((name, str(value).encode()) for name, value in origin.items())],
        ).get(timeout=30)
        count("dead_lettered")
        log.error("set aside", extra={"fields": origin})
