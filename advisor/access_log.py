"""One line of JSON per request and per log record. Must never write an answer: no query string, no body, and of an
exception its kind and its place but not its words, which may quote one.

The request id ties the lines of one request together, and is returned so that a user can quote it.
"""

import json
import logging
import re
import time
import traceback
from collections.abc import Callable
from contextvars import ContextVar
from datetime import UTC, datetime
from uuid import uuid4

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

# A caller may bring its own id; anything longer or stranger could forge or flood a log line.
ACCEPTABLE_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
REQUEST_FIELDS = ("method", "path", "status", "milliseconds")

current_request_id: ContextVar[str] = ContextVar("current_request_id", default="-")
logger = logging.getLogger("advisor.access")
_write_json = json.JSONEncoder(ensure_ascii=False).encode


class AccessLog:
    """Middleware: numbers and times each request, and writes its one line."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = current_request_id.set(choose_id(request.META.get("HTTP_X_REQUEST_ID", "")))
        started = time.perf_counter()
        try:
            response = self.get_response(request)
            response.headers["X-Request-Id"] = current_request_id.get()
            elapsed = round((time.perf_counter() - started) * 1000, 1)
            seen = (request.method, request.path, response.status_code, elapsed)
            logger.info("request", extra=dict(zip(REQUEST_FIELDS, seen, strict=True)))
            return response
        finally:
            current_request_id.reset(token)


class RequestId(logging.Filter):
    """Adds the id of the request in hand to every record, whoever logs it."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current_request_id.get()
        return True


class Refusal(logging.Filter):
    """What the asker did wrong is no error of ours: a warning, and no traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
        return True


class JsonLine(logging.Formatter):
    """A record as one line; JSON escapes line breaks, so nothing can forge a second one."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "request_id": getattr(record, "request_id", "-"),
            "message": record.getMessage(),
        }
        line |= {name: vars(record)[name] for name in REQUEST_FIELDS if name in vars(record)}
        if record.exc_info and record.exc_info[1]:
            line["traceback"] = write_traceback(record.exc_info[1])
        return _write_json(line)


def write_traceback(error: BaseException) -> str:
    """The lines of code and the kind of an exception, those before that it came from first; the words of none."""
    places = "".join(traceback.format_tb(error.__traceback__))
    written = f"Traceback (most recent call last):\n{places}{type(error).__module__}.{type(error).__qualname__}"
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return f"{write_traceback(before)}\n\n{written}" if before else written


def choose_id(offered: str) -> str:
    """The caller's id when it is harmless, otherwise a new one."""
    return offered if ACCEPTABLE_ID.fullmatch(offered) else uuid4().hex
