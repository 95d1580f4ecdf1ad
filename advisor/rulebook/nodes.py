"""Strict access to YAML: every value knows its file and line, every fault is collected, nothing is guessed.

Knows YAML, not rules.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TypeVar

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from advisor.core.domains import Value
from advisor.core.errors import Problem

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C loader is seven times faster
T = TypeVar("T")
# YAML also has octal, hexadecimal, base 60, .inf and .nan, and its tags call any text a number.
_DECIMAL = re.compile(r"[+-]?([0-9][0-9_]*(\.[0-9_]*)?|\.[0-9][0-9_]*)([eE][+-]?[0-9]+)?")
_BEFORE = 2000  # no service that is judged here is so old
UNREAD = frozenset({"missing_file", "not_read", "not_utf8", "not_yaml"})  # the codes of a file that is not read
_GAP = "gap"  # the tag of what stands for a missing member: nothing more is said about it
_ID = re.compile(r"^[a-z][a-z0-9_]*$")


@dataclass(slots=True)
class Reading:
    """One file being read; `problems` grows, and reading goes on."""

    name: str
    problems: list[Problem] = field(default_factory=list)
    lacking: list[Node] = field(default_factory=list)  # mappings without a key that they need

    def open(self, path: Path) -> Node | None:
        """The root node, or None with a problem when the file is no YAML."""
        try:
            return yaml.compose(path.read_text(encoding="utf-8"), Loader=LOADER)
        except FileNotFoundError:
            self.problems.append(Problem(where=f"{self.name}:1", code="missing_file", message="The file is missing."))
        except OSError as error:
            message = f"It cannot be read: {error.strerror}."
            self.problems.append(Problem(where=f"{self.name}:1", code="not_read", message=message))
        except UnicodeDecodeError as error:
            message, hint = f"Byte {error.start} is no UTF-8.", "Save the file as UTF-8."
            self.problems.append(Problem(where=f"{self.name}:1", code="not_utf8", message=message, hint=hint))
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = mark.line + 1 if mark else 1
            message = str(getattr(error, "problem", None) or "This is no YAML.")
            self.problems.append(Problem(where=f"{self.name}:{line}", code="not_yaml", message=message))
        return None

    def where(self, node: Node) -> str:
        return f"{self.name}:{node.start_mark.line + 1}"

    def refuse(self, node: Node, code: str, message: str, hint: str = "") -> None:
        if node.tag == _GAP:
            return
        self.problems.append(Problem(where=self.where(node), code=code, message=message, hint=hint))

    def items(self, node: Node | None) -> list[Node]:
        """The entries of a list."""
        if node is None:
            return []
        if isinstance(node, SequenceNode):
            return list(node.value)
        self.refuse(node, "wrong_type", "A list is wanted here.")
        return []

    def members(self, node: Node) -> dict[str, Node]:
        """The members of a mapping; duplicate keys are faults."""
        if not isinstance(node, MappingNode):
            self.refuse(node, "wrong_type", "A mapping is wanted here.")
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode):
                self.refuse(key, "wrong_type", "A word is wanted before the colon.")
                continue
            if key.value in found:
                self.refuse(key, "duplicate_key", f"“{key.value}” stands twice.")
            found[str(key.value)] = value
        return found

    def entry(self, node: Node, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> "Entry | None":
        """A mapping with these keys; None (with problems) when the node is no mapping.

        A key that is missing or too many is a problem as well, and the others are read all the same.
        """
        members = self.members(node)
        for key in members.keys() - {*required, *optional}:
            allowed = ", ".join((*required, *optional))
            self.refuse(members[key], "unknown_key", f"“{key}” is no key here.", f"Allowed: {allowed}.")
        if not isinstance(node, MappingNode):
            return None
        if missing := [key for key in required if key not in members]:
            self.refuse(node, "missing_key", f"Missing: {', '.join(missing)}.")
            self.lacking.append(node)
        gaps = {key: ScalarNode(_GAP, "", node.start_mark, node.end_mark) for key in missing}
        return Entry(self, node, members | gaps)

    def value(self, node: Node) -> Value | None:
        """A scalar as number, word or boolean, or a list of words; null is a fault, and so is what is not finite."""
        if isinstance(node, SequenceNode):
            return self._words(node)
        value = self.scalar(node)
        if isinstance(value, float) and math.isinf(value):
            self.refuse(node, "not_finite", f"“{node.value[:40]}” is larger than any number.")
            return None
        return value

    def _words(self, node: SequenceNode) -> tuple[str, ...] | None:
        odd = [item for item in node.value if not isinstance(item, ScalarNode) or item.tag.endswith(":null")]
        for item in odd:
            self.refuse(item, "wrong_type", "A list of words is wanted here, and this item is no word.")
        return None if odd else tuple(str(item.value) for item in node.value)

    def scalar(self, node: Node) -> float | str | bool | None:
        """A number, a word or a boolean; anything else is a fault."""
        if isinstance(node, ScalarNode):
            match node.tag.rpartition(":")[2]:
                case "int" | "float" if _DECIMAL.fullmatch(node.value):
                    return float(node.value.replace("_", ""))
                case "bool":
                    return str(node.value).lower() in ("true", "yes", "on")
                case "str" | "timestamp":
                    return str(node.value)
        self.refuse(node, "wrong_type", "A number, a word, true, false or a list of words is wanted here.")
        return None

    def plain(self, node: Node) -> object:
        """The node as plain values, unread: what somebody might send as an answer."""
        if isinstance(node, MappingNode):
            return {key: self.plain(member) for key, member in self.members(node).items()}
        if isinstance(node, SequenceNode):
            return [self.plain(item) for item in node.value]
        return None if node.tag.endswith(":null") else self.scalar(node)


@dataclass(slots=True)
class Entry:
    """One mapping whose keys were checked; readers for its members."""

    reading: Reading
    node: Node
    members: Mapping[str, Node]

    def has(self, key: str) -> bool:
        return key in self.members

    def refuse(self, key: str, code: str, message: str, hint: str = "") -> None:
        self.reading.refuse(self.members.get(key, self.node), code, message, hint)

    def text(self, key: str, fallback: str = "") -> str:
        if key not in self.members:
            return fallback
        value = self.reading.value(self.members[key])
        if isinstance(value, str):
            return " ".join(value.split())
        self.refuse(key, "wrong_type", f"“{key}” must be text.")
        return fallback

    def id(self, key: str = "id") -> str:
        name = self.text(key)
        if not _ID.match(name):
            self.refuse(key, "bad_id", f"“{name}” is no id.", "Use lower case, digits and underscores.")
        return name

    def word(self, key: str, allowed: tuple[str, ...], fallback: str = "") -> str:
        word = self.text(key, fallback)
        if word not in allowed:
            self.refuse(key, "unknown_word", f"“{word}” is not allowed.", f"Use one of {', '.join(allowed)}.")
        return word

    def number(self, key: str, fallback: float = 0.0) -> float:
        if key not in self.members:
            return fallback
        value = self.reading.value(self.members[key])
        if isinstance(value, float):
            return value
        self.refuse(key, "wrong_type", f"“{key}” must be a number.")
        return fallback

    def integer(self, key: str, low: int, high: int) -> int:
        number = self.number(key)
        if not number.is_integer() or not low <= number <= high:
            self.refuse(key, "out_of_bounds", f"“{key}” must be a whole number from {low} to {high}.")
            return low
        return int(number)

    def boolean(self, key: str) -> bool:
        if key not in self.members:
            return False
        value = self.reading.value(self.members[key])
        if not isinstance(value, bool):
            self.refuse(key, "wrong_type", f"“{key}” must be true or false.")
        return value is True

    def day(self, key: str) -> date | None:
        if key not in self.members:
            return None
        try:
            day = date.fromisoformat(self.text(key))
        except ValueError:
            day = None
        if day is None or day.year <= _BEFORE:
            self.refuse(key, "bad_date", f"“{key}” must be a date such as 2026-11-23.")
            return None
        return day

    def words(self, key: str) -> tuple[str, ...]:
        if key not in self.members:
            return ()
        value = self.reading.value(self.members[key])
        if isinstance(value, tuple):
            return value
        self.refuse(key, "wrong_type", f"“{key}” must be a list.")
        return ()

    def each(self, key: str, read: Callable[[Reading, Node], T | None]) -> tuple[T, ...]:
        nodes = self.reading.items(self.members[key]) if key in self.members else []
        return tuple(item for node in nodes if (item := read(self.reading, node)) is not None)
