"""The commonest habits of the commonest clients: curl, httpie, requests, and fetch from a page of another origin."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Page

from tests.api.asking import ADDRESS
from tests.api.conftest import Server

QUERY = {"work_queue": "yes", "ops_tolerance": "none"}


@pytest.fixture(scope="module")
def expected(server: Server) -> Any:
    return requests.get(f"{server.address}{ADDRESS}", params=QUERY, timeout=60).json()


def curl(folder: Path, *arguments: str) -> str:
    command = ("curl", "-sS", *arguments)
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True, timeout=60).stdout


def test_curl_sends_json_files_and_encoded_names(server: Server, tmp_path: Path, expected: Any) -> None:
    address = f"{server.address}{ADDRESS}"
    (tmp_path / "answers.json").write_text('{"work_queue": true, "ops_tolerance": "none"}', encoding="utf-8")
    (tmp_path / "answers.yaml").write_text("work_queue: yes\nops_tolerance: none\n", encoding="utf-8")
    yaml = ("-H", "Content-Type: application/yaml", "--data-binary", "@answers.yaml")
    by_name = [part for name, value in QUERY.items() for part in ("--data-urlencode", f"{name}={value}")]
    for arguments in (("--json", "@answers.json"), yaml, ("-G", *by_name), ("--compressed", "-G", *by_name)):
        assert json.loads(curl(tmp_path, *arguments, address)) == expected


def test_curl_keeps_an_etag_and_is_told_that_nothing_changed(server: Server, tmp_path: Path) -> None:
    address = f"{server.address}{ADDRESS}?work_queue=yes&ops_tolerance=none"
    kept = ("--etag-save", "etag", "--etag-compare", "etag", "-o", "answer.json", "-w", "%{http_code}")
    assert [curl(tmp_path, *kept, address) for _ in range(2)] == ["200", "304"]
    assert json.loads((tmp_path / "answer.json").read_text(encoding="utf-8"))["outcome"] == "sqs"


def test_curl_that_forgets_the_content_type_is_told_what_to_say(server: Server, tmp_path: Path) -> None:
    status = curl(
        tmp_path, "-d", '{"work_queue": true}', "-o", "told", "-w", "%{http_code}", f"{server.address}{ADDRESS}"
    )
    assert status == "415"
    assert "application/json" in json.loads((tmp_path / "told").read_text(encoding="utf-8"))["detail"]


def test_curl_uploads_lines_as_they_come(server: Server, tmp_path: Path) -> None:
    (tmp_path / "many.ndjson").write_text('{"work_queue": true}\n{"bogus": 1}\n', encoding="utf-8")
    ndjson = ("-X", "POST", "-T", "many.ndjson", "-H", "Content-Type: application/x-ndjson", "-H", "Expect:")
    chunked = ("-H", "Transfer-Encoding: chunked")
    for arguments in (ndjson, (*ndjson, *chunked)):
        answered = curl(tmp_path, *arguments, f"{server.address}{ADDRESS}:batch").splitlines()
        assert [json.loads(line).get("status", 200) for line in answered] == [200, 422]


def http(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = (sys.executable, "-m", "httpie", "--ignore-stdin", "--check-status", "--body", *arguments)
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_httpie_asks_with_names_and_with_a_body(server: Server, expected: Any) -> None:
    address = f"{server.address}{ADDRESS}"
    assert json.loads(http("GET", address, "work_queue==yes", "ops_tolerance==none").stdout) == expected
    assert json.loads(http("POST", address, "work_queue:=true", "ops_tolerance=none").stdout) == expected
    assert http("GET", server.address).stdout.startswith("Broker Advisor")


def test_httpie_shows_what_is_refused_and_fails(server: Server) -> None:
    refused = http("POST", f"{server.address}{ADDRESS}", "consumer_groups:=-1")
    assert refused.returncode == 4
    assert json.loads(refused.stdout)["problems"][0]["code"] == "out_of_bounds"


def test_requests_asks_in_all_its_ways(server: Server, expected: Any) -> None:
    with requests.Session() as session:
        posted = session.post(
            f"{server.address}{ADDRESS}", json={"work_queue": True, "ops_tolerance": "none"}, timeout=60
        )
        assert posted.json() == expected
        assert not session.cookies
        again = session.get(
            f"{server.address}{posted.headers['Content-Location']}",
            headers={
                "If-None-Match": session.get(f"{server.address}{ADDRESS}", params=QUERY, timeout=60).headers["ETag"]
            },
            timeout=60,
        )
        assert (again.status_code, again.content) == (304, b"")
        listed = session.get(f"{server.address}{ADDRESS}", params={"integrations": ["lambda", "s3"]}, timeout=60)
        assert listed.json()["answers"] == {"integrations": ["lambda", "s3"]}
        refused = session.post(f"{server.address}{ADDRESS}", json={"consumer_groups": "many"}, timeout=60)
        assert not refused.ok
        assert refused.json()["problems"][0]["where"] == "consumer_groups"


def test_requests_streams_a_batch_from_a_generator(server: Server) -> None:
    lines = (json.dumps({"work_queue": True, "consumer_groups": number}).encode() + b"\n" for number in (1, 1, -1))
    headers = {"Content-Type": "application/x-ndjson"}
    with requests.post(f"{server.address}{ADDRESS}:batch", lines, headers=headers, stream=True, timeout=60) as response:
        assert [json.loads(line).get("status", 200) for line in response.iter_lines()] == [200, 200, 422]


FETCH = """async ([home, address]) => {
    const json = {"Content-Type": "application/json", "X-Request-Id": "from-a-portal"};
    const got = await fetch(home + address + "?work_queue=yes&ops_tolerance=none");
    const body = JSON.stringify({work_queue: true, ops_tolerance: "none"});
    const posted = await fetch(home + address, {method: "POST", headers: json, body});
    const refused = await fetch(home + address, {method: "POST", headers: json, body: '{"consumer_groups": -1}'});
    const lines = {"Content-Type": "application/x-ndjson"};
    const many = await fetch(home + address + ":batch", {method: "POST", headers: lines, body: "{}\\n{broken\\n"});
    const kit = await fetch(home + "/starter.tgz?work_queue=yes&option=sqs_standard");
    return {
        got: await got.json(), etag: got.headers.get("ETag"), link: got.headers.get("Link"),
        posted: await posted.json(), id: posted.headers.get("X-Request-Id"),
        status: refused.status, refused: await refused.json(), many: await many.text(),
        kit: (await kit.arrayBuffer()).byteLength, name: kit.headers.get("Content-Disposition"),
    };
}"""


@pytest.mark.browser
def test_a_page_of_another_origin_reads_answers_refusals_and_kits(
    server: Server, elsewhere: str, page: Page, expected: Any
) -> None:
    page.goto(elsewhere)
    said = page.evaluate(FETCH, [server.address, ADDRESS])
    assert said["got"] == said["posted"] == expected
    assert said["etag"].startswith(f'"{expected["id"]}')
    assert "service-desc" in said["link"]
    assert said["id"] == "from-a-portal"
    assert (said["status"], said["refused"]["problems"][0]["code"]) == (422, "out_of_bounds")
    assert [json.loads(line).get("status", 200) for line in said["many"].splitlines()] == [200, 400]
    assert said["kit"] > 1000
    assert said["name"].startswith("attachment")
