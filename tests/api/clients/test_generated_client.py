"""A client made by a maintained generator from the description that the service publishes: it compiles, and works."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from advisor import service
from tests.api.conftest import Server
from tests.brokers.cache import built_once, key_of

HERE = Path(__file__).resolve().parent
SOURCES = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "ask.ts")


def run(*command: str, folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    return done.stdout


def install(place: Path) -> None:
    for name in SOURCES[:3]:
        shutil.copy(HERE / name, place)
    run("npm", "ci", "--no-fund", "--no-audit", folder=place)


@pytest.fixture(scope="module")
def said(server: Server, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """What the program that uses the generated client printed."""
    for tool in ("node", "npm"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} not found: install nodejs and npm")
    installed = built_once(key_of("generated-client", *(HERE / name for name in SOURCES[:3])), install)
    folder = tmp_path_factory.mktemp("client")
    for name in SOURCES:
        shutil.copy(HERE / name, folder)
    (folder / "node_modules").symlink_to(installed / "node_modules")
    description = ("-i", f"{server.address}/openapi.json", "-o", "client", "-c", "@hey-api/client-fetch")
    run("node_modules/.bin/openapi-ts", "--silent", "--no-log-file", *description, folder=folder)
    run("node_modules/.bin/tsc", "-p", ".", folder=folder)
    return json.loads(run("node", "built/ask.js", server.address, folder=folder))


def test_it_gets_a_recommendation_with_its_reasons(said: Any) -> None:
    expected = service.recommend(service.read_query({"work_queue": True, "messages_per_second_avg": 40}))
    assert said["asked"]["outcome"] == expected.outcome
    assert len(said["asked"]["verdicts"]) == len(service.get_rulebook().options)
    assert said["reasons"]
    assert said["posted"]["answers"]["consumer_groups"] == {"min": 1, "max": 2}


def test_it_reads_what_is_refused(said: Any) -> None:
    assert (said["status"], said["refused"]) == (422, ["out_of_bounds"])


def test_it_reads_questions_series_batches_and_archives(said: Any) -> None:
    assert said["questions"] == list(service.get_rulebook().questions)
    assert [point["at"] for point in said["swept"]["series"]] == [1, 4]
    assert said["many"] == [200, 422]
    assert said["archive"] > 1000
