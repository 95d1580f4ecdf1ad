"""How the items of a batch are framed, coming in and going out: JSON array, NDJSON, CSV. Knows no rule."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.http import HttpRequest

from advisor import service
from advisor.api.bodies import read_body
from advisor.api.parsers import as_answers, malformed, parse_json, read_json, read_text
from advisor.api.problems import Refused
from advisor.api.streams import LONGEST_LINE, TooLong, read_lines
from advisor.api.tables import write_line

MOST_ARRAY = 1024 * 1024  # an array must be held whole; NDJSON has no end
COLUMNS = ("line", "status", "id", "outcome", "state", "option", "option_state", "margin", "headline", "problems")

Given = Mapping[str, object] | Refused
Read = Callable[[HttpRequest], Iterator[tuple[int, Given]]]
Items = Iterable[tuple[int, dict[str, Any]]]


def read_array(request: HttpRequest) -> Iterator[tuple[int, Given]]:
    """The whole array is read, and refused if it is none, before the first item is answered."""
    content = parse_json(read_text(read_body(request, MOST_ARRAY)))
    if not isinstance(content, list):
        raise malformed("not_an_array", "The body is no array.", "Send a list of mappings, or NDJSON.")
    return ((number, _as_item(item)) for number, item in enumerate(content, start=1))


def _as_item(item: object) -> Given:
    try:
        return as_answers(item)
    except Refused as refused:
        return refused


def read_ndjson(request: HttpRequest) -> Iterator[tuple[int, Given]]:
    """One item a line; empty lines are passed over and counted."""
    for number, line in enumerate(read_lines(request), start=1):
        if isinstance(line, TooLong):
            yield number, _too_long()
        elif line.strip():
            yield number, _read_line(line)


def _read_line(line: bytes) -> Given:
    try:
        return read_json(line)
    except Refused as refused:
        return refused


def _too_long() -> Refused:
    return malformed("too_long", f"The line is longer than {LONGEST_LINE // 1024} KiB.", "Answers fit into far less.")


def read_csv(request: HttpRequest) -> Iterator[tuple[int, Given]]:
    """The first row has the questions' ids; cells are written as in a query string, an empty one is no answer."""
    rows = csv.reader(_text_lines(request), strict=True)
    try:
        heads = [head.strip() for head in next(rows, [])]
        for row in rows:
            if row:
                yield rows.line_num, _read_row(heads, row)
    except (csv.Error, UnicodeDecodeError) as error:
        yield rows.line_num + 1, malformed("not_csv", f"No CSV from here on: {str(error)[:100]}.")


def _text_lines(request: HttpRequest) -> Iterator[str]:
    for number, line in enumerate(read_lines(request)):
        if isinstance(line, TooLong):
            raise csv.Error("the line is longer than 64 KiB")
        yield line.decode("utf-8-sig" if number == 0 else "utf-8") + "\n"


def _read_row(heads: list[str], row: list[str]) -> Given:
    if len(row) != len(heads):
        return malformed("not_csv", f"The row has {len(row)} cells, the first row has {len(heads)}.")
    return service.read_pairs((head, [cell.strip()]) for head, cell in zip(heads, row, strict=True))


def write_array(items: Items) -> Iterator[bytes]:
    """`[{"status": 200, "recommendation": {…}}, {"status": 422, "problem": {…}}]`, item by item."""
    lead = b"[\n"
    for _, item in items:
        status = item.get("status", 200)
        member = "recommendation" if status == 200 else "problem"
        yield lead + _dump({"status": status, member: item})
        lead = b",\n"
    yield b"[]\n" if lead == b"[\n" else b"\n]\n"


def write_ndjson(items: Items) -> Iterator[bytes]:
    """A document or a problem object a line; both say which line they answer."""
    for number, item in items:
        yield _dump(item | {"line": number}) + b"\n"


def write_csv(items: Items) -> Iterator[bytes]:
    yield write_line(COLUMNS)
    for number, item in items:
        problems = "; ".join(str(each["message"]) for each in item.get("problems", []))
        flat = item | {"line": number, "status": item.get("status", 200), "problems": problems}
        yield write_line([flat.get(column) for column in COLUMNS])


def _dump(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a batch goes out."""

    content_type: str
    write: Callable[[Items], Iterator[bytes]]


READERS: Mapping[str, Read] = {
    "application/json": read_array,
    "application/x-ndjson": read_ndjson,
    "application/jsonl": read_ndjson,
    "text/csv": read_csv,
}
FORMS: Mapping[str, Form] = {
    "json": Form(content_type="application/json", write=write_array),
    "ndjson": Form(content_type="application/x-ndjson", write=write_ndjson),
    "jsonl": Form(content_type="application/jsonl", write=write_ndjson),
    "csv": Form(content_type="text/csv; charset=utf-8", write=write_csv),
}
