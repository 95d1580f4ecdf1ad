"""How long an answer may be kept, and when it need not be sent again: ETag, 304, Cache-Control.

An id stands for release, rulebook and answers, so a match is found before anything is worked out.
"""

from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from advisor import service
from advisor.api.problems import Refused

FOR_MINUTES = "public, max-age=300, stale-while-revalidate=600"
FOR_EVER = "public, max-age=31536000, immutable"


def check_rulebook(query: service.Query) -> None:
    """410 where the rulebook that the asker pinned is not the one we have."""
    if gone := service.say_gone(query):
        raise Refused("rulebook_gone", gone)


def answer_cached(
    request: HttpRequest, mark: str, query: service.Query, make: Callable[[], HttpResponse]
) -> HttpResponseBase:
    """What `make` gives, unless the client has it already. `mark` must name everything that the bytes depend on."""
    check_rulebook(query)
    return answer_unless_known(request, mark, make, FOR_EVER if _is_pinned(request, query) else FOR_MINUTES)


def answer_unless_known(
    request: HttpRequest, mark: str, make: Callable[[], HttpResponse], kept: str = FOR_MINUTES
) -> HttpResponseBase:
    """The same of what no query is asked about."""
    etag = f'"{mark}"'
    # “*” asks whether there is anything, which only making it can tell.
    made = make() if request.headers.get("If-None-Match", "").strip() == "*" else None
    response = get_conditional_response(request, etag=etag, response=made) or make()
    if response.status_code == HTTPStatus.PRECONDITION_FAILED:
        raise Refused("precondition_failed", f"What is here has the ETag {etag}.")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = kept
    return response


def _is_pinned(request: HttpRequest, query: service.Query) -> bool:
    """Whether the address names all that its bytes depend on: the rulebook, and the release that writes them."""
    return bool(query.rulebook) and request.GET.get("release") == service.release()
