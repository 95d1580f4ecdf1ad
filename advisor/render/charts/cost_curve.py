"""Cost against the rate, the message size or the readers: both families' cheapest options, and where they cross.

Draws what it is handed; works nothing out. Knows no page and no option.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from advisor.core.breakeven import BreakEven, CheaperInterval
from advisor.core.curves import CostPoint, CostSpan
from advisor.core.units import format_number, format_quantity
from advisor.render.charts.cost_words import SIDES, Change, changes, describe_costs, say_months, say_rate, say_usd
from advisor.render.charts.scales import LogScale, whole_decades
from advisor.render.charts.shapes import MARGIN, Chart, circle, document, line, path, pattern, rect, text
from advisor.render.plain import write_money
from advisor.render.words import NOT_PRICED

HEIGHT = 410
LEFT, RIGHT, TOP, BOTTOM = 66, 612, 52, 336
_LETTER = 7  # pixels of an average letter; good enough to see whether a label fits
_APART = 15  # pixels between two labels that would else lie upon each other
_SHORT = {"sqs": "SQS", "kafka": "Kafka"}

_HEADER = ("cheaper", "cheapest SQS option", "cheapest Kafka option", "SQS USD", "Kafka USD")
_SPAN_HEADER = ("SQS low USD", "SQS high USD", "Kafka low USD", "Kafka high USD")

Say = Callable[[float], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """What one picture shows."""

    title: str
    says: str
    axis: str
    unit: str
    points: tuple[CostPoint, ...]
    labels: Mapping[str, str]
    now: float
    now_words: str
    spans: tuple[CostSpan, ...] = ()
    intervals: tuple[CheaperInterval, ...] = ()
    changes: tuple[Change, ...] = ()
    after: str = ""


def draw_by_rate(found: BreakEven, labels: Mapping[str, str]) -> Chart:
    """Cost over the rate, every break-even marked."""
    months = found.months_until
    return _draw(
        Curve(
            title="Cost a month against the message rate",
            says=" ".join(describe_costs(found, labels)),
            axis="messages/s on average, peaks in proportion",
            unit="messages/s",
            points=found.curve,
            labels=labels,
            now=found.rate_now,
            now_words=f"today {say_rate(found.rate_now)}",
            spans=found.spans,
            intervals=found.intervals,
            changes=changes(found),
            after="" if months is None else f", {say_months(months)} of growth",
        )
    )


def draw_by_size(found: BreakEven, labels: Mapping[str, str]) -> Chart:
    """Cost over the average message size, at today's rate."""
    size = format_quantity(found.size_now, "bytes")
    return _draw(
        Curve(
            title="Cost a month against the message size",
            says=_ends("message size", found.by_size, lambda size: format_quantity(size, "bytes")),
            axis=f"bytes a message on average, at today’s {say_rate(found.rate_now)}",
            unit="bytes a message",
            points=found.by_size,
            labels=labels,
            now=found.size_now,
            now_words=f"today {size}",
        )
    )


def draw_by_readers(found: BreakEven, labels: Mapping[str, str]) -> Chart:
    """Cost over the number of consumer groups, at today's rate."""
    return _draw(
        Curve(
            title="Cost a month against the consumer groups",
            says=_ends("consumer groups", found.by_readers, format_number),
            axis=f"consumer groups that each read everything, at today’s {say_rate(found.rate_now)}",
            unit="consumer groups",
            points=found.by_readers,
            labels=labels,
            now=found.readers_now,
            now_words=f"today {format_number(found.readers_now)}",
        )
    )


def _ends(name: str, points: Sequence[CostPoint], say: Say) -> str:
    """The first and the last point in words."""
    parts = (
        f"at {say(point.at)} SQS {say_usd(point.sqs_usd)}, Kafka {say_usd(point.kafka_usd)}"
        for point in (points[0], points[-1])
    )
    return f"The cheapest option of each side, a month, by {name}: {'; '.join(parts)}."


def _draw(curve: Curve) -> Chart:
    across = LogScale(low=curve.points[0].at, high=curve.points[-1].at, start=LEFT, end=RIGHT)
    low, high = whole_decades(usd for point in _all_points(curve) for usd in _both(point) if usd is not None)
    up = LogScale(low=low, high=high, start=BOTTOM, end=TOP)
    body = (
        *_axes(curve, across, up),
        *(_band(curve.spans, family, across, up) for family in SIDES if curve.spans),
        *_now(curve, across),
        *(line(across.at(each.at), TOP, across.at(each.at), BOTTOM, "change") for each in curve.changes),
        *(path(run, "line", family) for family in SIDES for run in _runs(curve, family, across, up)),
        *_marks(curve, across, up),
        *_left_labels(curve, up),
        *_right_labels(curve, up),
        *_end_labels(curve, across, up),
        *_strip(curve, across),
    )
    return Chart(
        title=curve.title,
        says=curve.says,
        header=(curve.unit, *_HEADER, *(_SPAN_HEADER if curve.spans else ())),
        rows=tuple(_rows(curve)),
        svg=document(curve.title, curve.says, HEIGHT, *body),
    )


def _rows(curve: Curve) -> Iterator[tuple[str, ...]]:
    """Every point that is drawn, as it is asked for again, without an exponent; dollars to the cent."""
    spans = {span.at: span for span in curve.spans}
    for point in curve.points:
        options = (curve.labels.get(option, option) for option in (point.sqs_option, point.kafka_option))
        row = (f"{Decimal(f'{point.at:.7g}'):f}", point.cheaper, *options, *map(_cell, _both(point)))
        yield (*row, *_span_cells(spans.get(point.at))) if spans else row


def _span_cells(span: CostSpan | None) -> tuple[str, ...]:
    """Empty at the break-evens, which are no rates of the grid."""
    if span is None:
        return ("",) * len(_SPAN_HEADER)
    return tuple(_cell(_usd(end, family)) for family in SIDES for end in (span.low, span.high))


def _cell(usd: float | None) -> str:
    return write_money(usd) or NOT_PRICED


def _all_points(curve: Curve) -> Iterator[CostPoint]:
    yield from curve.points
    for span in curve.spans:
        yield from (span.low, span.high)


def _both(point: CostPoint) -> tuple[float | None, float | None]:
    return point.sqs_usd, point.kafka_usd


def _usd(point: CostPoint, family: str) -> float | None:
    return point.sqs_usd if family == "sqs" else point.kafka_usd


def _runs(curve: Curve, family: str, across: LogScale, up: LogScale) -> list[list[tuple[float, float]]]:
    """The family's cost; where it is not known the line is broken."""
    found: list[list[tuple[float, float]]] = [[]]
    for point in curve.points:
        usd = _usd(point, family)
        if usd is not None:
            found[-1].append((across.at(point.at), up.at(usd)))
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def _axes(curve: Curve, across: LogScale, up: LogScale) -> Iterator[str]:
    yield text(MARGIN, 12, "US dollars a month, both axes logarithmic", "soft")
    for usd in up.ticks():
        yield line(LEFT, up.at(usd), RIGHT, up.at(usd), "grid")
        yield text(LEFT - 6, up.at(usd) + 4, _say_tick(usd), "end", "soft")
    below = BOTTOM + (40 if curve.intervals else 18)
    for value in across.ticks():
        yield line(across.at(value), TOP, across.at(value), BOTTOM, "grid")
        yield text(across.at(value), below, _say_count(value), "mid", "soft")
    yield line(LEFT, TOP, LEFT, BOTTOM, "axis") + line(LEFT, BOTTOM, RIGHT, BOTTOM, "axis")
    yield text((LEFT + RIGHT) / 2, below + 22, curve.axis, "mid")


def _say_tick(usd: float) -> str:
    return f"${write_money(usd)}" if usd < 1 else f"${_say_count(usd)}"


def _say_count(value: float) -> str:
    return f"{value / 1e6:g}M" if value >= 1e6 else f"{value / 1e3:g}k" if value >= 1e4 else f"{value:,g}"


def _band(spans: Sequence[CostSpan], family: str, across: LogScale, up: LogScale) -> str:
    ends = [(across.at(span.at), _usd(span.low, family), _usd(span.high, family)) for span in spans]
    known = [(x, low, high) for x, low, high in ends if low is not None and high is not None]
    there, back = [(x, up.at(low)) for x, low, _ in known], [(x, up.at(high)) for x, _, high in reversed(known)]
    slant = pattern(f"slant-{family}", 45 if family == "sqs" else -45, path([(0, 0), (0, 5)], "slant", family))
    return slant + path([*there, *back], fill=f"slant-{family}")


def _now(curve: Curve, across: LogScale) -> Iterator[str]:
    x = across.at(curve.now)
    yield line(x, TOP - 14, x, BOTTOM, "here")
    yield _label(curve.now_words, x, TOP - 18)


def _label(words: str, x: float, y: float) -> str:
    """Right of a vertical line; moved to the left as far as it would stand out at the right."""
    return text(min(x + 6, RIGHT - _LETTER * len(words)), y, words, "halo")


def _marks(curve: Curve, across: LogScale, up: LogScale) -> Iterator[str]:
    """A ring where the lines cross; the first and the last have their rate in words."""
    usd = {point.at: point.sqs_usd for point in curve.points}
    following = next((change.at for change in curve.changes if change.at > curve.now), None)
    named = tuple(dict.fromkeys((*curve.changes[:1], *curve.changes[-1:])))
    for change in curve.changes:
        radius = 5 if change in named else 2.5
        yield circle(across.at(change.at), up.at(usd[change.at] or 0.0), radius, "mark")
    for number, change in enumerate(named):
        after = curve.after if change.at == following else ""
        words = f"{_SHORT[change.family]} cheaper from {say_rate(change.at)}{after}"
        yield _label(words, across.at(change.at), TOP + 14 + number * _APART)


def _left_labels(curve: Curve, up: LogScale) -> Iterator[str]:
    for y, family, usd in _spread(_known(curve.points[0], up), _APART):
        yield text(LEFT + 5, y - 6, say_usd(usd), "halo", "strong", family)


def _right_labels(curve: Curve, up: LogScale) -> Iterator[str]:
    """With the family's name, so that no legend and no colour is needed."""
    for y, family, usd in _spread(_known(curve.points[-1], up), 2 * _APART):
        yield text(RIGHT + 7, y - 2, _SHORT[family], "strong", family)
        yield text(RIGHT + 7, y + 12, say_usd(usd))


def _end_labels(curve: Curve, across: LogScale, up: LogScale) -> Iterator[str]:
    """The name of a line that ends before the right edge, where it ends."""
    for family in SIDES:
        known = [point for point in curve.points if _usd(point, family) is not None]
        if known and known[-1] is not curve.points[-1]:
            usd = _usd(known[-1], family)
            yield text(across.at(known[-1].at) + 7, up.at(usd or 0.0) - 2, _SHORT[family], "halo", "strong", family)


def _known(point: CostPoint, up: LogScale) -> list[tuple[float, str, float]]:
    return [(up.at(usd), family, usd) for family in SIDES if (usd := _usd(point, family)) is not None]


def _spread(labels: list[tuple[float, str, float]], height: float) -> list[tuple[float, str, float]]:
    """Two labels from top to bottom, moved apart as far as needed; a tie keeps the order of the sides."""
    labels = sorted(labels, key=lambda label: label[0])
    if len(labels) < 2 or labels[1][0] - labels[0][0] >= height:
        return labels
    middle = (labels[0][0] + labels[1][0]) / 2
    places = middle - height / 2, middle + height / 2
    return [(y, family, usd) for y, (_, family, usd) in zip(places, labels, strict=True)]


def _strip(curve: Curve, across: LogScale) -> Iterator[str]:
    """Below the axis: who is cheaper from where to where, each side in a lane of its own."""
    if not any(each.family in SIDES for each in curve.intervals):
        return
    yield text(LEFT - 6, BOTTOM + 19, "cheaper:", "end", "soft")
    for family, y in (("sqs", BOTTOM + 4), ("kafka", BOTTOM + 15)):
        yield rect(LEFT, y, RIGHT - LEFT, 9, "track")
        for each in curve.intervals:
            start, end = across.at(each.low), across.at(each.high)
            yield rect(start, y, max(end - start, 1), 9, family) if each.family == family else ""
        yield text(RIGHT + 7, y + (7 if family == "sqs" else 11), _SHORT[family], "strong", family)
