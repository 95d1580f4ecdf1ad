"""The messages in hand: kept invisible to others while they are worked on, then deleted or let go."""

from __future__ import annotations

import logging
import threading
import time
from types import TracebackType
from typing import TYPE_CHECKING

from messaging.health import Health

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import (
        ChangeMessageVisibilityBatchRequestEntryTypeDef,
        DeleteMessageBatchRequestEntryTypeDef,
        MessageTypeDef,
    )

log = logging.getLogger(__name__)
DELETE_ATTEMPTS = 3
DELETE_AFTER_SECONDS = 1.0  # finished work is deleted in batches, but never much later than this


class Hold:
    def __init__(
        self,
        client: SQSClient,
        url: str,
        messages: list[MessageTypeDef],
        visibility_seconds: int,
        health: Health | None = None,
    ) -> None:
        self._client, self._url, self._visibility_seconds = client, url, visibility_seconds
        self._health = health
        self._receipts = {message["MessageId"]: message["ReceiptHandle"] for message in messages}
        self._done: list[str] = []
        self._deleted_at = time.monotonic()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._keeper = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Hold:
        self._keeper.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over.set()
        self._keeper.join()
        try:
            self._delete_done()
        finally:
            self._set_visibility(list(self._receipts), 0)  # not handled: somebody else may have it now

    def done(self, message: MessageTypeDef) -> None:
        self._done.append(message["MessageId"])
        if time.monotonic() - self._deleted_at > DELETE_AFTER_SECONDS:
            self._delete_done()

    def let_go(self, message: MessageTypeDef, seconds: int) -> None:
        """Give it back; SQS delivers it again after so many seconds."""
        with self._lock:
            self._set_visibility([message["MessageId"]], seconds)
            del self._receipts[message["MessageId"]]

    def _keep(self) -> None:
        while not self._over.wait(self._visibility_seconds / 3):
            with self._lock:
                self._set_visibility(list(self._receipts), self._visibility_seconds)
            if self._health:
                self._health.beat()

    def _set_visibility(self, ids: list[str], seconds: int) -> None:
        entries: list[ChangeMessageVisibilityBatchRequestEntryTypeDef] = [
            {"Id": id_, "ReceiptHandle": self._receipts[id_], "VisibilityTimeout": seconds} for id_ in ids
        ]
        if not entries:
            return
        try:
            answer = self._client.change_message_visibility_batch(QueueUrl=self._url, Entries=entries)
        except Exception as error:  # the message comes again by itself, at worst too early: no reason to end
            log.warning("visibility not changed", extra={"fields": {"ids": ids, "error": repr(error)}})
            return
        for failure in answer.get("Failed", []):
            log.warning("visibility not changed", extra={"fields": dict(failure)})

    def _delete_done(self) -> None:
        """What cannot be deleted comes again; a handler bears that."""
        waiting: list[DeleteMessageBatchRequestEntryTypeDef]
        with self._lock:
            waiting = [{"Id": id_, "ReceiptHandle": self._receipts.pop(id_)} for id_ in self._done]
            self._done.clear()
        self._deleted_at = time.monotonic()
        for attempt in range(DELETE_ATTEMPTS):
            if not waiting:
                return
            time.sleep(0.1 * 2**attempt if attempt else 0)
            failed = self._client.delete_message_batch(QueueUrl=self._url, Entries=waiting).get("Failed", [])
            refused = {failure["Id"] for failure in failed if not failure["SenderFault"]}
            waiting = [entry for entry in waiting if entry["Id"] in refused]
            for failure in failed:
                log.warning("not deleted", extra={"fields": dict(failure)})
