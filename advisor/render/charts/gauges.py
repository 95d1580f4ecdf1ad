"""Gauges: how much of each limit is used, and when growth reaches it. Draw what they are handed; know no rule."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from advisor.core.units import format_quantity
from advisor.render.charts.shapes import (
    MARGIN,
    Chart,
    circle,
    document,
    filled,
    line,
    path,
    pattern,
    rect,
    text,
    with_title,
    wrap,
)
from advisor.render.words import months as say_when

_START, _END, _ROW, _TOP = 296, 540, 48, 24
_WORDS = 66  # pixels of “10 months” with room around it
_LETTERS = 37  # of a label that fits in front of the bars
_FULL, _BUSY = 100, 70  # per cent: the limit, and where somebody should begin to think about it
_SHOWN = 120.0  # per cent at the end of the bar; what is further over the limit is cut there
_HORIZON = 120.0  # months: beyond ten years nobody can say


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit of one option: how much of it is used, and in how many months growth reaches it, if ever."""

    label: str
    option: str
    used_percent: float
    months: float | None
    words: str = ""


def draw_limits(limits: Sequence[Limit]) -> Chart:
    """Fullest first; what is over its limit says so and reaches past the mark."""
    title = "How much of each limit is in use"
    ordered = sorted(limits, key=lambda limit: -limit.used_percent)
    says = "No numeric limit applies."
    if ordered:
        first = ordered[0]
        says = f"The fullest is “{first.label}” ({first.option}) at {format_quantity(first.used_percent, 'percent')}."
    used = [limit for limit in ordered if limit.used_percent > 0]  # an empty gauge says nothing; the table has it
    body = [pattern("over", 45, path([(0, 0), (0, 5)], "danger")), *_marks(len(used))]
    for number, limit in enumerate(used):
        body += _gauge(_TOP + _ROW * number, limit)
    rows = tuple((limit.label, limit.option, _figures(limit.used_percent), limit.words) for limit in ordered)
    header = ("limit", "option", "per cent in use", "in use of the limit")
    return Chart(title=title, says=says, header=header, rows=rows, svg=_finish(title, says, len(used), body))


def _at(percent: float) -> float:
    return _START + min(percent, _SHOWN) / _SHOWN * (_END - _START)


def _marks(rows: int) -> Iterator[str]:
    if not rows:
        return
    for percent, words, kind in ((_BUSY, f"{_BUSY} %", "change"), (_FULL, "limit", "here")):
        yield text(_at(percent), _TOP - 12, words, "soft", "mid")
        yield line(_at(percent), _TOP - 6, _at(percent), _TOP + _ROW * rows - 4, kind)


def _gauge(y: float, limit: Limit) -> list[str]:
    width = _at(limit.used_percent) - _START
    drawn = [*_name(y, limit), rect(_START, y + 8, _at(_FULL) - _START, 14, "track")]
    drawn.append(rect(_START, y + 8, max(min(width, _at(_FULL) - _START), 1.5), 14, "first"))
    if limit.used_percent > _FULL:
        drawn += [rect(_at(_FULL), y + 8, _at(limit.used_percent) - _at(_FULL), 14, "over")]
        drawn += [filled(_at(_FULL), y + 8, _at(limit.used_percent) - _at(_FULL), 14, "over")]
    over = ", over" if limit.used_percent > _FULL else ""
    drawn.append(text(_END + 10, y + 14, f"{format_quantity(limit.used_percent, 'percent')}{over}", "strong"))
    return [*drawn, text(_END + 10, y + 28, limit.words, "soft")]


def _name(y: float, limit: Limit) -> list[str]:
    """What it is, and below it whose."""
    words = wrap(limit.label, _LETTERS)
    top = y + 21 - 7 * len(words)
    lines = [text(MARGIN, top + 14 * number, each) for number, each in enumerate(words)]
    return [*lines, text(MARGIN, top + 14 * len(words), limit.option, "soft")]


def draw_months(limits: Sequence[Limit]) -> Chart:
    """A line of time, soonest first; a limit that growth never reaches is kept in the table only."""
    title = "Months until each limit is reached"
    reached = sorted((limit for limit in limits if limit.months is not None), key=lambda limit: limit.months or 0)
    says = "At the stated growth no limit is ever reached."
    if reached:
        first = reached[0]
        says = f"The first is “{first.label}” ({first.option}), {say_when(first.months)}."
    end = min(max((limit.months or 0 for limit in reached), default=0) or 12, _HORIZON)
    body = list(_years(end, len(reached)))
    for number, limit in enumerate(reached):
        body += _moment(_TOP + _ROW * number, limit, end)
    never = [limit for limit in limits if limit.months is None]
    rows = tuple((limit.label, limit.option, _months(limit.months)) for limit in [*reached, *never])
    header = ("limit", "option", "reached in")
    return Chart(title=title, says=says, header=header, rows=rows, svg=_finish(title, says, len(reached), body))


def _years(end: float, rows: int) -> Iterator[str]:
    """A mark each year, or each month where all is over within one."""
    step = 12 if end > 12 else 1
    apart = step / end * (_END - _START)
    for number in range(0, int(end // step) + 1 if rows else 0, math.ceil(_WORDS / apart)):
        x = _START + number * apart
        yield line(x, _TOP - 6, x, _TOP + _ROW * rows - 4, "grid")
        yield text(x, _TOP - 12, "today" if not number else _count(number, step), "soft", "mid")


def _count(number: int, step: int) -> str:
    one = "year" if step == 12 else "month"
    return f"{number} {one}{'' if number == 1 else 's'}"


def _moment(y: float, limit: Limit, end: float) -> list[str]:
    """A stem from today to the day, with a dot at its end; without a dot where it runs on beyond ten years."""
    months = limit.months or 0.0
    x = _START + min(months / end, 1) * (_END - _START)
    drawn = [*_name(y, limit), line(_START, y + 15, x, y + 15, "stem")]
    drawn.append(circle(x, y + 15, 5, "dot") if months <= _HORIZON else path([(x - 6, y + 10), (x, y + 15)], "stem"))
    words = _months(months) if months <= _HORIZON else "more than ten years"
    return [*drawn, text(_END + 14, y + 19, words, "strong" if months <= _HORIZON else "soft")]


def _finish(title: str, says: str, rows: int, body: list[str]) -> str:
    nothing = () if rows else (text(MARGIN, _TOP, says),)
    return document(title, says, _TOP + _ROW * rows + 8, *body, *nothing)


def height_of(rows: int) -> float:
    """How high a picture of so many limits is, for whoever must keep a place for it."""
    return with_title(_TOP + _ROW * rows + 8)


def _figures(percent: float) -> str:
    """Four figures, without an exponent: spreadsheets read that everywhere."""
    return f"{Decimal(f'{percent:.4g}'):f}"


def _months(months: float | None) -> str:
    if months is None:
        return "never"
    return format_quantity(months, "months") if months else "now"
