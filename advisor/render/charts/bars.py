"""Bars: how much of each limit is used, when growth reaches it, and the points of two options side by side."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from advisor.core.units import format_quantity
from advisor.render.charts.shapes import WIDTH, Chart, document, line, rect, text

_LABEL, _END, _ROW, _TOP = 310, 590, 26, 34


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """One limit of one option: how much of it is used, and in how many months growth reaches it, if ever."""

    label: str
    option: str
    used_percent: float
    months: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """One open question: the lead of the outcome at one end of what it may be, and at the other."""

    label: str
    low: str
    high: str
    lead_low: float
    lead_high: float


def draw_limits(limits: Sequence[Limit]) -> Chart:
    """Fullest first; what is over its limit says so and reaches past the mark."""
    title = "How much of each limit is in use"
    ordered = sorted(limits, key=lambda limit: -limit.used_percent)
    fullest = ordered[0] if ordered else None
    says = (
        f"The fullest is “{fullest.label}” ({fullest.option}) at {_percent(fullest.used_percent)}."
        if fullest
        else "No numeric limit applies."
    )
    wide = (_END - _LABEL) / 1.2
    body = [line(_LABEL + wide, _TOP - 8, _LABEL + wide, _TOP + _ROW * len(ordered), "axis")]
    body.append(text(_LABEL + wide, _TOP - 14, "limit", "soft", "mid"))
    for number, limit in enumerate(ordered):
        y = _TOP + _ROW * number
        share = min(limit.used_percent / 100, 1.2)
        body += _bar(y, limit.label, share * wide, "over" if limit.used_percent > 100 else "first", full=wide)
        body.append(text(WIDTH - 4, y + 13, _percent(limit.used_percent), "end"))
    rows = tuple((limit.label, limit.option, f"{limit.used_percent:.4g}") for limit in ordered)
    header = ("limit", "option", "per cent in use")
    return Chart(title=title, says=says, header=header, rows=rows, svg=_finish(title, says, ordered, body))


def draw_months(limits: Sequence[Limit]) -> Chart:
    """Soonest first; a limit that growth never reaches is left out of the picture and kept in the table."""
    title = "Months until each limit is reached"
    reached = sorted((limit for limit in limits if limit.months is not None), key=lambda limit: limit.months or 0)
    says = "At the stated growth no limit is ever reached."
    if reached:
        first = reached[0]
        says = f"The first is “{first.label}” ({first.option}), in {_months(first.months)}."
    longest = max((limit.months or 0 for limit in reached), default=1) or 1
    body = []
    for number, limit in enumerate(reached):
        y = _TOP + _ROW * number
        body += _bar(y, limit.label, (limit.months or 0) / longest * (_END - _LABEL), "first", full=_END - _LABEL)
        body.append(text(WIDTH - 4, y + 13, _months(limit.months), "end"))
    rows = tuple((limit.label, limit.option, _months(limit.months)) for limit in [*reached, *_never(limits)])
    header = ("limit", "option", "reached in")
    return Chart(title=title, says=says, header=header, rows=rows, svg=_finish(title, says, reached, body))


def draw_points(names: tuple[str, str], criteria: Sequence[tuple[str, int, int]]) -> Chart:
    """Two bars for each criterion, right of the middle for and left of it against; both columns add up."""
    title = "Points by criterion"
    sums = (sum(first for _, first, _ in criteria), sum(second for _, _, second in criteria))
    says = f"{names[0]} has {sums[0]} points, {names[1]} {sums[1]}."
    most = max((abs(points) for _, *both in criteria for points in both), default=1) or 1
    label_end, middle, reach, row_height = 250.0, 480.0, 180.0, 40
    body = [line(middle, _TOP - 6, middle, _TOP + row_height * len(criteria), "axis")]
    for number, (label, first, second) in enumerate(criteria):
        y = _TOP + row_height * number
        body.append(text(label_end, y + 20, _cut(label, 34), "end"))
        for place, points, colour in ((y + 2, first, "first"), (y + 19, second, "second")):
            width = abs(points) / most * reach
            body.append(rect(middle if points > 0 else middle - width, place, width, 14, colour))
            side = middle + width + 5 if points > 0 else middle - width - 5
            body.append(text(side, place + 12, f"{points:+d}".replace("-", "−"), "soft", "" if points > 0 else "end"))
    top = [rect(200, 6, 12, 12, "first"), text(217, 17, _cut(names[0], 34)), rect(480, 6, 12, 12, "second")]
    body += [*top, text(497, 17, _cut(names[1], 32))]
    rows = tuple((label, str(first), str(second)) for label, first, second in criteria)
    header = ("criterion", *names)
    height = _TOP + row_height * len(criteria) + 8
    return Chart(
        title=title,
        says=says,
        header=header,
        rows=(*rows, ("sum", *map(str, sums))),
        svg=document(title, says, height, *body),
    )


def draw_swings(swings: Sequence[Swing]) -> Chart:
    """The widest swing first; left of the line the outcome would be another."""
    title = "What each open question would swing"
    ordered = sorted(swings, key=lambda swing: -abs(swing.lead_high - swing.lead_low))
    turning = [swing for swing in ordered if min(swing.lead_low, swing.lead_high) < 0]
    says = f"{len(turning)} of {len(ordered)} can turn the outcome by themselves, at the ends of what they may be."
    ends = [lead for swing in ordered for lead in (swing.lead_low, swing.lead_high)]
    least, most = min([0.0, *ends]), max([1.0, *ends])
    scale = (_END - _LABEL) / (most - least)
    zero = _LABEL - least * scale
    body = [
        line(zero, _TOP - 6, zero, _TOP + _ROW * len(ordered), "axis"),
        text(zero, _TOP - 12, "even", "soft", "mid"),
    ]
    for number, swing in enumerate(ordered):
        y = _TOP + _ROW * number
        start, end = sorted((swing.lead_low, swing.lead_high))
        body.append(text(_LABEL - 12, y + 13, _cut(swing.label), "end"))
        body.append(
            rect(
                _LABEL + (start - least) * scale,
                y + 3,
                max((end - start) * scale, 2),
                13,
                "first" if start >= 0 else "over",
            )
        )
        body.append(text(WIDTH - 4, y + 13, f"{start:+.0f} to {end:+.0f}".replace("-", "−"), "end", "soft"))
    rows = tuple(
        (swing.label, swing.low, f"{swing.lead_low:.0f}", swing.high, f"{swing.lead_high:.0f}") for swing in ordered
    )
    header = ("question", "if", "lead in points", "if", "lead in points")
    return Chart(title=title, says=says, header=header, rows=rows, svg=_finish(title, says, ordered, body))


def _bar(y: float, label: str, width: float, colour: str, *, full: float) -> list[str]:
    return [
        text(_LABEL - 12, y + 13, _cut(label), "end"),
        rect(_LABEL, y + 2, full, 14, "track"),
        rect(_LABEL, y + 2, max(width, 1), 14, colour),
    ]


def _finish(title: str, says: str, rows: Sequence[object], body: list[str]) -> str:
    nothing = () if rows else (text(12, _TOP + 13, says),)
    return document(title, says, _TOP + _ROW * max(len(rows), 1) + 8, *body, *nothing)


def _never(limits: Sequence[Limit]) -> list[Limit]:
    return [limit for limit in limits if limit.months is None]


def _percent(percent: float) -> str:
    return f"{percent:.0f} %" if percent >= 10 or math.isclose(percent, 0) else f"{percent:.2g} %"


def _months(months: float | None) -> str:
    return "never" if months is None else format_quantity(math.floor(months * 10) / 10, "months")


def _cut(label: str, most: int = 40) -> str:
    return label if len(label) <= most else f"{label[: most - 1].rstrip()}…"
