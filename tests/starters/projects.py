"""A starter as a user has it: copied to a folder of its own, with its own environment, run as processes.

Knows nothing of what the starters do. Environments are kept below .cache/, keyed by the pins they hold.
"""

import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
import venv
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from advisor import service
from advisor.management.unpacking import write_folder
from tests.brokers.cache import built_once, key_of

STARTERS = Path(__file__).resolve().parents[2] / "templates" / "starters"
PATIENCE_SECONDS = 40.0


@cache
def starter_folder(name: str) -> Path:
    """The project built as a kit from the starter's own answers, as a user would get it."""
    query = service.read_query(service.read_file(STARTERS / name / "answers.yaml").given)
    kit = service.build_kit(query)
    folder = Path(tempfile.mkdtemp(prefix=f"{name}-")) / kit.name
    write_folder(kit.files, kit.executables, folder)
    return folder


@dataclass(slots=True, kw_only=True)
class Project:
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, *arguments: str, lines: Iterable[object] = (), **settings: str) -> str:
        """Run one of its modules to the end; return its log."""
        ended = subprocess.run(
            self._command(arguments),
            cwd=self.folder,
            env=self._variables(settings),
            input="\n".join(json.dumps(line) for line in lines),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr[-3000:]
        return ended.stderr

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
        return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()] if file.exists() else []

    def _command(self, arguments: tuple[str, ...]) -> tuple[str, ...]:
        return arguments if arguments[0] == "make" else (".venv/bin/python", "-m", *arguments)

    def _variables(self, settings: Mapping[str, str]) -> dict[str, str]:
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {**inherited, "PYTHONPATH": "src", **self.environment, **settings}


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
        return self.log.read_text(encoding="utf-8", errors="replace")[-3000:]

    def wait_until(self, happened: Callable[[], bool]) -> None:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not happened():
            assert self.process.poll() is None, self.words()
            assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS:.0f} s:\n{self.words()}"
            time.sleep(0.05)


def set_up(name: str, folder: Path, handler: str | None = None) -> Project:
    """Copy the starter and give it its environment, and a handler as a user would write one."""
    shutil.copytree(starter_folder(name), folder, ignore=shutil.ignore_patterns(".*_cache", "__pycache__", ".venv"))
    if handler is not None:
        (folder / "src" / "messaging" / "handler.py").write_text(handler, encoding="utf-8")
    attach_environment(name, folder)
    return Project(folder=folder)


def attach_environment(name: str, folder: Path) -> None:
    """What the project's own make would install, from the cache."""
    pins = (folder / "requirements.txt", folder / "requirements-dev.txt")
    installed = built_once(key_of(name, *pins), lambda place: _install(place, folder))
    (installed / "installed").touch()  # make would install once more if the pins looked newer
    (folder / ".venv").symlink_to(installed)


def _install(place: Path, folder: Path) -> None:
    venv.create(place, with_pip=True)
    pip = (str(place / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check")
    subprocess.run((*pip, "-r", "requirements-dev.txt"), cwd=folder, check=True, timeout=300)
