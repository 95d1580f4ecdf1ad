"""How long an answer may be kept, and when it need not be sent again: ETag, 304, Cache-Control.

An id stands for release, rulebook and answers, so a match is found before anything is worked out.
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response

from advisor import service
from advisor.api.problems import Refused

FOR_MINUTES = "public, max-age=300, stale-while-revalidate=600"
FOR_EVER = "public, max-age=31536000, immutable"


def lifetime(query: service.Query) -> str:
    """For ever where the asker pinned the rulebook; 410 where it is not the one we have."""
    if not query.rulebook:
        return FOR_MINUTES
    if gone := service.say_gone(query):
        raise Refused("rulebook_gone", gone)
    return FOR_EVER


def answer_cached(request: HttpRequest, mark: str, kept: str, make: Callable[[], HttpResponse]) -> HttpResponseBase:
    """What `make` gives, unless the client has it already. `mark` must name everything that the bytes depend on."""
    etag = f'"{mark}"'
    response = get_conditional_response(request, etag=etag) or make()
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = kept
    return response
