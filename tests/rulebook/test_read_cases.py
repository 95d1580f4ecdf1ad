"""Cases of the rules are read before a start: what a page could not show is named with its line."""

from pathlib import Path

import pytest

from advisor.core.errors import RulebookError
from advisor.rulebook.cases import load_cases

CASE = """- id: one
  title: A case
  source: made up
  answers: {consumer_groups: ANSWER, work_queue: true}
  expect: {outcome: sqs}
"""


def write(folder: Path, answer: str) -> Path:
    (folder / "cases").mkdir()
    (folder / "cases" / "mine.yaml").write_text(CASE.replace("ANSWER", answer), encoding="utf-8")
    return folder


@pytest.mark.parametrize("answer", ["5", "5..8", "~", "[a, b]", "{min: 1, max: 2 h}", "{one_of: [a]}"])
def test_an_answer_has_the_forms_that_a_file_of_answers_has(tmp_path: Path, answer: str) -> None:
    assert len(load_cases(write(tmp_path, answer))["mine"]) == 1


@pytest.mark.parametrize(
    "answer",
    ["{low: 1, high: 2}", "{min: 1}", "{min: 1, max: {}}", "{one_of: a}", "{all_of: [a]}", "[{min: 1}]", "{}"],
)
def test_an_answer_of_no_form_is_named_with_its_line_and_not_shown(tmp_path: Path, answer: str) -> None:
    with pytest.raises(RulebookError) as caught:
        load_cases(write(tmp_path, answer))
    (problem,) = caught.value.problems
    assert (problem.where, problem.code) == ("cases/mine.yaml:4", "wrong_type")
    assert "consumer_groups" in problem.message
