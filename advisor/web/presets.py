"""The cards of the front page: workloads to start from, shown before they are applied. Knows no recommendation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor.core.cases import Case
from advisor.web import links


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One card: its story, what it would answer, and the query string that holds these answers."""

    id: str
    name: str
    story: str
    answers: Mapping[str, object]
    query: str


def list_presets(cases: Sequence[Case]) -> tuple[Preset, ...]:
    return tuple(
        Preset(
            id=case.id,
            name=case.id.replace("_", " ").capitalize(),
            story=case.story or case.title,
            answers=case.answers,
            query=links.encode(case.answers),
        )
        for case in cases
    )
