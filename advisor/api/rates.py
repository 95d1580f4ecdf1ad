"""How often one address may ask, where the operator wants a limit: counted for all workers, said in headers.

Off by default. Knows no answer; whoever asks is known by the digest of an address, for one window.
"""

import logging
from collections.abc import Callable
from http import HTTPStatus
from ipaddress import IPv4Address, IPv6Network, ip_address

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, MiddlewareNotUsed
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from advisor.api.addresses import is_for_programs, is_work
from advisor.api.counters import Counters
from advisor.api.problems import Refused, write_problem
from advisor.environment import read_rate

_LINK = 64  # bits: https://www.rfc-editor.org/rfc/rfc4291#section-2.5.4
logger = logging.getLogger("advisor.rates")


class LimitRate:
    """Middleware: one count per request; 429 with the time to wait when there were too many."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        rate = read_rate(settings.RATE_LIMIT)
        if rate is None:
            raise MiddlewareNotUsed
        self.get_response, self.rate = get_response, rate
        self.counters = Counters(settings.RATE_LIMIT_FOLDER, rate.window)  # refused here, it stops the start

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not is_work(request.path) or request.method == "OPTIONS":
            return self.get_response(request)
        try:
            counted, wait = self.counters.count(find_asker(request))
        except (OSError, ImproperlyConfigured) as error:  # such as a full disk: rather no limit than no answer
            logger.error("The rate limit is not kept, as nothing can be counted: %s", error)
            return self.get_response(request)
        left = self.rate.most - counted
        response = self.get_response(request) if left >= 0 else self._refuse(request, wait)
        response.headers["RateLimit-Policy"] = f'"default";q={self.rate.most};w={self.rate.window}'
        response.headers["RateLimit"] = f'"default";r={max(left, 0)};t={wait}'
        return response

    def _refuse(self, request: HttpRequest, wait: int) -> HttpResponse:
        """A problem document to programs, a page to people, a sentence where a page shows its live result."""
        if is_for_programs(request.path):
            detail = f"More than {self.rate.most} requests in {self.rate.window} seconds; wait {wait}."
            return write_problem(request, Refused("too_many_requests", detail, headers={"Retry-After": str(wait)}))
        template = "_too_many.html" if request.path.endswith("/live") else "429.html"
        response = render(request, template, {"wait": wait}, status=HTTPStatus.TOO_MANY_REQUESTS)
        response.headers["Retry-After"], response.headers["Cache-Control"] = str(wait), "no-store"
        return response


def find_asker(request: HttpRequest) -> str:
    """The peer; behind a proxy what that proxy has added last, since all before it can be made up."""
    forwarded = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
    if settings.BEHIND_PROXY and forwarded:
        return _find_network(forwarded)
    return _find_network(str(request.META.get("REMOTE_ADDR", "")))


def _find_network(address: str) -> str:
    """The address without the port that some proxies add, which is another for each connection; of IPv6 the network of
    a link, since whoever is on it may take any of its addresses (RFC 4862)."""
    has_port = address.startswith("[") or address.count(":") == 1
    host = address.rpartition(":")[0] if has_port and not address.endswith("]") else address
    try:
        found = ip_address(host.strip("[]"))
    except ValueError:
        return address
    if isinstance(found, IPv4Address) or found.ipv4_mapped:
        return str(found)
    return str(IPv6Network((int(found), _LINK), strict=False))
