"""Values in words, and answers in addresses."""

from dataclasses import replace
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor import service
from advisor.core.answers import read_answers, write_answers
from advisor.core.domains import Value
from advisor.render.labels import describe_value
from advisor.render.words import signed
from advisor.web import filters, links
from advisor.web.adapt import adapt


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "", "–"),
        (True, "boolean", "yes"),
        (False, "", "no"),
        (2048, "bytes", "2 KiB"),
        (4.2, "text", "4.2"),
        ([], "", "none"),
        (["IAM", "mTLS"], "text", "IAM, mTLS"),
        ("at least once", "text", "at least once"),
    ],
)
def test_a_value_is_written_as_people_say_it(value: object, unit: str, words: str) -> None:
    assert filters.quantity(value, unit) == words


@pytest.mark.parametrize(
    ("amount", "words"), [(None, "not priced"), ("446.76", "$446.76"), ("12345.6", "$12,346"), (-2.5, "−$2.50")]
)
def test_money_is_dollars_and_what_is_missing_is_said(amount: str | float | None, words: str) -> None:
    assert filters.money(amount) == words


@pytest.mark.parametrize(
    ("amount", "is_partial", "words"),
    [("0.00", False, "$0.00"), ("0.00", True, "not priced"), ("5.00", True, "$5.00 + ?"), (None, True, "not priced")],
)
def test_a_sum_that_lacks_a_price_is_never_shown_as_whole(amount: str | None, is_partial: bool, words: str) -> None:
    assert filters.total(amount, is_partial) == words


@pytest.mark.parametrize(
    ("answer", "question", "words"),
    [
        ({"min": 100, "max": 500}, "messages_per_second_avg", "100 messages/s to 500 messages/s"),
        ({"one_of": ["none", "per-key"]}, "ordering", "No order needed or In order per key"),
        ({"all_of": ["kafka"], "maybe": ["sqs"]}, "existing_platforms", "Apache Kafka; perhaps Amazon SQS"),
        (True, "work_queue", "yes"),
        (["s3", "other:x"], "integrations", "S3 events, other:x"),
        (3.0, "busiest_sequence_calls_per_second", "3"),
    ],
)
def test_an_open_answer_is_written_with_its_words(answer: object, question: str, words: str) -> None:
    assert filters.answer_words(answer, question) == words


def test_points_have_a_sign_and_names_that_nobody_knows_stay_as_they_are() -> None:
    assert [signed(points) for points in (12, 0, -7)] == ["+12", "0", "−7"]
    assert filters.option_label("pigeon") == "pigeon"
    assert filters.question_text("bytes_per_second_avg") == "bytes per second avg"
    assert filters.fact_url("no_such_fact") == ""


def test_an_alias_is_replaced_and_said() -> None:
    rulebook = service.get_rulebook()
    renamed = replace(rulebook.questions["consumer_groups"], aliases=("readers",))
    adapted = adapt({"readers": "1"}, replace(rulebook, questions={**rulebook.questions, renamed.id: renamed}))
    assert dict(adapted.given) == {"consumer_groups": "1"}
    assert "“readers” is now called “consumer_groups”." in adapted.notes


def test_of_many_unknown_names_all_are_said_and_the_nearest_ones_are_looked_for_the_first_few() -> None:
    notes = adapt({f"ordering{at}": "none" for at in range(50)}, service.get_rulebook()).notes
    assert len(notes) == 50
    assert all(f"“ordering{at}”" in note for at, note in enumerate(notes))
    assert [at for at, note in enumerate(notes) if "Did you mean “ordering”?" in note] == [0, 1, 2]


def _answers() -> st.SearchStrategy[dict[str, object]]:
    """Raw answers as a program would give them: numbers, ranges, open choices, lists."""
    number = st.integers(min_value=1, max_value=9)
    interval = st.tuples(number, number).map(lambda ends: {"min": min(ends), "max": max(ends)})
    platform = st.sampled_from(["kafka", "sqs", "redis"])
    return st.fixed_dictionaries(
        {},
        optional={
            "work_queue": st.booleans(),
            "messages_per_second_avg": number | interval,
            "ordering": st.sampled_from(["none", "per-key", "global"]),
            "delivery": st.just({"one_of": ["at-least-once", "exactly-once"]}),
            "existing_platforms": st.lists(platform, unique=True),
            "replacing": st.just({"all_of": ["kafka"], "maybe": ["sqs"]}),
        },
    )


@given(_answers())
def test_answers_survive_the_way_through_an_address(answers: dict[str, object]) -> None:
    questions = service.get_rulebook().questions
    pairs = parse_qs(links.encode(answers)).items()
    again = read_answers(service.read_pairs(pairs), questions)
    assert write_answers(again) == write_answers(read_answers(answers, questions))


def test_one_answer_is_changed_and_others_are_kept_or_taken_out() -> None:
    given: dict[str, object] = {"ordering": "none", "existing_platforms": ["kafka", "sqs"]}
    assert (
        links.change(given, "ordering", "global") == "ordering=global&existing_platforms=kafka&existing_platforms=sqs"
    )
    assert links.change(given, "existing_platforms", []) == "ordering=none&existing_platforms=none"
    assert links.change({}, "messages_per_second_avg", 2.0) == "messages_per_second_avg=2"


def test_every_assumed_value_can_be_said() -> None:
    workload = read_answers({}, service.get_rulebook().questions)
    for question in service.get_rulebook().questions.values():
        value: Value = getattr(workload, question.id)
        assert describe_value(question, value)
