"""Pages: the live update beside the form and the whole answer, as multiples of the plain recommendation behind them."""

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count, repeat

from django.test import Client

from advisor import service
from advisor.web import links
from bench.measure import Table, compare
from bench.workloads import SAID

PLAIN = "recommend"
_steps = count(1)


def measure_pages() -> Iterator[Table]:
    """Whole requests, from the address to the bytes; the live update has outcome, cost totals and nearest flips."""
    logging.disable(logging.INFO)  # a line per request would drown the table
    asked, others = links.encode(SAID), _never_alike()
    works: dict[str, Callable[[], object]] = {PLAIN: lambda: service.recommend(service.read_query(next(others)))}
    for name, path in (
        ("live update", "/recommendation/live"),
        ("answer again", "/recommendation"),
        ("questions", "/"),
    ):
        works[f"{name}, whole request"] = _get(repeat(f"{path}?{asked}"))
    works["answer, whole request"] = _get(f"/recommendation?{links.encode(said)}" for said in _never_alike())
    yield compare("Pages, as multiples of the recommendation", works, PLAIN)


def _never_alike() -> Iterator[Mapping[str, object]]:
    """Answers that nobody gave before, since an answer is kept for its pictures."""
    for step in _steps:
        yield {**SAID, "messages_per_second_avg": 40 + step / 1_000_000}


def _get(addresses: Iterable[str]) -> Callable[[], object]:
    addresses, client = iter(addresses), Client(headers={"host": "localhost"})

    def get() -> object:
        response = client.get(next(addresses))
        assert response.status_code == 200
        return response

    return get
