"""Reading worked examples: what has another form is refused, all of it at once."""

from pathlib import Path

import pytest

from advisor.core.errors import AnswersError
from advisor.rulebook.worked_examples import read_examples


def read(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(AnswersError) as caught:
        read_examples(tmp_path / "x.yaml")
    return [problem.code for problem in caught.value.problems]


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(AnswersError) as caught:
        read_examples(tmp_path / "none.yaml")
    assert caught.value.problems[0].code == "missing_file"


def test_what_is_no_yaml_is_refused(tmp_path: Path) -> None:
    assert read(tmp_path, "examples: [") == ["not_yaml"]


def test_every_entry_without_inputs_or_outputs_is_named(tmp_path: Path) -> None:
    assert read(tmp_path, "examples:\n  - id: a\n  - 3\n") == ["wrong_form"] * 3


def test_a_bare_list_of_examples_will_do(tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text("- {id: a, inputs: {moons: 1}, outputs: {tides: 2}, kind: formula}\n")
    (example,) = read_examples(tmp_path / "x.yaml")
    assert (example.id, example.reproduces) == ("a", False)
