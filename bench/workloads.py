"""Seeded workloads over the whole of what can be answered: thresholds' own values as often as any others.

Must not know what is measured with them.
"""

import random
from collections.abc import Iterator, Mapping

from advisor.core.answers import read_answers
from advisor.core.domains import NOT_TOLD, Interval, Value
from advisor.core.errors import AnswersError
from advisor.core.probes import cell_values
from advisor.core.questions import Question
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload

SAID: Mapping[str, object] = {"work_queue": True, "cloud": "aws", "messages_per_second_avg": 40, "nothing_else": True}
_KEPT_OPEN = frozenset({"nothing_else"})  # it closes others, so it is no answer of its own here


def known_workloads(rulebook: Rulebook, count: int, seed: int = 1) -> list[Workload]:
    """Workloads in which every question is answered, no two alike."""
    draw = random.Random(seed)
    plain = read_answers({}, rulebook.questions)
    cells = {
        name: cell_values(question, plain, rulebook, inside=False)
        for name, question in rulebook.questions.items()
        if name not in _KEPT_OPEN
    }
    return list(_draw(rulebook, cells, count, draw))


def _draw(
    rulebook: Rulebook, cells: Mapping[str, tuple[Value, ...]], count: int, draw: random.Random
) -> Iterator[Workload]:
    made = 0
    while made < count:
        answers = {name: _pick(rulebook.questions[name], values, draw) for name, values in cells.items()}
        try:
            workload = read_answers(answers, rulebook.questions)
        except AnswersError:  # answers that contradict each other; another draw
            continue
        made += 1
        yield workload


def _pick(question: Question, values: tuple[Value, ...], draw: random.Random) -> object:
    """One of its telling values; of numbers mostly something in between, from small to large."""
    value = draw.choice(values)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float) and isinstance(question.plausible, Interval) and draw.random() < 0.9:
        low, high = max(question.plausible.low, 1e-3), max(question.plausible.high, 1e-3)
        value = min(high, max(question.plausible.low, low * (high / low) ** draw.random()))
        return float(round(value)) if question.kind == "integer" else value
    return value


def open_answers(rulebook: Rulebook, count: int) -> dict[str, object]:
    """The workload of SAID with everything stated but so many questions, those that people know least."""
    workload = read_answers(SAID, rulebook.questions)
    names = sorted(rulebook.questions, key=lambda name: (rulebook.questions[name].known_percent, name))
    unsaid = {name for name in names if name not in SAID}
    left = set([name for name in names if name in unsaid][:count])
    values = {name: getattr(workload, name) for name in rulebook.questions if name not in left}
    said = {name: value for name, value in values.items() if value != NOT_TOLD}  # which is no answer
    return {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()}
