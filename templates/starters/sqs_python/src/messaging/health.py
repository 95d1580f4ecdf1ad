"""http://0.0.0.0:HEALTH_PORT/healthz: 200 while the consumer polls or has messages in hand, 503 when not for long."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from messaging.metrics import counts


class Health:
    """Polls and what keeps messages in hand call `beat`; whoever asks over HTTP hears whether that was lately."""

    def __init__(self, patience_seconds: float) -> None:
        self._patience_seconds = patience_seconds
        self._beat_at = time.monotonic()

    def beat(self) -> None:
        self._beat_at = time.monotonic()

    @property
    def is_alive(self) -> bool:
        return time.monotonic() - self._beat_at < self._patience_seconds


def serve_health(health: Health, port: int) -> ThreadingHTTPServer | None:
    """In a thread that ends with the process; port 0 is off. Returns the server, so that tests may close it."""
    if port == 0:
        return None
    server = ThreadingHTTPServer(("0.0.0.0", port), _answering(health))
    threading.Thread(target=server.serve_forever, name="health", daemon=True).start()
    return server


def _answering(health: Health) -> type[BaseHTTPRequestHandler]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/healthz":
                self.send_error(404)
                return
            body = json.dumps({"status": "ok" if health.is_alive else "stuck", "counts": counts()}).encode()
            self.send_response(200 if health.is_alive else 503)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Quiet: a platform asks every few seconds."""

    return Answer
