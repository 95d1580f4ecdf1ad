"""Questions, options, criteria, facts and rules can be read, each entry with all that belongs to it."""

import json
from datetime import date
from typing import Any

import pytest
import yaml
from django.test import Client

from advisor import service
from advisor.api.lists import SHELVES, Shelf
from advisor.core.units import parse_quantity
from tests.api.asking import read_codes, read_problem


def get(client: Client, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.content
    assert response.headers["Content-Type"] == "application/json"
    return json.loads(response.content)


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.plural)
def test_a_list_has_every_entry_and_each_its_own_address(client: Client, shelf: Shelf) -> None:
    listed = get(client, f"/api/v1/{shelf.plural}")
    assert listed["rulebook"] == service.get_rulebook().version
    entries = listed[shelf.plural]
    assert [entry["id"] for entry in entries] == list(shelf.pick(service.get_rulebook()))
    for entry in (entries[0], entries[-1]):
        assert get(client, f"/api/v1/{shelf.plural}/{entry['id']}") == entry


def test_every_fact_has_a_source_and_the_day_it_was_checked(client: Client) -> None:
    facts = get(client, "/api/v1/facts")["facts"]
    assert len(facts) > 100
    for fact in facts:
        assert fact["values"], fact["id"]
        for value in fact["values"]:
            source = value["source"]
            assert source["url"].startswith("https://") or source["kind"] == "unverified", fact["id"]
            assert date.fromisoformat(source["checked"]).year >= 2025
            assert set(value["at"]) == set(fact["by"])


def test_every_rule_names_facts_questions_and_options_that_exist(client: Client) -> None:
    facts, options = service.get_rulebook().facts, service.get_rulebook().options
    kinds = set()
    for rule in get(client, "/api/v1/rules")["rules"]:
        kinds.add(rule["kind"])
        assert set(rule["facts"]) <= set(facts)
        assert all(test["fact"] is None or test["fact"] in facts for tests in rule["when"] for test in tests)
        assert set(rule.get("options", [])) <= set(options)
    assert kinds == {"constraint", "preference", "signpost"}
    assert get(client, "/api/v1/rules/sqs_delay_too_long")["remedy"].startswith("With a scheduler in front")


def test_a_question_has_all_that_its_own_reading_goes_by(client: Client) -> None:
    questions, listed = service.get_rulebook().questions, get(client, "/api/v1/questions")["questions"]
    assert len(listed) == len(questions) > 50
    for shown in listed:
        question = questions[shown["id"]]
        assert [choice["id"] for choice in shown["choices"]] == [choice.id for choice in question.choices]
        bounds = None if question.bounds is None else {"min": question.bounds.low, "max": question.bounds.high}
        assert shown["bounds"] == bounds
        assert shown["takes_other_words"] is question.other_words


def test_the_list_of_questions_says_how_they_are_laid_out(client: Client) -> None:
    listed = get(client, "/api/v1/questions")
    assert set(listed["openers"]) <= set(service.get_rulebook().questions)
    assert {question["group"] for question in listed["questions"]} <= {group["id"] for group in listed["groups"]}
    examples = {question["unit"]: question["example"] for question in listed["questions"]}
    for unit, example in examples.items():
        if example:
            assert parse_quantity(example, unit) > 0


def test_the_index_names_addresses_that_answer(client: Client) -> None:
    links = get(client, "/api/v1/")["links"]
    for name, link in links.items():
        assert client.get(link).status_code in {200, 405, 422}, name  # some want answers, or to be posted to


def test_the_index_names_every_address_that_is_described(client: Client) -> None:
    links = set(get(client, "/api/v1/")["links"].values())
    described = {path for path in get(client, "/openapi.json")["paths"] if "{" not in path}
    assert described - links == {"/api/v1/", "/openapi.yaml", "/.well-known/api-catalog"}


@pytest.mark.parametrize("shelf", SHELVES, ids=lambda shelf: shelf.plural)
def test_the_format_may_be_named_in_the_address(client: Client, shelf: Shelf) -> None:
    for path in (f"/api/v1/{shelf.plural}", f"/api/v1/{shelf.plural}/{next(iter(shelf.pick(service.get_rulebook())))}"):
        response = client.get(f"{path}?format=yaml")
        assert response.headers["Content-Type"].startswith("application/yaml"), response.content
        assert get(client, f"{path}?format=json") == get(client, path) == yaml.safe_load(response.content)


def test_all_that_is_wrong_is_said_at_once(client: Client) -> None:
    wrong = {("bogus", "unknown_parameter"), ("explain", "unknown_parameter"), ("as_of", "bad_date")}
    refused = client.get("/api/v1/facts?bogus=1&explain=full&as_of=someday")
    assert read_codes(refused) == wrong
    hints = {each["hint"] for each in refused.json()["problems"] if each["where"] == "bogus"}
    assert hints == {"Leave it out; it takes as_of, format, release, rulebook."}


def test_what_is_not_there_is_not_found_whatever_the_client_has(client: Client) -> None:
    listed = client.get("/api/v1/questions").headers["ETag"]
    for held in ("*", listed):
        read_problem(client.get("/api/v1/questions/nope", headers={"if-none-match": held}), 404)
