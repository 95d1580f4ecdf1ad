"""Many workloads as they come: a JSON array, or lines (NDJSON, CSV) of which one is held at a time.

Knows how items are framed, the same for every door; what an item means is the core's affair.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from advisor.core.errors import AnswersError
from advisor.core.query import read_pairs
from advisor.rulebook.answers_json import as_answers, decode, malformed, parse_json, read_json

LONGEST_LINE = 64 * 1024
_PART = 64 * 1024

Given = Mapping[str, object] | AnswersError  # of one item; a bad one hinders none
Source = Callable[[int], bytes]  # at most so many bytes of what is left


@dataclass(frozen=True)
class TooLong:
    """Stands where a line was that is longer than is read; the line itself was passed over."""


def read_array(body: bytes) -> Iterator[tuple[int, Given]]:
    """The whole array is read, and refused if it is none (AnswersError), before the first item is given."""
    content = parse_json(decode(body))
    if not isinstance(content, list):
        raise malformed("not_an_array", "The body is no array.", "Send a list of mappings, or NDJSON.")
    return ((number, _as_item(item)) for number, item in enumerate(content, start=1))


def _as_item(item: object) -> Given:
    try:
        return as_answers(item)
    except AnswersError as error:
        return error


def read_ndjson(source: Source) -> Iterator[tuple[int, Given]]:
    """One item a line; empty lines are passed over and counted."""
    for number, line in enumerate(split_lines(source), start=1):
        if isinstance(line, TooLong):
            yield number, _too_long()
        elif line.strip():
            yield number, _read_line(line)


def _read_line(line: bytes) -> Given:
    try:
        return read_json(line)
    except AnswersError as error:
        return error


def _too_long() -> AnswersError:
    return malformed("too_long", f"The line is longer than {LONGEST_LINE // 1024} KiB.", "Answers fit into far less.")


def read_csv(source: Source) -> Iterator[tuple[int, Given]]:
    """The first row has the questions' ids; cells are written as in a query string, an empty one is no answer."""
    rows = csv.reader(_text_lines(source), strict=True)
    try:
        heads = [head.strip() for head in next(rows, [])]
        for row in rows:
            if row:
                yield rows.line_num, _read_row(heads, row)
    except (csv.Error, UnicodeDecodeError) as error:
        yield rows.line_num + 1, malformed("not_csv", f"No CSV from here on: {str(error)[:100]}.")


def _text_lines(source: Source) -> Iterator[str]:
    for number, line in enumerate(split_lines(source)):
        if isinstance(line, TooLong):
            raise csv.Error("the line is longer than 64 KiB")
        yield line.decode("utf-8-sig" if number == 0 else "utf-8") + "\n"


def _read_row(heads: list[str], row: list[str]) -> Given:
    if len(row) != len(heads):
        return malformed("not_csv", f"The row has {len(row)} cells, the first row has {len(heads)}.")
    return read_pairs((head, [cell.strip()]) for head, cell in zip(heads, row, strict=True))


def split_lines(read: Callable[[int], bytes]) -> Iterator[bytes | TooLong]:
    """Lines ending in LF or CR LF; the last one needs no end."""
    held, is_skipping = b"", False
    while part := read(_PART):
        *whole, held = (held + part).split(b"\n")
        for line in whole:
            yield TooLong() if is_skipping or len(line) > LONGEST_LINE else line.removesuffix(b"\r")
            is_skipping = False
        if len(held) > LONGEST_LINE:
            held, is_skipping = b"", True
    if held or is_skipping:
        yield TooLong() if is_skipping else held.removesuffix(b"\r")
