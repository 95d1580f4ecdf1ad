"""Many workloads from a file, one a line or a row, answered in order as they come, in flat memory whatever the length.

A bad line becomes a problem on its line, and the rest goes on. What is written is what REST answers to the same batch.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import CommandError, OutputWrapper
from tqdm import tqdm

from advisor import service
from advisor.core.errors import AnswersError, Problem
from advisor.management.terminal import BAD_ANSWERS, STANDARD_INPUT, open_input
from advisor.render.batch import Items, describe_refusal, summarize, write_array, write_csv, write_ndjson
from advisor.render.document import Document

_PART = 64 * 1024
Read = Callable[[service.ReadPart], Iterator[tuple[int, service.Given]]]


def run_batch(source: str, out: OutputWrapper, options: Mapping[str, Any]) -> None:
    """Writes the answers in the form of the file; exit 2 at the end when a line was bad."""
    name, ending = (STANDARD_INPUT, ".ndjson") if source == "-" else (Path(source).name, Path(source).suffix.lower())
    if ending not in _FORMS:
        message, hint = (
            f"Its ending names no form of a batch: {', '.join(_FORMS)}.",
            "Rename it, or pass lines of JSON to --batch -.",
        )
        raise _refuse(name, "unknown_ending", message, hint)
    read, write = _FORMS[ending]
    bad: list[int] = []
    with _open(source, name) as file, _progress(file) as bar:  # before a line is written
        try:
            for part in write(_answer_all(_read(file, name, bar, read), options, bad)):
                out.write(part.decode(), ending="")
        except BrokenPipeError:  # the reader has enough; the lines that were bad until then still were
            if not bad:
                raise
    if bad:
        message = f"{len(bad)} of the workloads could not be answered; each has its problems."
        raise CommandError(message, returncode=BAD_ANSWERS)


def _open(source: str, name: str) -> AbstractContextManager[BinaryIO]:
    try:
        return nullcontext(open_input()) if source == "-" else Path(source).open("rb")
    except OSError as error:
        raise _refuse(name, "missing_file", f"It cannot be read: {error.strerror}.") from None


def _read(file: BinaryIO, name: str, bar: "tqdm[Any]", read: Read) -> Iterator[tuple[int, service.Given]]:
    """What stands in the file. What goes wrong when the answers are written is not its fault, and not seen here."""

    def read_part(size: int) -> bytes:
        part = file.read(size)
        bar.update(len(part))
        return part

    try:
        yield from read(read_part)
    except OSError as error:
        raise _refuse(name, "missing_file", f"It cannot be read: {error.strerror or error}.") from None
    except AnswersError as error:  # no item's, but that of the whole
        raise AnswersError(*(replace(problem, where=name) for problem in error.problems)) from None


def _progress(file: BinaryIO) -> "tqdm[Any]":
    """A bar over the bytes, on a terminal only; those of standard input nobody knows before its end."""
    total = os.fstat(file.fileno()).st_size or None
    return tqdm(total=total, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False)


def _answer_all(
    items: Iterator[tuple[int, service.Given]], options: Mapping[str, Any], bad: list[int]
) -> Iterator[tuple[int, Document]]:
    """The document or the problem object of each; `bad` receives the numbers of those that were refused."""
    for number, given in items:
        answered = _answer(given, options)
        if "status" in answered:
            bad.append(number)
        yield number, answered


def _answer(given: service.Given, options: Mapping[str, Any]) -> Document:
    if isinstance(given, AnswersError):
        return describe_refusal("malformed_body", summarize(given.problems), given.problems)
    day = options["as_of"]
    try:
        query = service.read_query({**given, "as_of": day} if day else given)
        if gone := service.say_gone(query):
            return describe_refusal("rulebook_gone", gone, ())
        return service.write_answer(query, whole=options["explain"] == "summary")
    except AnswersError as error:
        return describe_refusal("invalid_answers", summarize(error.problems), error.problems)


def _read_array(read_part: service.ReadPart) -> Iterator[tuple[int, service.Given]]:
    """An array must be held whole, as it came; what is written is not held."""
    return service.read_array(b"".join(iter(partial(read_part, _PART), b"")))


def _refuse(where: str, code: str, message: str, hint: str = "") -> AnswersError:
    return AnswersError(Problem(where=where, code=code, message=message, hint=hint))


_FORMS: Mapping[str, tuple[Read, Callable[[Items], Iterator[bytes]]]] = {
    ".ndjson": (service.read_ndjson, write_ndjson),
    ".jsonl": (service.read_ndjson, write_ndjson),
    ".csv": (service.read_csv, write_csv),
    ".json": (_read_array, write_array),
}
