"""Bars: the points of two options side by side, and what each open question would swing. Know no rule."""

from collections.abc import Sequence
from dataclasses import dataclass

from advisor.render.charts.shapes import (
    MARGIN,
    WIDTH,
    Chart,
    document,
    filled,
    label,
    line,
    path,
    pattern,
    rect,
    text,
    with_title,
)
from advisor.render.words import signed

_TOP = 34
_MIDDLE, _REACH, _PAIR = 470.0, 190.0, 42  # of the points
_START, _END, _ROW = 300.0, 515.0, 42  # of the swings
_SAID = 19  # letters of a value beside its bar
_NO_RIVAL = "Only one kind of option is left, so there is no lead to draw."


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One open question: the lead of the outcome at one end of what it may be, and at the other."""

    label: str
    low: str
    high: str
    lead_low: float
    lead_high: float


def draw_points(names: tuple[str, str], criteria: Sequence[tuple[str, int, int]]) -> Chart:
    """Two bars for each criterion, right of the middle for and left of it against; both columns add up."""
    title = "Points by criterion"
    sums = (sum(first for _, first, _ in criteria), sum(second for _, _, second in criteria))
    says = f"{names[0]} has {signed(sums[0])} points, {names[1]} {signed(sums[1])}."
    most = max((abs(points) for _, *both in criteria for points in both), default=1) or 1
    bottom = _TOP + _PAIR * len(criteria)
    body = [pattern("second", 45, path([(0, 0), (0, 5)], "slash")), line(_MIDDLE, _TOP - 4, _MIDDLE, bottom, "axis")]
    for number, (name, *both) in enumerate(criteria):
        body += _pair(_TOP + _PAIR * number, name, both, _REACH / most)
    body += [*_legend(names), *_sums(names, sums, bottom)]
    rows = tuple((name, str(first), str(second)) for name, first, second in criteria)
    svg = document(title, says, bottom + 34, *body)
    total = ("sum", *map(str, sums))
    return Chart(title=title, says=says, header=("criterion", *names), rows=(*rows, total), svg=svg)


def height_of_points(criteria: int) -> float:
    """How high a picture of so many criteria is, for whoever must keep a place for it."""
    return with_title(_TOP + _PAIR * criteria + 34)


def _pair(y: float, name: str, points: Sequence[int], scale: float) -> list[str]:
    drawn = label(MARGIN, y + 21, name, 32)
    for place, each, kind in zip((y + 2, y + 19), points, ("first", "second"), strict=True):
        width = abs(each) * scale
        start = _MIDDLE if each > 0 else _MIDDLE - width
        drawn.append(rect(start, place, width, 15, kind))
        drawn += [filled(start, place, width, 15, "second")] if kind == "second" and width else []
        side = _MIDDLE + width + 6 if each > 0 else _MIDDLE - width - 6
        drawn.append(text(side, place + 12, signed(each), "soft", "" if each > 0 else "end"))
    return drawn


def _legend(names: tuple[str, str]) -> list[str]:
    """Told apart by order and strokes as well as by colour."""
    first, second = rect(MARGIN, 8, 14, 12, "first"), rect(310, 8, 14, 12, "second") + filled(310, 8, 14, 12, "second")
    return [first, text(MARGIN + 20, 19, names[0], "strong"), second, text(330, 19, names[1], "strong")]


def _sums(names: tuple[str, str], sums: tuple[int, int], y: float) -> list[str]:
    said = " · ".join(f"{name} {signed(points)}" for name, points in zip(names, sums, strict=True))
    drawn = [line(MARGIN, y + 4, WIDTH - MARGIN, y + 4, "rule"), text(MARGIN, y + 23, "Sum", "strong")]
    return [*drawn, text(WIDTH - MARGIN, y + 23, said, "strong", "end")]


def draw_swings(swings: Sequence[Swing], now: int | None = None, turning: int = 0) -> Chart:
    """The widest swing first; left of the line the outcome would be another. `now` is the lead as it is assumed, none
    where nothing is behind; `turning` counts the open questions that turn the outcome, those not drawn as well."""
    title = "What each open question would swing"
    ordered = sorted(swings, key=lambda swing: -abs(swing.lead_high - swing.lead_low))
    drawn = "Drawn are the widest, but none that takes several answers." if now is not None else _NO_RIVAL
    says = f"{_count(turning)} can turn the outcome alone. {drawn}"
    ends = [lead for swing in ordered for lead in (swing.lead_low, swing.lead_high)]
    axis = _Axis(least=min([0.0, *ends]), most=max([1.0, *ends]))
    body = [pattern("over", 45, path([(0, 0), (0, 5)], "danger")), *_lines(axis, now, len(ordered))]
    for number, swing in enumerate(ordered):
        body += _swing(_TOP + _ROW * number, swing, axis)
    rows = tuple(
        (swing.label, swing.low, f"{swing.lead_low:.0f}", swing.high, f"{swing.lead_high:.0f}") for swing in ordered
    )
    header = ("question", "if", "lead in points", "if", "lead in points")
    empty = _NO_RIVAL if now is None else "No open question that could be drawn moves the lead."
    nothing = () if ordered else (text(MARGIN, _TOP, empty, "soft"),)
    svg = document(title, says, _TOP + _ROW * max(len(ordered), 1) + 4, *body, *nothing)
    return Chart(title=title, says=says, header=header, rows=rows, svg=svg)


def _count(questions: int) -> str:
    return f"{questions or 'No'} open question{'s' if questions > 1 else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Axis:
    """The leads that are drawn, from the least to the most."""

    least: float
    most: float

    def at(self, lead: float) -> float:
        return _START + (lead - self.least) / (self.most - self.least) * (_END - _START)


def _lines(axis: _Axis, now: int | None, rows: int) -> list[str]:
    """The line below which another outcome leads, and the lead as it is."""
    bottom, even = _TOP + _ROW * rows - 4, axis.at(0)
    drawn = [line(even, _TOP - 6, even, bottom, "here"), text(even, _TOP - 12, "even", "soft", "mid")] if rows else []
    if now is not None and rows and abs(axis.at(now) - even) > 1:
        x = axis.at(min(now, axis.most))
        drawn += [line(x, _TOP - 6, x, bottom, "change")]
        drawn += [text(x, _TOP - 12, f"as assumed {signed(now)}", "soft", "mid")] if abs(x - even) > 70 else []
    return drawn


def _swing(y: float, swing: Swing, axis: _Axis) -> list[str]:
    """One bar, hatched where the outcome is another; at the right both ends in words, the lower lead first."""
    ends = sorted(((swing.lead_low, swing.low), (swing.lead_high, swing.high)))
    start, end = (axis.at(lead) for lead, _ in ends)
    even = min(max(axis.at(0), start), end)
    drawn = label(MARGIN, y + 19, swing.label, 40)
    if even > start:
        drawn += [rect(start, y + 8, even - start, 15, "over"), filled(start, y + 8, even - start, 15, "over")]
    if end > even or start == end:
        drawn.append(rect(even, y + 8, max(end - even, 2), 15, "first"))
    for number, (lead, words) in enumerate(ends):
        drawn.append(text(WIDTH - MARGIN, y + 13 + 15 * number, signed(round(lead)), "strong", "end", "soft"))
        drawn.append(text(_END + 12, y + 13 + 15 * number, _cut(words), "soft"))
    return drawn


def _cut(words: str) -> str:
    return words if len(words) <= _SAID else f"{words[: _SAID - 1].rstrip()}…"
