"""What is asked about an answer: sensitivity, break-even, sweep, comparison."""

import csv
import io
import json
from itertools import pairwise
from typing import Any

import pytest
from django.test import Client

from advisor import service
from tests.api.asking import ADDRESS, read_codes, read_problem

QUERY = "work_queue=true&replay_needed=false&ops_tolerance=low&cloud=aws"


def get(client: Client, name: str, query: str = QUERY) -> Any:
    response = client.get(f"{ADDRESS}:{name}?{query}")
    assert response.status_code == 200, response.content
    return response.json()


def test_sensitivity_is_that_of_the_recommendation(client: Client) -> None:
    document, found = client.get(f"{ADDRESS}?{QUERY}").json(), get(client, "sensitivity")
    assert found == {name: document[name] for name in found}
    assert found["flips"]


def test_break_even_covers_the_range_without_a_gap(client: Client) -> None:
    found = get(client, "breakeven")
    intervals = found["intervals"]
    assert all(left["to"] <= right["from"] for left, right in pairwise(intervals))
    assert all(left["cheaper"] != right["cheaper"] for left, right in pairwise(intervals))
    for point in found["series"]:
        costs = {"sqs": point["sqs_usd"], "kafka": point["kafka_usd"]}
        if point["cheaper"] in costs:
            assert float(costs[point["cheaper"]]) <= min(float(usd) for usd in costs.values() if usd is not None)


def test_a_sweep_says_at_each_value_what_the_recommendation_says(client: Client) -> None:
    found = get(client, "sweep", f"{QUERY}&question=consumer_groups&from=1&to=20&steps=3")
    assert [point["at"] for point in found["series"]] == [1, 4, 20]
    for point in found["series"]:
        document = client.get(f"{ADDRESS}?{QUERY}&consumer_groups={point['at']}").json()
        assert (point["outcome"], point["option"]) == (document["outcome"], document["option"])
        assert point["margin"] == document["margin"]
        costs = {verdict["option"]: verdict["estimate"]["scored_usd"] for verdict in document["verdicts"]}
        assert {option: point[f"{option}_usd"] for option in costs} == costs


def test_a_sweep_over_choices_tries_each(client: Client) -> None:
    found = get(client, "sweep", f"{QUERY}&question=ops_tolerance")
    choices = [choice.id for choice in service.get_rulebook().questions["ops_tolerance"].choices]
    assert [point["at"] for point in found["series"]] == choices
    assert [point["at"] for point in get(client, "sweep", f"{QUERY}&question=replay_needed")["series"]] == [True, False]


def test_a_value_that_contradicts_another_answer_says_so(client: Client) -> None:
    query = "messages_per_second_peak=100&question=messages_per_second_avg&from=10&to=1000&steps=3"
    first, _, last = get(client, "sweep", query)["series"]
    assert (first["problem"], last["outcome"]) == (None, None)
    assert "messages_per_second_peak" in last["problem"]


def test_a_series_is_a_table_too(client: Client) -> None:
    for name, query in (("sweep", f"{QUERY}&question=consumer_groups&to=9"), ("breakeven", QUERY)):
        series = get(client, name, query)["series"]
        table = client.get(f"{ADDRESS}:{name}?{query}&format=csv").content.decode()
        assert [row["at"] for row in csv.DictReader(io.StringIO(table))] == [str(point["at"]) for point in series]


@pytest.mark.parametrize("name", ["sensitivity", "breakeven", "sweep"])
def test_an_analysis_warns_as_the_recommendation_does(client: Client, name: str) -> None:
    query = "integrations=nonesuch&messages_per_second_avg=10..90&messages_per_second_peak=50&region=eu-west-1"
    warnings = client.get(f"{ADDRESS}?{query}").json()["warnings"]
    assert {"unknown_word", "narrowed", "not_priced"} == {warning["code"] for warning in warnings}
    asked = "&question=consumer_groups" if name == "sweep" else ""
    assert get(client, name, f"{query}{asked}")["warnings"] == warnings


@pytest.mark.parametrize("name", ["sensitivity", "breakeven", "sweep"])
def test_an_analysis_has_one_length(client: Client, name: str) -> None:
    response = client.get(
        f"{ADDRESS}:{name}?question=cloud&explain=none" if name == "sweep" else f"{ADDRESS}:{name}?explain=none"
    )
    assert read_codes(response) == {("explain", "unknown_question")}


@pytest.mark.parametrize("question", list(service.get_rulebook().questions))
def test_each_question_is_swept_without_ends(client: Client, question: str) -> None:
    response = client.get(f"{ADDRESS}:sweep?question={question}")
    assert response.status_code == 200, response.content


@pytest.mark.parametrize(("low", "hint"), [("9", "Swap them."), ("3", "Name two that differ.")])
def test_ends_that_make_no_range_have_a_way_out(client: Client, low: str, hint: str) -> None:
    response = client.get(f"{ADDRESS}:sweep?question=consumer_groups&from={low}&to=3")
    assert [each["hint"] for each in read_problem(response, 422)["problems"]] == [hint]


@pytest.mark.parametrize(
    ("asked", "problems"),
    [
        ("", {("question", "unknown_question")}),
        ("question=nothing", {("question", "unknown_question")}),
        ("question=nothing&scale=cubic", {("question", "unknown_question"), ("scale", "unknown_choice")}),
        ("question=consumer_groups&steps=1", {("steps", "out_of_bounds")}),
        ("question=consumer_groups&steps=9999", {("steps", "out_of_bounds")}),
        ("question=consumer_groups&from=9&to=3", {("from", "min_over_max")}),
        ("question=consumer_groups&from=x", {("from", "not_a_number")}),
        ("question=consumer_groups&from=1..3", {("from", "wrong_type")}),
        ("question=consumer_groups&scale=cubic", {("scale", "unknown_choice")}),
        ("question=delay_seconds&from=0&to=9&scale=log", {("scale", "unknown_choice")}),
        ("question=cloud&steps=3", {("steps", "unknown_parameter")}),
        ("question=cloud&bogus=3", {("bogus", "unknown_question")}),
    ],
)
def test_a_sweep_that_cannot_be_made_is_refused(client: Client, asked: str, problems: set[tuple[str, str]]) -> None:
    assert read_codes(client.get(f"{ADDRESS}:sweep?{asked}")) == problems


def test_a_sweep_that_cannot_be_made_is_refused_whatever_the_client_has(client: Client) -> None:
    response = client.get(f"{ADDRESS}:sweep?question=foo&steps=9999", headers={"if-none-match": "*"})
    assert read_codes(response) == {("question", "unknown_question"), ("steps", "out_of_bounds")}


def test_a_posted_analysis_is_the_one_in_the_address(client: Client) -> None:
    body = {"work_queue": True, "question": "consumer_groups", "from": 1, "to": 20, "steps": 3}
    posted = client.post(f"{ADDRESS}:sweep", json.dumps(body), "application/json")
    assert posted.json() == get(client, "sweep", "work_queue=yes&question=consumer_groups&from=1&to=20&steps=3")


@pytest.mark.parametrize("nothing", [None, ""])
def test_what_is_null_or_empty_is_not_asked_of_a_sweep_either(client: Client, nothing: str | None) -> None:
    left_out = dict.fromkeys(("from", "to", "scale", "work_queue"), nothing)
    body = {"question": "consumer_groups", "steps": 3.0, **left_out}
    posted = client.post(f"{ADDRESS}:sweep", json.dumps(body), "application/json")
    assert posted.json() == get(client, "sweep", "question=consumer_groups&steps=3")


def compare(client: Client, left: object, right: object) -> Any:
    return client.post(f"{ADDRESS}:compare", json.dumps({"left": left, "right": right}), "application/json")


def test_a_workload_does_not_differ_from_itself(client: Client) -> None:
    found = compare(client, {"work_queue": True}, {"work_queue": "yes"}).json()
    assert found["is_same"] is True
    assert set(map(json.dumps, found["differences"].values())) == {"[]"}


def test_two_sides_may_be_yaml(client: Client) -> None:
    sides = "left: {work_queue: yes}\nright: {work_queue: no}\n"
    found = client.post(f"{ADDRESS}:compare", sides, "application/yaml")
    assert found.json() == compare(client, {"work_queue": True}, {"work_queue": False}).json()


def test_two_workloads_differ_in_what_was_asked_and_what_came_out(client: Client) -> None:
    left = {"work_queue": True, "ops_tolerance": "medium"}
    right = {"work_queue": False, "ops_tolerance": "medium", "replay_needed": True, "consumer_groups": 5}
    found = compare(client, left, right).json()
    assert found["is_same"] is False
    assert (found["left"]["outcome"], found["right"]["outcome"]) == ("sqs", "kafka")
    answers = {each["question"]: each for each in found["differences"]["answers"]}
    assert answers["work_queue"] == {"question": "work_queue", "left": {"stated": True}, "right": {"stated": False}}
    assert "ops_tolerance" not in answers
    assert {each["member"] for each in found["differences"]["conclusion"]} >= {"outcome", "option"}


def test_costs_differ_as_they_are_scored_and_a_bill_without_a_price_is_none(client: Client) -> None:
    answers = {"messages_per_second_avg": 5, "region": "us-east-1"}
    found = compare(client, answers, answers | {"existing_platforms": ["kafka"]}).json()["differences"]
    assert found["likely_usd"] == []
    adds = {each["option"]: float(each["right"]) - float(each["left"]) for each in found["scored_usd"]}
    assert adds["kafka_self_managed"] < 0
    assert "sqs_standard" not in adds
    found = compare(client, answers, answers | {"region": "eu-west-1"}).json()["differences"]
    bills = {each["option"]: each for each in found["likely_usd"]}
    assert bills["msk_express"]["right"] is None  # of which only the traffic has a price there
    assert bills["kafka_self_managed"]["right"]


def test_two_days_differ_in_facts(client: Client) -> None:
    answers = {"work_queue": True, "message_size_bytes_max": 500_000}
    found = compare(client, answers | {"as_of": "2025-01-01"}, answers).json()
    ruled_out = {each["option"]: each for each in found["differences"]["ruled_out"]}
    assert ruled_out["sqs_standard"]["left"] == ["sqs_message_too_large"]
    assert ruled_out["sqs_standard"]["right"] is None
    facts = {each.pop("fact"): each for each in found["differences"]["facts"]}
    assert facts["sqs_message_bytes_max"] == {"left": 262_144, "right": 1_048_576}
    assert all(None not in each.values() for each in facts.values())


def test_the_problems_of_both_sides_are_told_at_once(client: Client) -> None:
    response = compare(client, {"bogus": 1}, {"consumer_groups": -1})
    assert read_codes(response) == {("left.bogus", "unknown_question"), ("right.consumer_groups", "out_of_bounds")}


def test_a_side_that_is_missing_is_named(client: Client) -> None:
    response = client.post(f"{ADDRESS}:compare?explain=none", b'{"left": [], "middle": {}}', "application/json")
    wrong = {("left", "wrong_type"), ("right", "wrong_type")}
    assert read_codes(response) == wrong | {("middle", "unknown_parameter"), ("explain", "unknown_parameter")}
    problems = read_problem(response, 422)["problems"]
    said = {each["where"]: each["message"] for each in problems}
    assert (said["left"], said["right"]) == ("A list is no mapping of answers.", "This side is missing.")
    assert all(each["hint"] for each in problems)
