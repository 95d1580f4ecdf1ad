"""The questions as fields of a pydantic model, for the frameworks that are built on it."""

from typing import Annotated, Any, Literal

from pydantic import Field

from advisor import service
from advisor.core.questions import Question


def fields() -> dict[str, Any]:
    """Name → type and default, as pydantic.create_model takes them."""
    return {name: (_kind(question) | None, None) for name, question in service.get_rulebook().questions.items()}


def _kind(question: Question) -> Any:
    match question.kind:
        case "boolean":
            return bool
        case "choice":
            return Literal[tuple(choice.id for choice in question.choices)]
        case "list":
            return list[str]
    assert question.bounds is not None
    return Annotated[float, Field(ge=question.bounds.low, le=question.bounds.high)]
