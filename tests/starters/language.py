"""What the tests must know of a language to set up and run its starters. Knows no language and no starter."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

TASKS = ("create", "send", "consume", "bench", "reachable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handler:
    """A handler as a user would write it: fails on "poison", else sleeps HANDLER_SECONDS and leaves a record.

    The record is one line of handled.jsonl, {"group", "content", "pid"}, written by one write to a file opened for
    appending, so that several processes may share it.
    """

    path: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One row of the table in projects.py.

    `tools` are the programs it needs, each with what to install. `set_up` gives a project (its starter's name, its
    folder) what its own make would install, from the cache; the handler is in place by then, so it may build.
    `commands` has for each broker the command of each task, run in the project's folder. It must be the process itself
    and no wrapper, since the tests signal and kill it by its id.
    """

    tools: Mapping[str, str]
    handlers: Mapping[str, Handler]
    set_up: Callable[[str, Path], None]
    commands: Mapping[str, Mapping[str, tuple[str, ...]]]
    environment: Mapping[str, str]

    def require_tools(self) -> None:
        """A missing tool skips the test with the way to get it."""
        for tool, what in self.tools.items():
            if shutil.which(tool, path=os.environ.get("PATH")) is None:
                pytest.skip(f"{tool} not found: install {what}")
