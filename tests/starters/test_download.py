"""A project downloaded from the running service runs by its own two commands against the running brokers."""

import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.starters.projects import LANGUAGES, in_languages

pytestmark = pytest.mark.broker
KAFKA = "work_queue=no&replay_needed=yes&consumer_groups=3&cloud=aws&option=msk_provisioned&name=downloaded&language="
SQS = "work_queue=yes&cloud=aws&consumer_groups=1&option=sqs_standard&name=downloaded&language="


def _download(address: str, folder: Path) -> Path:
    """As `curl … | tar -xz` does."""
    with urllib.request.urlopen(address, timeout=120) as answer:
        content = answer.read()
    subprocess.run(["tar", "-xz", "-C", folder], input=content, check=True)
    (project,) = folder.iterdir()
    return project


def _run_until(project: Path, wanted: str, count: int, *settings: str) -> None:
    """`make run`, until the log has said it so often; then Ctrl-C, which must end it well."""
    with (project / "run.log").open("w+b") as log:
        running = subprocess.Popen(
            ["make", "run", *settings], cwd=project, stdout=log, stderr=log, start_new_session=True
        )
        try:
            deadline = time.monotonic() + 90
            while (project / "run.log").read_text(errors="replace").count(wanted) < count:
                assert running.poll() is None, (project / "run.log").read_text(errors="replace")[-3000:]
                assert time.monotonic() < deadline, (project / "run.log").read_text(errors="replace")[-3000:]
                time.sleep(0.2)
        finally:
            subprocess.run(["pkill", "-INT", "-s", str(running.pid)], check=False)
            try:
                running.wait(60)
            finally:  # what does not stop must not take the next project's messages
                subprocess.run(["pkill", "-KILL", "-s", str(running.pid)], check=False)
                running.wait()


@in_languages("python")
@pytest.mark.parametrize(
    ("broker", "query", "setting", "server"),
    [
        ("kafka", KAFKA, "BOOTSTRAP_SERVERS", "kafka_bootstrap_servers"),
        pytest.param("sqs", SQS, "ENDPOINT_URL", "sqs_endpoint_url", marks=pytest.mark.slow),
    ],
    ids=["kafka", "sqs"],
)
def test_a_downloaded_project_runs_and_passes_by_its_own_commands(
    tmp_path: Path,
    site_address: str,
    language: str,
    broker: str,
    query: str,
    setting: str,
    server: str,
    request: pytest.FixtureRequest,
) -> None:
    LANGUAGES[language].require_tools()
    project = _download(f"{site_address}/starter.tgz?{query}{language}", tmp_path)
    LANGUAGES[language].set_up(f"{broker}_{language}", project)
    named = f"{setting}={request.getfixturevalue(server)}"

    _run_until(project, "handled", 10, named)
    assert "sequence" not in (project / "run.log").read_text(), "what is in a message stands in the log"

    tested = subprocess.run(
        ["make", "test", named], cwd=project, capture_output=True, text=True, timeout=300, check=False
    )
    assert tested.returncode == 0, tested.stdout[-3000:] + tested.stderr[-3000:]
