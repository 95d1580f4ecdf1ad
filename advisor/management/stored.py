"""Holds an answer against a stored one, for pipelines. What differs is named; versions alone are no difference."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeGuard

from django.core.management.base import CommandError, OutputWrapper

from advisor.core.errors import AnswersError, Problem
from advisor.management.terminal import DIFFERS
from advisor.render.document import Document

_VERSIONS = frozenset({"id", "release", "rulebook"})
_BESIDE = frozenset({"trace", "line"})  # what was said in addition, and where it stood in a batch
_SHORT = 60


def compare_stored(document: Document, path: Path, out: OutputWrapper) -> None:
    """Says so where nothing differs; else exit 3 with each difference. Raises AnswersError for a file that is none."""
    differences = list(_differences(_read(path), json.loads(json.dumps(document))))
    if differences:
        raise CommandError("\n".join(["The answer differs from the stored one:", *differences]), returncode=DIFFERS)
    out.write(f"The answer is the stored one: {document['headline']}")


def _read(path: Path) -> Mapping[str, Any]:
    try:
        stored = json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise _refuse(path, "missing_file", f"It cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise _refuse(path, "not_utf8", f"Byte {error.start} is no UTF-8.") from None
    except (ValueError, RecursionError) as error:
        raise _refuse(path, "not_json", f"It is no JSON: {str(error)[:100]}.") from None
    if not _is_document(stored):
        raise _refuse(path, "no_document", "It is no whole decision document.")
    return {name: stored[name] for name in stored.keys() - _BESIDE}


def _is_document(stored: object) -> TypeGuard[Mapping[str, Any]]:
    """A conclusion alone is none: what it lacks would always differ."""
    return (
        isinstance(stored, dict) and isinstance(stored.get("outcome"), str) and isinstance(stored.get("verdicts"), list)
    )


def _refuse(path: Path, code: str, message: str) -> AnswersError:
    hint = "Store one with: recommend ANSWERS.yaml --format json"
    return AnswersError(Problem(where=path.name, code=code, message=message, hint=hint))


def _differences(stored: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for member in sorted((stored.keys() | now.keys()) - _VERSIONS):
        old, new = stored.get(member), now.get(member)
        if old != new:
            yield f"  {member}: {_short(old)} → {_short(new)}" if _is_short(old, new) else f"  {member}"


def _is_short(*values: object) -> bool:
    return not any(isinstance(value, list | dict) for value in values)


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
