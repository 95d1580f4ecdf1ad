"""Every refusal as an RFC 9457 problem document: a stable type that resolves to a page, and all problems at once.

Knows kinds of refusal; which answer is wrong, and why, comes from the core. A bug is no refusal and is not caught here.
"""

import json
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.core.exceptions import DisallowedHost, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.utils.encoding import escape_uri_path
from rest_framework import exceptions

from advisor.access_log import current_request_id
from advisor.core.errors import AnswersError, Problem
from advisor.render.batch import describe_refusal, summarize
from advisor.render.meanings import KINDS

CONTENT_TYPE = "application/problem+json"
View = Callable[[HttpRequest], HttpResponseBase]
_METHODS = "GET, HEAD"
# Of two kinds with one status, the general one stands last.
_OF_STATUS = {kind.status: code for code, kind in KINDS.items()}


class Refused(exceptions.APIException):
    """A request that is not answered; `kind` is the problem type, `headers` what the client needs to go on."""

    def __init__(
        self, kind: str, detail: str, problems: tuple[Problem, ...] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.kind, self.problems, self.headers = kind, problems, headers or {}
        self.status_code = KINDS[kind].status


def refuse(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """What REST views do with an exception; None for a bug, which is logged with its traceback and ends as 500."""
    refused = as_refused(error)
    request = context["request"]
    return None if refused is None else write_problem(request._request, refused)


def as_refused(error: Exception) -> Refused | None:
    """The refusal that an exception stands for; None for a bug."""
    match error:
        case Refused():
            return error
        case AnswersError(problems=problems):
            return Refused("invalid_answers", summarize(problems), problems)
        case exceptions.APIException():
            return Refused(_OF_STATUS[error.status_code], str(error.detail))
        case Http404() | PermissionDenied():
            return Refused("not_found", "There is nothing at this address.")
        case DisallowedHost():
            detail = "This service has no such name; who runs it sets its names in ADVISOR_ALLOWED_HOSTS."
            return Refused("malformed_request", detail)
        case SuspiciousOperation():
            return Refused(
                "malformed_request",
                "It cannot be read: it is too long, or has too many names or strange ones.",
            )
    return None


def describe_problem(refused: Refused, home: str) -> dict[str, Any]:
    """The problem's members; `home` is where the types resolve."""
    return describe_refusal(refused.kind, str(refused.detail), refused.problems, home)


def write_problem(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The problem document itself."""
    document = describe_problem(refused, _find_home(request))
    document["instance"] = f"{escape_uri_path(request.path)}#{current_request_id.get()}"
    body = json.dumps(document, ensure_ascii=False, indent=2).encode(errors="replace") + b"\n"
    response = HttpResponse(body, content_type=CONTENT_TYPE, status=refused.status_code, headers=dict(refused.headers))
    response.headers["Cache-Control"] = "no-store"
    return response


def read_only(view: View) -> View:
    """Django's own `require_safe` answers every other method with an empty page."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.method in ("GET", "HEAD"):
            try:
                return view(request)
            except Refused as refused:
                return write_problem(request, refused)
        message = f"{str(request.method)[:20]} is not taken here; {_METHODS} are."
        return write_problem(request, Refused("method_not_allowed", message, headers={"Allow": _METHODS}))

    return answer


def _find_home(request: HttpRequest) -> str:
    """Where the types resolve; for a Host that is not ours, wherever the asker found us."""
    try:
        return request.build_absolute_uri("/problems/")
    except DisallowedHost:
        return "/problems/"


def server_error(request: HttpRequest) -> HttpResponse:
    """A bug, said without its details; they are in the log under the request id."""
    status = HTTPStatus.INTERNAL_SERVER_ERROR
    return write_problem(request, Refused(_OF_STATUS[status], "This is our mistake; the log has its traceback."))
