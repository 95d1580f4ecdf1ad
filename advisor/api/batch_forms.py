"""How the items of a batch are framed, coming in and going out: JSON array, NDJSON, CSV. Knows no rule."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from advisor import service
from advisor.api.bodies import read_body
from advisor.api.parsers import as_answers, malformed, parse_json, read_json, read_text
from advisor.api.problems import Refused
from advisor.api.streams import LONGEST_LINE, TooLong, read_lines
from advisor.render.batch import Items, write_array, write_csv, write_ndjson

MOST_ARRAY = 1024 * 1024  # an array must be held whole; NDJSON has no end

Given = Mapping[str, object] | Refused
Read = Callable[[HttpRequest], Iterator[tuple[int, Given]]]


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
