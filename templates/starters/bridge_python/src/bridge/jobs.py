"""Records as jobs: sent in batches, several at a time; what SQS will never take is set aside."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from bridge.dead_letters import DeadLetters
from bridge.kafka_connection import MissingError
from bridge.metrics import count
from bridge.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

log = logging.getLogger(__name__)
# Of one batch, and so of one message: docs.aws.amazon.com, "Amazon SQS message quotas".
MAX_ENTRIES, MAX_BYTES = 10, 1_048_576
SENDERS = 8


class Jobs:
    def __init__(self, settings: Settings) -> None:
        self._client = sqs_client(settings)
        self._pool = ThreadPoolExecutor(SENDERS)
        self._ahead: dict[int, set[int]] = {}  # by partition: offsets done behind one that is left, to be read again
        try:
            self._url = self._client.get_queue_url(QueueName=settings.queue_name)["QueueUrl"]
        except self._client.exceptions.QueueDoesNotExist:
            raise MissingError(f"no such queue: {settings.queue_name} (make queues, in the SQS project)") from None

    def __enter__(self) -> Jobs:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pool.shutdown()

    def send(self, records: list[Any], dead_letters: DeadLetters) -> int:
        """How many of them, all of one partition, from the first on, are with SQS or set aside by now."""
        ahead = self._ahead.setdefault(records[0].partition, set())
        done = {index for index, record in enumerate(records) if record.offset in ahead}
        unsendable = _refusals(records, done)
        _set_aside(records, unsendable, dead_letters)
        done |= unsendable.keys()
        for fates in self._pool.map(self._send_batch, _batches(records, done)):
            _set_aside(records, {index: reason for index, reason in fates.items() if reason}, dead_letters)
            done |= fates.keys()
        first = next((index for index in range(len(records)) if index not in done), len(records))
        ahead.difference_update(record.offset for record in records[:first])
        ahead.update(records[index].offset for index in done if index > first)
        return first

    def _send_batch(self, batch: dict[int, str]) -> dict[int, str]:
        """By index: nothing for what SQS took, the reason for what it never will; the others are tried again."""
        entries: Any = [{"Id": str(index), "MessageBody": body} for index, body in batch.items()]
        try:
            failed = self._client.send_message_batch(QueueUrl=self._url, Entries=entries).get("Failed", [])
        except (BotoCoreError, ClientError) as error:
            log.warning("not sent, will be tried again", extra={"fields": {"jobs": len(batch), "error": repr(error)}})
            return {}
        fates = dict.fromkeys(batch, "")
        for failure in failed:
            if failure["SenderFault"]:  # as above the queue's own MaximumMessageSize
                fates[int(failure["Id"])] = f"SQS refused it: {failure['Code']}: {failure.get('Message', '')}"
                continue
            log.warning("not sent, will be tried again", extra={"fields": dict(failure)})
            del fates[int(failure["Id"])]
        count("sent", len(batch) - len(failed))
        return fates


def _set_aside(records: list[Any], reasons: dict[int, str], dead_letters: DeadLetters) -> None:
    for index, reason in reasons.items():
        dead_letters.add(records[index], reason)


def _refusals(records: list[Any], without: set[int]) -> dict[int, str]:
    """By index, what no queue would ever take: it wants text, some of it, and of at most a mebibyte."""
    reasons = {}
    for index, record in enumerate(records):
        if index in without:
            continue
        if not record.value:
            reasons[index] = "SQS takes no empty message"
        elif len(record.value) > MAX_BYTES:
            reasons[index] = f"{len(record.value)} bytes are more than SQS takes"
        elif not _is_text(record.value):
            reasons[index] = "SQS takes text in UTF-8 without control characters"
    return reasons


def _is_text(value: bytes) -> bool:
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return False
    return all(letter in "\t\n\r" or " " <= letter not in "\ufffe\uffff" for letter in text)


def _batches(records: list[Any], without: set[int]) -> Iterator[dict[int, str]]:
    batch: dict[int, str] = {}
    size = 0
    for index, record in enumerate(records):
        if index in without:
            continue
        if len(batch) == MAX_ENTRIES or size + len(record.value) > MAX_BYTES:
            yield batch
            batch, size = {}, 0
        batch[index] = record.value.decode()
        size += len(record.value)
    if batch:
        yield batch


def sqs_client(settings: Settings) -> SQSClient:
    config = Config(
        retries={"mode": "standard", "total_max_attempts": 3}, connect_timeout=5, max_pool_connections=SENDERS
    )
    arguments: dict[str, Any] = {"endpoint_url": settings.endpoint_url, "config": config}
    if settings.endpoint_url and settings.endpoint_url.startswith("http://"):
        # Not AWS, and not encrypted: a local server must not be shown anybody's real keys.
        arguments |= {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
    return boto3.client("sqs", region_name=settings.region, **arguments)
