"""What cannot be answered is said with its status, its place and the way out; nothing of it is a 500."""

import gzip
import json
from io import BytesIO
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor import service
from advisor.render.meanings import CODES, KINDS
from tests.api.asking import ADDRESS, ask, post, read_codes, read_problem
from tests.examples import tries


def test_a_typo_is_refused_with_what_was_meant(client: Client) -> None:
    problem = read_problem(ask(client, {"consumer_group": 3}), 422)
    assert problem["type"] == "http://127.0.0.1/problems/invalid_answers"
    (only,) = problem["problems"]
    assert (only["where"], only["code"]) == ("consumer_group", "unknown_question")
    assert only["hint"] == "Did you mean consumer_groups?"


def test_every_problem_is_told_at_once_each_with_its_place(client: Client) -> None:
    answers = {
        "no_such_question": 1,
        "consumer_groups": -1,
        "replay_needed": "perhaps",
        "message_size_bytes_avg": "2 KB",
        "messages_per_second_avg": {"min": 9, "max": 3},
        "weight_cost": 10,
        "as_of": "yesterday",
    }
    assert read_codes(ask(client, answers)) == {
        ("no_such_question", "unknown_question"),
        ("consumer_groups", "out_of_bounds"),
        ("replay_needed", "wrong_type"),
        ("message_size_bytes_avg", "ambiguous_unit"),
        ("messages_per_second_avg", "min_over_max"),
        ("weight_cost", "out_of_bounds"),
        ("as_of", "bad_date"),
    }


def test_what_is_given_twice_is_called_a_list_and_not_written_out(client: Client) -> None:
    twice = "&".join(f"{each}=a&{each}=b" for each in ("as_of", "rulebook", "weight_cost", "work_queue"))
    problems = read_problem(client.get(f"{ADDRESS}?{twice}"), 422)["problems"]
    assert [each["message"].partition(" is no ")[0] for each in problems] == ["A list"] * 4


def test_problems_of_the_answers_and_of_what_is_asked_about_them_are_told_at_once(client: Client) -> None:
    assert read_codes(client.get(f"{ADDRESS}?consumer_groups=-1&explain=all")) == {
        ("consumer_groups", "out_of_bounds"),
        ("explain", "unknown_choice"),
    }
    assert read_codes(client.get(f"{ADDRESS}:sweep?consumer_groups=-1&question=nothing&steps=1")) == {
        ("consumer_groups", "out_of_bounds"),
        ("question", "unknown_question"),
        ("steps", "out_of_bounds"),
    }


def test_answers_that_contradict_each_other_are_both_named(client: Client) -> None:
    problem = read_problem(ask(client, {"messages_per_second_avg": 500, "messages_per_second_peak": 20}), 422)
    assert {each["code"] for each in problem["problems"]} == {"contradiction"}
    for each in problem["problems"]:
        assert "messages_per_second_avg" in each["message"]
        assert "messages_per_second_peak" in each["message"]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (1e999, "not_finite"),
        ("1e999", "not_a_number"),
        ("nan", "not_a_number"),
        (-5, "out_of_bounds"),
        (10**400, "not_finite"),
        (True, "wrong_type"),
        ([1, 2], "wrong_type"),
        ({"min": 1}, "wrong_type"),
        ({"min": 1, "max": 2, "mean": 3}, "wrong_type"),
        ("many", "not_a_number"),
        ("5 furlongs/s", "unknown_unit"),
    ],
)
def test_a_number_that_is_none_is_refused(client: Client, answer: object, code: str) -> None:
    body = json.dumps({"messages_per_second_avg": answer}).replace("Infinity", "1e999")
    assert read_codes(post(client, body)) == {("messages_per_second_avg", code)}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty_body"),
        (b"  \n", "empty_body"),
        (b"{", "not_json"),
        (b"{'replay_needed': true}", "not_json"),
        (b'{"replay_needed": true} {}', "not_json"),
        (b'{"messages_per_second_avg": NaN}', "not_json"),
        (b'{"messages_per_second_avg": -Infinity}', "not_json"),
        (b'{"messages_per_second_avg": ' + b"1" * 5000 + b"}", "not_json"),
        (b'{"replay_needed": true, "replay_needed": false}', "duplicate_key"),
        (b'{"consumer_groups": {"min": 1, "min": 2, "max": 3}}', "duplicate_key"),
        (b"[]", "not_an_object"),
        (b"null", "not_an_object"),
        (b'"replay_needed"', "not_an_object"),
        (b"\xff\xfe{}", "not_utf8"),
        (b'{"protocol": "\\ud800"}', "not_text"),
        (b"[" * 60_000, "too_deep"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "too_deep"),
    ],
)
def test_a_body_that_is_no_json_object_is_malformed(client: Client, body: bytes, code: str) -> None:
    assert read_codes(post(client, body), 400) == {("body", code)}


def test_brackets_in_a_string_are_not_depth(client: Client) -> None:
    assert read_codes(post(client, json.dumps({"x" + "[" * 50 + '\\"{': 1}))) == {
        ("x" + "[" * 50 + '\\"{', "unknown_question")
    }


def test_more_than_64_kib_are_too_large_and_64_are_not(client: Client) -> None:
    body = b'{"replay_needed": true}'
    assert post(client, body + b" " * (64 * 1024 - len(body))).status_code == 200
    for more in (1, 32 * 1024):
        read_problem(post(client, body + b" " * (64 * 1024 - len(body) + more)), 413)


def test_a_body_that_is_shorter_than_announced_is_malformed(client: Client) -> None:
    sent: dict[str, Any] = {"wsgi.input": BytesIO(b"{}"), "CONTENT_LENGTH": "500"}
    response = client.generic("POST", ADDRESS, b"{}", "application/json", **sent)
    assert read_codes(response, 400) == {("body", "cut_short")}


@pytest.mark.parametrize(("length", "status"), [("-1", 400), ("²", 400), ("2, 2", 400), ("9" * 5000, 413)])
def test_a_strange_length_is_no_500(client: Client, length: str, status: int) -> None:
    response = client.generic("POST", ADDRESS, b"{}", content_type="application/json", CONTENT_LENGTH=length)
    read_problem(response, status)


def test_chunks_that_the_server_does_not_end_are_not_waited_for(client: Client) -> None:
    response = client.generic("POST", ADDRESS, b"{}", "application/json", headers={"transfer-encoding": "chunked"})
    read_problem(response, 411)


@pytest.mark.parametrize("content_type", ["text/csv", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_another_content_type_is_refused_with_those_that_are_read(client: Client, content_type: str) -> None:
    assert "application/json" in read_problem(post(client, b"{}", content_type), 415)["detail"]


@pytest.mark.parametrize(
    ("address", "content_type"),
    [
        (ADDRESS, "application/json"),
        (f"{ADDRESS}:sensitivity", "application/yaml"),
        (f"{ADDRESS}:batch", "application/json"),
        (f"{ADDRESS}:batch", "application/x-ndjson"),
    ],
)
def test_a_compressed_body_is_refused_as_such(client: Client, address: str, content_type: str) -> None:
    headers = {"content-encoding": "gzip"}
    response = client.generic("POST", address, gzip.compress(b"{}"), content_type, headers=headers)
    assert "gzip" in read_problem(response, 415)["detail"]
    assert response.headers["Accept-Encoding"] == "identity"


def test_a_body_may_say_that_it_is_not_compressed(client: Client) -> None:
    assert post(client, b"{}", **{"content-encoding": "identity"}).status_code == 200


@pytest.mark.parametrize("charset", ["utf-8", '"UTF-8"', "us-ascii", "iso-8859-1"])
def test_a_content_type_may_have_a_charset(client: Client, charset: str) -> None:
    assert post(client, b'{"work_queue": true}', f"application/json; charset={charset}").status_code == 200


@pytest.mark.parametrize("media_type", ["application/json", "application/yaml"])
def test_a_body_that_says_it_is_no_utf_8_is_refused_as_such(client: Client, media_type: str) -> None:
    response = post(client, '{"work_queue": true}'.encode("utf-16-le"), f"{media_type}; charset=utf-16")
    assert "charset=utf-16; this address reads UTF-8" in read_problem(response, 415)["detail"]


@pytest.mark.parametrize("media_type", ["application/json", "application/x-ndjson", "text/csv"])
def test_a_batch_that_says_it_is_no_utf_8_is_refused_as_such(client: Client, media_type: str) -> None:
    response = client.generic("POST", f"{ADDRESS}:batch", b"{}", f"{media_type}; charset=utf-16")
    assert "charset=utf-16" in read_problem(response, 415)["detail"]


def test_an_unacceptable_accept_is_told_what_exists(client: Client) -> None:
    problem = read_problem(client.get(ADDRESS, headers={"accept": "image/png"}), 406)
    assert "application/json" in problem["detail"]


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE"])
def test_a_method_that_is_not_there_is_refused_with_those_that_are(client: Client, method: str) -> None:
    response = client.generic(method, ADDRESS)
    read_problem(response, 405)
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST", "HEAD", "OPTIONS"}


def test_what_a_problem_is_about_is_an_address(client: Client) -> None:
    asked = f"{ADDRESS}/%C3%A4%20%22b%25"
    response = client.get(asked)
    assert read_problem(response, 404)["instance"] == f"{asked}#{response.headers['X-Request-Id']}"


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1/nothing", "/api/v2/recommendations", "/api/v1/facts/none"])
def test_below_api_a_missing_address_is_a_problem_document(client: Client, path: str) -> None:
    read_problem(client.get(path), 404)
    assert client.post(path).status_code in {404, 405}


@pytest.mark.parametrize(
    "path", ["/openapi.yml", "/starter.tar.gz", "/recommend.json/", "/schemas/x", "/.well-known/x"]
)
def test_beside_what_programs_ask_a_missing_address_is_one_too(client: Client, path: str) -> None:
    read_problem(client.get(path), 404)
    assert client.get("/nowhere").headers["Content-Type"].startswith("text/html")


def test_a_list_takes_no_names_that_it_would_ignore(client: Client) -> None:
    assert read_codes(client.get("/api/v1/questions?group=shape")) == {("group", "unknown_parameter")}


def test_a_name_in_address_and_body_is_a_contradiction(client: Client) -> None:
    response = client.post(f"{ADDRESS}?replay_needed=yes", b'{"replay_needed": false}', "application/json")
    assert read_codes(response) == {("replay_needed", "contradiction")}
    assert read_problem(response, 422)["problems"][0]["hint"] == "Keep one of the two."


def test_too_many_names_in_the_address_are_refused(client: Client) -> None:
    read_problem(client.get(ADDRESS + "?" + "&".join(f"a{i}=1" for i in range(2000))), 400)


def test_a_bug_is_a_problem_document_without_its_details(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError("deliberate")

    monkeypatch.setattr(service, "get_rulebook", fail)
    client = Client(headers={"host": "127.0.0.1"}, raise_request_exception=False)
    response = client.get("/api/v1/questions")
    read_problem(response, 500)
    assert b"deliberate" not in response.content


@pytest.mark.parametrize("code", ["", *KINDS, *CODES])
def test_every_problem_type_and_code_has_its_page(client: Client, code: str) -> None:
    response = client.get(f"/problems/{code}")
    assert response.status_code == 200
    assert code in response.content.decode()
    assert "`" not in response.content.decode()


def test_another_code_has_none(client: Client) -> None:
    assert client.get("/problems/no_such_code").status_code == 404


def test_a_refusal_resolves_to_its_page(client: Client) -> None:
    kind = read_problem(ask(client, {"bogus": 1}), 422)["type"]
    assert b"invalid_answers" in client.get(kind.removeprefix("http://127.0.0.1")).content


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(
    [*service.get_rulebook().questions, "weight_cost", "as_of", "rulebook", "option", "name", "language"]
)


@settings(max_examples=tries(30))
@given(answers=st.dictionaries(NAMES | st.text(max_size=8), JSON_VALUES, min_size=1, max_size=5))
def test_no_json_whatever_is_a_500(answers: dict[str, object]) -> None:
    response = ask(Client(headers={"host": "127.0.0.1"}), answers)
    assert response.status_code in {200, 400, 422}
    if response.status_code != 200:
        read_problem(response, response.status_code)


@settings(max_examples=tries(30))
@given(body=st.binary(max_size=200))
def test_no_bytes_whatever_are_a_500(body: bytes) -> None:
    response = post(Client(headers={"host": "127.0.0.1"}), body)
    assert response.status_code in {200, 400, 422}


@settings(max_examples=tries(30))
@given(query=st.text(max_size=60))
def test_no_query_string_whatever_is_a_500(query: str) -> None:
    sent = quote(query, safe="=&;%+|[]{}")
    response = Client(headers={"host": "127.0.0.1"}).generic("GET", ADDRESS, QUERY_STRING=f"{sent}&bogus=1")
    assert response.status_code in {400, 406, 422}


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/version", "/metrics"])
def test_a_method_that_is_not_taken_by_those_who_run_the_service_is_a_problem_too(client: Client, path: str) -> None:
    response = client.post(path)
    assert "POST is not taken here" in read_problem(response, 405)["detail"]
    assert response.headers["Allow"] == "GET, HEAD"
