"""The main address: answers in, the decision document out, in the format that was asked for."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from advisor import service
from advisor.api.caching import answer_cached, lifetime
from advisor.api.endpoint import Endpoint, raw
from advisor.api.explaining import read_level
from advisor.api.renderers import CSV, JSON, YAML, Markdown, Text
from advisor.render.document import to_conclusion, to_document
from advisor.render.trace import write_trace

LONGEST_LOCATION = 2000  # longer addresses are cut or refused on the way


class Recommendations(Endpoint):
    """GET with the page's own query string, POST with a document; the same names and the same answer."""

    renderer_classes: Sequence[type[BaseRenderer]] = (JSON, Markdown, Text, YAML, CSV)

    def get(self, request: Request, format: str | None = None) -> HttpResponseBase:
        query, level = service.read_query(self.read_given(request)), read_level(request)
        mark = f"{service.identify_answer(query)}-{level}-{request.accepted_renderer.format}"
        return answer_cached(raw(request), mark, lifetime(query), lambda: write_answer(query, level))

    def post(self, request: Request, format: str | None = None) -> HttpResponse:
        query, level = service.read_query(self.read_given(request)), read_level(request)
        lifetime(query)
        response = write_answer(query, level)
        response.headers["Cache-Control"] = "no-store"
        if len(location := response.data["links"]["self"]) <= LONGEST_LOCATION:
            response.headers["Content-Location"] = location
        return response


class Recommend(Recommendations):
    """The same for people at a terminal: text unless something else is asked for."""

    renderer_classes = (Text, Markdown, JSON, YAML, CSV)


def write_answer(query: service.Query, level: str) -> Response:
    """The document, as long as the level wants it."""
    if level == "none":
        return Response(to_conclusion(service.conclude(query), service.release()))
    recommendation = service.recommend(query)
    document: dict[str, Any] = to_document(recommendation, service.release())
    if level == "full":
        document["trace"] = write_trace(recommendation.workload, service.get_rulebook_of(query))
    return Response(document)
