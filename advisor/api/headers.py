"""Headers that every answer to a program has: open to every origin, a content policy, and where the description is.

Reading is all that can be done here, without a cookie or an identity, so there is nothing to keep from other origins.
"""

from collections.abc import Callable
from functools import cache
from http import HTTPStatus
from typing import cast

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.middleware.common import CommonMiddleware

from advisor.api.addresses import PROBED, is_for_programs

LINKS = ", ".join(
    (
        '</openapi.json>; rel="service-desc"; type="application/vnd.oai.openapi+json;version=3.1"',
        '</api/reference>; rel="service-doc"; type="text/html"',
        '</readyz>; rel="status"',
        '</.well-known/api-catalog>; rel="api-catalog"',
    )
)
EXPOSED = ", ".join(
    (
        "Advisor-Rulebook",
        "Content-Digest",
        "Content-Disposition",
        "Content-Location",
        "ETag",
        "Link",
        "RateLimit",
        "RateLimit-Policy",
        "Retry-After",
        "X-Request-Id",
    )
)
A_DAY = "86400"


class Policy(CSPMiddleware):
    """Middleware: the content policy. The library writes it for each page, which may add to it; what programs ask has
    always the same one."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not is_for_programs(request.path):
            return cast(HttpResponseBase, super().__call__(request))
        response = cast(HttpResponseBase, self.get_response(request))
        response.headers[HEADER] = write_policy()
        return response


@cache
def write_policy() -> str:
    """The policy of the settings."""
    return build_policy()


class RefuseForeignHosts(CommonMiddleware):
    """Middleware: Django's own, but for probes: they ask by the address of a machine, and are told no name."""

    def process_request(self, request: HttpRequest) -> HttpResponsePermanentRedirect | None:
        return None if request.path in PROBED else super().process_request(request)


class OpenToAll:
    """Middleware: CORS and Link for the addresses that programs ask."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_for_programs(request.path):
            if request.method == "OPTIONS" and response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
                _list_methods(response)
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Expose-Headers"] = EXPOSED
            response.headers["Link"] = LINKS
            if request.method == "OPTIONS":
                _allow_preflight(response)
        return response


def _list_methods(response: HttpResponse) -> None:
    """The refusal of a view that knows no OPTIONS, made an answer: it says which methods there are."""
    response.status_code, response.content = HTTPStatus.NO_CONTENT, b""
    for name in ("Content-Type", "Content-Length"):
        del response.headers[name]
    response.headers["Allow"] += ", OPTIONS"


def _allow_preflight(response: HttpResponse) -> None:
    response.headers["Access-Control-Allow-Methods"] = response.headers.get("Allow", "GET, HEAD, OPTIONS")
    response.headers["Access-Control-Allow-Headers"] = "Accept, Content-Type, If-Match, If-None-Match, X-Request-Id"
    response.headers["Access-Control-Max-Age"] = A_DAY
