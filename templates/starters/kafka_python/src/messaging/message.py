"""What a handler is given, decoded from a record."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias


class Unprocessable(Exception):  # noqa: N818 - it says what the message is
    """This message will never succeed: set it aside at once, without further attempts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    key: str | None
    value: Any
    topic: str
    partition: int
    offset: int


Handle: TypeAlias = Callable[[Message], None]


def decode(record: Any) -> Message:
    # Not a value_deserializer: when one of those raises, kafka-python's next poll() never returns.
    try:
        key = None if record.key is None else record.key.decode()
        value = None if record.value is None else json.loads(record.value)
    except ValueError as error:
        raise Unprocessable(f"not JSON in UTF-8: {error}") from error
    return Message(key=key, value=value, topic=record.topic, partition=record.partition, offset=record.offset)
