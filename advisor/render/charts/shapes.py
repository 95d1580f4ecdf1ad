"""The shapes and the style that all pictures share, and the value that a picture is. Knows no picture.

Colours come from classes, so that dark and print are one rule each; nothing is told by colour alone.
"""

import csv
import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 720
# Fixed, so that the door can name its digest in the security policy instead of allowing any inline style.
STYLE = (
    "svg{background:#fff;color-scheme:light dark}"
    "text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:#1b2026}"
    ".soft{fill:#565f6b;font-size:12px}.end{text-anchor:end}.mid{text-anchor:middle}"
    ".axis{stroke:#565f6b}.ring{stroke:#1b2026;stroke-width:2.5;fill:none}.track{fill:#eef0f2}"
    ".first{fill:#1f4e79}.second{fill:#8f9aa6}.over{fill:#a02319}"
    ".c-sqs{fill:#fbe0c6}.c-kafka{fill:#cfe2f6}.c-both{fill:#d9ead3}.c-neither{fill:#e6dff2}.c-none{fill:#e3e5e8}"
    ".hatch{stroke:#0b57a4;stroke-width:1.2}"
    ".strong{font-weight:650}.halo{stroke:#fff;stroke-width:4;stroke-linejoin:round;paint-order:stroke}"
    ".grid{stroke:#d8dce1}.here{stroke:#1b2026}.change{stroke:#565f6b;stroke-dasharray:2 3}"
    ".mark{stroke:#1b2026;stroke-width:1.5;fill:#fff}.line{fill:none;stroke-width:2.25;stroke-linejoin:round}"
    ".line.sqs{stroke:#a34a00}.line.kafka{stroke:#0b57a4;stroke-dasharray:7 4}"
    "text.sqs,rect.sqs{fill:#a34a00}text.kafka,rect.kafka{fill:#0b57a4}"
    ".slant{fill:none;stroke-width:1.2;opacity:.55}.slant.sqs{stroke:#a34a00}.slant.kafka{stroke:#0b57a4}"
    "@media(prefers-color-scheme:dark){svg{background:#1b1f25}text{fill:#e4e7eb}.soft{fill:#a5aeba}.axis{stroke:#a5aeba}"
    ".ring{stroke:#fff}.track{fill:#2b3037}.first{fill:#82b8f2}.second{fill:#6c7785}.over{fill:#f5a39b}"
    ".c-sqs{fill:#50331b}.c-kafka{fill:#1d3a57}.c-both{fill:#23402a}.c-neither{fill:#37304a}.c-none{fill:#2b3037}"
    ".hatch{stroke:#82b8f2}.halo{stroke:#1b1f25}.grid{stroke:#373e47}.here{stroke:#e4e7eb}.change{stroke:#a5aeba}"
    ".mark{stroke:#e4e7eb;fill:#1b1f25}.line.sqs,.slant.sqs{stroke:#f2a45c}.line.kafka,.slant.kafka{stroke:#82b8f2}"
    "text.sqs,rect.sqs{fill:#f2a45c}text.kafka,rect.kafka{fill:#82b8f2}}"
    "@media print{text,.soft{fill:#000}}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture and what it says: a title, its words, and the table from which it is drawn."""

    title: str
    says: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    svg: str


def document(title: str, says: str, height: float, *body: str) -> str:
    """The picture with its title and description, for those who hear it."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:g}" width="{WIDTH}" height="{height:g}"'
        f' role="img" aria-labelledby="t d"><title id="t">{html.escape(title)}</title>'
        f'<desc id="d">{html.escape(says)}</desc><style>{STYLE}</style>{"".join(body)}</svg>\n'
    )


def text(x: float, y: float, words: str, *classes: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}"{_classes(classes)}>{html.escape(words)}</text>'


def line(x1: float, y1: float, x2: float, y2: float, *classes: str) -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"{_classes(classes)}/>'


def rect(x: float, y: float, width: float, height: float, *classes: str) -> str:
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{height:.1f}"{_classes(classes)}/>'


def circle(x: float, y: float, radius: float, *classes: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}"{_classes(classes)}/>'


def path(points: Sequence[tuple[float, float]], *classes: str, fill: str = "") -> str:
    """A line through points, or, with the name of a pattern, the area that they go round."""
    if not points:
        return ""
    places = [f"{x:.1f} {y:.1f}" for x, y in points] * (2 if len(points) == 1 else 1)
    filled = f' fill="url(#{fill})"' if fill else ""
    return f'<path d="M{"L".join(places)}{"Z" * bool(fill)}"{filled}{_classes(classes)}/>'


def pattern(name: str, turn: int, *inside: str) -> str:
    """Strokes to fill an area with; areas are told apart by their slant too."""
    turned = f'patternUnits="userSpaceOnUse" patternTransform="rotate({turn})"'
    return f'<defs><pattern id="{name}" width="5" height="5" {turned}>{"".join(inside)}</pattern></defs>'


def _classes(classes: Iterable[str]) -> str:
    names = " ".join(name for name in classes if name)
    return f' class="{names}"' if names else ""


class _Lines(list[str]):
    """What a CSV writer writes to."""

    def write(self, written: str) -> None:
        self.append(written)


def to_csv(chart: Chart) -> str:
    """The table, as RFC 4180 has it."""
    lines = _Lines()
    csv.writer(lines).writerows([chart.header, *chart.rows])
    return "".join(lines)
