"""The wheel, installed where no checkout is: the program, the kits and the service, the same as in the checkout."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path

import pytest
from django.core.management import find_commands

from advisor import __version__, service
from advisor.render.document import to_document, to_json
from advisor.settings import BASE_DIR
from tests.api.conftest import stop, wait_until_up
from tests.brokers.server import free_port

YAML = "cloud: aws\nwork_queue: yes\nmessages_per_second_avg: 40/s\n"
QUERY = "cloud=aws&work_queue=yes&messages_per_second_avg=40"
PIP = ("-m", "pip", "--quiet", "--disable-pip-version-check")
# A hook that cannot be taken away again: whoever opens a connection is stopped.
OFFLINE = """\
import os, sys
def refuse(event, arguments):
    if event == "socket.connect" and os.environ.get("TEST_OFFLINE"):
        raise RuntimeError(f"a connection to {arguments[1]!r}")
sys.addaudithook(refuse)
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of a fresh environment that has the wheel, and a folder beside it that is no checkout."""
    folder = tmp_path_factory.mktemp("installed")
    build = (*PIP, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(BASE_DIR))
    subprocess.run((sys.executable, *build), check=True, timeout=300)
    (wheel,) = folder.glob("*.whl")
    venv.create(folder / "venv", with_pip=True)
    python = folder / "venv" / "bin" / "python"
    subprocess.run((python, *PIP, "install", str(wheel)), check=True, timeout=600)
    (site_packages,) = (folder / "venv" / "lib").glob("python*/site-packages")
    (site_packages / "offline.pth").write_text("import offline\n", encoding="utf-8")
    (site_packages / "offline.py").write_text(OFFLINE, encoding="utf-8")
    return folder / "venv" / "bin"


def environment(**more: str) -> dict[str, str]:
    """A shell that was set up for another Django project, without anything that points into the checkout."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | {"DJANGO_SETTINGS_MODULE": "another_project.settings", "COLUMNS": "80"} | more


def run(installed: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        (str(installed / "broker-advisor"), *arguments),
        cwd=installed.parent.parent,
        env=environment(TEST_OFFLINE="1"),
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def test_the_offline_hook_stops_a_connection(installed: Path) -> None:
    source = "import socket; socket.create_connection(('127.0.0.1', 9))"
    command = (str(installed / "python"), "-c", source)
    done = subprocess.run(command, env=environment(TEST_OFFLINE="1"), capture_output=True, text=True, check=False)
    assert "RuntimeError: a connection to" in done.stderr


def test_its_version_is_the_one_in_the_code(installed: Path) -> None:
    assert run(installed, "--version").stdout == f"broker-advisor {__version__}\n"
    command = (
        str(installed / "python"),
        "-c",
        "from importlib.metadata import version; print(version('broker-advisor'))",
    )
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == __version__


def test_the_program_lists_the_commands_of_manage_py_and_none_of_djangos(installed: Path) -> None:
    for arguments in ((), ("--help",), ("help",)):
        done = run(installed, *arguments)
        assert done.returncode == 0
        listed = [line.split()[0] for line in done.stdout.splitlines() if line[:3].strip()[:1].isalpha()]
        commands = find_commands(str(BASE_DIR / "advisor" / "management"))
        assert set(commands) <= set(listed)
        assert "migrate" not in done.stdout
        assert [line for line in done.stdout.splitlines() if len(line) > 80] == []


def test_another_command_is_exit_2_with_what_was_meant(installed: Path) -> None:
    done = run(installed, "recomend")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Did you mean recommend?" in done.stderr
    assert run(installed, "migrate").returncode == 2


RARER = [pytest.param(form, marks=pytest.mark.slow) for form in ("markdown", "yaml")]


@pytest.mark.parametrize("form", ["text", "json", *RARER])
def test_every_format_has_the_bytes_of_the_checkout(installed: Path, form: str) -> None:
    manage = (sys.executable, "manage.py", "recommend", "-", "--format", form)
    here = subprocess.run(manage, cwd=BASE_DIR, input=YAML, capture_output=True, text=True, check=True)
    there = run(installed, "recommend", "-", "--format", form, given=YAML)
    assert (there.returncode, there.stderr) == (0, "")
    assert there.stdout == here.stdout


def test_exit_codes_are_documented_and_kept(installed: Path, tmp_path: Path) -> None:
    stored = tmp_path / "stored.json"
    stored.write_text(run(installed, "recommend", "-", "--format", "json", given=YAML).stdout, encoding="utf-8")
    assert run(installed, "recommend", "-", "--check", str(stored), given=YAML).returncode == 0
    differs = run(installed, "recommend", "-", "--check", str(stored), "--set", "replay_needed=yes", given=YAML)
    assert differs.returncode == 3
    assert 'outcome: "sqs" → "kafka"' in differs.stderr
    assert run(installed, "recommend", "--set", "clod=aws").returncode == 2
    assert "3 with --check" in " ".join(run(installed, "recommend", "--help").stdout.split())


@pytest.mark.parametrize("option", ["sqs_standard", "kafka_self_managed"])
def test_a_kit_is_the_one_of_the_checkout(installed: Path, tmp_path: Path, option: str) -> None:
    """Down to the hidden files, which package builders like to forget."""
    folder = tmp_path / "kit"
    arguments = ("build_kit", "-", "--option", option, "--name", "orders", "--output", str(folder))
    done = run(installed, *arguments, given=YAML)
    assert done.returncode == 0, done.stderr
    written = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    query = {"cloud": "aws", "work_queue": True, "messages_per_second_avg": 40, "option": option, "name": "orders"}
    kit = service.build_kit(service.read_query(query))
    assert {path: file.read_bytes() for path, file in written.items()} == kit.files
    assert {path for path, file in written.items() if os.access(file, os.X_OK)} == kit.executables


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("price", "sqs_standard", "standard_requests=3e6", "--region", "us-east-1"), 0, "USD"),
        (("price", "sqs_standard", "bogus=1", "--region", "us-east-1"), 2, "standard_requests"),
        (("size", "kafka_self_managed", "answers.yaml"), 0, "broker"),
        (("size", "kafka_self_managed", "none.yaml"), 2, "none.yaml"),
        (("check_facts", "--max-age", "36500"), 0, "facts were checked"),
        (("check_facts", "--max-age", "0", "--today", "2100-01-01"), 3, "days before"),
        (("diff_rulebook", "rules", "rules"), 0, ""),
        (("observe", "sqs", "--all", "--region", "eu-west-1", "--iam-policy"), 0, "sqs:GetQueueAttributes"),
    ],
)
def test_the_other_commands_work_too(installed: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    place = installed.parent.parent
    (place / "answers.yaml").write_text(YAML, encoding="utf-8")
    if not (place / "rules").exists():
        (place / "rules").symlink_to(BASE_DIR / "rules")
    done = run(installed, *arguments)
    assert done.returncode == code, done.stderr
    assert said in done.stdout + done.stderr


@contextmanager
def serve(installed: Path) -> Iterator[int]:
    """As the README says; outside the checkout, where the settings are the only thing to name."""
    port = free_port()
    command = [str(installed / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--no-ws", "--workers-kill-timeout", "30", "--log-level", "warning", "advisor.wsgi:application"],
        cwd=installed.parent.parent,
        env=environment(DJANGO_SETTINGS_MODULE="advisor.settings"),
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until_up(process, port)
        yield port
    finally:
        stop(process)


def get(port: int, path: str) -> tuple[HTTPResponse, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", path)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def test_the_service_runs_from_the_wheel_with_pages_and_styles(installed: Path) -> None:
    expected = service.recommend(
        service.read_query({"cloud": "aws", "work_queue": True, "messages_per_second_avg": 40})
    )
    with serve(installed) as port:
        assert get(port, f"/api/v1/recommendations?{QUERY}")[1] == to_json(to_document(expected, __version__))
        assert json.loads(get(port, "/readyz")[1])["ready"] is True
        for path, media in {
            "/": "text/html",
            f"/recommendation?{QUERY}": "text/html",
            "/static/advisor.css": "text/css",
        }.items():
            response, content = get(port, path)
            assert (response.status, response.headers["Content-Type"].split(";")[0]) == (200, media)
            assert content
