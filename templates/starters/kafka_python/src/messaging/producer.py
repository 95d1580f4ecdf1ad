"""Produces records: every delivery is checked, and what did not arrive is told once, by the next call."""

import json
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kafka import KafkaProducer
from kafka.errors import UnknownError

from messaging.connection import connection
from messaging.metrics import count
from messaging.settings import Settings

MAX_UNCONFIRMED = 10_000  # kafka-python 3 buffers without a limit: this is ours


@dataclass(frozen=True, slots=True)
class Lost:
    """A record that was not confirmed."""

    key: str
    error: BaseException


class DeliveryFailedError(Exception):
    """The broker did not confirm these records; they may be lost."""

    def __init__(self, topic: str, lost: Sequence[Lost]) -> None:
        self.lost = tuple(lost)
        first = self.lost[0]
        super().__init__(f"{len(self.lost)} records for {topic}, first: key {first.key}, {first.error!r}")


class Producer:
    """Safe for use by several threads; a failure is told to the one that calls next."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._turn = threading.Lock()
        self._lost: list[Lost] = []
        self._room = threading.BoundedSemaphore(MAX_UNCONFIRMED)
        self._client: Any = self._connect()

    def send(self, key: str, value: Any) -> None:
        """Hand over one record; records with the same key keep their order.

        Where an earlier one was lost that is raised instead, once, and this one is not handed over.
        """
        with self._turn:
            self._raise_lost()
            self._hand_over(key, json.dumps(value).encode())

    def flush(self) -> None:
        """Wait until all that was handed over is confirmed, and raise what was not. Call it before you rely on it."""
        _wait_for(self._client)
        with self._turn:
            self._raise_lost()

    def close(self) -> None:
        """Flush, and disconnect."""
        with self._turn:
            self._disconnect()
            self._raise_lost()

    def _hand_over(self, key: str, value: bytes) -> None:
        self._client = self._client or self._connect()
        self._room.acquire()
        try:
            future = self._client.send(self._settings.topic, key=key.encode(), value=value)
        except BaseException:
            self._room.release()
            raise
        future.add_both(lambda _: self._room.release())
        future.add_callback(lambda _: count("sent"))
        future.add_errback(lambda error: self._lost.append(Lost(key, error)))

    def _raise_lost(self) -> None:
        """Once, with all that was under way: a client that is idempotent refuses whatever comes after a refusal.

        So the next record gets a new client, when the old one has settled its last: else they could change places.
        """
        if not self._lost:
            return
        self._disconnect()
        lost, self._lost = self._lost, []
        raise DeliveryFailedError(self._settings.topic, lost)

    def _disconnect(self) -> None:
        client, self._client = self._client, None
        if client:
            _wait_for(client)
            client.close()

    def _connect(self) -> Any:
        settings = self._settings
        return KafkaProducer(
            **connection(settings),
            acks=settings.acks if settings.acks == "all" else int(settings.acks),
            enable_idempotence=settings.enable_idempotence,
            linger_ms=settings.linger_ms,
            max_request_size=settings.max_record_bytes,
            compression_type=None if settings.compression_type == "none" else settings.compression_type,
            allow_auto_create_topics=False,
            max_block_ms=15_000,
        )


def _wait_for(client: Any) -> None:
    """Its flush() raises no failed delivery: only the futures know."""
    while client:
        try:
            client.flush()
            return
        except UnknownError:  # it split a batch of which the broker takes less, and does not wait for the parts
            continue
