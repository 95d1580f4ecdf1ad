"""The main address: answers in, the decision document out, in the format that was asked for.

Asked for JSON, as nearly always, the answer is made without REST framework, whose part of the time would be the larger
one; its views say everything else. Both ways go through the same functions.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from advisor import service
from advisor.api.bodies import read_body
from advisor.api.caching import answer_cached, check_rulebook
from advisor.api.endpoint import Endpoint, join_given, raw, say_rulebook
from advisor.api.explaining import read_level
from advisor.api.parsers import read_json
from advisor.api.problems import as_refused, write_problem
from advisor.api.renderers import CSV, JSON, YAML, Markdown, Text
from advisor.core.assume import MEASURED
from advisor.core.errors import read_all
from advisor.render.document import Document, to_json
from advisor.render.trace import write_trace

HOW = frozenset({"format", "explain"})
HOW_NAMED = HOW - {"format"}  # where the address ends in the format
USUAL = "summary"
LONGEST_LOCATION = 2000  # longer addresses are cut or refused on the way
View = Callable[..., HttpResponseBase]
Write = Callable[[Document], HttpResponse]


class Recommendations(Endpoint):
    """GET with the page's own query string, POST with a document; the same names and the same answer."""

    shows = HOW
    renderer_classes: Sequence[type[BaseRenderer]] = (JSON, Markdown, Text, YAML, CSV)

    def get(self, request: Request, format: str | None = None) -> HttpResponseBase:
        asked = service.read_pairs(request.query_params.lists())
        return answer(raw(request), asked, self.read_given(request), _shown(request), Response)

    post = get


class Recommend(Recommendations):
    """The same for people at a terminal: text unless something else is asked for."""

    renderer_classes = (Text, Markdown, JSON, YAML, CSV)


def _shown(request: Request) -> str:
    return str(request.accepted_renderer.format)


def answer(
    request: HttpRequest, asked: Mapping[str, Any], given: Mapping[str, object], shown: str, write: Write
) -> HttpResponseBase:
    """What both ways do once they know what is given, and in which format to show it."""
    query, level = read_all(lambda: service.read_query(given), lambda: read_level(asked.get("explain", USUAL), shown))
    if request.method != "POST":
        mark = f"{service.identify_answer(query)}-{level}-{shown}"
        return answer_cached(request, mark, query, lambda: write(work_out(query, level)))
    check_rulebook(query)
    document = work_out(query, level)
    response = write(document)
    response.headers["Cache-Control"] = "no-store"
    location = _locate(document, level, shown)
    if len(location) <= LONGEST_LOCATION and _is_found_there(query):
        response.headers["Content-Location"] = location
    return response


def _locate(document: Document, level: str, shown: str) -> str:
    """Where GET gives what is sent: the address of the document, with how it is shown where that is not as usual."""
    location: str = document["links"]["self"]
    how = {"explain": level} if level != USUAL else {}
    how |= {"format": shown} if shown != JSON.format else {}
    return "&".join((location, urlencode(how))).replace("?&", "?") if how else location


def _is_found_there(query: service.Query) -> bool:
    """Whether the canonical address has the same document: it cannot say what was narrowed, nor what was measured."""
    workload = service.read_workload(query)
    is_narrowed = any(remark.code == "narrowed" for remark in workload.remarks)
    return not is_narrowed and MEASURED not in workload.grades.values()


def work_out(query: service.Query, level: str) -> Document:
    """The document, as long as the level wants it."""
    document = service.write_answer(query, whole=level != "none")
    if level == "full":
        document["trace"] = write_trace(service.read_workload(query), service.get_rulebook_of(query))
    return document


def directly(view: View, accepted: Set[str]) -> View:
    """The view, but asked by one of these Accept headers for JSON, without REST framework."""

    @wraps(view)
    def answered(request: HttpRequest, **kwargs: Any) -> HttpResponseBase:
        is_read = request.method in ("GET", "HEAD")
        is_sent = request.method == "POST" and request.content_type == JSON.media_type
        if request.META.get("HTTP_ACCEPT", "*/*") not in accepted or not (is_read or is_sent):
            return view(request, **kwargs)
        try:
            names = service.read_pairs(request.GET.lists())
            if "format" in names:
                return view(request, **kwargs)
            body = read_json(read_body(request)) if is_sent else {}
            response = answer(request, names, join_given(names, body, HOW), JSON.format, _write_json)
        except Exception as error:
            refused = as_refused(error)
            if refused is None:
                raise
            response = write_problem(request, refused)
        response.headers["Vary"] = "Accept"
        response.headers["Allow"] = "GET, POST, HEAD, OPTIONS"
        return say_rulebook(response)

    return answered


def _write_json(document: Document) -> HttpResponse:
    return HttpResponse(to_json(document), content_type=JSON.media_type)
