"""JSON as raw answers, strictly: what two readers could understand differently is refused.

One reader for all doors. Knows one mapping, and arrays of them; which answers make sense is the core's affair.
"""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import orjson

from advisor.core.errors import AnswersError, Problem

HALF = "A string holds half of a surrogate pair."
_LARGE = 1e15
_DEEPEST = 8  # an answer is at most a list in a mapping in a mapping
# One without an end reaches to the end of the text: to look for it again at each quote takes hours in a MiB.
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*(?:"|\\?\Z)', re.DOTALL)
_BRACKETS = re.compile(r"[\[\]{}]")


@dataclass(frozen=True, slots=True)
class _Wrong:
    """Stands where a value was that is refused, so that the items beside it can still be read."""

    error: AnswersError


def read_object(body: bytes) -> dict[str, object]:
    """The mapping of raw answers in these bytes; raises AnswersError for everything else."""
    usual = _read_usual(body)
    return read_strictly(body) if usual is None else usual


def read_strictly(body: bytes) -> dict[str, object]:
    """The same, without the fast way."""
    return _as_answers(_parse(body, _DEEPEST))


def read_items(body: bytes) -> list[dict[str, object] | AnswersError]:
    """An array of such mappings, each of which can be refused alone; raises AnswersError where it is no array."""
    content = _parse(body, _DEEPEST + 1)
    if isinstance(content, list):
        return [_as_item(item) for item in content]
    hint = "Send a list of mappings, or NDJSON."
    raise _find_wrong(content) or _refuse("not_an_array", "The body is no array.", hint)


def _as_item(item: object) -> dict[str, object] | AnswersError:
    try:
        return _as_answers(item)
    except AnswersError as error:
        return error


def is_text(content: object) -> bool:
    """Whether it can be written again: half of a surrogate pair cannot."""
    try:
        orjson.dumps(content)
    except TypeError:  # of such a half, and of whole numbers beyond 64 bits, which are the core's to judge
        try:
            json.dumps(content, ensure_ascii=False, default=str).encode()
        except UnicodeEncodeError:
            return False
    return True


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


def _as_answers(content: object) -> dict[str, object]:
    """A mapping of names to values that can also be written again."""
    if wrong := _find_wrong(content):
        raise wrong
    if not isinstance(content, dict):
        raise _refuse("not_an_object", "The body is no mapping.", "Send one: each question's id and its answer.")
    if not is_text(content):
        raise _refuse("not_text", HALF, "Send whole characters.")
    return content


def _parse(body: bytes, deepest: int) -> object:
    """Any JSON value; raises AnswersError where the text is none."""
    text = _decode(body)
    _refuse_depth(text, deepest)
    try:
        content: object = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        line = f"line {error.lineno}, " if "\n" in text else ""  # a line of a batch has its number beside it
        raise _refuse("not_json", f"No JSON: {error.msg}, {line}column {error.colno}.") from None
    return content


def _decode(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refuse("not_utf8", f"Byte {error.start} is no UTF-8.", "Send the body as UTF-8.") from None


def _refuse_depth(text: str, deepest: int) -> None:
    """Before the parser recurses into it."""
    if text.count("[") + text.count("{") <= deepest:
        return
    depth = 0
    for bracket in _BRACKETS.findall(_STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        if depth > deepest:
            raise _refuse("too_deep", f"More than {deepest} brackets inside each other.", "An answer needs three.")


def _find_wrong(value: object) -> AnswersError | None:
    """The first fault in a value that was read. A mapping with one was replaced by it, so lists alone hide any."""
    if isinstance(value, list):
        return next(filter(None, map(_find_wrong, value)), None)
    return value.error if isinstance(value, _Wrong) else None


def _read_pairs(pairs: list[tuple[str, object]]) -> Mapping[str, object] | _Wrong:
    content = dict(pairs)
    wrong = _find_twice(pairs) if len(content) < len(pairs) else _find_wrong([*content.values()])
    return content if wrong is None else _Wrong(wrong)


def _find_twice(pairs: list[tuple[str, object]]) -> AnswersError:
    counts = Counter(name for name, _ in pairs)
    twice = next(name for name, count in counts.items() if count > 1)
    shown = twice[:100].encode(errors="replace").decode()
    return _refuse("duplicate_key", f"“{shown}” is given twice.", "Keep one of the two.")


def _read_constant(name: str) -> _Wrong:
    return _Wrong(_refuse("not_json", f"{name} is no JSON.", "Leave the question out when the number is unknown."))


def _read_whole(digits: str) -> int | _Wrong:
    try:
        return int(digits)
    except ValueError:  # Python reads no integer of more than 4,300 digits
        return _Wrong(_refuse("not_json", "A number has more digits than any quantity needs."))


def _refuse(code: str, message: str, hint: str = "") -> AnswersError:
    return AnswersError(Problem(where="body", code=code, message=message, hint=hint))


_DECODER = json.JSONDecoder(object_pairs_hook=_read_pairs, parse_constant=_read_constant, parse_int=_read_whole)
