"""The map of outcomes over two questions that the asker chooses; the values are the service's, the shapes render's."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from django.http import QueryDict

from advisor import service
from advisor.core.answers import write_answers
from advisor.core.errors import AnswersError
from advisor.core.questions import Question
from advisor.core.sweep import Standing
from advisor.core.units import format_quantity
from advisor.render.charts import outcomes
from advisor.render.charts.shapes import Chart

RATE, SIZE = "messages_per_second_avg", "message_size_bytes_avg"
SIDES = ("across", "up")
_NEAR = 1.2  # times the asker's own value: closer than this, no border can be told from it
# The questions that a map can be drawn over, at values that people say; further than is usual, so that borders show.
_KIB, _DAY = 1024.0, 24.0
SPANS: Mapping[str, tuple[float, ...]] = {
    RATE: (0.01, 0.1, 1, 3, 10, 30, 100, 300, 1_000, 3_000, 10_000, 30_000, 100_000),
    SIZE: (128, *(_KIB * step for step in (0.5, 1, 2, 4, 8, 16, 32, 64, 128, 256, 1024, 4096))),
    "consumer_groups": (1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 50),
    "retention_hours": (1, 4, 12, *(_DAY * days for days in (1, 2, 4, 7, 14, 30, 60, 90, 180, 365))),
    "processing_seconds_avg": (0.001, 0.01, 0.1, 1, 5, 30, 60, 300, 900, 3_600, 21_600, 43_200, 86_400),
}
# What is set aside where a pair of values contradicts it, as a biggest message does that is smaller than the average.
_FOLLOWERS = frozenset({"messages_per_second_peak", "message_size_bytes_max", "processing_seconds_max"})


def read_sides(chosen: QueryDict) -> tuple[str, str]:
    """The two questions of the address; the rate and the size where it names none that can be drawn."""
    across, up = (chosen.get(side, "") for side in SIDES)
    across = across if across in SPANS else RATE
    up = up if up in SPANS and up != across else next(name for name in (SIZE, RATE) if name != across)
    return across, up


def draw_map(query: service.Query, across: str = RATE, up: str = SIZE) -> Chart:
    """Who wins at each pair of values, all else as answered or assumed."""
    rulebook = service.get_rulebook()
    workload = service.read_workload(query)
    said = write_answers(workload)
    (columns, widths), (rows, heights) = (
        _axis(rulebook.questions[name], float(getattr(workload, name))) for name in (across, up)
    )
    # At the asker's own values each side is as it was answered, a range or nothing at all: that is the answer itself.
    own = {**dict.fromkeys((across, up)), **said}
    tried = [own[across] if number == columns.here else width for number, width in enumerate(widths)]
    found = []
    for number, height in enumerate(heights):
        asked = replace(query, answers={**said, up: own[up] if number == rows.here else height}, workload=None)
        found.append(_outcomes(asked, across, tried))
    return outcomes.draw_outcomes(columns, rows, found)


def _outcomes(asked: service.Query, across: str, values: Iterable[object]) -> list[str]:
    """Who wins at each value of a row."""
    pairs = zip(values, service.sweep(asked, across, values), strict=True)
    return [
        each.outcome if isinstance(each, Standing) else _without_followers(asked, across, value, each)
        for value, each in pairs
    ]


def _without_followers(asked: service.Query, across: str, value: object, error: AnswersError) -> str:
    """The same without the stated followers that this value contradicts; nothing where it cannot be even so."""
    wrong = {problem.where for problem in error.problems} & _FOLLOWERS & asked.answers.keys()
    if not wrong:
        return ""
    kept = {name: answer for name, answer in asked.answers.items() if name not in wrong}
    return _outcomes(replace(asked, answers=kept), across, (value,))[0]


def _axis(question: Question, here: float) -> tuple[outcomes.Axis, list[float]]:
    """The usual values, with the asker's own among them; what is very near to it gives way."""
    usual = (value for value in SPANS[question.id] if not 1 / _NEAR < (value or 1) / (here or 1) < _NEAR)
    values = sorted({*usual, here})
    words = tuple(re.sub(" messages?/s", "/s", format_quantity(value, question.unit)) for value in values)
    return outcomes.Axis(label=question.text, values=words, here=values.index(here)), values
