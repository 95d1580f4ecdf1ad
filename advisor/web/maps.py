"""The map of outcomes over two questions that the asker chooses; the values are the service's, the shapes render's."""

import math

from django.http import QueryDict

from advisor import service
from advisor.core.rulebook import Question
from advisor.core.sweep import Standing
from advisor.core.units import format_quantity
from advisor.render.charts import outcomes
from advisor.render.charts.shapes import Chart

RATE, SIZE = "messages_per_second_avg", "message_size_bytes_avg"
SIDES = ("across", "up")
# The questions that a map can be drawn over, and how far it reaches: further than is usual, so that borders show.
SPANS = {
    RATE: (0.01, 100_000.0),
    SIZE: (100.0, 5_000_000.0),
    "consumer_groups": (1.0, 50.0),
    "retention_hours": (1.0, 10_000.0),
    "processing_seconds_avg": (0.001, 100_000.0),
}
_CELLS = 12  # a side; the time it takes grows with the square
# What follows from an answer unless it is stated; on a map it must follow, or most pairs would contradict it.
_FOLLOWERS = {
    RATE: ("messages_per_second_peak", "hottest_key_messages_per_second"),
    SIZE: ("message_size_bytes_max",),
    "processing_seconds_avg": ("processing_seconds_max",),
}


def read_sides(chosen: QueryDict) -> tuple[str, str]:
    """The two questions of the address; the rate and the size where it names none that can be drawn."""
    across, up = (chosen.get(side, "") for side in SIDES)
    across = across if across in SPANS else RATE
    up = up if up in SPANS and up != across else next(name for name in (SIZE, RATE) if name != across)
    return across, up


def draw_map(query: service.Query, across: str = RATE, up: str = SIZE) -> Chart:
    """Who wins at each pair of values, all else as answered or assumed."""
    rulebook = service.get_rulebook()
    workload = service.recommend(query).workload
    (columns, widths), (rows, heights) = (
        _axis(rulebook.questions[name], float(getattr(workload, name))) for name in (across, up)
    )
    dropped = {follower for name in (across, up) for follower in _FOLLOWERS.get(name, ())}
    free = {name: answer for name, answer in query.answers.items() if name not in dropped}
    found = []
    for height in heights:
        asked = service.Query(answers={**free, up: height}, weights=query.weights, as_of=query.as_of)
        swept = service.sweep(asked, across, widths)
        found.append([each.outcome if isinstance(each, Standing) else "" for each in swept])
    return outcomes.draw_outcomes(columns, rows, found)


def _axis(question: Question, here: float) -> tuple[outcomes.Axis, list[float]]:
    """Values evenly spread over the decades, with the asker's own among them."""
    low, high = SPANS[question.id]
    ratio = math.log(high / low) / (_CELLS - 2)
    spread = (float(f"{low * math.exp(ratio * step):.2g}") for step in range(_CELLS - 1))
    values = sorted({*(round(value) if question.kind == "integer" else value for value in spread), here})
    words = tuple(format_quantity(value, question.unit).replace(" messages/s", "/s") for value in values)
    return outcomes.Axis(label=question.text, values=words, here=values.index(here)), values
