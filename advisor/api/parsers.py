"""Bytes as a mapping of raw answers, strictly: what two readers could understand differently is refused.

Knows formats; which answers make sense is the core's affair.
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import IO, Any, NoReturn, cast

import orjson
from rest_framework.parsers import BaseParser

from advisor.api.problems import Refused
from advisor.core.errors import Problem

_LARGE = 1e15
DEEPEST = 8  # an answer is at most a list in a mapping in a mapping
# One without an end reaches to the end of the text: to look for it again at each quote takes hours in a MiB.
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


class JSONAnswers(BaseParser):
    """`application/json`: one object, no name twice, no NaN, not deep."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, object]:
        return read_json(stream.read())


def read_json(body: bytes) -> dict[str, object]:
    """The object in these bytes; raises Refused for everything else."""
    usual = _read_usual(body)
    return as_answers(parse_json(read_text(body))) if usual is None else usual


def _read_usual(body: bytes) -> dict[str, object] | None:
    """What nearly everybody sends, by orjson; None where that reader is less strict, or refuses without our words."""
    try:
        content = orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
    # With as many colons as names, no name stands there twice.
    if not isinstance(content, dict) or body.count(b":") != len(content):
        return None
    return content if _are_usual(content.values()) else None


def _are_usual(values: Iterable[object]) -> bool:
    """None so large that it may have been a whole number of more than 64 bits, none deep."""
    for value in values:
        if isinstance(value, float):
            if not -_LARGE < value < _LARGE:
                return False
        elif isinstance(value, dict) or (isinstance(value, list) and not {*map(type, value)} <= {str}):
            return False
    return True


def parse_json(text: str) -> object:
    """Any JSON value, strictly; raises Refused."""
    _refuse_depth(text)
    try:
        return cast(object, _DECODER.decode(text))
    except json.JSONDecodeError as error:
        raise malformed("not_json", f"No JSON: {error.msg}, line {error.lineno}, column {error.colno}.") from None
    except ValueError:  # Python reads no integer of more than 4,300 digits
        raise malformed("not_json", "A number has more digits than any quantity needs.") from None


def read_text(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise malformed("not_utf8", f"Byte {error.start} is no UTF-8.", "Send the body as UTF-8.") from None


def as_answers(content: object) -> dict[str, object]:
    """A mapping of names to values that can also be written again."""
    if not isinstance(content, dict) or not {*map(type, content)} <= {str}:
        raise malformed("not_an_object", "The body is no mapping.", "Send one: each question's id and its answer.")
    if not _is_text(content):
        raise malformed("not_text", "A string holds half of a surrogate pair.", "Send whole characters.")
    return content


def _is_text(content: dict[str, object]) -> bool:
    """Whether it can be written again."""
    try:
        orjson.dumps(content)
    except TypeError:  # of half a surrogate pair, and of whole numbers beyond 64 bits, which are the core's to judge
        try:
            json.dumps(content, ensure_ascii=False, default=str).encode()
        except UnicodeEncodeError:
            return False
    return True


def malformed(code: str, message: str, hint: str = "") -> Refused:
    return Refused("malformed_body", message, (Problem(where="body", code=code, message=message, hint=hint),))


def _refuse_depth(text: str) -> None:
    """Before the parser recurses into it."""
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > DEEPEST:
            raise malformed("too_deep", f"More than {DEEPEST} brackets inside each other.", "An answer needs three.")


def _refuse_twice(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) == len(pairs):
        return content
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            raise malformed("duplicate_key", f"“{name[:100]}” is given twice.", "Keep one of the two.")
        seen.add(name)
    raise AssertionError("a name that stands there twice is seen twice")


def _refuse_constant(name: str) -> NoReturn:
    raise malformed("not_json", f"{name} is no JSON.", "Leave the question out when the number is unknown.")


_DECODER = json.JSONDecoder(object_pairs_hook=_refuse_twice, parse_constant=_refuse_constant)
