"""A log line ties a request together and never carries an answer."""

import io
import json
import logging
import re
from types import TracebackType

import pytest
from django.test import Client

from advisor.access_log import JsonLine, RequestId, choose_id

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None]


def format_line(message: str, exc_info: ExcInfo | None = None) -> str:
    record = logging.LogRecord("advisor.test", logging.INFO, __file__, 1, message, None, exc_info)
    assert RequestId().filter(record)
    return JsonLine().format(record)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    lines: list[str] = []
    handler = logging.Handler()
    handler.setFormatter(JsonLine())
    handler.addFilter(RequestId())
    monkeypatch.setattr(handler, "emit", lambda record: lines.append(handler.format(record)))
    monkeypatch.setattr(logging.getLogger("advisor"), "handlers", [handler])
    return lines


def test_a_request_leaves_one_line_without_its_answers(seen: list[str]) -> None:
    response = Client().get("/no-such-page?budget_usd_per_month=4711", headers={"x-request-id": "order-0815"})
    (line,) = seen
    written = json.loads(line)
    assert "4711" not in line
    assert "budget" not in line
    assert (written["method"], written["path"], written["status"]) == ("GET", "/no-such-page", 404)
    assert written["milliseconds"] >= 0
    assert written["request_id"] == response.headers["X-Request-Id"] == "order-0815"


def test_a_line_has_its_members_in_order_and_text_as_it_is(seen: list[str]) -> None:
    Client().get("/é", headers={"x-request-id": "order-0815"})
    (line,) = seen
    line = re.sub(r'"time": "[0-9-]{10}T[0-9:.]{12}\+00:00"', '"time": T', line)
    assert re.sub(r'"milliseconds": [0-9.]+', '"milliseconds": M', line) == (
        '{"time": T, "level": "INFO", "logger": "advisor.access", "request_id": "order-0815", "message": "request", '
        '"method": "GET", "path": "/é", "status": 404, "milliseconds": M}'
    )


def test_the_development_server_which_would_write_whole_addresses_is_silent() -> None:
    assert not logging.getLogger("django.server").isEnabledFor(logging.ERROR)


def test_requests_do_not_share_an_id(seen: list[str]) -> None:
    first, second = (Client().get("/no-such-page").headers["X-Request-Id"] for _ in range(2))
    assert first != second
    assert [json.loads(line)["request_id"] for line in seen] == [first, second]


@pytest.mark.parametrize("offered", ["", "short", "a" * 65, "with space", "line\nbreak", '{"level":"INFO"}'])
def test_a_strange_id_is_replaced(offered: str) -> None:
    assert choose_id(offered) != offered
    assert len(choose_id(offered)) == 32


def test_a_line_break_cannot_forge_a_line() -> None:
    line = format_line('nothing\n{"level": "CRITICAL"}')
    assert "\n" not in line
    assert json.loads(line)["message"].startswith("nothing\n")


def test_outside_a_request_there_is_no_id() -> None:
    assert json.loads(format_line("started"))["request_id"] == "-"


def test_a_traceback_stays_on_the_line_and_leaves_out_what_was_typed() -> None:
    typed = "4711"

    def fail() -> None:
        try:
            float(f"{typed} in secret")
        except ValueError:
            raise KeyError(typed) from None

    with pytest.raises(KeyError) as raised:
        fail()
    error, before = raised.value, raised.value.__context__
    assert before is not None
    before.__context__ = LookupError(typed)
    suppressed, chained = (KeyError, error, error.__traceback__), (ValueError, before, before.__traceback__)
    for exception, kinds in ((suppressed, ["KeyError"]), (chained, ["LookupError", "ValueError"])):
        line = format_line("bug", exception)
        assert "\n" not in line
        written = json.loads(line)["traceback"]
        assert re.findall(r"^builtins\.(\w+)$", written, re.MULTILINE) == kinds
        assert ", in fail\n" in written
        assert typed not in line


@pytest.mark.parametrize(
    ("host", "path", "body"),
    [("evil.example", "/recommendation", "a=4711"), ("127.0.0.1", "/private", f"name=4711&pad={'x' * 70_000}"),
     ("127.0.0.1", "/private", "&".join(f"a{number}=4711" for number in range(1100)))],
)  # fmt: skip
def test_a_refusal_is_no_error_and_has_no_traceback(
    monkeypatch: pytest.MonkeyPatch, host: str, path: str, body: str
) -> None:
    log = io.StringIO()
    for name in ("django", "django.security", "advisor"):
        for handler in logging.getLogger(name).handlers:
            if type(handler) is logging.StreamHandler:  # not those of pytest
                monkeypatch.setattr(handler, "stream", log)
    client = Client(headers={"host": host}, raise_request_exception=False)
    response = client.post(path, body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 400
    written = [json.loads(line) for line in log.getvalue().splitlines()]
    assert [line["level"] for line in written] == ["WARNING", "INFO"]
    assert not [line for line in written if "traceback" in line or "4711" in str(line)]
