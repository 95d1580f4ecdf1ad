"""Published decisions are read as they come: what is there counts, what is missing is named with its line."""

from pathlib import Path

import pytest

from advisor import evidence, service
from advisor.core.agreement import PublishedCase
from advisor.core.answers import read_answers
from advisor.core.errors import AnswersError
from advisor.rulebook.published import read_published_cases

CASE = """
- id: one
  title: A case
  source: https://example.com
  year: 2020
  summary: Jobs.
  answers: {work_queue: true, replacing: ['other:resque'], delay_seconds: 3600}
  decision:
    family: sqs
    option: null
    also_accepted: []
    later_reversed_or_regretted: false
  strength: strong
  notes: null
"""


def read(folder: Path, text: str) -> tuple[PublishedCase, ...]:
    (folder / "cases.yaml").write_text(text, encoding="utf-8")
    return read_published_cases(folder / "cases.yaml", "cases.yaml")


def test_a_case_is_read_as_it_stands(tmp_path: Path) -> None:
    (case,) = read(tmp_path, CASE)

    assert (case.id, case.family, case.option, case.strength) == ("one", "sqs", "", "strong")
    assert case.answers == {"work_queue": True, "replacing": ["other:resque"], "delay_seconds": 3600.0}
    assert (case.also_accepted, case.notes, case.is_left_out) == ((), "", False)


def test_what_else_a_case_says_is_let_be_and_what_is_not_said_is_empty(tmp_path: Path) -> None:
    text = "- {id: two, colour: red, answers: {}, strength: weak, decision: {family: neither, also_accepted: kinesis}}"
    (case,) = read(tmp_path, text)

    assert (case.title, case.option, case.also_accepted, case.is_left_out) == ("", "", ("kinesis",), False)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("", ["wrong_type"]),
        ("a: b", ["wrong_type"]),
        ("- one\n- {id: x}\n", ["wrong_type", "wrong_type"]),
        ("- {id: x, answers: [], decision: {family: sqs}, strength: strong}", ["wrong_type"]),
        ("- {id: x, answers: {}, decision: {family: nats}, strength: sure}", ["unknown_word", "unknown_word"]),
        ("- [", ["not_yaml"]),
    ],
)
def test_a_file_of_another_form_is_refused_with_every_problem(tmp_path: Path, text: str, codes: list[str]) -> None:
    with pytest.raises(AnswersError) as caught:
        read(tmp_path, text)

    assert [problem.code for problem in caught.value.problems] == codes
    assert all(problem.where.startswith("cases.yaml:") for problem in caught.value.problems)


def test_the_cases_that_ship_with_us_can_all_be_fed_unchanged() -> None:
    cases = evidence.get_published_cases()

    assert len({case.id for case in cases}) == len(cases) >= 30
    for case in cases:
        read_answers(case.answers, service.get_rulebook().questions)  # raises where an answer cannot be read
