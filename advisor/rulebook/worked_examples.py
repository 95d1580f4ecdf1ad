"""Worked examples from YAML. Knows their form and nothing of what they say."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from advisor.core.errors import AnswersError, Problem, problem_at
from advisor.core.examples import Example
from advisor.rulebook.nodes import LOADER


def read_examples(path: Path) -> tuple[Example, ...]:
    """The examples of a file; raises AnswersError with every entry that has another form."""
    root = _load(path)
    entries = root.get("examples") if isinstance(root, Mapping) else root
    if not isinstance(entries, list):
        raise AnswersError(problem_at(path.name, "wrong_form", "A list of examples, or a mapping with one, is wanted."))
    problems = tuple(_problems(path.name, entries))
    if problems:
        raise AnswersError(*problems)
    return tuple(_example(entry) for entry in entries)


def _load(path: Path) -> object:
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=LOADER)  # noqa: S506 - the loader is a safe one
    except OSError as error:
        raise AnswersError(
            problem_at(path.name, "missing_file", f"The file cannot be read: {error.strerror}.")
        ) from error
    except UnicodeDecodeError as error:
        message = f"Byte {error.start} is no UTF-8."
        raise AnswersError(problem_at(path.name, "not_utf8", message, "Save the file as UTF-8.")) from error
    except yaml.YAMLError as error:
        raise AnswersError(problem_at(path.name, "not_yaml", f"This is no YAML: {error}.")) from error


def _problems(name: str, entries: list[object]) -> Iterator[Problem]:
    for number, entry in enumerate(entries, start=1):
        where = f"{name}, example {number}"
        if not isinstance(entry, Mapping) or "id" not in entry:
            yield problem_at(where, "wrong_form", "An example is a mapping with an id.")
            continue
        for part in ("inputs", "outputs"):
            if not isinstance(entry.get(part), Mapping):
                yield problem_at(where, "wrong_form", f"“{entry['id']}” needs {part}: names with values.")


def _example(entry: Mapping[str, object]) -> Example:
    inputs, outputs = entry["inputs"], entry["outputs"]
    assert isinstance(inputs, Mapping)
    assert isinstance(outputs, Mapping)
    return Example(
        id=str(entry["id"]),
        about=_text(entry, "about"),
        inputs=dict(inputs),
        outputs=dict(outputs),
        reproduces=_reproduces(entry),
        tolerance=_text(entry, "tolerance"),
        source=_text(entry, "source"),
        notes=_text(entry, "notes"),
    )


def _reproduces(entry: Mapping[str, object]) -> bool:
    """Unless the source gives a formula only, or figures that do not follow from its own inputs."""
    return entry.get("reproduces") is not False and entry.get("kind") != "formula"


def _text(entry: Mapping[str, object], key: str) -> str:
    value = entry.get(key)
    return "" if value is None else str(value)
