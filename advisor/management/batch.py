"""Many workloads from a file, one a line or a row, answered in order as they come, in flat memory whatever the length.

A bad line becomes a line with its problems, and the rest goes on.
"""

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

from django.core.management.base import CommandError, OutputWrapper
from tqdm import tqdm

from advisor import service
from advisor.core.errors import AnswersError, Problem
from advisor.management.terminal import BAD_ANSWERS
from advisor.render.document import Document, to_document

COLUMNS = ("outcome", "state", "option", "option_state", "likely_usd", "headline", "problems")
_LONGEST = 64 * 1024
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def run_batch(path: Path, out: OutputWrapper, options: Mapping[str, Any]) -> None:
    """Writes the answers in the form of the file; exit 2 at the end when a line was bad."""
    if options["file"] or options["set"]:
        raise _refuse("--batch", "wrong_form", "Answers come from the batch file alone.", "Leave out the others.")
    run = {".csv": _run_csv, ".json": _run_array}.get(path.suffix.lower(), _run_lines)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file, _progress(path) as bar:
            bad = run(file, out, options["as_of"], bar)
    except (OSError, UnicodeDecodeError) as error:
        raise _refuse(path.name, "missing_file", f"It cannot be read: {error}.") from None
    if bad:
        raise CommandError(
            f"{bad} of the workloads could not be answered; each has its problems.", returncode=BAD_ANSWERS
        )


def _progress(path: Path) -> "tqdm[Any]":
    """A bar over the bytes, on a terminal only."""
    return tqdm(total=path.stat().st_size, unit="B", unit_scale=True, file=sys.stderr, disable=None, leave=False)


def _run_lines(file: IO[str], out: OutputWrapper, as_of: str | None, bar: "tqdm[Any]") -> int:
    bad = 0
    for number, line in enumerate(_lines(file), start=1):
        bar.update(len(line.encode()))
        if not line.strip():
            continue
        try:
            answer = _answer(service.read_line(line), as_of)
        except AnswersError as error:
            bad += 1
            answer = {"line": number, "problems": [_write(problem) for problem in error.problems]}
        out.write(json.dumps(answer, ensure_ascii=False, allow_nan=False, sort_keys=True))
    return bad


def _run_array(file: IO[str], out: OutputWrapper, as_of: str | None, bar: "tqdm[Any]") -> int:
    """An array must be held whole, as it came; what is written is not held."""
    bad, text = 0, file.read()
    try:
        items = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _refuse("--batch", "not_json", f"It is no JSON: {str(error)[:100]}.") from None
    if not isinstance(items, list):
        raise _refuse(
            "--batch", "not_an_array", "It is no array.", "Write a list of mappings, or one a line as .ndjson."
        )
    lead = "[\n"
    for item in items:
        answer: dict[str, object]
        try:
            answer = {"status": 200, "recommendation": _answer(service.read_line(json.dumps(item)), as_of)}
        except AnswersError as error:
            bad += 1
            answer = {"status": 422, "problems": [_write(problem) for problem in error.problems]}
        out.write(lead + json.dumps(answer, ensure_ascii=False, allow_nan=False, sort_keys=True), ending="")
        lead = ",\n"
        bar.update(len(text.encode()) // len(items))
    out.write("[]" if lead == "[\n" else "\n]")
    return bad


def _lines(file: IO[str]) -> Iterator[str]:
    """Lines of bounded length: of a longer one, its start (which is refused), and the rest is passed over."""
    while line := file.readline(_LONGEST + 1):
        rest = line
        while not rest.endswith("\n") and len(rest) > _LONGEST:
            rest = file.readline(_LONGEST + 1)
        yield line


def _run_csv(file: IO[str], out: OutputWrapper, as_of: str | None, bar: "tqdm[Any]") -> int:
    rows = csv.DictReader(_lines(file))
    writer = csv.writer(out)
    heads = [name for name in rows.fieldnames or () if name]
    writer.writerow([*heads, *COLUMNS])
    bad = 0
    for row in rows:
        given = {name: row[name] for name in heads if row[name]}
        bar.update(sum(len(text) + 1 for text in given.values()))
        try:
            answered = _row(_answer(given, as_of))
        except AnswersError as error:
            bad += 1
            answered = [*[""] * (len(COLUMNS) - 1), " ".join(str(problem) for problem in error.problems)]
        writer.writerow([_cell(row[name] or "") for name in heads] + [_cell(text) for text in answered])
    return bad


def _answer(given: Mapping[str, object], as_of: str | None) -> Document:
    query = service.read_query({**given, "as_of": as_of} if as_of else given)
    return to_document(service.recommend(query), service.release())


def _row(document: Document) -> list[str]:
    winner = next((verdict for verdict in document["verdicts"] if verdict["option"] == document["option"]), None)
    cost = winner["estimate"]["likely_usd"] if winner and not winner["estimate"]["is_partial"] else ""
    return [*(document[name] for name in COLUMNS[:4]), cost, document["headline"], ""]


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA) and not text.lstrip("-+").replace(".", "", 1).isdigit() else text


def _write(problem: Problem) -> dict[str, str]:
    return {"where": problem.where, "code": problem.code, "message": problem.message, "hint": problem.hint}


def _refuse(where: str, code: str, message: str, hint: str = "") -> AnswersError:
    return AnswersError(Problem(where=where, code=code, message=message, hint=hint))
