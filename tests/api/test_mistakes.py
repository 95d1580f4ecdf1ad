"""Our own mistakes, and what is refused before any view, are said as the asker reads: a document or a page.

The addresses here are this file's: at each of them something fails.
"""

import re

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.urls import re_path

from advisor import urls
from tests.api.asking import read_problem

PROGRAMS = ["/recommend", "/recommend.json", "/api/v1/recommendations", "/starter.zip", "/openapi.json", "/version"]
PEOPLE = ["/recommendation", "/recommendation.md", "/kit", "/"]


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("deliberate")


urlpatterns = [re_path("", fail)]
handler400, handler500 = urls.handler400, urls.handler500


def get(path: str, host: str = "127.0.0.1") -> HttpResponse:
    response = Client(headers={"host": host}, raise_request_exception=False).get(path)
    assert isinstance(response, HttpResponse)
    return response


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("path", PROGRAMS)
def test_a_bug_is_a_document_for_programs(path: str) -> None:
    response = get(path)
    read_problem(response, 500)
    assert b"deliberate" not in response.content


@pytest.mark.urls(__name__)
@pytest.mark.parametrize("path", PEOPLE)
def test_a_bug_is_a_page_for_people(path: str) -> None:
    response = get(path)
    assert (response.status_code, response.headers["Content-Type"]) == (500, "text/html; charset=utf-8")
    assert f"<code>{response.headers['X-Request-Id']}</code>" in response.content.decode()
    assert b"deliberate" not in response.content


@pytest.mark.parametrize("path", PROGRAMS)
def test_a_foreign_host_is_refused_in_a_document_for_programs(path: str) -> None:
    response = get(path, host="evil.example")
    assert read_problem(response, 400)["type"] == "/problems/malformed_request"
    assert b"evil" not in response.content


@pytest.mark.parametrize("path", PEOPLE)
def test_a_foreign_host_is_refused_on_a_page_for_people(path: str) -> None:
    response = get(path, host="evil.example")
    assert (response.status_code, response.headers["Content-Type"]) == (400, "text/html; charset=utf-8")
    assert re.search(r"<main.*ADVISOR_ALLOWED_HOSTS", response.content.decode(), re.DOTALL)
    assert "evil" not in response.content.decode()


def test_what_cannot_be_read_is_said_on_a_page_for_people() -> None:
    client = Client(headers={"host": "127.0.0.1"})
    names = client.get("/recommendation?" + "&".join(f"name{number}=1" for number in range(2_000)))
    body = client.post("/recommendation", {"work_queue": "x" * 300_000}, content_type=MULTIPART_CONTENT)
    for response in (names, body):
        assert response.status_code == 400
        assert "it is too long, or has too many names or strange ones." in response.content.decode()
