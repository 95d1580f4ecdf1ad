"""How much of the answer is sent: `?explain=none`, `summary` (the document) or `full` (with the trace of each rule).

Knows the document's members; the trace is written in advisor/render.
"""

from collections.abc import Mapping
from typing import Any

from advisor.core.errors import AnswersError, Problem
from advisor.core.parse import show_answer

DATA_FORMATS = frozenset({"json", "yaml"})
LEVELS = ("none", "summary", "full")
CONCLUSION = (
    "id", "release", "rulebook", "links", "answers", "weights", "outcome", "state", "option", "option_state", "margin",
    "headline", "warnings",
)  # fmt: skip


def read_level(level: object, shown: str) -> str:
    """The level asked for, where the answer is shown in that format; refuses another word."""
    if not isinstance(level, str) or level not in LEVELS or (level != "summary" and shown not in DATA_FORMATS):
        message = f"{show_answer(level)} is no level of {shown}."
        hint = f"Choose one of {', '.join(LEVELS)}; but the text formats have the summary only."
        raise AnswersError(Problem(where="explain", code="unknown_choice", message=message, hint=hint))
    return level


def shorten(document: Mapping[str, Any]) -> dict[str, Any]:
    """The conclusion alone."""
    return {name: document[name] for name in CONCLUSION}
