"""The map of outcomes over two questions: which way the advice goes at each pair of values, and where the asker is."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.render.charts.shapes import Chart, document, line, rect, text

_LEFT, _TOP, _WIDE, _HIGH = 110, 14, 480, 320
_LETTERS = {"sqs": "S", "kafka": "K", "both": "B", "neither": "N", "none": "–", "": "×"}
_MEANINGS = {
    "sqs": "Amazon SQS", "kafka": "Apache Kafka", "both": "both", "neither": "neither", "none": "nothing fits",
    "": "not possible together",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One of the two questions: its words, its values in words, and which of them is the asker's own."""

    label: str
    values: tuple[str, ...]
    here: int


def draw_outcomes(across: Axis, up: Axis, outcomes: Sequence[Sequence[str]]) -> Chart:
    """`outcomes[row][column]`, the first row at the bottom; an empty outcome is a pair that cannot be."""
    wide, high = _WIDE / len(across.values), _HIGH / len(up.values)
    title = "Which way the advice goes"
    here = outcomes[up.here][across.here]
    says = (
        f"Across: {across.label} Up: {up.label} You are at {across.values[across.here]} and {up.values[up.here]}: "
        f"{_MEANINGS.get(here, here)}."
    )
    body: list[str] = []
    for row, line_of in enumerate(outcomes):
        for column, outcome in enumerate(line_of):
            x, y = _LEFT + column * wide, _TOP + _HIGH - (row + 1) * high
            body += _cell(x, y, wide, high, outcome)
    x, y = _LEFT + across.here * wide, _TOP + _HIGH - (up.here + 1) * high
    body.append(rect(x, y, wide, high, "ring"))
    body += [*_labels(across, up, wide, high), *_legend({each for row_ in outcomes for each in row_})]
    rows = tuple(
        (up.values[row], *(outcomes[row][column] or "not possible" for column in range(len(across.values))))
        for row in range(len(up.values))
    )
    header = (f"{up.label} \\ {across.label}", *across.values)
    return Chart(title=title, says=says, header=header, rows=rows, svg=document(title, says, _TOP + _HIGH + 62, *body))


def _cell(x: float, y: float, wide: float, high: float, outcome: str) -> list[str]:
    """Colour, a letter, and strokes for Kafka: three signs, so that one may fail."""
    drawn = [rect(x, y, wide - 1, high - 1, f"c-{outcome or 'none'}")]
    if outcome == "kafka":
        drawn.append(line(x + 2, y + high - 3, x + min(wide, high) - 4, y + 3, "hatch"))
    return [*drawn, text(x + wide / 2, y + high / 2 + 5, _LETTERS.get(outcome, "?"), "mid")]


def _labels(across: Axis, up: Axis, wide: float, high: float) -> list[str]:
    step = max(1, round(len(across.values) / 6))
    drawn = [
        text(_LEFT + (column + 0.5) * wide, _TOP + _HIGH + 18, across.values[column], "soft", "mid")
        for column in range(0, len(across.values), step)
    ]
    step = max(1, round(len(up.values) / 8))
    drawn += [
        text(_LEFT - 8, _TOP + _HIGH - (row + 0.5) * high + 4, up.values[row], "soft", "end")
        for row in range(0, len(up.values), step)
    ]
    drawn.append(text(_LEFT + _WIDE / 2, _TOP + _HIGH + 40, across.label, "soft", "mid"))
    drawn.append(text(8, _TOP + _HIGH + 58, f"Up: {up.label}", "soft"))
    return drawn


def _legend(found: set[str]) -> list[str]:
    drawn: list[str] = []
    for number, outcome in enumerate(outcome for outcome in _MEANINGS if outcome in found):
        y = _TOP + 22 * number
        drawn += [rect(604, y, 16, 16, f"c-{outcome or 'none'}"), text(608, y + 13, _LETTERS[outcome])]
        drawn.append(text(626, y + 13, _MEANINGS[outcome], "soft"))
    return drawn
