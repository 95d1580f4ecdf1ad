"""Decision documents of the cases, each worked out once for all tests that look at it."""

from collections.abc import Mapping
from functools import cache

from advisor import evidence, service
from advisor.core.recommendation import Recommendation
from advisor.render.document import Document, to_document

RELEASE = "1.2.3"
_NEITHER = {"priority_needed": True, "cloud": "azure", "work_queue": True}
_NONE = {"budget_usd_per_month": 0.01, "cloud": "aws", "work_queue": True, "messages_per_second_avg": 500}
_ODD = {
    "integrations": {"all_of": ["lambda"], "maybe": ["cdc", "other:a,b"]},
    "existing_platforms": ["kafka", "other:x|y & z"],
    "messages_per_second_avg": {"min": 100, "max": 500},
    "ordering": {"one_of": ["per-key", "global"]},
    "compliance": ["quite | odd `words` <b>"],
    "message_size_bytes_max": "2 MiB",
    "growth_percent_per_month": 20,
    "region": "ap-southeast-1",
}
EDGES: Mapping[str, Mapping[str, object]] = {
    "edge_nothing": {},
    "edge_neither": _NEITHER,
    "edge_none": _NONE,
    "edge_not_priced": {"region": "eu-west-1", "isolation_units": 5000},
    "edge_odd": _ODD,
    "edge_weights": {"cloud": "aws", "weight_cost": 9, "weight_shape": 0, "as_of": "2025-07-01"},
}
SHOWN: Mapping[str, Mapping[str, object]] = {
    **{case.id: case.answers for name in ("presets", "seed") for case in evidence.get_cases()[name]},
    **EDGES,
}
EVERY: Mapping[str, Mapping[str, object]] = {
    **{case.id: case.answers for cases in evidence.get_cases().values() for case in cases},
    **{case.id: case.answers for case in evidence.get_published_cases()},
    **EDGES,
}


@cache
def recommendation_of(name: str) -> Recommendation:
    return service.recommend(service.read_query(EVERY[name]))


@cache
def document_of(name: str) -> Document:
    return to_document(recommendation_of(name), RELEASE)
