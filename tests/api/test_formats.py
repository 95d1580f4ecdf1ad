"""One answer in every format, by header, extension or name, and in three lengths."""

import csv
import io
import json

import pytest
import yaml
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor import service
from advisor.render.tables import write_cell
from tests.api.asking import ADDRESS, ask, post, read_codes, read_problem
from tests.examples import tries

QUERY = (
    "work_queue=true&per_message_retry_or_dlq=true&replay_needed=false&messages_per_second_avg=40&ops_tolerance=none"
)
TYPES = {
    "json": "application/json",
    "md": "text/markdown",
    "txt": "text/plain",
    "yaml": "application/yaml",
    "csv": "text/csv",
}


@pytest.fixture(scope="module")
def document() -> dict[str, object]:
    found: dict[str, object] = Client(headers={"host": "127.0.0.1"}).get(f"{ADDRESS}?{QUERY}").json()
    return found


@pytest.mark.parametrize(("name", "media_type"), TYPES.items())
def test_header_extension_and_name_choose_the_same_bytes(client: Client, name: str, media_type: str) -> None:
    by_header = client.get(f"{ADDRESS}?{QUERY}", headers={"accept": media_type})
    by_extension = client.get(f"{ADDRESS}.{name}?{QUERY}")
    by_name = client.get(f"{ADDRESS}?{QUERY}&format={name}", headers={"accept": "image/png"})
    assert by_header.status_code == 200
    assert by_header.content == by_extension.content == by_name.content
    assert by_header.headers["Content-Type"].split(";")[0] == media_type
    assert "Accept" in by_header.headers["Vary"]


@pytest.mark.parametrize(
    "asked", [f"{ADDRESS}.pdf", f"{ADDRESS}?format=pdf", "/recommend.exe", f"{ADDRESS}?format=csv&format=txt"]
)
def test_a_format_that_there_is_not_is_not_acceptable(client: Client, asked: str) -> None:
    assert "format=md" in read_problem(client.get(asked), 406)["detail"]


def test_yaml_is_the_same_document_as_json(client: Client, document: dict[str, object]) -> None:
    assert yaml.safe_load(client.get(f"{ADDRESS}.yaml?{QUERY}").content) == document


def test_text_and_markdown_say_what_the_document_says(client: Client, document: dict[str, object]) -> None:
    for name in ("txt", "md"):
        text = client.get(f"{ADDRESS}.{name}?{QUERY}").content.decode()
        assert str(document["id"]) in text
        assert "Amazon SQS standard queue" in text


def test_text_has_80_columns(client: Client) -> None:
    lines = client.get(f"/recommend?{QUERY}").content.decode().splitlines()
    assert [line for line in lines if len(line) > 80] == []


def test_csv_has_a_row_for_every_option(client: Client, document: dict[str, object]) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{ADDRESS}.csv?{QUERY}").content.decode())))
    verdicts = document["verdicts"]
    assert isinstance(verdicts, list)
    assert [row["option"] for row in rows] == [verdict["option"] for verdict in verdicts]
    assert [row["likely_usd"] for row in rows] == [verdict["estimate"]["likely_usd"] for verdict in verdicts]


def test_csv_says_which_bill_lacks_a_price_and_what_is_scored_instead(client: Client) -> None:
    text = client.get(f"{ADDRESS}.csv?messages_per_second_avg=5&region=eu-west-1&consumer_groups=3").content.decode()
    rows = {row["option"]: row for row in csv.DictReader(io.StringIO(text))}
    assert {rows[option]["is_partial"] for option in ("msk_express", "confluent_cloud")} == {"true", "false"}
    bill = rows["msk_express"]  # of which only the traffic has a price there
    assert float(bill["likely_usd"]) < 10 < float(bill["scored_usd"])


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("-12.50", "-12.50"),
        ("- no", "'- no"),
        (-3, -3),
        (None, ""),
        (True, "true"),
    ],
)
def test_no_cell_is_a_formula(cell: object, written: object) -> None:
    assert write_cell(cell) == written


def test_recommend_is_text_unless_something_else_is_wanted(client: Client) -> None:
    assert client.get(f"/recommend?{QUERY}").headers["Content-Type"] == "text/plain; charset=utf-8"
    accepted = client.get(f"/recommend?{QUERY}", headers={"accept": "application/json"})
    assert accepted.content == client.get(f"{ADDRESS}?{QUERY}").content


@pytest.mark.parametrize("path", ["/recommend.md", f"{ADDRESS}.json"])
def test_an_address_that_names_its_format_takes_no_other(client: Client, path: str) -> None:
    assert read_codes(client.get(f"{path}?{QUERY}&format=yaml")) == {("format", "unknown_question")}
    assert client.get(f"{path}?{QUERY}&explain=summary").status_code == 200


def test_get_post_json_and_post_yaml_are_one_answer(client: Client, document: dict[str, object]) -> None:
    answers: dict[str, object] = {"work_queue": True, "per_message_retry_or_dlq": True, "replay_needed": False}
    answers |= {"messages_per_second_avg": 40, "ops_tolerance": "none"}
    by_json = post(client, json.dumps(answers))
    by_yaml = post(client, yaml.safe_dump(answers), "application/yaml")
    assert by_json.json() == by_yaml.json() == document
    assert by_json.headers["Content-Location"] == document["links"]["self"]  # type: ignore[index]
    assert client.get(by_json.headers["Content-Location"]).json() == document


@pytest.mark.parametrize("how", ["?explain=none", "?explain=full&format=yaml", "?format=txt"])
@pytest.mark.parametrize("answers", [{}, {"work_queue": True}])
def test_the_location_has_what_was_sent_however_it_is_shown(
    client: Client, answers: dict[str, object], how: str
) -> None:
    posted = client.post(f"{ADDRESS}{how}", json.dumps(answers), "application/json")
    assert client.get(posted.headers["Content-Location"]).content == posted.content


@pytest.mark.parametrize(
    "answers",
    [
        {"message_size_bytes_avg": 8000, "message_size_bytes_max": "100..1000000"},
        {"work_queue": {"value": True, "grade": "measured"}},
    ],
)
def test_a_document_that_its_address_does_not_have_names_no_location(
    client: Client, answers: dict[str, object]
) -> None:
    posted = ask(client, answers)

    assert "Content-Location" not in posted.headers
    assert client.get(posted.json()["links"]["self"]).json()["id"] != posted.json()["id"]


def test_an_address_that_is_too_long_for_the_way_is_no_location(client: Client) -> None:
    posted = ask(client, {"integrations": [f"other:a-system-of-our-own-{number}" for number in range(60)]})

    assert posted.status_code == 200
    assert "Content-Location" not in posted.headers


def test_explain_none_is_the_conclusion_alone(client: Client, document: dict[str, object]) -> None:
    short = client.get(f"{ADDRESS}?{QUERY}&explain=none").json()
    assert "verdicts" not in short
    assert short == {name: document[name] for name in short}
    assert {"outcome", "state", "option", "headline"} <= set(short)


def test_explain_full_adds_a_step_for_every_rule(client: Client, document: dict[str, object]) -> None:
    full = client.get(f"{ADDRESS}?{QUERY}&explain=full").json()
    trace = full.pop("trace")
    assert full == document
    listed = client.get("/api/v1/rules").json()["rules"]
    assert [step["rule"] for step in trace] == [rule["id"] for rule in listed]


def test_the_trace_agrees_with_the_reasons(client: Client) -> None:
    asked = "work_queue=true&replay_needed=true&delay_seconds=3600"  # a delay that a scheduler in front lifts
    full = client.get(f"{ADDRESS}?{asked}&explain=full").json()
    steps = {step["rule"]: step for step in full["trace"]}
    reasons = [reason for verdict in full["verdicts"] for reason in verdict["reasons"]]
    limits = [reason for reason in reasons if reason["kind"] == "constraint" and reason["rule"] in steps]
    assert {limit["effect"] for limit in limits} == {"excludes", "warns", "depends"}
    for limit in limits:
        step, hangs_on = steps[limit["rule"]], limit["depends_on"]
        assert limit["option"] in step["effect"][limit["effect"] if limit["effect"] != "depends" else "excludes"]
        assert (step["holds"], step["depends_on"]) == ("depends" if hangs_on else "yes", hangs_on)
    for step in steps.values():
        comparisons = [compared for tests in step["any_of"] for compared in tests]
        assert all({"name", "comparison", "bound", "assumed", "holds"} <= set(each) for each in comparisons)
        assert all(source["url"] or source["checked"] for source in step["sources"])


def test_a_level_without_a_value_is_as_if_it_were_not_there(client: Client) -> None:
    assert client.get(f"{ADDRESS}?{QUERY}&explain=").content == client.get(f"{ADDRESS}?{QUERY}").content


@pytest.mark.parametrize(
    "asked", ["explain=all", "explain=full&format=md", "explain=none&format=csv", "explain=none&explain=full"]
)
def test_a_level_that_there_is_not_is_refused(client: Client, asked: str) -> None:
    assert read_codes(client.get(f"{ADDRESS}?{asked}")) == {("explain", "unknown_choice")}


@pytest.mark.parametrize(
    ("body", "place", "code"),
    [
        ("work_queue: true\nwork_queue: false\n", "2", "duplicate_key"),
        ("consumer_groups: {min: 1, min: 2, max: 3}\n", "1: consumer_groups", "duplicate_key"),
        ("a: &x 1\nb: *x\n", "1", "not_yaml"),
        ("a: [\n", "2", "not_yaml"),
        ("--- {}\n--- {}\n", "2", "not_yaml"),
        ("a: " + "[" * 5000 + "\n", "1", "too_deep"),
        ("- work_queue\n", "1", "wrong_type"),
        ("? [a]\n: 1\n", "1", "wrong_type"),
        ("just text\n", "1", "wrong_type"),
    ],
)
def test_yaml_that_two_could_read_differently_is_malformed(client: Client, body: str, place: str, code: str) -> None:
    assert read_codes(post(client, body, "application/yaml"), 400) == {(f"body:{place}", code)}


def test_a_tag_constructs_nothing(client: Client) -> None:
    response = post(client, "cloud: !!python/object/apply:os.system [ls]\n", "application/yaml")
    assert response.status_code in {400, 422}


def test_what_a_kit_keeps_of_its_answers_can_be_posted(client: Client) -> None:
    query = service.read_query({"work_queue": True, "option": "sqs_standard", "message_size_bytes_avg": "2 KiB"})
    kept = service.build_kit(query).files["answers.yaml"]
    answered = post(client, kept, "application/yaml").json()
    assert answered["answers"] == {"work_queue": True, "message_size_bytes_avg": 2048}


@settings(max_examples=tries(50))
@given(text=st.text(alphabet="abz01.:-[]{}&*!?#'\"\n ,|>%@\\\u2028\ud800", max_size=40))
def test_no_yaml_whatever_is_a_500(text: str) -> None:
    body = f"bogus: 1\n{text}".encode("utf-8", "surrogatepass")
    response = post(Client(headers={"host": "127.0.0.1"}), body, "application/yaml")
    assert response.status_code in {400, 422}
    read_problem(response, response.status_code)


def test_a_yaml_day_is_a_day(client: Client) -> None:
    answered = post(client, "work_queue: true\nas_of: 2025-07-01\n", "application/yaml").json()
    assert answered["rulebook"]["as_of"] == "2025-07-01"
