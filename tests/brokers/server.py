"""A server process of the tests: started on loopback, awaited by polling, stopped by its pid.

Knows no broker. Every start is matched by one stop, and the kernel ends the process should the test run be killed.
"""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

START_SECONDS = 60.0
STOP_SECONDS = 10.0
# Ends the server should the tests be killed (PR_SET_PDEATHSIG, SIGKILL). Not a preexec_fn: that may hang where clients
# have threads, and here they have.
DIE_WITH_THE_TESTS = "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 9); os.execvp(sys.argv[1], sys.argv[1:])"


class ServerStartError(RuntimeError):
    """The process ended, or did not answer in time; the message ends with its last words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    name: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        started = time.monotonic()
        self.process.terminate()
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        print(f"[brokers] {self.name} stopped in {time.monotonic() - started:.1f} s")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def start_server(
    name: str,
    command: Sequence[str],
    *,
    folder: Path,
    environment: Mapping[str, str],
    is_ready: Callable[[], bool],
) -> Server:
    log = folder / "server.log"
    started = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            (*_wrapper(), *command), cwd=folder, env=dict(environment), stdout=output, stderr=output
        )
    server = Server(name=name, process=process, log=log)
    _await(server, is_ready)
    print(f"[brokers] {name} ready in {time.monotonic() - started:.1f} s, pid {process.pid}")
    return server


def _await(server: Server, is_ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.process.poll() is None and time.monotonic() < deadline:
        if is_ready():
            return
        time.sleep(0.1)
    server.stop()
    last_words = server.log.read_text(encoding="utf-8", errors="replace")[-3000:]
    raise ServerStartError(f"{server.name} is not ready after {START_SECONDS:.0f} s at most:\n{last_words}")


def _wrapper() -> tuple[str, ...]:
    return (sys.executable, "-c", DIE_WITH_THE_TESTS) if sys.platform == "linux" else ()
