"""The canonical query string: whatever was answered comes back the same through an address."""

from datetime import date
from urllib.parse import parse_qs

from hypothesis import given
from hypothesis import strategies as st

from advisor import service
from advisor.core.answers import read_answers, write_answers
from advisor.core.assume import stated_of
from advisor.core.questions import Question
from advisor.render.query import write_query

QUESTIONS = service.get_rulebook().questions
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc", "Z"]), min_size=1, max_size=20)


def numbers_for(question: Question) -> st.SearchStrategy[object]:
    assert question.bounds is not None
    low, high = question.bounds.low, question.bounds.high
    if question.kind == "integer":
        one = st.integers(int(low), int(high)).map(float)
    else:
        one = st.floats(low, high, allow_nan=False)
    return one | st.tuples(one, one).map(lambda ends: {"min": min(ends), "max": max(ends)})


def answers_for(question: Question) -> st.SearchStrategy[object]:
    choices: list[object] = [choice.id for choice in question.choices] or [True, False]
    match question.kind:
        case "number" | "integer":
            return numbers_for(question)
        case "list":
            odd = st.sampled_from(["none", "null", "a,b", "a;b"])
            words = st.lists(WORDS | odd if question.other_words else st.nothing())
            words = words.filter(lambda found: set(found) == {"none"} or "none" not in found)  # it stands alone
            listed = words | st.lists(st.sampled_from(choices)) if question.choices else words
            return listed | st.fixed_dictionaries({"all_of": listed, "maybe": listed})
        case _:
            some = st.lists(st.sampled_from(choices), min_size=1, unique=True)
            return st.sampled_from(choices) | some.map(lambda words: {"one_of": words})


@given(st.data())
def test_answers_come_back_the_same_through_an_address(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(set(QUESTIONS) - BOUND)), unique=True, max_size=6))
    workload = read_answers({name: data.draw(answers_for(QUESTIONS[name])) for name in names}, QUESTIONS)
    query = write_query(write_answers(workload), {}, None)

    again = read_answers(service.read_pairs(parse_qs(query, strict_parsing=bool(query)).items()), QUESTIONS)

    assert stated_of(again) == stated_of(workload)
    assert write_query(write_answers(again), {}, None) == query


# Answers that bound one another contradict at random; they have the same kinds as the others.
BOUND = {
    name for question in QUESTIONS.values() for name in (question.id, question.at_least, question.at_most)
    if name and (question.at_least or question.at_most)
}  # fmt: skip


def test_an_address_is_what_people_would_type() -> None:
    answers = {
        "replay_needed": True,
        "ordering": {"one_of": ["none", "per-key"]},
        "messages_per_second_avg": {"min": 100, "max": 500.5},
        "integrations": ["cdc", "lambda"],
        "existing_platforms": {"all_of": ["redis"], "maybe": ["kafka"]},
        "compliance": [],
    }

    assert write_query(answers, {"cost": 5}, date(2025, 7, 1)) == (
        "compliance=none&existing_platforms=redis&existing_platforms=maybe:kafka&integrations=cdc&integrations=lambda"
        "&messages_per_second_avg=100..500.5&ordering=none%7Cper-key&replay_needed=yes&weight_cost=5&as_of=2025-07-01"
    )


def test_nothing_answered_is_an_empty_address() -> None:
    assert write_query({}, {}, None) == ""


def test_what_has_a_meaning_in_an_address_is_escaped() -> None:
    assert write_query({"compliance": ["a&b=c #+%"]}, {}, None) == "compliance=a%26b%3Dc%20%23%2B%25"


def test_what_was_written_before_is_not_mistaken_for_what_looks_alike() -> None:
    for answer, written in (
        (True, "yes"),
        (1, "1"),
        ("1", "1"),
        (1.0, "1.0"),
        (False, "no"),
        (0, "0"),
        (1e300, "1e%2B300"),
    ):
        assert write_query({"work_queue": answer}, {}, None) == f"work_queue={written}"
