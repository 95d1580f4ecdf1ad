"""The least that the server costs: a fixed body as long as an answer, whatever is asked."""

from collections.abc import Callable, Iterable
from typing import Any

BODY = b"x" * 60_000


def application(environ: dict[str, Any], start_response: Callable[..., object]) -> Iterable[bytes]:
    """WSGI."""
    environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(BODY)))])
    return [BODY]
