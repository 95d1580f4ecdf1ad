"""A way to the SQS and SNS server: what passed is seen, and some requests fail as AWS fails them. Knows no starter.

The server of the tests takes whatever is sound, so that nothing would ever be left for a second try, and it hides
some attributes that it was given.
"""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_THROTTLED = b'{"__type": "com.amazonaws.sqs#OverLimit", "message": "not now"}'


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Its address, and the bodies of the requests that went along it."""

    endpoint: str
    seen: list[bytes]


@contextmanager
def leading_to(endpoint: str, *, refused: bytes = b"", times: int = 0) -> Iterator[Way]:
    """A way to the other endpoint that refuses so many requests with this word in their body."""
    left = [None] * times
    seen: list[bytes] = []

    class Passing(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            seen.append(body)
            if left and refused in body:
                left.pop()
                self._answer(400, _THROTTLED)
                return
            names = ("Content-Type", "X-Amz-Target", "Authorization")
            passed = {name: self.headers[name] for name in names if name in self.headers}
            try:
                with urllib.request.urlopen(urllib.request.Request(endpoint, body, passed), timeout=30) as answer:
                    self._answer(answer.status, answer.read(), answer.headers["Content-Type"])
            except urllib.error.HTTPError as error:
                with error:
                    self._answer(error.code, error.read(), error.headers["Content-Type"])

        def _answer(self, status: int, body: bytes, kind: str = "application/x-amz-json-1.0") -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: the starter says what it noticed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Passing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Way(endpoint=f"http://127.0.0.1:{server.server_address[1]}", seen=seen)
    finally:
        server.shutdown()
        server.server_close()
    assert not left, "nothing was refused"
