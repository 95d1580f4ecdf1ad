"""Two kits side by side, file by file, as unified diffs. Knows no recommendation and no door."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from advisor.kit.starters import Kit

_NOWHERE = "/dev/null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file that differs; a side that lacks it is empty in the diff."""

    path: str
    diff: str


def compare_kits(left: Kit, right: Kit, left_folder: str, right_folder: str) -> tuple[Change, ...]:
    """What differs, by path; the folders stand before the paths, as `diff --recursive` has them."""
    return tuple(
        Change(path=path, diff="".join(_diff((left, left_folder), (right, right_folder), path)))
        for path in sorted(left.parts.keys() | right.parts.keys())
        if left.parts.get(path) != right.parts.get(path)
    )


def _diff(left: tuple[Kit, str], right: tuple[Kit, str], path: str) -> Iterator[str]:
    (before, old), (after, new) = (_side(*side, path) for side in (left, right))
    for line in difflib.unified_diff(old, new, before, after):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _side(kit: Kit, folder: str, path: str) -> tuple[str, list[str]]:
    """The name and the lines of one side."""
    if path not in kit.parts:
        return _NOWHERE, []
    return f"{folder}/{path}", kit.parts[path].content.decode().splitlines(keepends=True)
