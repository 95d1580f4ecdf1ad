"""The project as a download: complete, reproducible, named safely, and refused with reasons where there is none."""

import base64
import hashlib
import io
import json
import shutil
import subprocess
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from advisor import evidence, service
from tests.api.asking import read_codes
from tests.api.conftest import Server

QUERY = "work_queue=true&per_message_retry_or_dlq=true&ops_tolerance=none&option=sqs_standard&name=orders"


@pytest.fixture(scope="module")
def downloads() -> dict[str, Any]:
    client = Client(headers={"host": "127.0.0.1"})
    return {kind: client.get(f"/starter.{kind}?{QUERY}") for kind in ("zip", "tgz")}


def read_files(kind: str, body: bytes) -> dict[str, bytes]:
    if kind == "zip":
        archive = zipfile.ZipFile(io.BytesIO(body))
        return {name: archive.read(name) for name in archive.namelist()}
    with tarfile.open(fileobj=io.BytesIO(body)) as unpacked:
        found = {entry.name: unpacked.extractfile(entry) for entry in unpacked.getmembers()}
        return {name: file.read() for name, file in found.items() if file}


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_the_archive_holds_the_kit_of_the_same_query(downloads: dict[str, Any], kind: str) -> None:
    given = service.read_pairs((name, [value]) for name, value in (pair.split("=") for pair in QUERY.split("&")))
    kit = service.build_kit(service.read_query(given))
    assert downloads[kind].status_code == 200
    assert read_files(kind, downloads[kind].content) == {f"orders/{path}": body for path, body in kit.files.items()}


@pytest.mark.parametrize("kind", ["zip", "tgz"])
def test_the_headers_say_what_it_is(downloads: dict[str, Any], kind: str) -> None:
    response = downloads[kind]
    assert response.headers["Content-Disposition"] == f'attachment; filename="orders.{kind}"'
    digest = base64.b64encode(hashlib.sha256(response.content).digest()).decode()
    assert response.headers["Content-Digest"] == f"sha-256=:{digest}:"
    assert response.headers["Content-Type"] == {"zip": "application/zip", "tgz": "application/gzip"}[kind]


def test_a_kit_that_the_client_has_is_not_sent_again(client: Client, downloads: dict[str, Any]) -> None:
    tag = downloads["zip"].headers["ETag"]
    again = client.get(f"/starter.zip?{QUERY}", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")


MADE = ["/starter.zip", "/starter.tgz", "/api/v1/kit", "/api/v1/kit/files/README.md", "/api/v1/kit/diff"]


@pytest.mark.parametrize("path", MADE)
def test_what_the_client_has_is_not_made_again(client: Client, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    tag = client.get(f"{path}?{QUERY}").headers["ETag"]

    def fail(query: service.Query, *others: object) -> None:
        raise AssertionError(query)

    for name in ("recommend", "build_kit", "pack_kit", "compare_kits"):
        monkeypatch.setattr(service, name, fail)
    again = client.get(f"{path}?{QUERY}", headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)


def test_everything_made_of_every_kit_has_a_tag_of_its_own(client: Client) -> None:
    paths = [*MADE, "/api/v1/kit?format=yaml", "/api/v1/kit/files/kit.sha256"]
    kits = [QUERY, QUERY.replace("orders", "bills"), f"{QUERY}&language=go", f"{QUERY}&weight_cost=9"]
    tags = [client.get(path + ("&" if "?" in path else "?") + kit).headers["ETag"] for path in paths for kit in kits]
    assert len(set(tags)) == len(paths) * len(kits)


@pytest.mark.parametrize("path", ["/starter.zip?name=../..", f"/api/v1/kit/files/none?{QUERY}", "/api/v1/kit?bogus=1"])
def test_what_is_not_there_is_not_unchanged_either(client: Client, path: str) -> None:
    other = client.get(f"/api/v1/kit/files/README.md?{QUERY}").headers["ETag"]
    for tag in (other, "*"):
        assert client.get(path, headers={"if-none-match": tag}).status_code in {404, 422}
    anything = client.get(f"/api/v1/kit?{QUERY}", headers={"if-none-match": "*"})
    assert (anything.status_code, anything.content) == (304, b"")


def test_other_starters_have_other_tags(client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whoever edits one and starts again has the same release, the same rulebook and other bytes."""
    before = client.get(f"/api/v1/kit?{QUERY}").headers["ETag"]
    shutil.copytree(service.find_folder("templates"), tmp_path / "templates", ignore=shutil.ignore_patterns(".venv"))
    with (tmp_path / "templates" / "starters" / "sqs_python" / "README.md").open("a") as file:
        file.write("\nOurs.\n")
    monkeypatch.setenv("ADVISOR_TEMPLATES_DIR", str(tmp_path / "templates"))
    service.forget_starters()
    after = client.get(f"/api/v1/kit?{QUERY}").headers["ETag"]
    monkeypatch.undo()
    service.forget_starters()
    assert after != before


def test_any_accept_header_gets_the_archive_that_the_address_names(client: Client) -> None:
    assert client.get("/starter.tgz?bogus=1", headers={"accept": "image/png"}).status_code == 422


@pytest.mark.parametrize(
    ("asked", "where", "code"),
    [
        ("name=../../etc", "name", "bad_name"),
        ('name=a"; x=1', "name", "bad_name"),
        ("option=rabbitmq", "option", "unknown_choice"),
        ("language=cobol", "language", "unknown_choice"),
        ("bogus=1", "bogus", "unknown_question"),
    ],
)
def test_what_cannot_be_built_is_refused_with_its_place(client: Client, asked: str, where: str, code: str) -> None:
    assert read_codes(client.get(f"/starter.zip?{asked}")) == {(where, code)}


@pytest.mark.parametrize("path", MADE)
def test_a_bad_name_is_said_with_all_else_that_is_wrong(client: Client, path: str) -> None:
    wrong = {("name", "bad_name"), ("bogus", "unknown_question"), ("option", "unknown_choice")}
    assert read_codes(client.get(f"{path}?name=../x&bogus=1&option=x")) == wrong


@pytest.mark.parametrize("path", MADE)
@pytest.mark.parametrize("name", ["explain", "format"])
def test_how_to_show_it_is_refused_where_there_is_one_way(client: Client, path: str, name: str) -> None:
    answer = client.get(f"{path}?{QUERY}&{name}=json")
    if (path, name) == ("/api/v1/kit", "format"):
        assert answer.status_code == 200
    else:
        assert read_codes(answer) == {(name, "unknown_question")}


def test_curl_and_tar_unpack_it_into_its_folder(server: Server, tmp_path: Path) -> None:
    command = f"curl -sS --fail '{server.address}/starter.tgz?{QUERY}' | tar -xz"
    subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=tmp_path, check=True)
    settings = json.loads((tmp_path / "orders" / "settings.json").read_text(encoding="utf-8"))
    assert "orders" in json.dumps(settings)
    assert (tmp_path / "orders" / "DECISION.md").read_text(encoding="utf-8").startswith("---")


def test_where_neither_is_the_answer_there_is_no_kit_unless_an_option_is_named(client: Client) -> None:
    cases = (case for cases in evidence.get_cases().values() for case in cases)
    elsewhere = next(case for case in cases if case.outcome == "neither")
    body = json.dumps(dict(elsewhere.answers))
    asked = client.post("/api/v1/recommendations", body, "application/json").json()["links"]["query"]
    assert read_codes(client.get(f"/starter.zip?{asked}")) == {("option", "no_kit")}
    assert client.get(f"/starter.zip?{asked}&option=sqs_standard").status_code == 200


@pytest.fixture(scope="module")
def listed() -> Any:
    return Client(headers={"host": "127.0.0.1"}).get(f"/api/v1/kit?{QUERY}&format=json").json()


def test_the_list_of_files_is_that_of_the_archive(listed: Any, downloads: dict[str, Any]) -> None:
    found = read_files("tgz", downloads["tgz"].content)
    assert {f"orders/{file['path']}": file["sha256"] for file in listed["files"]} == {
        path: hashlib.sha256(content).hexdigest() for path, content in found.items()
    }
    assert {f"orders/{file['path']}": file["bytes"] for file in listed["files"]} == {
        path: len(content) for path, content in found.items()
    }


def test_every_link_of_the_list_leads_to_its_file(client: Client, listed: Any) -> None:
    for file in listed["files"]:
        answer = client.get(file["link"])
        assert hashlib.sha256(answer.content).hexdigest() == file["sha256"], file["path"]
        assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {client.get(link).status_code for link in listed["links"].values()} == {200}


@pytest.mark.parametrize(
    "path",
    [
        "../answers.yaml",
        "src/../settings.json",
        "..%2f..%2fmanage.py",
        "%2e%2e/manage.py",
        "/etc/passwd",
        "//etc/passwd",
        "src",
        "src/",
        "settings.json/",
        "SETTINGS.JSON",
        "settings.json%00",
        "..\\manage.py",
    ],
)
def test_what_is_no_file_of_the_project_is_nowhere(client: Client, path: str) -> None:
    answer = client.get(f"/api/v1/kit/files/{path}?{QUERY}")
    assert answer.status_code == 404
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_the_difference_is_between_the_two_sides_and_is_not_sent_twice(client: Client) -> None:
    answer = client.get(f"/api/v1/kit/diff?{QUERY}")
    text = answer.content.decode()
    assert answer.headers["Content-Type"] == "text/x-diff; charset=utf-8"
    assert "--- sqs_standard/settings.json\n+++ " in text
    assert '-    "queue_name": "orders"' in text
    assert '+    "topic": "orders"' in text
    again = client.get(f"/api/v1/kit/diff?{QUERY}", headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
