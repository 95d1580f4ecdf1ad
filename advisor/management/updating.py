"""Reads and updates a folder that a kit was unpacked into. Decides nothing: the service says what becomes of a file."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from advisor import service
from advisor.core.errors import AnswersError, Problem

_EXECUTABLE, _PLAIN = 0o755, 0o644


def read_query(folder: Path) -> service.Query:
    """What the kit in a folder was made for; raises AnswersError where there is none, or where that was emptied."""
    path = folder / service.ANSWERS
    with _reading(path):
        is_there = path.exists()
    if not is_there:
        message, hint = "No kit is here.", "Name the folder where one was unpacked."
        raise AnswersError(Problem(where=str(folder), code="no_kit", message=message, hint=hint))
    file = service.read_answers_file(path)
    if "option" not in file.given:  # every kit says its own; what is recommended to nobody is another kit
        message, hint = "It does not say the option that the kit was made for.", "Write it back: option: ID."
        raise AnswersError(Problem(where=str(path), code="missing_key", message=message, hint=hint))
    try:
        return service.read_kit_query(file.given)
    except AnswersError as error:
        raise AnswersError(*map(file.locate, error.problems)) from None


def read_folder(folder: Path, kit: service.Kit) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The digests that the kit had when it was unpacked, and those of what is there now, of FILE.new too."""
    with _reading(folder):
        listed = folder / service.CHECKSUMS
        before = service.read_checksums(_text(listed)) if listed.is_file() else {}
        paths = {*before, *kit.parts}
        files = {path: folder / path for path in sorted({*paths, *map(service.write_beside, paths)})}
        present = {path: file for path, file in files.items() if _is_inside(file, folder) and file.is_file()}
        return before, {path: hashlib.sha256(file.read_bytes()).hexdigest() for path, file in present.items()}


def read_verdict(folder: Path) -> Mapping[str, str]:
    """What the decision record says at its head; nothing where there is none, or where it was rewritten."""
    record = folder / "DECISION.md"
    with _reading(record):
        head = _text(record).split("---\n")[1:2] if record.is_file() else []
    lines = (line.partition(": ") for text in head for line in text.splitlines())
    return {name: value for name, colon, value in lines if colon}


def update_folder(folder: Path, kit: service.Kit, steps: Iterable[service.Step]) -> None:
    """Write what the steps say, the checksums last; raises AnswersError where the disk refuses."""
    written = sorted(
        (step for step in steps if step.fate in service.WRITTEN), key=lambda step: step.path == service.CHECKSUMS
    )
    try:
        for step in written:
            _write(folder, step.target, kit.parts[step.path].content, step.path in kit.executables)
    except OSError as error:
        message = f"It cannot be written: {error.strerror}."
        raise AnswersError(Problem(where=str(folder), code="not_writable", message=message)) from None


def _write(folder: Path, path: str, content: bytes, is_executable: bool) -> None:
    """All or nothing, so that a file is never half of each."""
    target = folder / path
    if not _is_inside(target, folder):
        message, hint = "It leads out of the folder.", "Replace the link by a file or a folder of its own."
        raise AnswersError(Problem(where=path, code="not_writable", message=message, hint=hint))
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.half")
    half.write_bytes(content)
    half.chmod(_EXECUTABLE if is_executable else _PLAIN)
    half.replace(target)


@contextmanager
def _reading(place: Path) -> Iterator[None]:
    """What the disk refuses there, as a problem that names the file."""
    try:
        yield
    except OSError as error:
        where, message = str(error.filename or place), f"It cannot be read: {error.strerror}."
        raise AnswersError(Problem(where=where, code="not_read", message=message)) from None


def _is_inside(file: Path, folder: Path) -> bool:
    """Links are followed; one that leads to itself is where it lies."""
    return Path(os.path.realpath(file)).is_relative_to(os.path.realpath(folder))


def _text(file: Path) -> str:
    return file.read_text(encoding="utf-8", errors="replace")
