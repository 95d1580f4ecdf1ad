"""Python's row: a virtual environment from the cache, keyed by the pins it holds, and modules run in it."""

import subprocess
import venv
from pathlib import Path

from tests.brokers.cache import built_once, key_of
from tests.starters.language import Handler, Language

_RECORDING = '''\
"""Records what it has done, in a file that outlives the process."""

import json
import os
import time

from messaging.message import Message


def handle(message: Message) -> None:
    if message.{content} == "poison":
        raise ValueError("cannot be done")
    time.sleep(float(os.environ.get("HANDLER_SECONDS", "0")))
    line = {{"group": message.{group}, "content": message.{content}, "pid": os.getpid()}}
    file = os.open("handled.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, (json.dumps(line) + "\\n").encode())
    os.close(file)
'''
_HANDLER = "src/messaging/handler.py"


def _attach_environment(starter: str, folder: Path) -> None:
    pins = (folder / "requirements.txt", folder / "requirements-dev.txt")
    installed = built_once(key_of(starter, *pins), lambda place: _install(place, folder))
    (installed / "installed").touch()  # make would install once more if the pins looked newer
    (folder / ".venv").symlink_to(installed)


def _install(place: Path, folder: Path) -> None:
    venv.create(place, with_pip=True)
    pip = (str(place / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check")
    subprocess.run((*pip, "-r", "requirements-dev.txt"), cwd=folder, check=True, timeout=300)


def _modules(package: str, **modules: str) -> dict[str, tuple[str, ...]]:
    return {task: (".venv/bin/python", "-m", f"{package}.{module}") for task, module in modules.items()}


def _commands(create: str) -> dict[str, tuple[str, ...]]:
    own = {"create": create, "send": "send_samples", "consume": "consumer"}
    return _modules("messaging", **own, bench="bench", reachable="reachable")


PYTHON = Language(
    tools={},
    handlers={
        "kafka": Handler(path=_HANDLER, source=_RECORDING.format(content="value", group="key")),
        "sqs": Handler(path=_HANDLER, source=_RECORDING.format(content="body", group="group")),
    },
    set_up=_attach_environment,
    commands={
        "kafka": _commands("create_topics"),
        "sqs": _commands("create_queues"),
        "bridge": _modules("bridge", consume="bridge", reachable="reachable"),
    },
    environment={"PYTHONPATH": "src"},
)
