"""The map of outcomes over two questions: which way the advice goes at each pair of values, and where the asker is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from advisor.render.charts.shapes import MARGIN, Chart, document, filled, line, path, pattern, rect, text

_LEFT, _TOP, _WIDE, _HIGH = 104, 34, 470, 330
_KEY = _LEFT + _WIDE + 16  # where the legend begins
_APART = 26  # pixels between two values on the upward axis, so that none covers the asker's own
_MEANINGS = {
    "sqs": "Amazon SQS", "kafka": "Apache Kafka", "both": "both brokers", "neither": "neither", "none": "nothing fits",
    "": "not possible",
}  # fmt: skip
# Strokes of each outcome, by their slant; two of them make a lattice. Bare is what cannot be.
_STROKES = {"sqs": (0,), "kafka": (45,), "both": (45, -45), "neither": (90,), "none": (-45,)}

Grid = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One of the two questions: its words, its values in words, and which of them is the asker's own."""

    label: str
    values: tuple[str, ...]
    here: int


def draw_outcomes(across: Axis, up: Axis, outcomes: Grid) -> Chart:
    """`outcomes[row][column]`, the first row at the bottom; an empty outcome is a pair that cannot be."""
    title = "Which way the advice goes"
    here = outcomes[up.here][across.here]
    says = (
        f"Across: {across.label} Up: {up.label} You are at {across.values[across.here]} and {up.values[up.here]}: "
        f"{_MEANINGS.get(here, here)}."
    )
    found = [outcome for outcome in _MEANINGS if any(outcome in row for row in outcomes)]
    place = _Place(wide=_WIDE / len(across.values), high=_HIGH / len(up.values))
    body = (
        *map(_strokes, found),
        *_areas(outcomes, place),
        *_borders(outcomes, place),
        *_here(across, up, place),
        *_words_across(across, place),
        *_words_up(up, place),
        *_legend(found),
    )
    rows = tuple(
        (value, *(each or "not possible" for each in row)) for value, row in zip(up.values, outcomes, strict=True)
    )
    header = (f"{up.label} \\ {across.label}", *across.values)
    svg = document(title, says, _TOP + _HIGH + 48, *body)
    return Chart(title=title, says=says, header=header, rows=rows, svg=svg)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a cell lies."""

    wide: float
    high: float

    def x(self, column: float) -> float:
        return _LEFT + column * self.wide

    def y(self, row: float) -> float:
        """The upper edge of a row; rows are counted from the bottom."""
        return _TOP + _HIGH - (row + 1) * self.high


def _strokes(outcome: str) -> str:
    name = outcome or "none"
    turns = _STROKES.get(outcome, ())
    if not turns:
        return ""
    crossed = path([(0, 0), (7, 0)], f"p-{name}") if len(turns) == 2 else ""
    return pattern(f"p-{name}", turns[0], path([(0, 0), (0, 7)], f"p-{name}"), crossed, size=7)


def _areas(outcomes: Grid, place: _Place) -> Iterator[str]:
    """Each row's cells of one outcome as one rectangle: fewer shapes, and no seams."""
    for row, cells in enumerate(outcomes):
        for start, end, outcome in _runs(cells):
            # Half a pixel over the row below, which is drawn already: else a seam shows between them.
            at = place.x(start), place.y(row), (end - start) * place.wide, place.high + (0.5 if row else 0)
            yield rect(*at, f"c-{outcome or 'none'}")
            yield filled(*at, f"p-{outcome}") if outcome in _STROKES else ""


def _runs(cells: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    start = 0
    for end in range(1, len(cells) + 1):
        if end == len(cells) or cells[end] != cells[start]:
            yield start, end, cells[start]
            start = end


def _borders(outcomes: Grid, place: _Place) -> Iterator[str]:
    """A line wherever two neighbours differ, and around all."""
    yield rect(_LEFT, _TOP, _WIDE, _HIGH, "border")
    for row, cells in enumerate(outcomes):
        for column, outcome in enumerate(cells):
            x, y = place.x(column), place.y(row)
            if column and cells[column - 1] != outcome:
                yield line(x, y, x, y + place.high, "border")
            if row and outcomes[row - 1][column] != outcome:
                yield line(x, y + place.high, x + place.wide, y + place.high, "border")


def _here(across: Axis, up: Axis, place: _Place) -> Iterator[str]:
    """The asker's own cell, with lines to its values on both axes."""
    x, y = place.x(across.here), place.y(up.here)
    middle, level = x + place.wide / 2, y + place.high / 2
    yield line(middle, y + place.high, middle, _TOP + _HIGH, "here")
    yield line(_LEFT, level, x, level, "here")
    yield rect(x, y, place.wide, place.high, "ring")
    yield text(min(max(middle, _LEFT + 42), _LEFT + _WIDE - 42), y - 7, "you are here", "strong", "mid", "halo")


def _words_across(axis: Axis, place: _Place) -> Iterator[str]:
    step = max(1, round(len(axis.values) / 7))
    for column, words in enumerate(axis.values):
        own = column == axis.here
        if own or (column % step == 0 and abs(column - axis.here) * place.wide > 52):
            yield text(place.x(column + 0.5), _TOP + _HIGH + 18, words, "strong" if own else "soft", "mid")
    yield text(_LEFT + _WIDE / 2, _TOP + _HIGH + 39, axis.label, "mid")


def _words_up(axis: Axis, place: _Place) -> Iterator[str]:
    step = max(1, round(len(axis.values) / 10))
    for row, words in enumerate(axis.values):
        own = row == axis.here
        if own or (row % step == 0 and abs(row - axis.here) * place.high >= _APART):
            yield text(_LEFT - 9, place.y(row) + place.high / 2 + 4, words, "strong" if own else "soft", "end")
    yield text(MARGIN, _TOP - 12, axis.label)


def _legend(found: Sequence[str]) -> Iterator[str]:
    for number, outcome in enumerate(found):
        y = _TOP + 27 * number
        yield rect(_KEY, y, 22, 18, f"c-{outcome or 'none'}")
        yield filled(_KEY, y, 22, 18, f"p-{outcome}") if outcome in _STROKES else ""
        yield rect(_KEY, y, 22, 18, "border")
        yield text(_KEY + 30, y + 13, _MEANINGS[outcome])
