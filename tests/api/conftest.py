"""The service as REST clients meet it: in-process for its answers, as a real server where HTTP itself is tested."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection

import pytest
from django.test import Client

from advisor.settings import BASE_DIR
from tests.brokers.server import free_port


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running service."""

    port: int
    pid: int

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(300):
        assert process.poll() is None, "the server stopped"
        with closing(HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
            try:
                connection.request("GET", "/healthz")
                assert connection.getresponse().read()
                return
            except OSError:
                time.sleep(0.1)
    raise AssertionError("the server did not come up within 30 seconds")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(timeout=10)


def serve(workers: int = 1, **environment: str) -> Iterator[Server]:
    """The server that `make run` starts, on a free port; stopped by its own pid."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", "64", "--no-ws", "--log-level", "warning"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ADVISOR_")}
    process = subprocess.Popen(
        [*command, "advisor.wsgi:application"], cwd=BASE_DIR, env=kept | environment, stderr=subprocess.DEVNULL
    )
    try:
        wait_until_up(process, port)
        yield Server(port=port, pid=process.pid)
    finally:
        stop(process)


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    yield from serve()


@pytest.fixture
def client() -> Client:
    return Client(headers={"host": "127.0.0.1"})
