"""Counts and times requests by route, for Prometheus.

Must never hold an address with its query: answers stand there.
"""

import os
import threading
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator

from django.http import HttpRequest, HttpResponse

BOUNDS = (0.005, 0.025, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})


class Metrics:
    """The counters of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str, int]] = Counter()
        self._buckets: Counter[tuple[str, int]] = Counter()
        self._seconds: dict[str, float] = {}

    def count(self, route: str, method: str, status: int, seconds: float) -> None:
        with self._lock:
            self._requests[route, method if method in _METHODS else "other", status] += 1
            self._buckets[route, bisect_left(BOUNDS, seconds)] += 1
            self._seconds[route] = self._seconds.get(route, 0.0) + seconds

    def write(self, release: str, rulebook: str) -> str:
        """All of it in Prometheus' text format."""
        with self._lock:
            requests, buckets, seconds = dict(self._requests), dict(self._buckets), dict(self._seconds)
        lines = [
            "# HELP advisor_info What is running.",
            "# TYPE advisor_info gauge",
            f'advisor_info{{release="{release}",rulebook="{rulebook}",worker="{os.getpid()}"}} 1',
            "# HELP advisor_requests_total Requests by route, method and status.",
            "# TYPE advisor_requests_total counter",
            *_write_requests(requests),
            "# HELP advisor_request_seconds How long requests took until their first byte.",
            "# TYPE advisor_request_seconds histogram",
            *_write_histogram(buckets, seconds),
        ]
        return "\n".join(lines) + "\n"


METRICS = Metrics()


def _write_requests(requests: dict[tuple[str, str, int], int]) -> Iterator[str]:
    for (route, method, status), count in sorted(requests.items()):
        labels = f'route="{_escape(route)}",method="{method}",status="{status}",worker="{os.getpid()}"'
        yield f"advisor_requests_total{{{labels}}} {count}"


def _write_histogram(buckets: dict[tuple[str, int], int], seconds: dict[str, float]) -> Iterator[str]:
    for route in sorted(seconds):
        labels = f'route="{_escape(route)}",worker="{os.getpid()}"'
        reached = 0
        for number, bound in enumerate((*BOUNDS, "+Inf")):
            reached += buckets.get((route, number), 0)
            yield f'advisor_request_seconds_bucket{{{labels},le="{bound}"}} {reached}'
        yield f"advisor_request_seconds_sum{{{labels}}} {seconds[route]:.6f}"
        yield f"advisor_request_seconds_count{{{labels}}} {reached}"


def _escape(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


class CountRequests:
    """Middleware: one count per request, under the pattern of its address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        METRICS.count(
            match.route if match else "none", request.method or "", response.status_code, time.perf_counter() - started
        )
        return response
