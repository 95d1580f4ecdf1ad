"""One fault of an entry that could be read, before it has its file and line. Knows no rule."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from advisor.core.errors import Problem
from advisor.core.near import find_nearest

_LISTED = 16  # more names than that help nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What is wrong with `entry`, under `key` of it where that is known, and the way out.

    `lacks` is the name of an entry that is not there, where that is what is wrong.
    """

    entry: str
    code: str
    message: str
    hint: str = ""
    key: str = ""
    lacks: str = ""

    def place(self, places: Mapping[str, str], file: str) -> Problem:
        """The problem at the key, else at the entry, else at the top of the file."""
        where = places.get(f"{self.entry}.{self.key}") or places.get(self.entry) or f"{file}:1"
        return Problem(where=where, code=self.code, message=self.message, hint=self.hint)


Faults = Iterator[Fault]


def find_unknown(entry: str, key: str, names: Collection[str], known: Collection[str], kind: str) -> Faults:
    """Names that no option, fact, … has."""
    for name in names:
        if name not in known:
            message = f"{entry} names the {kind} {name}, which does not exist."
            hint = way_out(name, known)
            yield Fault(entry=entry, key=key, code=f"unknown_{kind}", message=message, hint=hint, lacks=name)


def way_out(name: str, known: Collection[str]) -> str:
    """The name that was perhaps meant, else all of them where they are few."""
    near = find_nearest(name, known)
    if near:
        return f"Did you mean {near}?"
    return f"Use one of {', '.join(known)}." if len(known) <= _LISTED else ""
