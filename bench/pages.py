"""Pages: the live update beside the form and the whole answer, as multiples of the plain recommendation behind them."""

import logging
from collections.abc import Callable, Iterator

from django.test import Client

from advisor import service
from advisor.web import links
from bench.measure import Table, compare
from bench.workloads import SAID

PLAIN = "recommend"


def measure_pages() -> Iterator[Table]:
    """Whole requests, from the address to the bytes; the live update has outcome, cost totals and nearest flips."""
    logging.disable(logging.INFO)  # a line per request would drown the table
    query, asked = service.read_query(SAID), links.encode(SAID)
    works: dict[str, Callable[[], object]] = {PLAIN: lambda: service.recommend(query)}
    for name, path in (("live update", "/recommendation/live"), ("answer", "/recommendation"), ("questions", "/")):
        works[f"{name}, whole request"] = _get(f"{path}?{asked}")
    yield compare("Pages, as multiples of the recommendation", works, PLAIN)


def _get(address: str) -> Callable[[], object]:
    client = Client(headers={"host": "localhost"})

    def get() -> object:
        response = client.get(address)
        assert response.status_code == 200
        return response

    return get
