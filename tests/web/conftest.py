"""Pages that many tests read, each asked for once; and tabs of a real browser."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ViewportSize
from playwright.sync_api import Page as Tab

from tests.web.browser import DEADLINE_MS, OpenTab, Watch, leave
from tests.web.page import Page, open_page

JOBS = (
    "work_queue=true&consumer_groups=1&replay_needed=false&ordering=none&per_message_retry_or_dlq=true"
    "&messages_per_second_avg=5k/day&message_size_bytes_avg=2%20KiB&ops_tolerance=none"
)
EVENTS = (
    "work_queue=false&consumer_groups=4&replay_needed=true&retention_hours=60%20days&ordering=per-key"
    "&messages_per_second_avg=800&cloud=aws&region=eu-west-1&growth_percent_per_month=3"
)


@pytest.fixture(scope="session")
def jobs_page() -> Page:
    """The answer for a small task queue."""
    return open_page(f"/recommendation?{JOBS}")


@pytest.fixture(scope="session")
def events_page() -> Page:
    """The answer for events that several systems read again."""
    return open_page(f"/recommendation?{EVENTS}")


@pytest.fixture(scope="session")
def form_page() -> Page:
    return open_page("/")


@pytest.fixture
def watch(site_address: str) -> Iterator[Watch]:
    """Looks at every page of a test, and judges at its end."""
    found = Watch(origin=site_address)
    yield found
    found.check()


@pytest.fixture
def open_tab(browser: Browser, site_address: str, watch: Watch) -> Iterator[OpenTab]:
    """Opens tabs that are watched, each with nothing from before; they are left at the end."""
    opened: list[Tab] = []

    def open_one(*, script: bool = True) -> Tab:
        size = ViewportSize(width=1280, height=800)
        context = browser.new_context(
            base_url=site_address,
            java_script_enabled=script,
            viewport=size,
            reduced_motion="reduce",  # what scrolls smoothly moves away below a mouse that presses it
        )
        context.set_default_timeout(DEADLINE_MS)
        opened.append(context.new_page())
        watch.listen(opened[-1])
        return opened[-1]

    yield open_one
    for tab in opened:
        leave(tab)
