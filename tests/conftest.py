"""What all tests share: nothing is skipped quietly in CI, and a browser finds the site.

With REQUIRE_ALL=1 a skipped test fails, unless `.ci/may_skip` names it with a reason.
"""

import os
import shutil
import signal
import threading
from collections.abc import Generator, Iterator
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from hypothesis import settings as hypothesis_settings

from advisor.wsgi import application

MAY_SKIP = Path(__file__).resolve().parent.parent / ".ci" / "may_skip"
LONG = ("tests/starters", "tests/web", "tests/papers", "tests/api", "tests/infra")  # single files of minutes
BROWSERS = ("chromium", "chromium-browser", "google-chrome")

# A shell's background jobs ignore Ctrl-C, and so would every program that the tests start and want to stop.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

pytest_plugins = ["tests.brokers.fixtures"]

# The same examples in every run, since a red test must be red again; `make verify` takes the wide profile.
# No deadline, since the machine may be shared.
hypothesis_settings.register_profile("repeatable", derandomize=True, max_examples=60, deadline=None)
hypothesis_settings.register_profile("wide", max_examples=300, deadline=None)
hypothesis_settings.load_profile("repeatable")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first, so that no worker is left alone with one at the end.

    The core's properties count for no coverage: measuring takes as long as their examples, and what only random ones
    reach is reached by chance.
    """
    for item in items:
        if item.nodeid.startswith("tests/core/") and item.get_closest_marker("hypothesis"):
            item.add_marker("no_cover")
    items.sort(key=lambda item: next((at for at, name in enumerate(LONG) if item.nodeid.startswith(name)), len(LONG)))


def read_may_skip(text: str) -> tuple[str, ...]:
    """The patterns of `.ci/may_skip`; one without a reason does not count."""
    entries = (line.split("  # ", maxsplit=1) for line in text.splitlines() if not line.startswith("#"))
    return tuple(entry[0].strip() for entry in entries if len(entry) == 2 and entry[1].strip())


def must_run(nodeid: str) -> bool:
    """Whether this test may not be skipped here."""
    if os.environ.get("REQUIRE_ALL") != "1":
        return False
    patterns = read_may_skip(MAY_SKIP.read_text(encoding="utf-8"))
    return not any(fnmatchcase(nodeid, pattern) for pattern in patterns)


def refuse_skip(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure that still says why it wanted to be skipped."""
    is_expected_failure = hasattr(report, "wasxfail")
    if report.skipped and not is_expected_failure and must_run(report.nodeid):
        wanted = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid}: {wanted}\nREQUIRE_ALL=1 allows no skip that .ci/may_skip does not name."


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    refuse_skip(report)
    return report


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium for pytest-playwright, which would otherwise want to download its own."""
    found = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if found is None:
        pytest.skip("no Chromium: apt-get install chromium")
    return {"executable_path": found, "args": ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]}


@pytest.fixture(scope="session")
def site_address() -> Iterator[str]:
    """The service in a thread on a free loopback port; pytest-django's own live server wants a database."""
    server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
    server.daemon_threads = True
    server.set_app(application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=5)
