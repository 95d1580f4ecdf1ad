"""Page, REST and command line give the same answer to the same workload, in every format: three doors on one hall."""

import html
import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from advisor import evidence, service
from advisor.core.cases import Case
from advisor.core.recommendation import Recommendation
from advisor.settings import BASE_DIR

CASES = {case.id: case for cases in evidence.get_cases().values() for case in cases}
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The founding document's uses and the page's presets always; every case in the wide run.
NEAR = [case.id for name in ("seed", "presets") for case in evidence.get_cases()[name]]
FAR = [name for name in CASES if name not in NEAR]


@pytest.fixture(autouse=True)
def _once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The doors ask nine times for one case. What they ask is theirs and is told apart by its id; working it out is
    not, and takes nearly all of the time."""
    kept: dict[str, Recommendation] = {}
    work_out = service.recommend

    def recommend(query: service.Query) -> Recommendation:
        name = service.identify_answer(query)
        if name not in kept:
            kept[name] = work_out(query)
        return kept[name]

    monkeypatch.setattr(service, "recommend", recommend)


def ask_rest(case: Case) -> Any:
    body = json.dumps(dict(case.answers), default=list)
    response = Client(headers={"host": "127.0.0.1"}).post("/api/v1/recommendations", body, "application/json")
    assert response.status_code == 200, response.content
    return response


def run_command(case: Case, form: str, folder: Path) -> str:
    path = folder / "answers.yaml"
    path.write_text(yaml.safe_dump(json.loads(json.dumps(dict(case.answers), default=list))), encoding="utf-8")
    written = io.StringIO()
    call_command("recommend", str(path), format=form, stdout=written)
    return written.getvalue()


def read_page(query: str) -> str:
    response = Client(headers={"host": "127.0.0.1"}).get(f"/recommendation?{query}")
    assert response.status_code == 200, response.content[:500]
    without_tags = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", "", response.content.decode(), flags=re.DOTALL)
    return " ".join(html.unescape(without_tags).split())


def check_doors(case: Case, folder: Path) -> None:
    rest = ask_rest(case)
    document = rest.json()
    client = Client(headers={"host": "127.0.0.1"})
    query = document["links"]["query"]
    assert client.get(f"/api/v1/recommendations?{query}").content == rest.content
    assert run_command(case, "json", folder).encode() == rest.content
    for extension, form in {"md": "markdown", "txt": "text", "yaml": "yaml"}.items():
        by_rest = client.get(f"/api/v1/recommendations.{extension}?{query}").content.decode()
        assert run_command(case, form, folder) == by_rest
        assert document["id"] in by_rest
    assert yaml.load(by_rest, Loader=LOADER) == document
    check_page(document, read_page(query))


def check_page(document: Any, page: str) -> None:
    """The words and numbers that carry the answer."""
    assert " ".join(document["headline"].split()) in page
    assert document["id"] in page
    for verdict in document["verdicts"]:
        assert verdict["label"] in page
    winner = next((each for each in document["verdicts"] if each["option"] == document["option"]), None)
    for reason in winner["reasons"] if winner else []:
        assert " ".join(reason["because"].split()) in page
    for signpost in document["signposts"]:
        assert " ".join(signpost["because"].split()) in page


@pytest.mark.parametrize("name", NEAR)
def test_three_doors_give_one_answer(name: str, tmp_path: Path) -> None:
    check_doors(CASES[name], tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", FAR)
def test_three_doors_give_one_answer_to_every_case(name: str, tmp_path: Path) -> None:
    check_doors(CASES[name], tmp_path)


def test_three_doors_refuse_the_same_answers_for_the_same_reasons(tmp_path: Path) -> None:
    answers = {"consumer_groups": -1, "replay_needed": "perhaps"}
    client = Client(headers={"host": "127.0.0.1"})
    rest = client.post("/api/v1/recommendations", json.dumps(answers), "application/json")
    page = client.get("/recommendation?consumer_groups=-1&replay_needed=perhaps")
    path = tmp_path / "answers.yaml"
    path.write_text(yaml.safe_dump(answers), encoding="utf-8")
    command = [sys.executable, "manage.py", "recommend", str(path)]
    done = subprocess.run(command, cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert (rest.status_code, page.status_code, done.returncode) == (422, 422, 2)
    shown = html.unescape(page.content.decode())
    assert len(rest.json()["problems"]) == 2
    for problem in rest.json()["problems"]:
        assert problem["message"] in done.stderr
        assert problem["message"] in shown


BATCHES = {
    "many.ndjson": ("application/x-ndjson", '{"work_queue": true}\n\n{"clod": 1}\n{"nothing_else": true, "x": 1}\n'),
    "many.json": ("application/json", '[{"work_queue": true}, {"consumer_groups": -1, "clod": 1}, {"cloud": "aws"}]'),
    "many.csv": ("text/csv", "work_queue,messages_per_second_avg\nyes,5k/s\nperhaps,1\n"),
}


@pytest.mark.parametrize("name", BATCHES)
def test_two_doors_answer_a_batch_with_the_same_bytes(name: str, tmp_path: Path) -> None:
    content_type, content = BATCHES[name]
    path, written = tmp_path / name, io.StringIO()
    path.write_text(content, encoding="utf-8")
    with pytest.raises(CommandError) as ended:
        call_command("recommend", batch=path, stdout=written)
    client = Client(headers={"host": "127.0.0.1", "accept": content_type})
    response: Any = client.post("/api/v1/recommendations:batch", content, content_type)
    answered = b"".join(response.streaming_content).decode().replace("http://127.0.0.1/problems/", "/problems/")
    assert written.getvalue() == answered
    assert ended.value.returncode == 2


ODD_BATCHES = {
    "ndjson": '{"cloud": "aws"}\n\n{"answers": {"cloud": "aws"}}\n{"cloud": "aws", "cloud": "gcp"}\n[]\n'
    '{"cloud": NaN}\n\ufeff{}\n{"clod": 1}\n' + "[" * 50 + "\n" + '{"a": "' + "é" * 40_000 + '"}\n{"work_queue": true}',
    "csv": "cloud,work_queue\naws,yes\naws\naws,yes,no\n\n , yes\n=moon,\naws,\"yes\nno\"\naws,\"yes\"x\naws,yes\n",
    "json": '[{"cloud": "aws"}, {"answers": {"cloud": "aws"}}, 7, {"work_queue": [[[[1]]]]}, {}]',
}  # fmt: skip
SENT_AS = {"ndjson": "application/x-ndjson", "csv": "text/csv", "json": "application/json"}


@pytest.mark.parametrize("form", ODD_BATCHES)
def test_a_batch_is_answered_alike_by_both_doors_that_take_one(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"many.{form}"
    path.write_text(ODD_BATCHES[form], encoding="utf-8")
    written = io.StringIO()
    with pytest.raises(CommandError):  # since some are bad
        call_command("recommend", batch=path, stdout=written)
    client = Client(headers={"host": "127.0.0.1"})
    sent: Any = client.post("/api/v1/recommendations:batch", path.read_bytes(), content_type=SENT_AS[form])
    by_rest = b"".join(sent.streaming_content).decode()
    assert written.getvalue() == by_rest.replace("http://127.0.0.1/problems/", "/problems/")
