"""Observations as text: a file of answers with their evidence, differences and gaps in lines. Knows no client.

The file is YAML whose values are written as JSON, so that nothing needs a YAML writer and every text is quoted.
"""

import json
from collections.abc import Iterable, Mapping

from advisor.core.errors import Problem
from advisor.core.observation import Difference, Observation
from advisor.core.query import CONTROLS, WEIGHT
from advisor.render.plain import write_number
from advisor.render.words import quantity


def answers_yaml(about: str, given: Mapping[str, object]) -> str:
    """A file of answers: `about`, then what belongs beside the answers, then these."""
    beside = {name: value for name, value in given.items() if name in CONTROLS}
    weights = {name.removeprefix(WEIGHT): value for name, value in given.items() if name.startswith(WEIGHT)}
    answers = {name: value for name, value in given.items() if name not in beside and not name.startswith(WEIGHT)}
    lines = [f"about: {_json(about)}", *(f"{name}: {_json(value)}" for name, value in beside.items())]
    lines += [f"weights: {_json(weights)}"] if weights else []
    lines += ["answers:"] if answers else ["answers: {}"]
    return "\n".join([*lines, *(f"  {name}: {_json(value)}" for name, value in answers.items()), ""])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def gap_lines(gaps: Iterable[Problem]) -> list[str]:
    """Each gap once, in a line."""
    return list(dict.fromkeys(f"not observed: {gap}" for gap in gaps))


def difference_lines(differences: Iterable[Difference]) -> list[str]:
    """What was stated and stays, beside what was seen."""
    return [
        f"differs: {each.question}: you stated {quantity(each.stated, each.unit)} (kept); "
        f"observed {quantity(each.observed, each.unit)} ({each.window}, {each.source})"
        for each in differences
    ]


def figure_lines(observation: Observation) -> list[str]:
    """Figures and risks, which answer no question."""
    return [
        f"{each.name}: {each.value if isinstance(each.value, str) else quantity(write_number(each.value), each.unit)}"
        for each in (*observation.figures, *observation.risks)
    ]
