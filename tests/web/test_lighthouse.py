"""Lighthouse on the main pages: at least 95 of 100 in performance, accessibility and best practices."""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.conftest import serve
from tests.brokers.cache import built_once, key_of
from tests.conftest import BROWSERS
from tests.web.conftest import EVENTS, JOBS

pytestmark = [pytest.mark.browser, pytest.mark.slow]
FOLDER = Path(__file__).parent / "lighthouse"
PINS = ("package.json", "package-lock.json", ".npmrc")
PAGES = (
    "/",
    "/start?work_queue=true",
    f"/recommendation?{JOBS}",
    f"/recommendation?{EVENTS}",
    f"/charts/map?{JOBS}",
    f"/kit?{JOBS}",
    "/compare",
    "/rulebook/",
    "/evidence",
)
LEAST = 95
ATTEMPTS = 3  # the best of them: a machine that others use too makes a page slower and never faster
FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"


def _install(place: Path) -> None:
    for name in PINS:
        shutil.copy(FOLDER / name, place)
    subprocess.run(("npm", "ci", "--no-audit", "--no-fund"), cwd=place, check=True, timeout=600)


@pytest.fixture(scope="module")
def lighthouse() -> Path:
    """The program, installed once from its lockfile."""
    if not shutil.which("node") or not shutil.which("npm"):
        pytest.skip("no Node.js: apt-get install nodejs npm")
    return built_once(key_of("lighthouse", *(FOLDER / name for name in PINS)), _install) / "node_modules" / ".bin"


def _audit(lighthouse: Path, address: str, report: Path) -> dict[str, int]:
    browser = next((path for path in map(shutil.which, BROWSERS) if path), None)
    if browser is None:
        pytest.skip("no Chromium: apt-get install chromium")
    command = (str(lighthouse / "lighthouse"), address, "--quiet", f"--chrome-flags={FLAGS}", "--output=json")
    only = ("--only-categories=performance,accessibility,best-practices", f"--output-path={report}")
    environment = {**os.environ, "CHROME_PATH": browser}
    subprocess.run((*command, *only), env=environment, check=True, timeout=600)
    categories = json.loads(report.read_text(encoding="utf-8"))["categories"]
    return {name: round(100 * category["score"]) for name, category in categories.items()}


@pytest.fixture(scope="module")
def served() -> Iterator[str]:
    """The server that `make run` starts: the one in our own process is slowed by what measures the tests."""
    for server in serve():
        yield server.address


@pytest.mark.parametrize("address", PAGES)
def test_a_main_page_has_at_least_95_of_100(lighthouse: Path, served: str, tmp_path: Path, address: str) -> None:
    best: dict[str, int] = {}
    for _ in range(ATTEMPTS):
        try:
            found = _audit(lighthouse, f"{served}{address}", tmp_path / "report.json")
        except subprocess.CalledProcessError:  # it could not record the page, and says itself to run it again
            continue
        best = {name: max(score, best.get(name, 0)) for name, score in found.items()}
        if min(best.values()) >= LEAST:
            break
    assert min(best.values(), default=0) >= LEAST, best
    assert set(best) == {"performance", "accessibility", "best-practices"}
