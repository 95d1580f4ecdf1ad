"""A starter as a user has it: copied to a folder of its own, set up in its language, run as processes.

Knows nothing of what the starters do. A language is one row of the table, from a file of its own.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from advisor import service
from advisor.management.unpacking import write_folder
from tests.starters.in_go import GO
from tests.starters.in_java import JAVA
from tests.starters.in_python import PYTHON
from tests.starters.in_typescript import TYPESCRIPT
from tests.starters.language import TASKS, Language

LANGUAGES: Mapping[str, Language] = {"python": PYTHON, "typescript": TYPESCRIPT, "java": JAVA, "go": GO}
STARTERS = Path(__file__).resolve().parents[2] / "templates" / "starters"
# What running a starter where it lies leaves there.
LEFT = (".*_cache", "__pycache__", ".venv", "bin", "node_modules", "dist", "target")
PATIENCE_SECONDS = 40.0


@cache
def kit_folder(broker: str, language: str) -> Path:
    """The project built as a kit from the starter's own answers, as a user would get it."""
    starter = f"{broker}_{language}"
    kit = service.build_kit(service.read_query(service.read_answers_file(STARTERS / starter / "answers.yaml").given))
    folder = Path(tempfile.mkdtemp(prefix=f"{starter}-")) / kit.name
    write_folder(kit.files, kit.executables, folder)
    return folder / broker if (folder / broker).is_dir() else folder


Said = dict[str, Any]  # one line of a log


def read_log(text: str) -> list[Said]:
    """The lines that are log; make, compilers and test runners say other things between them."""
    *lines, _being_written = text.split("\n")
    return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]


@dataclass(slots=True, kw_only=True)
class Project:
    folder: Path
    broker: str
    language: Language
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, lines: Iterable[object] = (), **settings: str) -> list[Said]:
        """Run a task or a make target to its good end; return its log."""
        ended = self.end(*arguments, lines=lines, **settings)
        assert ended.returncode == 0, (ended.stdout + ended.stderr)[-3000:]
        return read_log(ended.stderr)

    def end(self, *arguments: str, lines: Iterable[object] = (), **settings: str) -> subprocess.CompletedProcess[str]:
        """The same, however it ends."""
        return subprocess.run(
            self._command(arguments),
            cwd=self.folder,
            env=self._variables(settings),
            input="\n".join(json.dumps(line) for line in lines),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    @contextmanager
    def running(self, *arguments: str, **settings: str) -> Iterator["Running"]:
        log = self.folder / f"{time.monotonic_ns()}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                self._command(arguments),
                cwd=self.folder,
                env=self._variables(settings),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        running = Running(process=process, log=log)
        try:
            yield running
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    @property
    def handled(self) -> list[dict[str, Any]]:
        """What the recording handler has finished, oldest first, of all consumers of this project."""
        file = self.folder / "handled.jsonl"
        *lines, _being_written = file.read_text(encoding="utf-8").split("\n") if file.exists() else [""]
        return [json.loads(line) for line in lines]

    def _command(self, arguments: tuple[str, ...]) -> tuple[str, ...]:
        task, *rest = arguments
        return (*self.language.commands[self.broker][task], *rest) if task in TASKS else arguments

    def _variables(self, settings: Mapping[str, str]) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {**inherited, **self.language.environment, **self.environment, **settings}


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> float:
        """Ask it to stop; return after how many seconds it had, with success."""
        asked = time.monotonic()
        self.process.send_signal(number)
        assert self.process.wait(PATIENCE_SECONDS) == 0, self.words()
        return time.monotonic() - asked

    def words(self) -> str:
        return self._log()[-3000:]

    def said(self, message: str) -> list[Said]:
        """The lines of its log with this message."""
        return [line for line in read_log(self._log()) if line["message"] == message]

    def _log(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def wait_until(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not happened():
            assert self.process.poll() is None, self.words()
            assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS:.0f} s:\n{self.words()}"
            time.sleep(0.05)


def ask_health(port: int) -> dict[str, Any]:
    """What /healthz answers, well or ill; nothing while it does not answer yet."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return dict(json.loads(answer.read()))
    except urllib.error.HTTPError as error:
        with error:
            return {"status": error.code}
    except OSError:
        return {}


def set_up(broker: str, language: str, folder: Path, *, records: bool = True) -> Project:
    """The kit in a folder of its own, set up as its make would do it; `records` puts the recording handler in."""
    spoken, starter = LANGUAGES[language], f"{broker}_{language}"
    spoken.require_tools()
    shutil.copytree(kit_folder(broker, language), folder, ignore=shutil.ignore_patterns(*LEFT))
    if records:
        handler = spoken.handlers[broker]
        (folder / handler.path).write_text(handler.source, encoding="utf-8")
    spoken.set_up(starter, folder)
    return Project(folder=folder, broker=broker, language=spoken)


def in_languages(*always: str) -> pytest.MarkDecorator:
    """The test runs in each language that has starters; in those not named here only with `make verify`."""
    marks = {language: () if language in always else (pytest.mark.slow,) for language in LANGUAGES}
    return pytest.mark.parametrize("language", [pytest.param(name, marks=mark) for name, mark in marks.items()])
