"""Our API against the frameworks people would pick instead, with the same engine behind each: processor time a request.

Servers listen on loopback, one worker each, and are asked in turn, so that a slow moment hits all. Bounded by ASKED.
"""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

from advisor import service
from bench.measure import AGAIN, Table, tabulate
from bench.peers import MISSING
from bench.workloads import open_answers

ROOT = Path(__file__).resolve().parent.parent
ROUNDS, ASKED = 3, 6
READY_SECONDS = 60
OURS = "ours"
_TICK = os.sysconf("SC_CLK_TCK")
_WSGI = ("-m", "granian", "--interface", "wsgi", "--workers", "1", "--no-ws", "--log-level", "warning", "--host")
_SERVERS = {  # name → what must be installed, and how it is started
    OURS: ("django", (*_WSGI, "127.0.0.1", "--port", "{port}", "advisor.wsgi:application")),
    "DRF, its defaults": ("rest_framework", (*_WSGI, "127.0.0.1", "--port", "{port}", "bench.servers.drf:application")),
    "Django Ninja": ("ninja", (*_WSGI, "127.0.0.1", "--port", "{port}", "bench.servers.ninja:application")),
    "FastAPI + orjson": (
        "fastapi",
        ("-m", "uvicorn", "--host", "127.0.0.1", "--port", "{port}", "--log-level", "warning",
         "bench.servers.fast:application"),
    ),
    "a fixed body": ("granian", (*_WSGI, "127.0.0.1", "--port", "{port}", "bench.servers.floor:application")),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running one: its process and an open connection."""

    name: str
    process: subprocess.Popen[bytes]
    connection: HTTPConnection

    def ask(self, level: str, body: bytes) -> bytes:
        """One answer; anything but a 200 ends the run."""
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        self.connection.request("POST", f"/api/v1/recommendations?explain={level}", body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            sys.exit(f"{self.name} answered {answer.status}: {content[:300]!r}")
        return content

    def cpu_seconds(self) -> float:
        """Of the server and its workers, so far."""
        return sum(_cpu(pid) for pid in _family(self.process.pid))

    def reconnect(self) -> None:
        """The next question opens a connection: servers end one that was idle while others were measured."""
        self.connection.close()


def measure_http() -> Iterator[Table]:
    """A table for each level of explaining."""
    body = json.dumps(open_answers(service.get_rulebook(), 0)).encode()
    with ExitStack() as stack:
        servers, skipped = [], []
        for name, (module, command) in _SERVERS.items():
            if importlib.util.find_spec(module) is None:
                skipped.append(f"{name}: {MISSING}")
                continue
            servers.append(stack.enter_context(_start(name, command)))
        for level in ("none", "summary", "full"):
            _agree(servers, level, body)
            yield _measure(servers, level, body, skipped)


def _agree(servers: list[Server], level: str, body: bytes) -> None:
    for server in servers:
        server.reconnect()
    answers = {server.name: server.ask(level, body) for server in servers if server.name != "a fixed body"}
    documents = {name: json.loads(content) for name, content in answers.items()}
    ours = documents[OURS]
    for name, document in documents.items():
        if document["id"] != ours["id"] or document["outcome"] != ours["outcome"]:
            sys.exit(f"{name} answers something else: nothing is timed")


def _measure(servers: list[Server], level: str, body: bytes, skipped: list[str]) -> Table:
    spent: dict[str, list[float]] = {server.name: [] for server in servers} | {AGAIN: []}
    ours = next(server for server in servers if server.name == OURS)
    for _ in range(ROUNDS):
        for name, server in (*((server.name, server) for server in servers), (AGAIN, ours)):
            server.reconnect()
            before = server.cpu_seconds()
            for _ in range(ASKED):
                server.ask(level, body)
            spent[name].append(max(server.cpu_seconds() - before, 1 / _TICK) / ASKED)
    title = f"HTTP at explain={level}: processor time a request, every question answered, the same engine behind each"
    return tabulate(title, spent, OURS, skipped=skipped)


@contextmanager
def _start(name: str, command: tuple[str, ...]) -> Iterator[Server]:
    port = _free_port()
    started = [sys.executable, *(part.format(port=port) for part in command)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "advisor.settings"}
    process = subprocess.Popen(started, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(name, process, port)
        yield Server(name=name, process=process, connection=HTTPConnection("127.0.0.1", port, timeout=120))
    finally:
        process.terminate()
        process.wait(10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await(name: str, process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    sys.exit(f"{name} did not start")


def _family(pid: int) -> list[int]:
    """The process and what it started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(each for child in children for each in _family(int(child)))]


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICK
