"""Published decisions from YAML → cases. Knows their form; scoring them is the core's affair.

Keys that nobody asks for are let be: such files come from elsewhere and say more than is needed here.
"""

from collections.abc import Mapping
from pathlib import Path

from yaml.nodes import Node

from advisor.core.agreement import PublishedCase
from advisor.core.errors import AnswersError, Problem
from advisor.core.recommendation import FAMILIES, NEITHER
from advisor.rulebook.nodes import Reading

_FAMILIES = (*FAMILIES, NEITHER)
_STRENGTHS = ("strong", "medium", "weak")


def read_published_cases(path: Path, name: str) -> tuple[PublishedCase, ...]:
    """The cases of a file; raises AnswersError with every problem, each with that name of the file and its line."""
    reading = Reading(name=name)
    root = reading.open(path)
    if root is None and not reading.problems:
        reading.problems.append(Problem(where=f"{name}:1", code="wrong_type", message="The file is empty."))
    cases = [case for node in reading.items(root) if (case := _read_case(reading, node)) is not None]
    if reading.problems:
        raise AnswersError(*sorted(set(reading.problems)))
    return tuple(cases)


def _read_case(reading: Reading, node: Node) -> PublishedCase | None:
    case, decision = reading.plain(node), None
    if isinstance(case, Mapping):
        decision = case.get("decision")
    if not isinstance(case, Mapping) or not isinstance(decision, Mapping) or not isinstance(case.get("answers"), dict):
        reading.refuse(node, "wrong_type", "A case is a mapping with id, answers and decision.")
        return None
    strength, family = _text(case, "strength"), _text(decision, "family")
    for name, word, allowed in (("strength", strength, _STRENGTHS), ("family", family, _FAMILIES)):
        if word not in allowed:
            reading.refuse(node, "unknown_word", f"“{word[:40]}” is no {name}.", f"Use one of {', '.join(allowed)}.")
    accepted = decision.get("also_accepted") or ()
    return PublishedCase(
        id=_text(case, "id"),
        title=_text(case, "title"),
        source=_text(case, "source"),
        summary=_text(case, "summary"),
        strength=strength,
        answers=case["answers"],
        family=family,
        option=_text(decision, "option"),
        also_accepted=tuple(str(word) for word in accepted) if isinstance(accepted, tuple | list) else (str(accepted),),
        notes=_text(case, "notes"),
        is_left_out=decision.get("later_reversed_or_regretted") is True,
    )


def _text(given: Mapping[str, object], key: str) -> str:
    value = given.get(key)
    return "" if value is None else " ".join(str(value).split())
