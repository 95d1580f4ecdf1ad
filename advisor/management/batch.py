"""Many workloads from a file, one a line or a row, answered in order as they come, in flat memory whatever the length.

A bad line becomes a problem on its line, and the rest goes on. What is written is what REST answers to the same batch.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError, OutputWrapper
from tqdm import tqdm

from advisor import service
from advisor.core.errors import AnswersError, Problem
from advisor.management.terminal import BAD_ANSWERS
from advisor.render.batch import describe_refusal, summarize, write_array, write_csv, write_ndjson
from advisor.render.document import Document

_LONGEST = 64 * 1024
Given = Mapping[str, object] | AnswersError
Read = Callable[[IO[str], "tqdm[Any]"], Iterator[tuple[int, Given]]]


def run_batch(path: Path, out: OutputWrapper, options: Mapping[str, Any]) -> None:
    """Writes the answers in the form of the file; exit 2 at the end when a line was bad."""
    if options["file"] or options["set"]:
        raise _refuse("--batch", "wrong_form", "Answers come from the batch file alone.", "Leave out the others.")
    read, write = _FORMS.get(path.suffix.lower(), (_read_lines, write_ndjson))
    bad: list[int] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file, _progress(path) as bar:
            for part in write(_answer_all(read(file, bar), options, bad)):
                out.write(part.decode(), ending="")
    except (OSError, UnicodeDecodeError) as error:
        raise _refuse(path.name, "missing_file", f"It cannot be read: {error}.") from None
    if bad:
        message = f"{len(bad)} of the workloads could not be answered; each has its problems."
        raise CommandError(message, returncode=BAD_ANSWERS)


def _progress(path: Path) -> "tqdm[Any]":
    """A bar over the bytes, on a terminal only."""
    return tqdm(total=path.stat().st_size, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False)


def _answer_all(
    items: Iterator[tuple[int, Given]], options: Mapping[str, Any], bad: list[int]
) -> Iterator[tuple[int, Document]]:
    """The document or the problem object of each; `bad` receives the numbers of those that were refused."""
    for number, given in items:
        if isinstance(given, AnswersError):
            bad.append(number)
            yield number, describe_refusal("malformed_body", summarize(given.problems), given.problems)
            continue
        try:
            yield number, _answer(given, options)
        except AnswersError as error:
            bad.append(number)
            yield number, describe_refusal("invalid_answers", summarize(error.problems), error.problems)


def _answer(given: Mapping[str, object], options: Mapping[str, Any]) -> Document:
    day = options["as_of"]
    query = service.read_query({**given, "as_of": day} if day else given)
    return service.write_answer(query, whole=options["explain"] == "summary")


def _read_lines(file: IO[str], bar: "tqdm[Any]") -> Iterator[tuple[int, Given]]:
    for number, line in enumerate(_lines(file), start=1):
        bar.update(len(line.encode()))
        if line.strip():
            yield number, _read_line(line)


def _read_line(line: str) -> Given:
    try:
        return service.read_line(line)
    except AnswersError as error:
        return error


def _lines(file: IO[str]) -> Iterator[str]:
    """Lines of bounded length: of a longer one, its start (which is refused), and the rest is passed over."""
    while line := file.readline(_LONGEST + 1):
        rest = line
        while not rest.endswith("\n") and len(rest) > _LONGEST:
            rest = file.readline(_LONGEST + 1)
        yield line


def _read_array(file: IO[str], bar: "tqdm[Any]") -> Iterator[tuple[int, Given]]:
    """An array must be held whole, as it came; what is written is not held."""
    text = file.read()
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refuse("--batch", "not_json", f"It is no JSON: {str(error)[:100]}.") from None
    if not isinstance(items, list):
        hint = "Write a list of mappings, or one a line as .ndjson."
        raise _refuse("--batch", "not_an_array", "It is no array.", hint)
    for number, item in enumerate(items, start=1):
        yield number, _read_line(json.dumps(item))
        bar.update(len(text.encode()) // len(items))


def _read_rows(file: IO[str], bar: "tqdm[Any]") -> Iterator[tuple[int, Given]]:
    rows = csv.DictReader(_lines(file))
    heads = [name for name in rows.fieldnames or () if name]
    for row in rows:
        bar.update(sum(len(text) + 1 for text in row.values() if isinstance(text, str)))
        yield rows.line_num, {name: row[name] for name in heads if row[name]}


def _refuse(where: str, code: str, message: str, hint: str = "") -> AnswersError:
    return AnswersError(Problem(where=where, code=code, message=message, hint=hint))


_FORMS: Mapping[str, tuple[Read, Callable[[Iterator[tuple[int, Document]]], Iterator[bytes]]]] = {
    ".csv": (_read_rows, write_csv),
    ".json": (_read_array, write_array),
}
