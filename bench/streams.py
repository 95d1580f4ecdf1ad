"""Our own server under what takes long: a stream of a million lines, and a hundred clients at once."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from http.client import HTTPConnection

from bench.http import OURS, Server, make_bodies, start_all
from bench.measure import AGAIN, Table, tabulate

CHUNK, CLIENTS, ASKED, ROUNDS = 1000, 100, 20, 3
ADDRESS = "/api/v1/recommendations"


def measure_stream(count: int) -> Iterator[Table]:
    """Every question of each line answered, no two alike: processor time of the server a line."""
    with ExitStack() as stack:
        ((server,), skipped) = start_all(stack, {}, [OURS])
        spent: dict[str, list[float]] = {"a line": [], AGAIN: []}
        for taken in spent.values():
            before = server.cpu_seconds()
            answered = stream(server, count // 2)
            if answered != count // 2:
                raise SystemExit(f"{answered} of {count // 2} lines were answered")
            taken.append((server.cpu_seconds() - before) / answered)
        yield tabulate(f"{count:,} lines of NDJSON over HTTP", spent, "a line", skipped=skipped)


def stream(server: Server, count: int) -> int:
    """How many lines came back with an outcome; written and read at once."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.putrequest("POST", f"{ADDRESS}:batch")
    connection.putheader("Content-Type", "application/x-ndjson")
    connection.putheader("Transfer-Encoding", "chunked")
    connection.endheaders()
    writer = threading.Thread(target=_write, args=(connection, count), daemon=True)
    writer.start()
    answered = sum(b'"outcome"' in line for line in connection.getresponse())
    writer.join()
    connection.close()
    return answered


def _write(connection: HTTPConnection, count: int) -> None:
    for at in range(0, count, CHUNK):
        lines = b"\n".join(make_bodies(min(CHUNK, count - at))) + b"\n"
        connection.send(b"%x\r\n%b\r\n" % (len(lines), lines))
    connection.send(b"0\r\n\r\n")


def measure_clients() -> Iterator[Table]:
    """The same number of requests by one client and by a hundred at once."""
    with ExitStack() as stack:
        ((server,), skipped) = start_all(stack, {}, [OURS])
        spent: dict[str, list[float]] = {"one client": [], f"{CLIENTS} clients at once": [], AGAIN: []}
        for _ in range(ROUNDS):
            for name, taken in spent.items():
                clients = CLIENTS if name.startswith(str(CLIENTS)) else 1
                before, times = server.cpu_seconds(), CLIENTS * ASKED // clients
                with ThreadPoolExecutor(clients) as pool:
                    list(pool.map(lambda times: _ask(server.port, times), [times] * clients))
                taken.append((server.cpu_seconds() - before) / (CLIENTS * ASKED))
        title = "Clients at once: processor time of the server a request, explain=none"
        yield tabulate(title, spent, "one client", skipped=skipped)


def _ask(port: int, times: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    for body in make_bodies(times):
        headers = {"Content-Type": "application/json"}
        connection.request("POST", f"{ADDRESS}?explain=none", body, headers)
        answer = connection.getresponse()
        if answer.read() and answer.status != 200:
            raise SystemExit(f"answered {answer.status}")
    connection.close()
