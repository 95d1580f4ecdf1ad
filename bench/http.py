"""Our API against the frameworks people would pick instead, with the same engine behind each: processor time a request.

Servers listen on loopback, one worker each, and are asked in turn, so that a slow moment hits all. No two requests of a
level have the same workload, unless it is the engine that is left out.
"""

import importlib.util
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count
from pathlib import Path

from advisor import service
from bench.measure import AGAIN, Table, tabulate
from bench.peers import MISSING
from bench.servers.engine import KEEP
from bench.workloads import open_answers

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 7
ASKED = {"none": 500, "summary": 10, "full": 10}  # a round; long against a tick of the clock
ASKED_KEPT = 100
READY_SECONDS = 60
_TICK = os.sysconf("SC_CLK_TCK")
OURS, FLOOR = "ours", "a fixed body"
_AT = ("--host", "127.0.0.1", "--port", "{port}")
_WSGI = ("-m", "granian", "--interface", "wsgi", "--workers", "1", "--no-ws", "--log-level", "warning", *_AT)
_LOGGED = (*_WSGI, "--access-log")  # a line for each request, as ours writes by itself and uvicorn unless told not to
_SERVERS = {  # name → what must be installed, and how it is started
    OURS: ("django", (*_WSGI, "bench.servers.ours:application")),
    "DRF, its defaults": ("rest_framework", (*_LOGGED, "bench.servers.drf:application")),
    "Django Ninja": ("ninja", (*_LOGGED, "bench.servers.ninja:application")),
    "FastAPI + orjson": ("fastapi", ("-m", "uvicorn", *_AT, "bench.servers.fast:application")),
    FLOOR: ("granian", (*_WSGI, "bench.servers.floor:application")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running one: its process and an open connection."""

    name: str
    process: subprocess.Popen[bytes]
    connection: HTTPConnection
    port: int

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
    """A table for each level of explaining, and one for all that is not the engine."""
    with ExitStack() as stack:
        servers, skipped = start_all(stack, {})
        for level, asked in ASKED.items():
            _agree(servers, level)
            title = (
                f"HTTP at explain={level}: processor time a request, every question answered, the same engine behind"
            )
            yield _measure(servers, level, asked, title, skipped)
    with ExitStack() as stack:
        servers, skipped = start_all(stack, {KEEP: "1"})
        _agree(servers, "summary")
        title = "HTTP, the whole document: processor time a request without the engine's, whose answer is kept"
        yield _measure(servers, "summary", ASKED_KEPT, title, skipped)


def start_all(
    stack: ExitStack, environment: Mapping[str, str], names: Sequence[str] = tuple(_SERVERS)
) -> tuple[list[Server], list[str]]:
    """Those that are installed, and a line for each that is not."""
    servers, skipped = [], []
    for name in names:
        module, command = _SERVERS[name]
        if importlib.util.find_spec(module) is None:
            skipped.append(f"{name}: {MISSING}")
            continue
        servers.append(stack.enter_context(_start(name, command, environment)))
    return servers, skipped


_asked = count()


def make_bodies(times: int) -> list[bytes]:
    """Every question answered, and a rate that nobody asked about before: no memory of ours makes an answer quicker.

    A million of them stay below the peak.
    """
    answers = open_answers(service.get_rulebook(), 0)
    rates = (40 + next(_asked) / 100_000 for _ in range(times))
    return [json.dumps(answers | {"messages_per_second_avg": rate}).encode() for rate in rates]


def _agree(servers: Sequence[Server], level: str) -> None:
    for server in servers:
        server.reconnect()
    (body,) = make_bodies(1)
    answers = {server.name: server.ask(level, body) for server in servers if server.name != FLOOR}
    documents = {name: json.loads(content) for name, content in answers.items()}
    ours = documents[OURS]
    for name, document in documents.items():
        if document != ours:
            sys.exit(f"{name} answers something else: nothing is timed")


def _measure(servers: Sequence[Server], level: str, asked: int, title: str, skipped: Sequence[str]) -> Table:
    spent: dict[str, list[float]] = {server.name: [] for server in servers} | {AGAIN: []}
    ours = next(server for server in servers if server.name == OURS)
    for _ in range(ROUNDS):
        for name, server in (*((server.name, server) for server in servers), (AGAIN, ours)):
            server.reconnect()
            bodies = make_bodies(asked)
            before = server.cpu_seconds()
            for body in bodies:
                server.ask(level, body)
            spent[name].append((server.cpu_seconds() - before) / asked)
    return tabulate(title, spent, OURS, skipped=skipped)


@contextmanager
def _start(name: str, command: tuple[str, ...], more: Mapping[str, str]) -> Iterator[Server]:
    port = _free_port()
    started = [sys.executable, *(part.format(port=port) for part in command)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "advisor.settings", **more}
    process = subprocess.Popen(started, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(name, process, port)
        yield Server(name=name, process=process, connection=HTTPConnection("127.0.0.1", port, timeout=120), port=port)
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
