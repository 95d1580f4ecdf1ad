"""Files of answers, strictly: no name twice, no anchors, not deep, not long; each problem has its line.

Knows YAML, of which JSON is a part, and nothing of what an answer means.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import yaml
from yaml.nodes import Node

from advisor.core.errors import AnswersError, Problem
from advisor.core.query import WEIGHT
from advisor.rulebook.json_answers import HALF, is_text
from advisor.rulebook.nodes import LOADER, Reading

LONGEST_BYTES = 64 * 1024
_DEEPEST = 8  # an answer is at most a list in a mapping in a mapping
_WHOLE = "Write whole characters."
_BAD_ESCAPE = "found invalid Unicode character escape code"  # what the loader in C says; the other one takes it
_DEEPER_STILL = "exceeded maximum nesting depth"  # likewise, at the thousandth level and before it names the first
_ANSWERS = "answers"
_CONTROLS = ("option", "language", "name", "as_of")
_BESIDE = (*_CONTROLS, "release", "rulebook", "starters", "weights", "about")  # what files of answers say beside them
_START = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_END = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswersFile:
    """Raw answers (and `option`, `name`, `as_of`, `weight_…` where the file has them), with the line of each."""

    name: str
    given: Mapping[str, object]
    lines: Mapping[str, int]

    def locate(self, problem: Problem) -> Problem:
        """The same problem with file and line where the file has that answer."""
        line = self.lines.get(problem.where)
        return problem if line is None else replace(problem, where=f"{self.name}:{line}: {problem.where}")


def read_answers_file(path: Path) -> AnswersFile:
    """A YAML (or JSON) file: a mapping of answers, or one that has it under `answers`. Raises AnswersError."""
    try:
        with path.open("rb") as file:
            content = file.read(LONGEST_BYTES + 1)
    except OSError as error:
        raise _refuse(path.name or str(path), "missing_file", f"It cannot be read: {error.strerror}.") from None
    return read_answers_text(content, path.name)


def read_answers_text(content: bytes, name: str) -> AnswersFile:
    """The same from bytes; `name` says where they came from."""
    text = _decode(content, name)
    reading = Reading(name=name)
    root = _compose(text, name)
    members = reading.members(root) if root is not None else {}
    if _ANSWERS in members:
        for key in members.keys() - {_ANSWERS, *_BESIDE}:
            hint = f"Beside answers there may be {', '.join(_BESIDE)}."
            reading.refuse(members[key], "unknown_key", f"“{key[:40]}” is no key here.", hint)
    nodes = _flatten(reading, members)
    given = {key: _read_answer(reading, key, node) for key, node in nodes.items()}
    if reading.problems:
        raise AnswersError(*sorted(set(reading.problems)))
    return AnswersFile(name=name, given=given, lines={key: node.start_mark.line + 1 for key, node in nodes.items()})


def _read_answer(whole: Reading, key: str, node: Node) -> object:
    """One answer; what is wrong with it, which is added to the problems of the whole, names its question."""
    reading = Reading(name=whole.name)
    answer = _whole(reading.plain(node))
    if not is_text({key: answer}):
        reading.refuse(node, "not_text", HALF, _WHOLE)
    whole.problems += (replace(each, where=f"{each.where}: {key[:100]}") for each in reading.problems)
    return answer


def _whole(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _flatten(reading: Reading, members: Mapping[str, Node]) -> dict[str, Node]:
    """Answers and controls side by side, as a query string has them."""
    if _ANSWERS not in members:
        return dict(members)
    nodes = {} if _is_null(members[_ANSWERS]) else reading.members(members[_ANSWERS])
    nodes.update({key: members[key] for key in _CONTROLS if key in members})
    weights = members.get("weights")
    if weights is not None and not _is_null(weights):
        nodes.update({f"{WEIGHT}{key}": node for key, node in reading.members(weights).items()})
    return nodes


def _is_null(node: Node) -> bool:
    return bool(node.tag.endswith(":null"))


def _decode(content: bytes, name: str) -> str:
    if len(content) > LONGEST_BYTES:
        raise _refuse(name, "too_long", f"It has more than {LONGEST_BYTES // 1024} KiB.", "Answers fit into far less.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refuse(name, "not_utf8", f"Byte {error.start} is no UTF-8.", "Save the file as UTF-8.") from None


def _compose(text: str, name: str) -> Node | None:
    try:
        _refuse_structure(yaml.parse(text, Loader=LOADER), name)
        root: Node | None = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where, problem = f"{name}:{mark.line + 1 if mark else 1}", getattr(error, "problem", None)
        if problem == _BAD_ESCAPE:
            raise _refuse(where, "not_text", HALF, _WHOLE) from None
        if problem == _DEEPER_STILL:
            raise _too_deep(where) from None
        found = str(problem or getattr(error, "reason", error)).removeprefix("but ")
        raise _refuse(where, "not_yaml", f"No YAML: {found}.") from None
    return root if root is None or not _is_null(root) else None


def _refuse_structure(events: Iterator[yaml.Event], name: str) -> None:
    """Before the composer recurses: aliases multiply, tags construct, depth exhausts."""
    depth = 0
    for event in events:
        depth += isinstance(event, _START) - isinstance(event, _END)
        where = f"{name}:{event.start_mark.line + 1}" if event.start_mark else name
        if depth > _DEEPEST:
            raise _too_deep(where)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise _refuse(where, "not_yaml", "Anchors, aliases and tags are not read.", "Write the value itself.")


def _too_deep(where: str) -> AnswersError:
    return _refuse(where, "too_deep", f"More than {_DEEPEST} levels.", "An answer needs three.")


def _refuse(where: str, code: str, message: str, hint: str = "") -> AnswersError:
    return AnswersError(Problem(where=where, code=code, message=message, hint=hint))
