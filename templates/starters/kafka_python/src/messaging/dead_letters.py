"""Sets records aside that cannot be handled: unchanged, with the reason and their origin in the headers."""

import logging
from typing import Any

from kafka import KafkaProducer

from messaging.connection import connection
from messaging.metrics import count
from messaging.settings import Settings

log = logging.getLogger(__name__)
MAX_REASON = 500
# What came compressed may be more than the client, and then a broker, takes otherwise.
MAX_BYTES = 32 * 1_048_576


class DeadLetters:
    def __init__(self, settings: Settings) -> None:
        self._topic, self._group = settings.dead_letter_topic, settings.consumer_group
        self._producer = KafkaProducer(
            **connection(settings),
            acks="all",
            allow_auto_create_topics=False,
            max_request_size=max(MAX_BYTES, settings.dead_letter_max_record_bytes),
            compression_type="gzip",
        )

    def add(self, record: Any, error: Exception, attempts: int) -> None:
        """Return only when the broker has confirmed: the caller commits the original next."""
        reason = f"{type(error).__name__}: {error}"[:MAX_REASON]
        origin = {
            "dead-letter-reason": reason,
            "dead-letter-attempts": attempts,
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
            headers=[*theirs, *((name, str(value).encode(errors="replace")) for name, value in origin.items())],
        ).get(timeout=30)
        count("dead_lettered")
        log.error("set aside", extra={"fields": origin})

    def close(self) -> None:
        self._producer.close(timeout=5)  # with what could not be set aside it would wait for long
