"""SVG as text: elements, and the frame, colours and hatches that every picture shares.

A picture carries its own style, for light, dark and paper, since it is shown as an image. Knows no picture.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

WIDTH = 720
LETTER = 6.8  # the width of an average letter at the size below; good enough to keep labels apart
STYLE = """
svg { --panel: #fff; --ink: #1b2026; --soft: #565f6b; --line: #d8dce1; --track: #e6e9ed; --a: #a34a00; --b: #0b57a4;
  --over: #a02319; --both: #5b3a92; --neither: #19663a; background: var(--panel); color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  svg { --panel: #1b1f25; --ink: #e4e7eb; --soft: #a5aeba; --line: #373e47; --track: #2b313a; --a: #f2a45c;
    --b: #82b8f2; --over: #f5a39b; --both: #c2a8f0; --neither: #86d6a3; }
}
@media print {
  svg { --panel: #fff; --ink: #000; --soft: #333; --line: #bbb; --track: #e6e6e6; --a: #8a3d00; --b: #003f7d;
    --over: #8c1a10; --both: #4a2c7d; --neither: #12502d; }
}
text { font: 12.5px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: var(--ink); }
text.mid { text-anchor: middle; }
text.end { text-anchor: end; }
text.soft { fill: var(--soft); }
text.strong { font-weight: 650; }
text.halo { stroke: var(--panel); stroke-width: 4; stroke-linejoin: round; paint-order: stroke; }
text.sqs { fill: var(--a); }
text.kafka { fill: var(--b); }
.grid { stroke: var(--line); fill: none; }
.axis { stroke: var(--soft); fill: none; }
.here { stroke: var(--ink); fill: none; }
.change { stroke: var(--soft); fill: none; stroke-dasharray: 2 3; }
.mark { stroke: var(--ink); stroke-width: 1.5; fill: var(--panel); }
.line { fill: none; stroke-width: 2.25; stroke-linejoin: round; stroke-linecap: round; }
.line.sqs { stroke: var(--a); }
.line.kafka { stroke: var(--b); stroke-dasharray: 7 4; stroke-linecap: butt; }
.track { fill: var(--track); }
.a { fill: var(--a); }
.b { fill: var(--b); }
.over { fill: var(--over); }
.band.a { fill: url(#hatch-a); }
.band.b { fill: url(#hatch-b); }
.ring { fill: none; stroke: var(--ink); stroke-width: 2.5; }
.hatch { stroke: var(--ink); stroke-width: 1; opacity: .35; fill: none; }
.hatch-a, .hatch-b { stroke-width: 1.2; opacity: .5; fill: none; }
.hatch-a { stroke: var(--a); }
.hatch-b { stroke: var(--b); }
.c-sqs, .c-kafka, .c-both, .c-neither { fill-opacity: .3; }
.c-sqs { fill: var(--a); }
.c-kafka { fill: var(--b); }
.c-both { fill: var(--both); }
.c-neither { fill: var(--neither); }
.c-none { fill: var(--track); }
"""
_HATCHES = (("hatch-a", 45), ("hatch-b", -45))  # told apart by their slant, for those who do not see the colours
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture, what it says in words, and its numbers as a table."""

    title: str
    says: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    svg: str
    notes: tuple[str, ...] = ()


def document(title: str, says: str, height: float, *body: str) -> str:
    """The whole file: its name and description for those who do not see it, its style, and what is drawn."""
    return element(
        "svg",
        element("title", escape(title), id="title"),
        element("desc", escape(says), id="desc"),
        f"<style>{STYLE}</style>",
        element("defs", *(_hatch(name, angle) for name, angle in _HATCHES)),
        *body,
        xmlns="http://www.w3.org/2000/svg",
        width=WIDTH,
        height=height,
        viewBox=f"0 0 {WIDTH} {_say(height)}",
        role="img",
        aria_labelledby="title desc",
    )


def to_csv(chart: Chart) -> str:
    """The table as RFC 4180 has it."""
    return "".join(",".join(map(_cell, row)) + "\r\n" for row in (chart.header, *chart.rows))


def text(x: float, y: float, words: str, *classes: str) -> str:
    """Words at a place; `mid` and `end` are classes as well."""
    return element("text", escape(words), x=x, y=y, **_classes(classes))


def line(x1: float, y1: float, x2: float, y2: float, *classes: str) -> str:
    """A straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, **_classes(classes))


def rect(x: float, y: float, width: float, height: float, *classes: str) -> str:
    """A box."""
    return element("rect", x=x, y=y, width=max(width, 0.0), height=max(height, 0.0), **_classes(classes))


def circle(x: float, y: float, radius: float, *classes: str) -> str:
    """A ring or a dot."""
    return element("circle", cx=x, cy=y, r=radius, **_classes(classes))


def path(points: Sequence[Point], *classes: str, closed: bool = False) -> str:
    """A line through points, or the area that they go round; of a lone point a dot."""
    if not points:
        return ""
    places = [f"{_say(x)} {_say(y)}" for x, y in points] * (2 if len(points) == 1 else 1)
    return element("path", d="M" + "L".join(places) + "Z" * closed, **_classes(classes))


def runs(points: Iterable[Point | None]) -> list[list[Point]]:
    """The stretches between gaps."""
    found: list[list[Point]] = [[]]
    for point in points:
        if point is not None:
            found[-1].append(point)
        elif found[-1]:
            found.append([])
    return [run for run in found if run]


def element(tag: str, *inside: str, **attributes: str | float) -> str:
    """One element; names with an underscore are written with a hyphen, `class_` as class."""
    written = "".join(
        f' {name.rstrip("_").replace("_", "-")}="{escape(_say(value))}"' for name, value in attributes.items()
    )
    return f"<{tag}{written}>{''.join(inside)}</{tag}>" if inside else f"<{tag}{written}/>"


def _hatch(name: str, angle: int) -> str:
    attributes = {"patternUnits": "userSpaceOnUse", "patternTransform": f"rotate({angle})"}
    return element("pattern", path(((0, 0), (0, 5)), name), id=name, width=5, height=5, **attributes)


def _classes(classes: Sequence[str]) -> dict[str, str]:
    names = " ".join(name for name in classes if name)
    return {"class_": names} if names else {}


def _say(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:.1f}".removesuffix(".0")


def _cell(value: str) -> str:
    return '"' + value.replace('"', '""') + '"' if any(sign in value for sign in ',"\r\n') else value
