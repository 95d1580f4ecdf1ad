"""What every server does between its own reading and its own writing. Knows no framework."""

from collections.abc import Mapping
from typing import Any

from advisor import service
from advisor.api.explaining import shorten
from advisor.render.document import to_document
from advisor.render.trace import write_trace


def answer(answers: Mapping[str, object], level: str) -> dict[str, Any]:
    """The document that our own API sends at this level."""
    query = service.read_query(answers)
    recommendation = service.recommend(query)
    document: dict[str, Any] = to_document(recommendation, service.release())
    if level == "none":
        return shorten(document)
    if level == "full":
        document["trace"] = write_trace(recommendation.workload, service.get_rulebook_of(query))
    return document
