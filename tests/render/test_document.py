"""The decision document: plain, complete, deterministic, true to the recommendation, and as its schema says."""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from advisor import service
from advisor.api.explaining import CONCLUSION
from advisor.core.rank import ALONE
from advisor.kit.as_yaml import write_yaml
from advisor.render.document import to_conclusion, to_document, to_json
from advisor.render.plain import write_evidence, write_exact, write_money, write_number, write_price
from advisor.render.schema import DECISION_SCHEMA
from tests.render.documents import EDGES, EVERY, RELEASE, SHOWN, document_of, recommendation_of

VALIDATOR = Draft202012Validator(DECISION_SCHEMA, format_checker=FormatChecker())
PRINT_BYTES = """
import sys, django
django.setup()
from tests.render.documents import document_of
from advisor.render.document import to_json
sys.stdout.buffer.write(to_json(document_of(sys.argv[1])))
"""


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(DECISION_SCHEMA)


@pytest.mark.parametrize("name", SHOWN)
def test_the_document_is_as_its_schema_says(name: str) -> None:
    VALIDATOR.validate(json.loads(to_json(document_of(name))))


def test_what_stands_in_many_places_of_a_document_cannot_be_changed_in_one() -> None:
    cited = recommendation_of(next(iter(SHOWN))).cited[0]
    written = write_evidence(cited)
    assert write_evidence(cited) is written
    with pytest.raises(TypeError, match="change a copy"):
        written["value"] = 1
    with pytest.raises(TypeError, match="change a copy"):
        written.update(value=1)


def test_a_part_encoded_ahead_is_written_as_it_is_in_every_format() -> None:
    cited = recommendation_of(next(iter(SHOWN))).cited[0]
    written = write_evidence(replace(cited, value=("some", "words")))
    assert written["value"] == ["some", "words"]
    twice = {"one": written, "other": written}
    plain = {"one": dict(written), "other": dict(written)}
    assert json.loads(to_json(twice)) == plain
    written_twice = write_yaml(twice, sort_keys=True)
    assert yaml.safe_load(written_twice) == plain
    assert "*id" not in written_twice


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in EVERY if name not in SHOWN])
def test_the_document_of_every_case_is_as_its_schema_says(name: str) -> None:
    VALIDATOR.validate(json.loads(to_json(document_of(name))))


def check_conclusion(name: str) -> None:
    """Bytes, since explain=none promises the members of the whole document and nothing else."""
    document = document_of(name)
    conclusion = to_conclusion(service.conclude(service.read_query(EVERY[name])), RELEASE)
    assert to_json(conclusion) == to_json({member: document[member] for member in CONCLUSION})


@pytest.mark.parametrize("name", SHOWN)
def test_a_conclusion_alone_is_what_the_document_says(name: str) -> None:
    check_conclusion(name)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in EVERY if name not in SHOWN])
def test_the_conclusion_of_every_case_is_what_its_document_says(name: str) -> None:
    check_conclusion(name)


def test_the_schema_refuses_what_is_missing_or_added() -> None:
    document = document_of("edge_nothing")
    without = {name: value for name, value in document.items() if name != "headroom"}

    assert not VALIDATOR.is_valid(without)
    assert not VALIDATOR.is_valid({**document, "more": 1})
    assert not VALIDATOR.is_valid({**document, "outcome": "perhaps"})


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_in_it_is_other_than_plain_json(name: str) -> None:
    for value in _leaves(document_of(name)):
        assert value is None or isinstance(value, bool | int | float | str), value
        assert not isinstance(value, float) or math.isfinite(value)


def _leaves(value: Any) -> Iterator[Any]:
    match value:
        case dict():
            for member in value.values():
                yield from _leaves(member)
        case list():
            for member in value:
                yield from _leaves(member)
        case _:
            yield value


@pytest.mark.parametrize("name", SHOWN)
def test_contributions_add_up_and_the_excluded_are_all_named(name: str) -> None:
    document = document_of(name)

    for verdict in document["verdicts"]:
        assert sum(reason["contribution"] for reason in verdict["reasons"]) == verdict["score"]
    excluded = {verdict["option"] for verdict in document["verdicts"] if verdict["status"] == "excluded"}
    assert {reason["option"] for reason in document["ruled_out"]} == excluded
    assert document["option"] not in excluded


@pytest.mark.parametrize("name", SHOWN)
def test_the_lines_of_a_bill_add_up_to_its_total(name: str) -> None:
    for verdict in document_of(name)["verdicts"]:
        estimate = verdict["estimate"]
        amounts = [Decimal(line["amount_usd"]) for line in estimate["lines"] if line["amount_usd"] is not None]
        assert (estimate["likely_usd"] is None) == (not amounts and bool(estimate["lines"]))
        assert abs(sum(amounts) - Decimal(estimate["likely_usd"] or 0)) <= Decimal("0.01") * (len(amounts) + 1)
        assert estimate["is_partial"] or len(amounts) == len(estimate["lines"])


@pytest.mark.parametrize("name", SHOWN)
def test_each_fact_that_is_named_stands_in_the_document_with_its_source(name: str) -> None:
    document = document_of(name)

    cited = {each["fact"]: each for each in document["cited"]}
    named = {fact for row in document["side_by_side"] for side in ("kafka", "sqs") for fact in row[side]["facts"]}
    priced = {line["fact"] for each in document["verdicts"] for line in each["estimate"]["lines"] if line["amount_usd"]}
    assert named | priced <= cited.keys()
    assert all(each["source"] and each["checked"] for each in cited.values())
    assert all(each["url"].startswith("https://") for each in cited.values() if not each["fact"].startswith("plan_"))


def test_the_same_answers_written_otherwise_are_the_same_bytes() -> None:
    one = {"messages_per_second_avg": "5k/s", "cloud": "aws", "integrations": ["s3", "lambda"], "work_queue": True}
    other = {"work_queue": "yes", "integrations": "lambda,s3", "cloud": "aws", "messages_per_second_avg": 5000}

    first, second = (to_document(service.recommend(service.read_query(given)), RELEASE) for given in (one, other))
    assert to_json(first) == to_json(second)


@pytest.mark.parametrize("name", ["edge_odd", "edge_nothing"])
def test_the_order_of_sets_does_not_reach_the_bytes(name: str) -> None:
    written = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "DJANGO_SETTINGS_MODULE": "advisor.settings"}
        command = [sys.executable, "-c", PRINT_BYTES, name]
        written.add(subprocess.run(command, capture_output=True, check=True, env=environment, timeout=120).stdout)

    assert written == {to_json(document_of(name))}


def test_the_id_changes_with_answers_weights_day_release_and_rulebook() -> None:
    base = recommendation_of("edge_nothing")
    others = (
        (base, "1.2.4"),
        (replace(base, rulebook_version="another"), RELEASE),
        (recommendation_of("edge_weights"), RELEASE),
        (service.recommend(service.read_query({"cloud": "aws"})), RELEASE),
        (service.recommend(service.read_query({"cloud": {"value": "aws", "grade": "measured"}})), RELEASE),
    )
    ids = {document_of("edge_nothing")["id"], *(to_document(each, release)["id"] for each, release in others)}

    assert len(ids) == len(others) + 1
    assert document_of("edge_nothing")["id"] == to_document(base, RELEASE)["id"]


def test_the_address_in_the_document_asks_for_the_same_document() -> None:
    from urllib.parse import parse_qs  # noqa: PLC0415  # beside what it is for

    for name in EDGES:
        given = service.read_pairs(parse_qs(document_of(name)["links"]["query"]).items())
        again = to_document(service.recommend(service.read_query(given)), RELEASE)
        assert to_json(again) == to_json(document_of(name)), name


def test_a_margin_without_a_rival_is_null() -> None:
    assert to_document(replace(recommendation_of("edge_nothing"), margin=ALONE), RELEASE)["margin"] is None
    assert document_of("edge_none")["margin"] is None
    assert isinstance(document_of("edge_nothing")["margin"], int)


def test_bytes_are_sorted_and_end_in_a_line() -> None:
    assert to_json({"b": 1, "a": "é"}) == '{\n  "a": "é",\n  "b": 1\n}\n'.encode()
    assert json.loads(to_json({"a": math.nan})) == {"a": None}  # as every number of a document is written


def _at_most() -> Iterator[Mapping[str, object]]:
    """Each number at the most that is accepted, growth over all months, and all of them at once."""
    questions = service.get_rulebook().questions.values()
    most = {question.id: question.bounds.high for question in questions if question.bounds is not None}
    yield from ({name: value} for name, value in most.items())
    yield {name: most[name] for name in ("growth_percent_per_month", "planning_horizon_months")}
    yield most


@pytest.mark.parametrize("answers", [pytest.param(each, id="-".join(list(each)[:2])) for each in _at_most()])
def test_the_largest_numbers_that_are_accepted_can_be_written(answers: Mapping[str, object]) -> None:
    document = to_document(service.recommend(service.read_query(answers)), RELEASE)
    VALIDATOR.validate(json.loads(to_json(document)))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (None, None),
        (math.inf, None),
        (math.nan, None),
        (3.0, 3),
        (13140000000.0, 13140000000),
        (1 / 3, 0.333333),
        (1234567.8, 1234570),
        (0.1 + 0.2, 0.3),
        (2.0**53, 2**53),
        (7.5998243711877e21, 7.59982e21),
        (10**30, 1e30),
    ],
)
def test_numbers_have_six_figures_and_are_whole_where_they_can(number: float | None, written: float | None) -> None:
    assert write_number(number) == written
    assert type(write_number(number)) is type(written)


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (None, None),
        (math.inf, None),
        (446.76, "446.76"),
        (446.755, "446.76"),
        (0.0, "0.00"),
        (-0.0, "0.00"),
        (0.00034, "0.00034"),
        (4e-7, "0.0000004"),
        (-12.5, "-12.50"),
        (1e9, "1000000000.00"),
    ],
)
def test_money_is_decimal_text_and_a_missing_price_is_never_zero(amount: float | None, written: str | None) -> None:
    assert write_money(amount) == written


def test_a_unit_price_keeps_its_figures() -> None:
    assert write_price(0.0000004) == "0.0000004"
    assert write_price(0.408) == "0.408"
    assert write_price(None) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_threshold_survives_being_written(value: float) -> None:
    assert write_exact(value) == value


@given(st.floats(min_value=0.01, max_value=1e12))
def test_money_is_off_by_half_a_cent_at_most(amount: float) -> None:
    written = write_money(amount)
    assert written is not None
    assert abs(Decimal(written) - Decimal(repr(amount))) <= Decimal("0.005")
