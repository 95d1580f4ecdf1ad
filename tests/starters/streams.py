"""Streams of numbered messages, and what must be true of how they were handled."""

from collections.abc import Iterable
from typing import Any

GROUPS = 5


def numbered(count: int) -> list[tuple[str, int]]:
    return [(f"group-{number % GROUPS}", number) for number in range(count)]


def missing(count: int, handled: Iterable[dict[str, Any]]) -> set[int]:
    return set(range(count)) - {line["content"] for line in handled}


def groups_out_of_order(handled: Iterable[dict[str, Any]]) -> list[str]:
    """A message may come again, but the first time of each follows the first time of the one before it."""
    first_times: dict[str, list[int]] = {}
    for line in handled:
        seen = first_times.setdefault(line["group"], [])
        if line["content"] not in seen:
            seen.append(line["content"])
    return [group for group, seen in first_times.items() if seen != sorted(seen)]
