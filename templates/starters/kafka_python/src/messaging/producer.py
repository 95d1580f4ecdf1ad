"""Produces records: every delivery is checked, and close() reports what did not arrive."""

import json
import threading
from typing import Any

from kafka import KafkaProducer

from messaging.connection import connection
from messaging.metrics import count
from messaging.settings import Settings

MAX_UNCONFIRMED = 10_000  # kafka-python 3 buffers without a limit: this is ours


class DeliveryFailedError(Exception):
    """The broker did not confirm a record; it may be lost."""


class Producer:
    def __init__(self, settings: Settings) -> None:
        self._topic = settings.topic
        self._failures: list[BaseException] = []
        self._room = threading.BoundedSemaphore(MAX_UNCONFIRMED)
        self._producer = KafkaProducer(
            **connection(settings),
            acks=settings.acks if settings.acks == "all" else int(settings.acks),
            enable_idempotence=settings.enable_idempotence,
            linger_ms=settings.linger_ms,
            max_request_size=settings.max_record_bytes,
            compression_type=None if settings.compression_type == "none" else settings.compression_type,
            allow_auto_create_topics=False,
            max_block_ms=15_000,
        )

    def send(self, key: str, value: Any) -> None:
        """Hand over one record; records with the same key keep their order."""
        self._raise_failures()
        self._room.acquire()
        try:
            future = self._producer.send(self._topic, key=key.encode(), value=json.dumps(value).encode())
        except BaseException:
            self._room.release()
            raise
        future.add_both(lambda _: self._room.release())
        future.add_callback(lambda _: count("sent"))
        future.add_errback(self._failures.append)

    def close(self) -> None:
        """Wait for the last confirmation. flush() itself never raises: only the futures know."""
        self._producer.flush()
        self._producer.close()
        self._raise_failures()

    def _raise_failures(self) -> None:
        if self._failures:
            raise DeliveryFailedError(f"{len(self._failures)} records, first: {self._failures[0]!r}")
