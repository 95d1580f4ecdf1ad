"""Pages that many tests read, each asked for once."""

import pytest

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
