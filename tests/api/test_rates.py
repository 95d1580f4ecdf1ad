"""A limit holds across workers, says what is left, and is off unless somebody wants it."""

import logging
import re
import shutil
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from advisor.api.rates import LimitRate, find_asker
from advisor.environment import Rate, read_rate
from advisor.web.urls import urlpatterns
from tests.api.asking import read_problem
from tests.api.conftest import serve


@pytest.fixture
def limited(settings: Settings, tmp_path: Path) -> Settings:
    settings.RATE_LIMIT, settings.RATE_LIMIT_FOLDER = "3/hour", tmp_path / "counts"
    return settings


def use_up(limited: Settings) -> None:
    """One request is the limit, and was made."""
    limited.RATE_LIMIT = "1/hour"
    assert Client(headers={"host": "127.0.0.1"}).get("/api/v1/criteria").status_code == 200


def test_there_is_no_limit_unless_it_is_asked_for(client: Client) -> None:
    assert "RateLimit" not in client.get("/api/v1/criteria").headers
    assert read_rate("") is None


@pytest.mark.parametrize(
    ("text", "rate"), [("60/minute", Rate(most=60, window=60)), ("5 / hour", Rate(most=5, window=3600))]
)
def test_a_limit_is_written_in_words(text: str, rate: Rate) -> None:
    assert read_rate(text) == rate


@pytest.mark.parametrize(
    "text",
    ["many", "60", "60/day", "-1/minute", "0/minute", "1.5/hour", "/minute", "6\u0660/minute", "9999999999/minute"],
)
def test_a_limit_that_cannot_be_read_stops_the_start(text: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="60/minute"):
        read_rate(text)


def test_what_is_left_is_announced_and_then_refused(limited: Settings) -> None:
    client = Client(headers={"host": "127.0.0.1"})
    left = [client.get("/api/v1/criteria").headers["RateLimit"].split(";")[1] for _ in range(3)]
    assert left == ["r=2", "r=1", "r=0"]
    refused = client.get("/api/v1/criteria")
    assert read_problem(refused, 429)["type"].endswith("/problems/too_many_requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert refused.headers["RateLimit-Policy"] == '"default";q=3;w=3600'
    assert refused.headers["Access-Control-Allow-Origin"] == "*"
    assert client.get("/healthz").status_code == 200
    assert client.options("/api/v1/criteria").status_code == 204


def test_each_asker_has_a_count_of_its_own(limited: Settings) -> None:
    count = LimitRate(lambda request: HttpResponse())
    seen = [
        count(RequestFactory().get("/api/v1/", REMOTE_ADDR=f"192.0.2.{number % 2}", headers={"host": "127.0.0.1"}))
        for number in range(8)
    ]
    assert [response.status_code for response in seen] == [200] * 6 + [429] * 2


@pytest.mark.parametrize(
    "path", ["/api/v1/criteria", "/starter.zip", "/recommend", "/recommend.json", "/recommend?work_queue=yes"]
)
def test_programs_are_refused_in_a_document(limited: Settings, path: str) -> None:
    use_up(limited)
    read_problem(Client(headers={"host": "127.0.0.1"}).get(path), 429)


def list_pages() -> dict[str, str]:
    """An address of each page, and its name."""
    return {f"/{re.sub('<[^>]*>', 'x', str(page.pattern))}": str(page.name) for page in urlpatterns}


@pytest.mark.parametrize("path", [path for path, name in list_pages().items() if name != "form"])
def test_pages_that_take_answers_are_limited_and_no_others(limited: Settings, path: str) -> None:
    limited.RATE_LIMIT = ""
    takes_answers = Client(headers={"host": "127.0.0.1"}).post(path).status_code != 405
    use_up(limited)
    is_refused = Client(headers={"host": "127.0.0.1"}).post(path).status_code == 429
    assert is_refused == takes_answers


@pytest.mark.parametrize("path", ["/recommendation?work_queue=yes", "/start", "/kit", "/charts/cost.svg", "/private"])
def test_people_are_refused_on_a_page_with_the_headers_of_pages(limited: Settings, path: str) -> None:
    use_up(limited)
    response = Client(headers={"host": "127.0.0.1"}).get(path)
    assert response.status_code == 429
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert re.search(r"<main .*Wait \d+ second", response.content.decode(), re.DOTALL)
    assert 0 < int(response.headers["Retry-After"]) <= 3600
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in response.headers


def test_a_live_result_that_is_refused_is_a_sentence(limited: Settings) -> None:
    use_up(limited)
    response = Client(headers={"host": "127.0.0.1"}).get("/recommendation/live")
    assert response.status_code == 429
    assert response.content.startswith(b"<p")


def test_a_made_up_forwarded_address_counts_only_as_far_as_the_proxy_says(settings: Settings) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", headers={"x-forwarded-for": "1.2.3.4, 192.0.2.7"})
    settings.BEHIND_PROXY = False
    assert find_asker(request) == "10.0.0.1"
    settings.BEHIND_PROXY = True
    assert find_asker(request) == "192.0.2.7"


@pytest.mark.parametrize(
    ("addresses", "askers"),
    [
        (("192.0.2.7:40001", "192.0.2.7:40002", "192.0.2.7"), 1),
        (("2001:db8::1", "2001:db8::ffff:2", "[2001:db8::3]", "[2001:db8::4]:40001"), 1),
        (("2001:db8:0:1::1", "2001:db8:0:2::1"), 2),
        (("::ffff:192.0.2.7", "::ffff:192.0.2.8"), 2),
        (("unknown", "_hidden", ""), 3),
    ],
)
def test_nobody_is_many_askers_by_a_port_or_by_another_address_of_the_same_link(
    addresses: tuple[str, ...], askers: int
) -> None:
    found = {find_asker(RequestFactory().get("/", REMOTE_ADDR=address)) for address in addresses}
    assert len(found) == askers


def test_where_nothing_can_be_counted_everybody_is_answered_and_the_log_says_so(
    limited: Settings, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger("advisor"), "propagate", True)
    client = Client(headers={"host": "127.0.0.1"})
    assert "RateLimit" in client.get("/api/v1/criteria").headers
    shutil.rmtree(limited.RATE_LIMIT_FOLDER)
    limited.RATE_LIMIT_FOLDER.write_bytes(b"")  # a file, so that no folder can be made again
    assert [client.get("/api/v1/criteria").status_code for _ in range(5)] == [200] * 5
    assert "advisor.rates" in {record.name for record in caplog.records if record.levelno == logging.ERROR}


def test_two_workers_share_one_count(tmp_path: Path) -> None:
    for server in serve(workers=2, ADVISOR_RATE_LIMIT="20/hour", ADVISOR_CACHE_DIR=str(tmp_path)):

        def ask(_: int, port: int = server.port) -> int:
            connection = HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", "/api/v1/criteria")
            status = connection.getresponse().status
            connection.close()
            return status

        with ThreadPoolExecutor(max_workers=8) as pool:
            statuses = Counter(pool.map(ask, range(60)))
        assert statuses == {200: 20, 429: 40}
