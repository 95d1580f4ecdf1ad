"""The shapes and the style that all pictures share, and the value that a picture is. Knows no picture.

Colours come from classes, so that dark and print are one rule each; nothing is told by colour alone.
"""

import html
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from advisor.render.tables import write_rows

WIDTH = 720
MARGIN = 12
_HEAD = 30  # the strip for the title, so that a picture that is passed on alone still says what it is
# Fixed, so that the door can name its digest in the security policy instead of allowing any inline style.
STYLE = (
    "svg{background:#fff;color-scheme:light dark}"
    "text{font:13px system-ui,-apple-system,'Segoe UI',Roboto,'DejaVu Sans',sans-serif;fill:#1b2026}"
    ".title{font-size:15px;font-weight:650}.soft{fill:#565f6b;font-size:11.5px}.end{text-anchor:end}.mid{text-anchor:middle}"
    ".strong{font-weight:650}.halo{stroke:#fff;stroke-width:4;stroke-linejoin:round;paint-order:stroke}"
    ".axis{stroke:#565f6b}.grid{stroke:#e3e6ea}.rule{stroke:#aab2bc}.track{fill:#eef0f2}"
    ".here{stroke:#1b2026}.change{stroke:#565f6b;stroke-dasharray:2 3}"
    ".ring{stroke:#1b2026;stroke-width:3;fill:none}.border{stroke:#1b2026;stroke-width:1.5;fill:none}"
    ".mark{stroke:#1b2026;stroke-width:1.5;fill:#fff}.dot{fill:#1f4e79}.stem{stroke:#1f4e79;stroke-width:2}"
    ".first{fill:#1f4e79}.second{fill:#d5dbe2}.over{fill:#f6d5d1}.slash{stroke:#5b6672}.danger{stroke:#a02319;stroke-width:1.5}"
    ".c-sqs{fill:#fbe3cd}.c-kafka{fill:#d3e4f6}.c-both{fill:#dcecd6}.c-neither{fill:#e8e1f3}.c-none{fill:#eceef0}"
    ".p-sqs{stroke:#a34a00;opacity:.55}.p-kafka{stroke:#0b57a4;opacity:.5}.p-both{stroke:#2c6b2f;opacity:.5}"
    ".p-neither{stroke:#5b3a92;opacity:.5}.p-none{stroke:#565f6b;opacity:.45}"
    ".line{fill:none;stroke-width:2.25;stroke-linejoin:round}"
    ".line.sqs{stroke:#a34a00}.line.kafka{stroke:#0b57a4;stroke-dasharray:7 4}"
    "text.sqs,rect.sqs{fill:#a34a00}text.kafka,rect.kafka{fill:#0b57a4}"
    ".slant{fill:none;stroke-width:1.2;opacity:.55}.slant.sqs{stroke:#a34a00}.slant.kafka{stroke:#0b57a4}"
    "@media(prefers-color-scheme:dark){svg{background:#1b1f25}text{fill:#e4e7eb}.soft{fill:#a5aeba}"
    ".halo{stroke:#1b1f25}.axis{stroke:#a5aeba}.grid{stroke:#2e343c}.rule{stroke:#5a6470}.track{fill:#2b3037}"
    ".here{stroke:#e4e7eb}.change{stroke:#a5aeba}.ring,.border{stroke:#fff}"
    ".mark{stroke:#e4e7eb;fill:#1b1f25}.dot{fill:#82b8f2}.stem{stroke:#82b8f2}"
    ".first{fill:#82b8f2}.second{fill:#3b444f}.over{fill:#4a2320}.slash{stroke:#a5aeba}.danger{stroke:#f5a39b}"
    ".c-sqs{fill:#43301f}.c-kafka{fill:#1d344d}.c-both{fill:#223a28}.c-neither{fill:#332d45}.c-none{fill:#2b3037}"
    ".p-sqs{stroke:#f2a45c}.p-kafka{stroke:#82b8f2}.p-both{stroke:#8fd191}.p-neither{stroke:#c2a8f0}.p-none{stroke:#a5aeba}"
    ".line.sqs,.slant.sqs{stroke:#f2a45c}.line.kafka,.slant.kafka{stroke:#82b8f2}"
    "text.sqs,rect.sqs{fill:#f2a45c}text.kafka,rect.kafka{fill:#82b8f2}}"
    "@media print{svg{background:#fff}text,.soft{fill:#000}.halo{stroke:#fff}}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture and what it says: a title, its words, and the table from which it is drawn."""

    title: str
    says: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    svg: str

    @property
    def height(self) -> str:
        """As the picture itself says, for the place that is kept free for it."""
        return self.svg.partition(' height="')[2].partition('"')[0]


def document(title: str, says: str, height: float, *body: str) -> str:
    """The picture under its title, with title and description for those who hear it."""
    size = f'viewBox="0 0 {WIDTH} {with_title(height):g}" width="{WIDTH}" height="{with_title(height):g}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-labelledby="t d">'
        f'<title id="t">{html.escape(title)}</title><desc id="d">{html.escape(says)}</desc><style>{STYLE}</style>'
        f'{text(MARGIN, 22, title, "title")}<g transform="translate(0 {_HEAD})">{"".join(body)}</g></svg>\n'
    )


def text(x: float, y: float, words: str, *classes: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}"{_classes(classes)}>{html.escape(words)}</text>'


def with_title(height: float) -> float:
    """How high a picture is of which the body has this height."""
    return height + _HEAD


def label(x: float, y: float, words: str, most: int, *classes: str) -> list[str]:
    """Words in at most two lines that hang around `y`; what is longer ends in an ellipsis."""
    lines = wrap(words, most)
    return [text(x, y + 15 * (number - (len(lines) - 1) / 2), each, *classes) for number, each in enumerate(lines)]


def wrap(words: str, most: int) -> tuple[str, ...]:
    """One or two lines of so many letters, broken between words."""
    first = textwrap.wrap(words, most) or [""]
    if len(first) <= 2:
        return tuple(first)
    return first[0], textwrap.shorten(" ".join(first[1:]), most, placeholder="…")


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


def pattern(name: str, turn: int, *inside: str, size: int = 5) -> str:
    """Strokes to fill an area with; areas are told apart by their slant too."""
    turned = f'patternUnits="userSpaceOnUse" patternTransform="rotate({turn})"'
    return f'<defs><pattern id="{name}" width="{size}" height="{size}" {turned}>{"".join(inside)}</pattern></defs>'


def filled(x: float, y: float, width: float, height: float, name: str) -> str:
    """A rectangle filled with the pattern of that name."""
    return path([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], fill=name)


def _classes(classes: Iterable[str]) -> str:
    names = " ".join(name for name in classes if name)
    return f' class="{names}"' if names else ""


def to_csv(chart: Chart) -> str:
    """The table, as RFC 4180 has it."""
    return write_rows(chart.header, chart.rows)
