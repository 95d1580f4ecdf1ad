"""Which files of a project are worth reading on the page. Must not know what stands in them."""

from collections.abc import Mapping
from dataclasses import dataclass

SHOWN = {
    "producer.py": "Producer",
    "consumer.py": "Consumer",
    "settings.json": "The workload’s own values",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """One file, with the heading it stands under."""

    title: str
    path: str
    text: str


def pick_snippets(files: Mapping[str, bytes]) -> tuple[Snippet, ...]:
    """Producer, consumer and settings of each starter in the project, in that order."""
    found = [
        Snippet(title=title, path=path, text=content.decode())
        for ending, title in SHOWN.items()
        for path, content in files.items()
        if path.rpartition("/")[2] == ending and "/tests/" not in path
    ]
    return tuple(found)
