"""A real browser for the tests: how a tab is opened, gone on with and left, and what no page may do meanwhile."""

import io
import zipfile
from dataclasses import dataclass, field
from typing import Protocol
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

DEADLINE_MS = 120_000  # two shared cores, and other tests on them
expect.set_options(timeout=DEADLINE_MS)  # else five seconds, whatever a page's own deadline


class OpenTab(Protocol):
    """Opens a page of a browser."""

    def __call__(self, *, script: bool = True) -> Page: ...


@dataclass(slots=True)
class Watch:
    """What a page must not do: complain on the console, or ask anybody but us."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    expected_status: str = ""  # of a refusal that the test is about

    def listen(self, page: Page) -> None:
        page.on("console", lambda message: self.complaints.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith(self.origin) and urlsplit(url).scheme != "data":
            self.strangers.append(url)

    def check(self) -> None:
        assert self.strangers == []
        expected = f"status of {self.expected_status} " if self.expected_status else "\0"
        assert [text for text in self.complaints if expected not in text] == []


def visit(page: Page, address: str) -> None:
    """Go there once the page before has all it asked for: a picture left behind would still be drawn, and slow us."""
    page.wait_for_load_state("networkidle")
    page.goto(address, wait_until="domcontentloaded")


def go_back(page: Page) -> None:
    """Back in the history, once the page has all it asked for: a page still on its way in has no history to ask."""
    page.wait_for_load_state("networkidle")
    page.go_back()


def leave(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.context.close()


def download(page: Page) -> list[str]:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download .zip").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert archive.testzip() is None
        return archive.namelist()
