"""Addresses. Each door lists its own in `<door>/urls.py`; this file only says where a door begins."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views import defaults

from advisor.api import problems

# The REST door first: it answers for all of /api, and the page's door catches the rest.
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("advisor.api.urls")),
    path("", include("advisor.web.urls")),
]


def handler500(request: HttpRequest) -> HttpResponse:
    """A bug, said in the form that the asker reads."""
    asked_by_program = request.path.startswith(("/api/", "/starter."))
    return problems.server_error(request) if asked_by_program else defaults.server_error(request)
