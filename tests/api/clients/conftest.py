"""A page of another origin, for what programs in browsers do."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest


class Blank(BaseHTTPRequestHandler):
    """A page of somebody else's, with nothing on it."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<!doctype html><title>portal</title>")

    def log_message(self, *_: object) -> None:
        """Nothing to say."""


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Another origin: its port differs."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Blank) as portal:
        thread = threading.Thread(target=portal.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{portal.server_address[1]}/"
        portal.shutdown()
        thread.join(timeout=5)
