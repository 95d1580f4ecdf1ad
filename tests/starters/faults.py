"""A way to the SQS server on which some requests fail as AWS fails them for a while. Knows no starter.

The server of the tests takes whatever is sound, so that nothing would ever be left for a second try.
"""

import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

_THROTTLED = b'{"__type": "com.amazonaws.sqs#OverLimit", "message": "not now"}'


@contextmanager
def refusing(endpoint: str, word: bytes, times: int) -> Iterator[str]:
    """An endpoint in front of the other, which refuses so many requests with this word in their body."""
    left = [None] * times

    class Way(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if word in body and left:
                left.pop()
                self._answer(400, _THROTTLED)
                return
            passed = {name: self.headers[name] for name in ("Content-Type", "X-Amz-Target", "Authorization")}
            try:
                with urllib.request.urlopen(urllib.request.Request(endpoint, body, passed), timeout=30) as answer:
                    self._answer(answer.status, answer.read())
            except urllib.error.HTTPError as error:
                with error:
                    self._answer(error.code, error.read())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: the starter says what it noticed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Way)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
    assert not left, "nothing was refused"
