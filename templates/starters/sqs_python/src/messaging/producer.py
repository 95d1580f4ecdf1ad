"""Sends messages in batches: what SQS did not take is sent again, by this flush() or by the next one."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from messaging.destination import find_destination
from messaging.metrics import count
from messaging.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef as Entry

MAX_ENTRIES = 10  # of one batch
ATTEMPTS = 5


class SendFailedError(Exception):
    """SQS did not take all: what it never will is in `dropped`, as JSON, the rest stays for the next flush."""

    def __init__(self, said: str, dropped: Sequence[str]) -> None:
        super().__init__(said)  # without what is in a message: errors end up in logs
        self.dropped = tuple(dropped)


class Producer:
    """Threads may share one: it sends for one of them at a time, and the others wait."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._destination = find_destination(settings)
        self._lock = threading.Lock()  # held while sending too: a flush waits for what another thread has in hand
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
        entry = self._entry(json.dumps(body), group, deduplication_id, delay_seconds)
        with self._lock:
            if self._is_full(entry):
                self._flush()  # where it raises, this message is not taken: the caller may send it again
            self._batch.append(entry)

    def flush(self) -> None:
        """Return when all that was sent is stored, whoever sent it. Call it before you rely on it, and at the end."""
        with self._lock:
            self._flush()

    def _entry(self, text: str, group: str, deduplication_id: str | None, delay_seconds: int) -> Entry:
        """Refuses what is too large, as it would fail each batch that it is in."""
        if len(text) > self._destination.max_bytes:
            raise ValueError(f"body: {len(text)} bytes are more than the {self._destination.max_bytes} of a batch")
        entry: Entry = {"Id": uuid.uuid4().hex, "MessageBody": text}
        if delay_seconds:
            entry["DelaySeconds"] = delay_seconds
        if self._settings.fifo:
            entry["MessageGroupId"] = group
            if deduplication_id or not self._settings.content_based_deduplication:
                entry["MessageDeduplicationId"] = deduplication_id or entry["Id"]
        return entry

    def _flush(self) -> None:
        """A message leaves the batch once SQS took it, or with the error that has it: no failure forgets one."""
        hopeless: dict[str, str] = {}
        for attempt in range(ATTEMPTS):
            waiting = [entry for entry in self._batch if entry["Id"] not in hopeless]
            if not waiting:
                break
            time.sleep(0.1 * 2**attempt if attempt else 0)
            failed = self._destination.put(waiting)
            count("sent", len(waiting) - len(failed))
            hopeless |= {each["Id"]: _reason(each) for each in failed if each["SenderFault"]}
            left = hopeless.keys() | {each["Id"] for each in failed}
            self._batch = [entry for entry in self._batch if entry["Id"] in left]
        self._report(hopeless)

    def _report(self, hopeless: dict[str, str]) -> None:
        """Drop the hopeless, and raise where something was not taken."""
        never = [entry for entry in self._batch if entry["Id"] in hopeless]
        said = [f"dropped for good: {len(each['MessageBody'])} letters ({hopeless[each['Id']]})" for each in never]
        self._batch = [entry for entry in self._batch if entry["Id"] not in hopeless]
        if self._batch:
            said.append(f"{len(self._batch)} messages, refused {ATTEMPTS} times: the next flush sends them again")
        if said:
            raise SendFailedError("; ".join(said), [entry["MessageBody"] for entry in never])

    def _is_full(self, entry: Entry) -> bool:
        if len(self._batch) == MAX_ENTRIES:
            return True
        if sum(len(other["MessageBody"]) for other in (*self._batch, entry)) > self._destination.max_bytes:
            return bool(self._batch)
        # One of each group at a time: were the first of two refused and the second taken, their order would be lost.
        return self._settings.fifo and any(other["MessageGroupId"] == entry["MessageGroupId"] for other in self._batch)


def _reason(failure: dict[str, Any]) -> str:
    return f"{failure['Code']}: {failure.get('Message', '')}"
