"""The Accept header is read as RFC 9110 says, q-values included."""

import pytest
from django.test import RequestFactory
from rest_framework.exceptions import NotAcceptable
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from advisor.api.negotiation import Negotiation


class First(BaseRenderer):
    media_type, format = "application/json", "json"


class Second(BaseRenderer):
    media_type, format = "text/markdown", "md"


def choose(accept: str, query: str = "") -> str:
    request = Request(RequestFactory().get(f"/?{query}", headers={"accept": accept}))
    return str(Negotiation().select_renderer(request, [First(), Second()])[0].format)


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", "json"),
        ("text/markdown", "md"),
        ("TEXT/Markdown", "md"),
        ("text/*", "md"),
        ("text/html, */*;q=0.8", "json"),
        ("application/json;q=0.5, text/markdown;q=0.6", "md"),
        ("application/json;q=0, */*", "md"),
        ("application/json; q=0.9, text/*;q=1.0", "md"),
        ("*/*;q=0.1, text/markdown;q=0", "json"),
        ("text/markdown;q=abc, application/json;q=0.1", "json"),
        ("text/markdown;charset=utf-8", "md"),
    ],
)
def test_the_best_of_what_is_accepted_is_sent(accept: str, chosen: str) -> None:
    assert choose(accept) == chosen


@pytest.mark.parametrize("accept", ["image/png", "application/json;q=0", "text", ";;;", ",", "x" * 5000])
def test_what_nobody_has_is_not_acceptable(accept: str) -> None:
    with pytest.raises(NotAcceptable, match=r"text/markdown \(format=md\)"):
        choose(accept)


def test_a_format_asked_for_by_name_wins() -> None:
    assert choose("application/json", "format=md") == "md"


def test_an_unknown_format_is_not_acceptable() -> None:
    with pytest.raises(NotAcceptable):
        choose("*/*", "format=pdf")
