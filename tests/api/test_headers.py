"""Other origins, links to the description, health and metrics."""

import json
import re

import pytest
from django.test import Client

from advisor import service
from advisor.api.metrics import Metrics
from advisor.core.errors import Problem, RulebookError
from tests.api.asking import ADDRESS, read_problem


@pytest.mark.parametrize("path", ["/api/v1/criteria", "/api/v1/nothing", f"{ADDRESS}?bogus=1", "/starter.zip?bogus=1"])
def test_answers_and_refusals_are_open_to_every_origin(client: Client, path: str) -> None:
    response = client.get(path, headers={"origin": "https://portal.example"})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "ETag" in response.headers["Access-Control-Expose-Headers"]
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_a_preflight_is_allowed(client: Client) -> None:
    asked = {"origin": "https://portal.example", "access-control-request-method": "POST"}
    response = client.options(ADDRESS, headers=asked | {"access-control-request-headers": "content-type"})
    assert response.status_code == 204
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    allowed = set(response.headers["Access-Control-Allow-Headers"].split(", "))
    assert allowed >= {"Content-Type", "If-Match", "If-None-Match"}
    assert int(response.headers["Access-Control-Max-Age"]) > 0


@pytest.mark.parametrize("path", ["/problems/", "/recommendation", "/recommendation.md", "/versions", "/healthzz"])
def test_pages_are_not_opened(client: Client, path: str) -> None:
    headers = client.get(path).headers
    assert "Access-Control-Allow-Origin" not in headers
    assert "service-desc" not in headers.get("Link", "")


PLAIN = ["/openapi.json", "/openapi.yaml", "/schemas/decision.json", "/healthz", "/readyz", "/version",
         "/.well-known/api-catalog", "/metrics", "/api/reference"]  # fmt: skip


@pytest.mark.parametrize("path", PLAIN)
def test_a_preflight_to_what_has_no_answers_is_allowed_too(client: Client, path: str) -> None:
    asked = {"origin": "https://portal.example", "access-control-request-method": "GET"}
    response = client.options(path, headers=asked | {"access-control-request-headers": "if-none-match"})
    assert (response.status_code, response.content, response.headers.get("Content-Type")) == (204, b"", None)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert response.headers["Access-Control-Allow-Methods"] == response.headers["Allow"]
    assert "If-None-Match" in response.headers["Access-Control-Allow-Headers"]
    assert response.headers["Content-Security-Policy"]
    read_problem(client.delete(path), 405)
    assert client.delete(path).headers["Allow"] == "GET, HEAD"
    assert client.get(path).headers["Access-Control-Allow-Origin"] == "*"


def test_every_answer_links_to_the_description(client: Client) -> None:
    link = client.get("/api/v1/criteria").headers["Link"]
    assert set(re.findall(r'rel="([a-z-]+)"', link)) == {"service-desc", "service-doc", "status", "api-catalog"}


def test_who_knows_the_host_alone_finds_the_description(client: Client) -> None:
    response = client.get("/.well-known/api-catalog", headers={"origin": "https://portal.example"})
    assert response.headers["Content-Type"].startswith("application/linkset+json")
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    (entry,) = response.json()["linkset"]
    for relation in ("service-desc", "service-doc", "status"):
        assert client.get(entry[relation][0]["href"]).status_code == 200
    assert client.get(entry["anchor"]).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/criteria", f"{ADDRESS}?work_queue=yes", f"{ADDRESS}?bogus=1", "/api/none"])
def test_every_answer_says_by_which_rulebook(client: Client, path: str) -> None:
    assert client.get(path).headers["Advisor-Rulebook"] == service.get_rulebook().version


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/version", "/metrics"])
def test_operators_get_answers_that_nobody_keeps(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert "no-store" in response.headers["Cache-Control"]
    assert client.head(path).status_code == 200
    assert client.post(path).status_code == 405


def test_the_version_is_that_of_code_and_rulebook(client: Client) -> None:
    version = service.get_rulebook().version
    assert client.get("/version").json() == {"release": service.release(), "rulebook": version}


def test_without_a_rulebook_the_service_is_alive_and_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RulebookError(Problem(where="rules/facts.yaml:1", code="broken", message="deliberate"))

    monkeypatch.setattr(service, "get_rulebook", fail)
    assert client.get("/healthz").status_code == 200
    response = client.get("/readyz")
    assert (response.status_code, json.loads(response.content)["ready"]) == (503, False)


def read_count(client: Client, **labels: str) -> int:
    wanted = [f'{name}="{value}"' for name, value in labels.items()]
    lines = client.get("/metrics").content.decode().splitlines()
    found = [
        line for line in lines if line.startswith("advisor_requests_total") and all(each in line for each in wanted)
    ]
    return sum(int(line.rsplit(" ", 1)[1]) for line in found)


def test_requests_are_counted_by_route_and_status_and_never_by_answer(client: Client) -> None:
    before = read_count(client, route="api/v1/recommendations", status="422")
    client.get(f"{ADDRESS}?budget_usd_per_month=987654321&bogus=1")  # more digits than any process or time has
    assert read_count(client, route="api/v1/recommendations", status="422") == before + 1
    assert "987654321" not in client.get("/metrics").content.decode()


def test_a_method_that_there_is_not_makes_no_label_of_its_own(client: Client) -> None:
    before = read_count(client, method="other")
    client.generic("BREW", "/api/v1/criteria")
    assert read_count(client, method="other") == before + 1
    assert "BREW" not in client.get("/metrics").content.decode()


def test_requests_are_timed_in_seconds() -> None:
    metrics = Metrics()
    metrics.count("version", "GET", 200, 0.05)
    text = metrics.write("1", "2")
    assert re.findall(r'le="(?:0.025|0.1)"} (\d)', text) == ["0", "1"]
    assert re.search(r"_sum{[^}]*} 0\.05", text)


def test_histogram_buckets_only_grow(client: Client) -> None:
    client.get("/api/v1/criteria")
    text = client.get("/metrics").content.decode()
    route = re.escape("api/v1/criteria")
    buckets = [int(count) for count in re.findall(rf'_bucket{{route="{route}",[^}}]*}} (\d+)', text)]
    assert buckets == sorted(buckets)
    total = re.search(rf'_count{{route="{route}",[^}}]*}} (\d+)', text)
    assert total is not None
    assert int(total[1]) == buckets[-1] >= 1


@pytest.mark.parametrize("accept", ["*/*", "text/markdown", "text/csv", "application/json"])
@pytest.mark.parametrize("path", ["/recommend", "/recommend.md", "/api/v1/recommendations", "/recommend.txt"])
def test_a_preflight_has_no_content_whatever_would_be_accepted(client: Client, path: str, accept: str) -> None:
    response = client.options(path, headers={"accept": accept})
    assert (response.status_code, response.content, response.headers.get("Content-Type")) == (204, b"", None)
