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
TICK_SECONDS = 1.0  # what is done is deleted in batches, and no later than this, however long the next one takes


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
        self._done: list[str] = []  # to be deleted; in hand until they are
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
            for attempt in range(DELETE_ATTEMPTS):
                if not self._done:
                    break
                time.sleep(0.1 * 2**attempt if attempt else 0)
                self._delete_done()
        finally:  # not handled: somebody else may have it now
            self._set_visibility([id_ for id_ in self._receipts if id_ not in self._done], 0)

    def done(self, message: MessageTypeDef) -> None:
        with self._lock:
            self._done.append(message["MessageId"])

    def let_go(self, message: MessageTypeDef, seconds: int) -> None:
        """Give it back; SQS delivers it again after so many seconds."""
        with self._lock:
            self._set_visibility([message["MessageId"]], seconds)
            del self._receipts[message["MessageId"]]

    def _keep(self) -> None:
        extended_at = time.monotonic()
        while not self._over.wait(min(TICK_SECONDS, self._visibility_seconds / 3)):
            try:
                self._delete_done()
            except Exception as error:  # tried again at the next tick
                log.warning("not deleted", extra={"fields": {"error": repr(error)}})
            if time.monotonic() - extended_at >= self._visibility_seconds / 3:
                extended_at = time.monotonic()
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
        """What SQS refuses for now stays, for the next time; what it refuses for good comes again, as handlers bear."""
        with self._lock:
            done = list(self._done)
        if not done:
            return
        entries: list[DeleteMessageBatchRequestEntryTypeDef] = [
            {"Id": id_, "ReceiptHandle": self._receipts[id_]} for id_ in done
        ]
        failed = self._client.delete_message_batch(QueueUrl=self._url, Entries=entries).get("Failed", [])
        for failure in failed:
            log.warning("not deleted", extra={"fields": dict(failure)})
        again = {failure["Id"] for failure in failed if not failure["SenderFault"]}
        with self._lock:
            for id_ in set(done) - again:
                self._done.remove(id_)
                del self._receipts[id_]
