"""What a handler is given, decoded from a received message."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef


class Unprocessable(Exception):  # noqa: N818 - it says what the message is
    """This message will never succeed: set it aside at once, without further attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: str
    body: Any
    group: str | None
    receive_count: int


Handle: TypeAlias = Callable[[Message], None]


def decode(received: MessageTypeDef) -> Message:
    try:
        body = json.loads(received["Body"])
    except ValueError as error:
        raise Unprocessable(f"not JSON: {error}") from error
    return Message(
        id=received["MessageId"],
        body=body,
        group=received["Attributes"].get("MessageGroupId"),
        receive_count=receive_count(received),
    )


def receive_count(received: MessageTypeDef) -> int:
    return int(received["Attributes"]["ApproximateReceiveCount"])
