"""A page as a test reads it: its status, its elements, and the text that stands outside of links."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from django.test import Client

EMPTY = frozenset({"meta", "link", "input", "br", "hr", "img", "source"})


@dataclass(slots=True, eq=False, repr=False)
class Element:
    """One element: its name, attributes, and the elements around it, outermost first."""

    tag: str
    attributes: dict[str, str]
    inside: tuple["Element", ...]
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, with single spaces."""
        return " ".join(" ".join(self.pieces).split())


@dataclass(slots=True, eq=False, repr=False)
class Reading(HTMLParser):
    """Collects elements and text; refuses what is closed wrongly, as a strict reader would."""

    elements: list[Element] = field(default_factory=list)
    texts: list[tuple[str, tuple[Element, ...]]] = field(default_factory=list)
    open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self, convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, tuple(self.open))
        self.elements.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if tag in EMPTY:
            return
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> closes <{self.open[-1].tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((re.sub(r"\s+", " ", data).strip(), tuple(self.open)))
            for element in self.open:
                element.pieces.append(data)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)
class Page:
    """An answer of the service, read."""

    status: int
    html: str
    headers: dict[str, str]
    reading: Reading

    def all(self, tag: str, **attributes: str) -> list[Element]:
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            each
            for each in self.reading.elements
            if each.tag == tag and all(each.attributes.get(name) == value for name, value in wanted.items())
        ]

    def one(self, tag: str, **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} × <{tag} {attributes}>"
        return found[0]

    @property
    def title(self) -> str:
        return re.sub(r"\s+", " ", self.one("title").text)

    @property
    def links(self) -> list[str]:
        return [each.attributes["href"] for each in self.all("a") if "href" in each.attributes]


def open_page(address: str) -> Page:
    response = Client().get(address, headers={"host": "localhost"})
    html = response.content.decode()
    reading = Reading()
    if response.headers.get("Content-Type", "").startswith("text/html"):
        reading.feed(html)
        reading.close()
        assert not reading.open, f"left open: {[each.tag for each in reading.open]}"
    return Page(status=response.status_code, html=html, headers=dict(response.headers.items()), reading=reading)
