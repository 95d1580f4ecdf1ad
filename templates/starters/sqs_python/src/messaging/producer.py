"""Sends messages in batches: what SQS did not take is sent again, and flush() reports what it never took."""

from __future__ import annotations

import json
import time
import uuid
from typing import TYPE_CHECKING, Any

from messaging.destination import find_destination
from messaging.metrics import count
from messaging.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef as Entry

MAX_ENTRIES = 10  # of one batch
ATTEMPTS = 5


class SendFailedError(Exception):
    """SQS did not take these messages."""


class Producer:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._destination = find_destination(settings)
        self._batch: list[Entry] = []

    def send(
        self, body: Any, *, group: str = "default", deduplication_id: str | None = None, delay_seconds: int = 0
    ) -> None:
        """Add to the batch. On a FIFO queue a group keeps its order, and one id is taken once in five minutes.

        A standard queue holds this message back for `delay_seconds`, up to the setting of that name.
        """
        most = self._settings.message_delay_seconds_max
        if not 0 <= delay_seconds <= most:
            raise ValueError(f"delay_seconds: {delay_seconds} is not between 0 and {most}, what the settings allow")
        entry: Entry = {"Id": uuid.uuid4().hex, "MessageBody": json.dumps(body)}
        if delay_seconds:
            entry["DelaySeconds"] = delay_seconds
        if self._settings.fifo:
            entry["MessageGroupId"] = group
            if deduplication_id or not self._settings.content_based_deduplication:
                entry["MessageDeduplicationId"] = deduplication_id or entry["Id"]
        if self._is_full(entry):
            self.flush()
        self._batch.append(entry)

    def flush(self) -> None:
        """Send what is waiting. Call it before you rely on it, and at the end."""
        waiting, self._batch = self._batch, []
        for attempt in range(ATTEMPTS):
            if not waiting:
                return
            time.sleep(0.1 * 2**attempt if attempt else 0)
            failed = self._destination.put(waiting)
            if any(failure["SenderFault"] for failure in failed):
                raise SendFailedError(failed)
            refused = {failure["Id"] for failure in failed}
            count("sent", len(waiting) - len(refused))
            waiting = [entry for entry in waiting if entry["Id"] in refused]
        if waiting:
            raise SendFailedError(f"{len(waiting)} messages, refused {ATTEMPTS} times")

    def _is_full(self, entry: Entry) -> bool:
        if len(self._batch) == MAX_ENTRIES:
            return True
        if sum(len(other["MessageBody"]) for other in (*self._batch, entry)) > self._destination.max_bytes:
            return bool(self._batch)
        # One of each group at a time: were the first of two refused and the second taken, their order would be lost.
        return self._settings.fifo and any(other["MessageGroupId"] == entry["MessageGroupId"] for other in self._batch)
