"""Reads the starters, real projects in templates/starters, as path → part, compressed once. Knows no recommendation."""

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from advisor.core.errors import KitError, Problem
from advisor.kit.parts import Part, pack

_USUAL_BYTES = 32 * 1024  # of its own, as its decision record: more than any has that holds no words of the asker
# What running a starter in place leaves behind; never part of a kit.
_CACHES = frozenset({"__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache"})
_LEFTOVERS = _CACHES | {".venv", "bin", "node_modules", "dist", "target"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """The files made for one recommendation, and which of them are executable. Paths are relative, with slashes."""

    name: str
    parts: Mapping[str, Part]
    executables: frozenset[str] = frozenset()

    @property
    def files(self) -> Mapping[str, bytes]:
        """All of them unpacked."""
        return MappingProxyType({path: part.content for path, part in self.parts.items()})

    @property
    def room(self) -> int:
        """For how many usual kits it takes the room: what is shared with all others takes none."""
        own = sum(len(part.deflated) for part in self.parts.values() if not part.plain)
        return 1 + own // _USUAL_BYTES


def load_starters(folder: Path) -> Mapping[str, Kit]:
    """Every starter by name; raises KitError where there is none."""
    starters = {path.name: _load(path) for path in sorted(folder.iterdir()) if path.is_dir()} if folder.is_dir() else {}
    if not starters:
        raise KitError(Problem(where=folder.name, code="missing_starter", message="There is no starter here."))
    return MappingProxyType(starters)


def digest(*shelves: Mapping[str, Kit]) -> str:
    """What all of their files are, where they lie and which can be run, in one word."""
    seen = hashlib.sha256()
    for kit in (kit for shelf in shelves for kit in shelf.values()):
        for path, part in kit.parts.items():
            seen.update(f"{kit.name}/{path} {path in kit.executables} {part.sha256}\n".encode())
    return seen.hexdigest()


def _load(folder: Path) -> Kit:
    parts: dict[str, Part] = {}
    executables: set[str] = set()
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_symlink() or not path.is_file() or _LEFTOVERS & set(relative.parts):
            continue
        parts[relative.as_posix()] = pack(path.read_bytes(), is_shared=True)
        if path.stat().st_mode & stat.S_IXUSR:
            executables.add(relative.as_posix())
    return Kit(name=folder.name, parts=MappingProxyType(parts), executables=frozenset(executables))
