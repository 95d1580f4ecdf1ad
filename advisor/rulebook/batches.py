"""Many workloads as they come, as lines of JSON, as rows of CSV or as one array: one reader for all doors.

What cannot be read is an error in its place, and the rest goes on. Knows bytes, and no way that they come.
"""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from advisor.core.errors import AnswersError, Problem
from advisor.core.query import read_pairs
from advisor.rulebook import json_answers

LONGEST_LINE = 64 * 1024
_PART = 64 * 1024
_OTHER_MARKS = {";": "semicolons", "\t": "tabs"}  # which spreadsheets write in many countries

Given = Mapping[str, object] | AnswersError
ReadPart = Callable[[int], bytes]  # at most so many bytes, and none at the end


@dataclass(frozen=True)
class TooLong:
    """Stands where a line was that is longer than is read; the line itself was passed over."""


def split_lines(read: ReadPart) -> Iterator[bytes | TooLong]:
    """Lines ending in LF or CR LF, without their ends; the last one needs none. Holds one line at a time."""
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


def read_array(body: bytes) -> Iterator[tuple[int, Given]]:
    """The items of one JSON array; raises AnswersError at once where it is none."""
    return enumerate(json_answers.read_items(body), start=1)


def read_ndjson(read: ReadPart) -> Iterator[tuple[int, Given]]:
    """One item a line; empty lines are passed over and counted."""
    for number, line in enumerate(split_lines(read), start=1):
        if isinstance(line, TooLong):
            message = f"The line is longer than {LONGEST_LINE // 1024} KiB."
            yield number, _refuse("too_long", message, "Answers fit into far less.")
        elif line.strip():
            yield number, _read_line(line)


def _read_line(line: bytes) -> Given:
    try:
        return json_answers.read_object(line)
    except AnswersError as error:
        return error


def read_csv(read: ReadPart) -> Iterator[tuple[int, Given]]:
    """The first row has the questions' ids; cells are written as in a query string, an empty one is no answer."""
    lines = _TextLines(split_lines(read))
    rows = csv.reader(lines, strict=True)
    try:
        heads = [head.strip() for head in next(rows, [])]
        if len(heads) == 1 and (mark := next((each for each in _OTHER_MARKS if each in heads[0]), "")):
            message = f"The first row has {_OTHER_MARKS[mark]} between its cells."
            yield lines.number, _refuse("not_csv", message, "Save the table with commas.")
            return
        if twice := sorted({head for head in heads if head and heads.count(head) > 1}):
            message = f"The first row has {', '.join(twice)[:100]} more than once."
            yield lines.number, _refuse("duplicate_key", message, "Keep one column of that name.")
            return
        for row in rows:
            if row:
                yield lines.number, _read_row(heads, row)
    except UnicodeDecodeError as error:
        message = f"No CSV from here on: byte {error.start} of the line is no UTF-8."
        yield lines.number, _refuse("not_csv", message, "Save the table as UTF-8.")
    except csv.Error as error:
        yield lines.number, _refuse("not_csv", f"No CSV from here on: {str(error)[:100]}.")


class _TextLines(Iterator[str]):
    """Lines as text; `number` is that of the last one, one that could not be read included."""

    def __init__(self, lines: Iterator[bytes | TooLong]) -> None:
        self._lines = lines
        self.number = 0

    def __next__(self) -> str:
        line = next(self._lines)
        self.number += 1
        if isinstance(line, TooLong):
            raise csv.Error(f"the line is longer than {LONGEST_LINE // 1024} KiB")
        return line.decode("utf-8-sig" if self.number == 1 else "utf-8") + "\n"


def _read_row(heads: list[str], row: list[str]) -> Given:
    if len(row) != len(heads):
        return _refuse("not_csv", f"The row has {len(row)} cells, the first row has {len(heads)}.")
    return read_pairs((head, [cell.strip()]) for head, cell in zip(heads, row, strict=True))


def _refuse(code: str, message: str, hint: str = "") -> AnswersError:
    return AnswersError(Problem(where="body", code=code, message=message, hint=hint))
