"""Which known name was perhaps meant by an unknown one. Knows no question and no rule."""

import difflib
from collections.abc import Iterable, Iterator

_SHORTEST = 3  # shorter words stand in many names
_LOOKED_UP = 3  # each takes a while, and a list has room for thousands


def find_nearest(name: str, known: Iterable[str]) -> str:
    """The closest of those that have it as whole words (replay: replay_needed), else the one spelled most like it."""
    names = [*known]
    longer = [each for each in names if len(name) >= _SHORTEST and f"_{name.lower()}_" in f"_{each}_"]
    near = difflib.get_close_matches(name, longer, n=1, cutoff=0) or difflib.get_close_matches(name, names, n=1)
    return near[0] if near else ""


def ask_back(words: Iterable[str], known: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Each unknown word, of the first few with the question whether a known one was meant."""
    names = [*known]
    for place, word in enumerate(words):
        near = find_nearest(word, names) if place < _LOOKED_UP else ""
        yield word, f"Did you mean {near}?" if near else ""
