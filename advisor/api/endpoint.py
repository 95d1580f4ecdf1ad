"""What all REST addresses share: negotiation, refusals as problem documents, strict names, OPTIONS.

Knows no question and no rule.
"""

from collections.abc import Mapping, Set
from io import BytesIO
from typing import Any, ClassVar, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from rest_framework.exceptions import MethodNotAllowed, NotFound, UnsupportedMediaType
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from advisor import service
from advisor.api.bodies import read_body
from advisor.core.errors import AnswersError, Problem

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)


class Endpoint(APIView):
    """A REST address. `shows` are the query parameters that say how to answer, `takes` the others of an address that
    takes no answers."""

    shows: ClassVar[frozenset[str]] = frozenset({"format"})
    takes: ClassVar[frozenset[str]] = frozenset()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """A method that is not there is said first: the other refusals would suggest that it is."""
        if request.method not in self.allowed_methods:
            method, taken = str(request.method)[:20], ", ".join(self.allowed_methods)
            raise MethodNotAllowed(method, f"{method} is not taken here; {taken} are.")
        super().initial(request, *args, **kwargs)

    def finalize_response(self, *args: Any, **kwargs: Any) -> Response:
        return say_rulebook(super().finalize_response(*args, **kwargs))

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:  # type: ignore[override]
        """DRF would describe its serializers here; the description has an address of its own."""
        response = HttpResponse(status=204)  # no Response: there is nothing that a renderer could show
        del response.headers["Content-Type"]
        return response

    def read_names(self, request: Request) -> dict[str, object]:
        """The query string where no answers are taken; a name that is not known is refused, not ignored."""
        given, known = service.read_pairs(request.query_params.lists()), self.shows | self.takes
        message, hint = "This address does not take that name.", f"Leave it out; it takes {', '.join(sorted(known))}."
        problems = [
            Problem(where=name[:100], code="unknown_parameter", message=message, hint=hint)
            for name in given
            if name not in known
        ]
        if problems:
            raise AnswersError(*problems)
        return given

    def read_given(self, request: Request) -> dict[str, object]:
        """What is asked, from the query string and, where there is one, the body: one set of names for both."""
        pairs = service.read_pairs(request.query_params.lists())
        return join_given(pairs, self.read_document(request) if request.method == "POST" else {}, self.shows)

    def read_document(self, request: Request) -> dict[str, object]:
        """The body as a mapping, by the parser that its Content-Type names."""
        parsers = self.get_parsers()
        parser = self.get_content_negotiator().select_parser(request, parsers)
        if parser is None:
            known = ", ".join(str(parser.media_type) for parser in parsers)
            sent = (request.content_type or "nothing")[:100]
            raise UnsupportedMediaType(sent, detail=f"Content-Type says {sent}; this address reads {known}.")
        return cast(dict[str, object], parser.parse(BytesIO(read_body(raw(request)))))


def say_rulebook(response: AnyResponse) -> AnyResponse:
    """Whatever the answer, it says by which knowledge."""
    response.headers["Advisor-Rulebook"] = service.get_rulebook().version
    return response


def join_given(pairs: Mapping[str, object], body: Mapping[str, object], shows: Set[str]) -> dict[str, object]:
    """What stands in the address and in the body, as one, but for how to show it; refuses what stands in both."""
    given = {name: value for name, value in pairs.items() if name not in shows}
    hint = "Keep one of the two."
    problems = [
        Problem(where=name, code="contradiction", message=f"{name} stands in the address and in the body.", hint=hint)
        for name in given
        if name in body
    ]
    if problems:
        raise AnswersError(*problems)
    return {**given, **body}


class Nothing(Endpoint):
    """Every other address below /api: a problem document instead of an HTML page."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise NotFound("There is nothing at this address. /api/v1/ lists what there is.")


def raw(request: Request) -> HttpRequest:
    """Django's own request, below DRF's."""
    return request._request
