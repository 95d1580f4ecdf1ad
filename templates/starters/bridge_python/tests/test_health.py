"""/healthz says whether the consumer polled lately, and what was counted."""

import json
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from bridge.health import Health, serve_health
from bridge.metrics import count


@contextmanager
def served(patience_seconds: float) -> Iterator[str]:
    health = Health(patience_seconds)
    server = serve_health(health, _free_port())
    assert server is not None
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(address: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def test_a_consumer_that_polls_is_well_and_tells_its_counts() -> None:
    count("handled", 3)
    with served(60) as address:
        status, body = ask(f"{address}/healthz")
    assert (status, json.loads(body)["status"]) == (200, "ok")
    assert json.loads(body)["counts"]["handled"] >= 3


def test_a_consumer_that_has_not_polled_for_too_long_is_stuck() -> None:
    with served(0) as address:
        status, body = ask(f"{address}/healthz")
    assert (status, json.loads(body)["status"]) == (503, "stuck")


def test_there_is_nothing_else_to_read() -> None:
    with served(60) as address:
        assert ask(f"{address}/settings.json")[0] == 404


def test_port_0_is_off() -> None:
    assert serve_health(Health(60), 0) is None
