"""AWS Lambda's way in: your handler gets each message of a batch, and those that are to come again are returned.

Lambda polls, deletes what is not returned, and gets the rest again after the visibility timeout, so nothing here does.
Its event source mapping must have ReportBatchItemFailures: without that, what is returned is deleted as well.
"""

from __future__ import annotations

import base64
import logging
import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from messaging.client import sqs_client
from messaging.dead_letters import DeadLetters
from messaging.handler import handle
from messaging.logs import set_up_logs
from messaging.message import Handle, Unprocessable, decode, receive_count
from messaging.metrics import count
from messaging.settings import Settings, load_settings

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageAttributeValueOutputTypeDef, MessageTypeDef

log = logging.getLogger(__name__)


def lambda_handler(event: Mapping[str, Any], _context: object) -> dict[str, Any]:
    """What Lambda calls, for one batch at a time."""
    dead_letters, settings = _start()
    return handle_batch(event, handle, dead_letters, settings)


def handle_batch(
    event: Mapping[str, Any], handle: Handle, dead_letters: DeadLetters, settings: Settings
) -> dict[str, Any]:
    """In a FIFO queue a message that comes again takes those of its group behind it along, so that order is kept."""
    count("received", len(event["Records"]))
    failed: list[str] = []
    waiting: set[str] = set()
    for received in map(_as_received, event["Records"]):
        group = received["Attributes"]["MessageGroupId"] if settings.fifo else ""
        if group in waiting or not _is_done(received, handle, dead_letters, settings):
            failed.append(received["MessageId"])
            waiting |= {group} if group else set()
    return {"batchItemFailures": [{"itemIdentifier": id_} for id_ in failed]}


@cache
def _start() -> tuple[DeadLetters, Settings]:
    """Once for all batches that this copy of the function gets; a function is always deployed."""
    set_up_logs()
    file = Path(os.environ.get("LAMBDA_TASK_ROOT", "."), "settings.json")
    settings = load_settings({"DEPLOYED": "true", **os.environ}, file)
    return DeadLetters(sqs_client(settings), settings), settings


def _is_done(received: MessageTypeDef, handle: Handle, dead_letters: DeadLetters, settings: Settings) -> bool:
    """Handled or set aside."""
    attempt = receive_count(received)
    try:
        try:
            handle(decode(received))
            count("handled")
        except Exception as error:
            if not isinstance(error, Unprocessable) and attempt < settings.max_receive_count:
                raise
            dead_letters.add(received, error, attempt)
    except Exception as error:  # of the handler, or nothing could be set aside
        count("retried")
        fields = {"id": received["MessageId"], "attempt": attempt, "error": repr(error)}
        log.warning("failed, will be tried again", extra={"fields": fields})
        return False
    return True


def _as_received(record: Mapping[str, Any]) -> MessageTypeDef:
    """The same message as SQS itself has it; Lambda writes other names, and bytes as base64."""
    attributes = {name: _attribute(value) for name, value in record["messageAttributes"].items()}
    return {
        "MessageId": record["messageId"],
        "Body": record["body"],
        "Attributes": record["attributes"],
        "MessageAttributes": attributes,
    }


def _attribute(value: Mapping[str, Any]) -> MessageAttributeValueOutputTypeDef:
    if value.get("binaryValue") is not None:
        return {"DataType": value["dataType"], "BinaryValue": base64.b64decode(value["binaryValue"])}
    return {"DataType": value["dataType"], "StringValue": value["stringValue"]}
