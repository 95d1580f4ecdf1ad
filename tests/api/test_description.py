"""The description is complete, valid, committed, and true: what it shows works."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from django.core.management import call_command
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from advisor import service
from advisor.api.addresses import is_work
from advisor.api.operations import LIMITED
from advisor.api.table import list_operations
from advisor.settings import BASE_DIR
from tests.api.conftest import Server

COMMITTED = BASE_DIR / "advisor" / "api" / "openapi.json"
AGAIN = "make run, and: curl http://127.0.0.1:8000/openapi.json --output advisor/api/openapi.json"
WRITTEN_FOR_PEOPLE = {"problems/", "problems/<str:code>", "api/reference", "schemas/decision.json"}
OTHER_NAMES = {"api/v1/recommendations.<str:format>", "recommend.<str:format>", "^api(/.*)?$"}


@pytest.fixture(scope="module")
def description() -> Any:
    return Client(headers={"host": "127.0.0.1"}).get("/openapi.json").json()


def test_it_is_generated_without_a_warning_and_is_the_committed_one(tmp_path: Path, description: Any) -> None:
    path = tmp_path / "openapi.json"
    call_command("spectacular", format="openapi-json", validate=True, fail_on_warn=True, file=str(path))
    generated = json.loads(path.read_text(encoding="utf-8"))
    assert generated == description
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == generated, f"If the change is right: {AGAIN}"


def test_it_speaks_openapi_3_1_and_json_schema_2020(description: Any) -> None:
    assert description["openapi"].startswith("3.1")
    for schema in description["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_yaml_says_the_same(client: Client, description: Any) -> None:
    assert yaml.safe_load(client.get("/openapi.yaml").content) == description


def walk(patterns: list[URLPattern | URLResolver]) -> list[URLPattern]:
    found = []
    for pattern in patterns:
        found += walk(pattern.url_patterns) if isinstance(pattern, URLResolver) else [pattern]
    return found


def test_every_address_of_the_door_is_described(description: Any) -> None:
    routes = {str(each.pattern) for each in walk(get_resolver("advisor.api.urls").url_patterns)}
    ours = {"/" + re.sub("<(?:str|path):(.*)>", r"{\1}", route) for route in routes - WRITTEN_FOR_PEOPLE - OTHER_NAMES}
    assert ours == set(description["paths"])
    described = {(path, method.upper()) for path, methods in description["paths"].items() for method in methods}
    assert described == set(list_operations())


def test_every_question_can_be_answered_in_address_and_body(description: Any) -> None:
    questions = set(service.get_rulebook().questions)
    named = {
        each.get("$ref", "").rsplit("/", 1)[-1] for each in description["paths"]["/recommend"]["get"]["parameters"]
    }
    assert questions <= named
    assert questions <= set(description["components"]["schemas"]["Answers"]["properties"])


def find_examples() -> list[tuple[str, str, Any]]:
    description = Client(headers={"host": "127.0.0.1"}).get("/openapi.json").json()
    return [
        (path, media, example["value"])
        for path, methods in description["paths"].items()
        for media, body in methods.get("post", {}).get("requestBody", {}).get("content", {}).items()
        for example in body.get("examples", {}).values()
    ]


def validator(description: Any, name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator({"$ref": f"#/components/schemas/{name}", **description})


@pytest.mark.parametrize(("path", "media", "example"), find_examples())
def test_every_example_body_works(client: Client, path: str, media: str, example: Any) -> None:
    body = json.dumps(example) if media == "application/json" else yaml.safe_dump(example)
    response = client.post(path, body, content_type=media)
    assert response.status_code == 200, response.content


def test_every_example_parameter_works(client: Client, description: Any) -> None:
    parameters = description["components"]["parameters"]
    samples = {name: each["example"] for name, each in parameters.items() if "example" in each}
    assert set(samples) == set(service.get_rulebook().questions)
    for name, sample in samples.items():
        service.read_query(service.read_pairs([(name, sample if isinstance(sample, list) else [sample])]))


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/v1/recommendations:sensitivity", "cloud=on-prem"),
        ("/api/v1/recommendations:breakeven", "messages_per_second_avg=10..90&region=us-west-2"),
        ("/api/v1/recommendations:breakeven", "cloud=on-prem&growth_percent_per_month=10"),
        ("/api/v1/recommendations:sweep", "question=message_size_bytes_avg&message_size_bytes_max=9 KiB"),
        ("/api/v1/recommendations:sweep", "question=work_queue"),
        ("/api/v1/kit", "work_queue=yes"),
    ],
)
def test_what_an_address_answers_is_described_to_the_last_member(
    client: Client, description: Any, path: str, query: str
) -> None:
    schema = description["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    assert not schema["additionalProperties"]
    jsonschema.Draft202012Validator(description | schema).validate(client.get(f"{path}?{query}").json())


def test_a_comparison_is_described_to_the_last_member(client: Client, description: Any) -> None:
    path = "/api/v1/recommendations:compare"
    schema = description["paths"][path]["post"]["responses"]["200"]["content"]["application/json"]["schema"]
    sides = {"left": {"as_of": "2024-01-01"}, "right": {"existing_platforms": ["kafka"], "replay_needed": True}}
    compared = client.post(path, sides, content_type="application/json").json()
    jsonschema.Draft202012Validator(description | schema).validate(compared)
    assert len([name for name, found in compared["differences"].items() if found]) > 5


def test_answers_match_their_schemas(client: Client, description: Any) -> None:
    query = "work_queue=yes&ops_tolerance=none"
    decision = client.get(f"/api/v1/recommendations?{query}").json()
    validator(description, "Decision").validate(decision)
    jsonschema.Draft202012Validator(client.get("/schemas/decision.json").json()).validate(decision)
    short = client.get(f"/api/v1/recommendations?{query}&explain=none").json()
    validator(description, "Conclusion").validate(short)
    assert not validator(description, "Conclusion").is_valid(decision)
    validator(description, "Problem").validate(client.get("/api/v1/recommendations?bogus=1").json())


@pytest.mark.parametrize(("level", "name"), [("none", "Conclusion"), ("summary", "Decision")])
def test_each_line_of_a_batch_is_as_the_description_says(
    client: Client, description: Any, level: str, name: str
) -> None:
    path, lines = "/api/v1/recommendations:batch", '{"work_queue": true}\n{"bogus": 1}\n'
    response: Any = client.post(f"{path}?explain={level}", lines, content_type="application/jsonl")
    good, bad = (json.loads(line) for line in response.getvalue().splitlines())
    validator(description, name).validate(good)
    validator(description, "Problem").validate(bad)
    said = description["paths"][path]["post"]["responses"]["200"]["content"]
    assert name in said["application/jsonl"]["schema"]["description"]
    table: Any = client.post(f"{path}?format=csv", lines, content_type="application/jsonl")
    head = table.getvalue().decode().splitlines()[0]
    assert head.replace(",", ", ") in said["text/csv"]["schema"]["description"]


@pytest.mark.parametrize(
    ("beside", "status"), [({"window": "7 days", "source": "CloudWatch", "error": "5 %"}, 200), ({"since": "x"}, 422)]
)
def test_a_measured_answer_is_described_as_it_is_taken(
    client: Client, description: Any, beside: dict[str, str], status: int
) -> None:
    answers = {"messages_per_second_avg": {"value": 40, "grade": "measured", **beside}}
    assert validator(description, "Answers").is_valid(answers) is (status == 200)
    response = client.post("/api/v1/recommendations?explain=none", answers, content_type="application/json")
    assert response.status_code == status


@pytest.mark.parametrize(("offered", "is_kept"), [("a.b-c_12", True), ("1234567", False), ("a" * 65, False)])
def test_an_id_of_the_asker_is_kept_as_the_description_says(
    client: Client, description: Any, offered: str, is_kept: bool
) -> None:
    assert "8 to 64 letters, digits" in description["components"]["headers"]["X-Request-Id"]["description"]
    answered = client.get("/version", headers={"X-Request-Id": offered})
    assert (answered.headers["X-Request-Id"] == offered) is is_kept


def test_headers_that_clients_go_by_are_described(client: Client, description: Any) -> None:
    said = description["paths"]["/api/v1/recommendations"]["get"]["responses"]
    assert {"Advisor-Rulebook", "ETag", "Cache-Control", "X-Request-Id", *LIMITED} == set(said["200"]["headers"])
    assert {"Retry-After", *LIMITED} < set(said["429"]["headers"])
    answered = client.get("/api/v1/recommendations?cloud=aws").headers
    assert set(said["200"]["headers"]) - {*LIMITED} <= set(answered)


def test_a_limit_is_described_where_one_is_kept_and_nowhere_else(description: Any) -> None:
    for path, methods in description["paths"].items():
        for method in methods.values():
            assert ("429" in method["responses"]) is is_work(path)
            assert ({*LIMITED} <= set(method["responses"]["200"]["headers"])) is is_work(path)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/facts"),
        ("GET", "/api/v1/kit/files/{path}"),
        ("GET", "/healthz"),
        ("GET", "/starter.zip"),
        ("POST", "/api/v1/recommendations"),
        ("POST", "/recommend"),
    ],
)
def test_what_other_origins_may_read_is_described(client: Client, description: Any, method: str, path: str) -> None:
    body = ("{}", "application/json") if method == "POST" else ()
    answered = client.generic(method, path.replace("{path}", "README.md"), *body).headers
    told = set(answered["Access-Control-Expose-Headers"].split(", ")) & set(answered) - {"Link"}
    described = description["paths"][path][method.lower()]["responses"]["200"]["headers"]
    assert told == set(described) - {"Cache-Control", *LIMITED}


def test_the_reference_page_is_of_this_site_alone(client: Client, description: Any) -> None:
    page = client.get("/api/reference").content.decode()
    for path in description["paths"]:
        assert path.replace("{", "{") in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    assert "explain_many" not in page  # the name of a shared part and of no parameter


def run_curl(line: str, server: Server, folder: Path) -> subprocess.CompletedProcess[str]:
    there = line.replace("http://127.0.0.1:8000", server.address).replace("curl ", "curl -sS --fail-with-body ", 1)
    command = ["bash", "-o", "pipefail", "-c", there]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def find_curl_lines(text: str) -> list[str]:
    joined = text.replace("\\\n", " ")
    return [line.strip() for line in joined.splitlines() if line.strip().startswith("curl ")]


def test_every_curl_line_of_the_readme_works(server: Server, tmp_path: Path) -> None:
    lines = find_curl_lines((BASE_DIR / "README.md").read_text(encoding="utf-8"))
    assert len(lines) >= 3
    for line in lines:
        done = run_curl(line, server, tmp_path)
        assert done.returncode == 0, (line, done.stdout, done.stderr)


def test_curl_gets_help_whose_lines_work(server: Server, tmp_path: Path) -> None:
    text = run_curl(f"curl {server.address}", server, tmp_path).stdout
    lines = find_curl_lines(text)
    assert len(lines) >= 5
    assert [line for line in text.splitlines() if len(line) > 80] == []
    for line in lines:
        done = run_curl(line, server, tmp_path)
        assert done.returncode == 0, (line, done.stdout, done.stderr)
        assert shlex.split(line)


@pytest.mark.parametrize(
    ("headers", "is_text"),
    [
        ({"user-agent": "curl/8.5.0", "accept": "*/*"}, True),
        ({"user-agent": "HTTPie/3.2"}, True),
        ({"user-agent": "Mozilla/5.0", "accept": "text/html,*/*;q=0.8"}, False),
        ({"user-agent": "curl/8.5.0", "accept": "text/html"}, False),
        ({"user-agent": "curl/8.5.0", "accept": "text/plain"}, True),
        ({"accept": "text/plain"}, True),
        ({}, False),
    ],
)
def test_the_root_is_help_for_terminals_and_the_page_for_browsers(
    client: Client, headers: dict[str, str], is_text: bool
) -> None:
    response = client.get("/", headers=headers)
    assert response.headers["Content-Type"].startswith("text/plain" if is_text else "text/html")
    assert {"Accept", "User-Agent"} <= set(response.headers["Vary"].split(", "))


def test_the_root_is_the_index_for_those_who_ask_for_data(client: Client) -> None:
    response = client.get("/", headers={"accept": "application/json", "user-agent": "curl/8.5.0"})
    assert response.json() == client.get("/api/v1/").json()
    assert {"Accept", "User-Agent"} <= set(response.headers["Vary"].split(", "))


def run_schemathesis(server: Server, folder: Path, *arguments: str) -> None:
    config = Path(__file__).with_name("schemathesis.toml")
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run"]
    command += [f"{server.address}/openapi.json", "--seed", "1", "--no-color", *arguments]
    environment = os.environ | {"COLUMNS": "120", "PYTHONPATH": ""}
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout[-6000:]


CHEAP = "questions|options|criteria|facts|rules|healthz|readyz|version|metrics|openapi|catalog"
DEAR = "recommend|starter|kit"


def test_no_generated_request_breaks_the_description(server: Server, tmp_path: Path) -> None:
    run_schemathesis(server, tmp_path, "--phases", "examples,coverage", "--include-path-regex", CHEAP)


def test_no_generated_refusal_breaks_the_description(server: Server, tmp_path: Path) -> None:
    """The addresses whose answers take long are asked what they must refuse; all of it in the wide run."""
    fuzzed = ("--phases", "fuzzing", "--mode", "negative", "--max-examples", "5", "--include-path-regex", DEAR)
    run_schemathesis(server, tmp_path, *fuzzed)


@pytest.mark.slow
@pytest.mark.parametrize("addresses", [CHEAP, "starter", "recommend$", "recommendations$", "recommendations:"])
def test_no_phase_breaks_the_description(server: Server, tmp_path: Path, addresses: str) -> None:
    """By part, since each takes long: the coverage phase alone tries every form of each of sixty names."""
    stateful = ",stateful" if addresses == CHEAP else ""  # only these have links, without which it is an error
    phases = ("--phases", f"examples,coverage,fuzzing{stateful}", "--max-examples", "20")
    run_schemathesis(server, tmp_path, *phases, "--include-path-regex", addresses)
