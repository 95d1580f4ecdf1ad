"""Two kits side by side, file by file, as unified diffs. Knows no recommendation and no door."""

from dataclasses import dataclass

from advisor.kit.starters import Kit
from advisor.render.diffs import write_diff

_NOWHERE = "/dev/null"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One file that differs; a side that lacks it is empty in the diff."""

    path: str
    diff: str


def compare_kits(left: Kit, right: Kit, left_folder: str, right_folder: str) -> tuple[Change, ...]:
    """What differs, by path; the folders stand before the paths, as `diff --recursive` has them."""
    return tuple(
        Change(path=path, diff=_diff((left, left_folder), (right, right_folder), path))
        for path in sorted(left.parts.keys() | right.parts.keys())
        if left.parts.get(path) != right.parts.get(path)
    )


def _diff(left: tuple[Kit, str], right: tuple[Kit, str], path: str) -> str:
    (before, old), (after, new) = (_side(*side, path) for side in (left, right))
    return write_diff(before, after, old, new)


def _side(kit: Kit, folder: str, path: str) -> tuple[str, str]:
    """The text and the name of one side."""
    if path not in kit.parts:
        return "", _NOWHERE
    return kit.parts[path].content.decode(), f"{folder}/{path}"
