"""What may be kept, for how long, and what need not be sent twice."""

import json

import pytest
from django.test import Client

from advisor import service
from advisor.api.caching import FOR_EVER, FOR_MINUTES
from tests.api.asking import ADDRESS, ask, read_problem

QUERY = "work_queue=true&ops_tolerance=none"


def test_an_answer_that_the_client_has_is_not_worked_out_again(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    first = client.get(f"{ADDRESS}?{QUERY}")

    def fail(query: service.Query) -> None:
        raise AssertionError(query)

    monkeypatch.setattr(service, "recommend", fail)
    again = client.get(f"{ADDRESS}?{QUERY}", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


def test_the_etag_is_strong_and_carries_the_id(client: Client) -> None:
    response = client.get(f"{ADDRESS}?{QUERY}")
    assert response.headers["ETag"].startswith(f'"{response.json()["id"]}-')


def test_the_same_answers_in_other_words_have_the_same_etag(client: Client) -> None:
    tags = {
        client.get(f"{ADDRESS}?{query}").headers["ETag"] for query in (QUERY, "ops_tolerance=none&work_queue=yes&x=")
    }
    assert len(tags) == 1


@pytest.mark.parametrize("other", ["&explain=none", "&format=yaml", "&weight_cost=9", "&as_of=2025-01-01"])
def test_what_changes_the_bytes_changes_the_etag(client: Client, other: str) -> None:
    assert client.get(f"{ADDRESS}?{QUERY}").headers["ETag"] != client.get(f"{ADDRESS}?{QUERY}{other}").headers["ETag"]


def test_what_was_narrowed_has_an_etag_of_its_own(client: Client) -> None:
    narrowed, as_it_is = (
        client.get(f"{ADDRESS}?message_size_bytes_avg=8000&message_size_bytes_max={sizes}")
        for sizes in ("100..1000000", "8000..1000000")
    )

    assert narrowed.content != as_it_is.content
    assert narrowed.headers["ETag"] != as_it_is.headers["ETag"]
    assert narrowed.json()["links"]["self"] == as_it_is.json()["links"]["self"]


KEPT = [f"{ADDRESS}?{QUERY}&", f"/recommend.md?{QUERY}&", "/api/v1/facts?", f"/starter.zip?{QUERY}&",
        f"/api/v1/kit?{QUERY}&", f"/api/v1/kit/diff?{QUERY}&", f"{ADDRESS}:breakeven?{QUERY}&"]  # fmt: skip


@pytest.mark.parametrize("address", KEPT)
def test_an_answer_is_kept_for_ever_only_when_its_rulebook_and_its_release_are_pinned(
    client: Client, address: str
) -> None:
    rulebook, release = f"rulebook={service.get_rulebook().version}", f"release={service.release()}"
    for pins in ("", rulebook, release, f"{rulebook}&release=0.0.9"):
        assert client.get(address + pins).headers["Cache-Control"] == FOR_MINUTES, pins
    first = client.get(f"{address}{rulebook}&{release}")
    assert first.headers["Cache-Control"] == FOR_EVER
    again = client.get(f"{address}{rulebook}&{release}", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.headers["Cache-Control"]) == (304, FOR_EVER)


@pytest.mark.parametrize("path", [ADDRESS, "/starter.zip", "/api/v1/facts", "/recommend"])
def test_a_rulebook_that_is_not_kept_is_gone(client: Client, path: str) -> None:
    assert service.get_rulebook().version in read_problem(client.get(f"{path}?rulebook=2020"), 410)["detail"]


def test_a_posted_pin_to_another_rulebook_is_gone(client: Client) -> None:
    read_problem(ask(client, {"rulebook": "2020"}), 410)
    sides = json.dumps({"left": {}, "right": {"rulebook": "2020"}})
    read_problem(client.post(f"{ADDRESS}:compare", sides, content_type="application/json"), 410)


def test_who_wants_only_the_answer_that_it_has_gets_a_problem_for_another(client: Client) -> None:
    etag = client.get(f"{ADDRESS}?{QUERY}").headers["ETag"]
    assert client.get(f"{ADDRESS}?{QUERY}", headers={"if-match": etag}).status_code == 200
    problem = read_problem(client.get(f"{ADDRESS}?{QUERY}", headers={"if-match": '"other"'}), 412)
    assert etag in problem["detail"]


@pytest.mark.parametrize("path", ["/openapi.json", "/openapi.yaml", "/schemas/decision.json"])
def test_what_describes_the_answers_is_kept_and_refused_as_they_are(client: Client, path: str) -> None:
    etag = client.get(path).headers["ETag"]
    again = client.get(path, headers={"if-none-match": etag})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", etag)
    assert etag in read_problem(client.get(path, headers={"if-match": '"other"'}), 412)["detail"]


@pytest.mark.parametrize("response_to", ["bad", "posted"])
def test_refusals_and_posted_answers_are_not_kept(client: Client, response_to: str) -> None:
    response = ask(client, {"bogus": 1} if response_to == "bad" else {"work_queue": True})
    assert response.headers["Cache-Control"] == "no-store"


def test_lists_are_kept_too(client: Client) -> None:
    first = client.get("/api/v1/facts")
    again = client.get("/api/v1/facts", headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for other in ("as_of=2024-01-01", "format=yaml"):
        assert client.get(f"/api/v1/facts?{other}").headers["ETag"] != first.headers["ETag"]


def test_as_of_shows_facts_as_they_stood(client: Client) -> None:
    now = client.get("/api/v1/facts/sqs_message_bytes_max").json()
    then = client.get("/api/v1/facts/sqs_message_bytes_max?as_of=2025-01-01").json()
    assert (then["values"][0]["value"], now["values"][0]["value"]) == (262_144, 1_048_576)


def test_no_cookie_and_no_csrf_below_api(client: Client) -> None:
    strict = Client(headers={"host": "127.0.0.1"}, enforce_csrf_checks=True)
    response = strict.post(ADDRESS, b'{"work_queue": true}', content_type="application/json")
    assert response.status_code == 200
    assert not response.cookies
