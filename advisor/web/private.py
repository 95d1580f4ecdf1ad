"""Answers that no address holds: a page asked for by POST takes them from the body, and goes on like that.

Must not know what any page does with them.
"""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus

from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

_NO_LENGTH = "The answers came without their length; a proxy on the way must hold the body and send Content-Length."
Ask = Callable[..., HttpResponseBase]


def is_private(request: HttpRequest) -> bool:
    return request.method == "POST"


def takes_answers(view: Ask) -> Ask:
    """The answers stand in the address; or in the body, where no log of addresses and no history has them."""

    @wraps(view)
    def ask(request: HttpRequest, *parts: object, **named: object) -> HttpResponseBase:
        if not is_private(request):
            return view(request, *parts, **named)
        if "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower():  # read, it would have no answers
            return render(request, "400.html", {"detail": _NO_LENGTH}, status=HTTPStatus.LENGTH_REQUIRED)
        request.GET = QueryDict(request.body)
        response = view(request, *parts, **named)
        response.headers["Cache-Control"] = "no-store"
        return response

    return require_http_methods(["GET", "HEAD", "POST"])(ask)
