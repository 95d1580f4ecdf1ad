"""A project's files as the page shows them: what is worth reading at once, and all of them by folder.

Must not know what stands in them, nor which languages there are.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SHOWN = {"producer": "Producer", "consumer": "Consumer", "settings.json": "The workload’s own values"}
_TESTS = frozenset({"tests", "test"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """One file, with the heading it stands under."""

    title: str
    path: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """The files that lie in one folder: name, whole path, size."""

    name: str
    files: tuple[tuple[str, str, int], ...]


def pick_snippets(files: Mapping[str, bytes]) -> tuple[Snippet, ...]:
    """Producer, consumer and settings of each starter in the project, in that order."""
    found = [
        Snippet(title=title, path=path, text=content.decode())
        for wanted, title in SHOWN.items()
        for path, content in files.items()
        if wanted == _role(path)
    ]
    return tuple(found)


def _role(path: str) -> str:
    """What a file is by its name, where that is shown; else by its stem, in whatever case its language has it."""
    *folders, name = path.split("/")
    if _TESTS & set(folders):
        return ""
    return name if name in SHOWN else name.rpartition(".")[0].lower()


def list_folders(sizes: Iterable[tuple[str, int]]) -> tuple[Folder, ...]:
    """The files by folder, those at the top first."""
    found: dict[str, list[tuple[str, str, int]]] = {"": []}
    for path, size in sizes:
        folder, _, name = path.rpartition("/")
        found.setdefault(folder, []).append((name, path, size))
    return tuple(Folder(name=name, files=tuple(files)) for name, files in sorted(found.items()) if files)
