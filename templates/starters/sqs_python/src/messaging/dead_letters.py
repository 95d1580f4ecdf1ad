"""Sets messages aside that cannot be handled: unchanged, with the reason in the message attributes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from messaging.client import queue_url
from messaging.metrics import count
from messaging.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageAttributeValueTypeDef, MessageTypeDef, SendMessageRequestTypeDef

log = logging.getLogger(__name__)
MAX_REASON = 500
MAX_ATTRIBUTES = 10  # of one message: docs.aws.amazon.com, "Amazon SQS message metadata"


class DeadLetters:
    """SQS's own redrive stays as the net for consumers that die; it knows no reason, so this comes before it."""

    def __init__(self, client: SQSClient, settings: Settings) -> None:
        self._client, self._fifo = client, settings.fifo
        self._url = queue_url(client, settings.dead_letter_queue_name)

    def add(self, received: MessageTypeDef, error: Exception, attempts: int) -> None:
        """Return only when SQS has it: the caller deletes the original next."""
        reason = _printable(f"{type(error).__name__}: {error}")
        ours = {
            "DeadLetterReason": _attribute(reason),
            "DeadLetterAttempts": _attribute(str(attempts)),
            "DeadLetterMessageId": _attribute(received["MessageId"]),
        }
        theirs = received.get("MessageAttributes", {})
        kept = {name: value for name, value in theirs.items() if name not in ours}  # and not what an earlier one added
        room = MAX_ATTRIBUTES - len(kept)
        request: SendMessageRequestTypeDef = {
            "QueueUrl": self._url,
            "MessageBody": received["Body"],
            "MessageAttributes": {**kept, **dict(list(ours.items())[:room])},
        }
        if self._fifo:
            request["MessageGroupId"] = received["Attributes"]["MessageGroupId"]
            request["MessageDeduplicationId"] = received["MessageId"]
        try:
            id_ = self._client.send_message(**request)["MessageId"]
        except ClientError as refused:
            if not refused.response["Error"]["Code"].startswith("InvalidParameterValue"):
                raise
            # Attributes count toward the size: so near the limit only what was received fits. The log has the rest.
            request["MessageAttributes"] = theirs
            id_ = self._client.send_message(**request)["MessageId"]
        count("dead_lettered")
        fields = {"id": received["MessageId"], "dead_letter_id": id_, "reason": reason, "attempts": attempts}
        log.error("set aside", extra={"fields": fields})


def _attribute(text: str) -> MessageAttributeValueTypeDef:
    return {"DataType": "String", "StringValue": text}


def _printable(text: str) -> str:
    """SQS refuses control characters."""
    return "".join(letter if letter.isprintable() else " " for letter in text)[:MAX_REASON]
