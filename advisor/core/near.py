"""Which known name was perhaps meant by an unknown one. Knows no question and no rule."""

import difflib
from collections.abc import Iterable

_SHORTEST = 3  # shorter words stand in many names


def find_nearest(name: str, known: Iterable[str]) -> str:
    """The closest of those that have it as whole words (replay: replay_needed), else the one spelled most like it."""
    names = [*known]
    longer = [each for each in names if len(name) >= _SHORTEST and f"_{name.lower()}_" in f"_{each}_"]
    near = difflib.get_close_matches(name, longer, n=1, cutoff=0) or difflib.get_close_matches(name, names, n=1)
    return near[0] if near else ""
