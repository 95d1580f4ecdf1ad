"""Cases of the rules: what a question would not take is named with its line."""

from pathlib import Path

import pytest

from advisor import service
from advisor.core.cases import Case
from advisor.core.errors import RulebookError
from advisor.rulebook.cases import load_cases

CASE = """- id: one
  title: A case
  source: made up
  answers:
    work_queue: true
    consumer_groups: ANSWER
  expect: {outcome: sqs}
"""


def write(folder: Path, answer: str) -> Path:
    (folder / "cases").mkdir()
    (folder / "cases" / "mine.yaml").write_text(CASE.replace("ANSWER", answer), encoding="utf-8")
    return folder


def load(folder: Path) -> dict[str, tuple[Case, ...]]:
    return load_cases(folder, lambda: service.get_rulebook().questions)


@pytest.mark.parametrize(("answer", "read"), [("5", 5), ("2..5", {"min": 2, "max": 5}), ("{max: 5, min: 5.0}", 5)])
def test_an_answer_is_kept_in_canonical_form(answer: str, read: object, tmp_path: Path) -> None:
    (case,) = load(write(tmp_path, answer))["mine"]
    assert case.answers["consumer_groups"] == read


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("many", "not_a_number"),
        ("2.5", "not_an_integer"),
        ("[2, 5]", "wrong_type"),
        ("{low: 1, high: 2}", "wrong_type"),
        ("{min: 1}", "wrong_type"),
        ("{min: 1, max: {}}", "wrong_type"),
        ("{one_of: [2]}", "wrong_type"),
        ("5\n    groups: 3", "unknown_question"),
    ],
)
def test_an_answer_that_its_question_does_not_take_is_named_with_its_line(
    answer: str, code: str, tmp_path: Path
) -> None:
    with pytest.raises(RulebookError) as caught:
        load(write(tmp_path, answer))
    (problem,) = caught.value.problems
    assert (problem.where, problem.code) == (f"cases/mine.yaml:{6 + answer.count(chr(10))}", code)
    assert problem.message.startswith(("consumer_groups: ", "groups: "))


def test_what_else_is_wrong_is_said_before_the_questions_are_read(tmp_path: Path) -> None:
    folder = write(tmp_path, "many")
    text = (folder / "cases" / "mine.yaml").read_text(encoding="utf-8").replace("outcome: sqs", "outcome: other")
    (folder / "cases" / "mine.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RulebookError) as caught:
        load_cases(folder, pytest.fail)
    assert [problem.where for problem in caught.value.problems] == ["cases/mine.yaml:7"]
