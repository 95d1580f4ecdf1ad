"""Files and lines of answers: read strictly, every fault with its line, and nothing makes the reader fall over."""

from contextlib import suppress
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.errors import AnswersError, Problem
from advisor.rulebook.answers_file import LONGEST_BYTES, read_answers_file, read_answers_text


def read(text: str) -> dict[str, object]:
    return dict(read_answers_text(text.encode(), "a.yaml").given)


def faults(text: str | bytes) -> list[tuple[str, str]]:
    with pytest.raises(AnswersError) as caught:
        read_answers_text(text if isinstance(text, bytes) else text.encode(), "a.yaml")
    return [(problem.where, problem.code) for problem in caught.value.problems]


def test_a_mapping_is_the_answers() -> None:
    text = "cloud: aws\nwork_queue: yes\nintegrations: [s3, cdc]\nmessages_per_second_avg: 1.5e+3\nregion: null\n"

    assert read(text) == {
        "cloud": "aws",
        "work_queue": True,
        "integrations": ["s3", "cdc"],
        "messages_per_second_avg": 1500,
        "region": None,
    }


def test_answers_may_stand_under_their_own_name_beside_what_a_kit_says() -> None:
    text = (
        "release: 0.1.0\nrulebook: abc\noption: sqs_fifo\nstarters: [sqs]\nlanguage: python\nname: orders\n"
        "as_of: 2025-07-01\nweights: {cost: 5}\nanswers:\n  cloud: aws\n  delay_seconds: {min: 1, max: 20}\n"
    )

    assert read(text) == {
        "cloud": "aws",
        "delay_seconds": {"min": 1.0, "max": 20.0},
        "option": "sqs_fifo",
        "language": "python",
        "name": "orders",
        "as_of": "2025-07-01",
        "weight_cost": 5,
    }


def test_json_is_read_too() -> None:
    assert read('{"cloud": "aws", "ordering": {"one_of": ["none", "per-key"]}}') == {
        "cloud": "aws",
        "ordering": {"one_of": ["none", "per-key"]},
    }


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "answers:\n", "answers:\nweights:\n", "null\n", "\ufeff"])
def test_nothing_answered_is_no_fault(text: str) -> None:
    assert read(text) == {}


def test_a_problem_gets_the_line_of_its_answer() -> None:
    file = read_answers_text(b"answers:\n  cloud: aws\n  ordering: sideways\n", "a.yaml")
    problem = Problem(where="ordering", code="unknown_choice", message="No.", hint="Yes.")

    assert file.locate(problem).where == "a.yaml:3: ordering"
    assert file.locate(problem).hint == "Yes."
    assert file.locate(Problem(where="--set", code="x", message="y")).where == "--set"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("cloud: aws\ncloud: gcp\n", [("a.yaml:2", "duplicate_key")]),
        ("answers: {cloud: aws}\nclowd: 1\nx: 2\n", [("a.yaml:2", "unknown_key"), ("a.yaml:3", "unknown_key")]),
        ("- cloud\n", [("a.yaml:1", "wrong_type")]),
        ("aws\n", [("a.yaml:1", "wrong_type")]),
        ("answers: [1]\n", [("a.yaml:1", "wrong_type")]),
        ("answers: {cloud: aws}\nweights: 5\n", [("a.yaml:2", "wrong_type")]),
        ('cloud: aws\nexisting_platforms: ["\\ud800"]\n', [("a.yaml:2", "not_text")]),
        ("? [a, b]\n: c\n", [("a.yaml:1", "wrong_type")]),
        ("cloud: !!python/object/apply:os.getcwd []\n", [("a.yaml:1", "not_yaml")]),
        ("cloud: .nan\n", [("a.yaml:1: cloud", "wrong_type")]),
        ("cloud: 0x10\nregion: 1:30\n", [("a.yaml:1: cloud", "wrong_type"), ("a.yaml:2: region", "wrong_type")]),
        ("answers:\n  cloud:\n    {min: 1, min: 2}\n", [("a.yaml:3: cloud", "duplicate_key")]),
        ("cloud: &a aws\nregion: *a\n", [("a.yaml:1", "not_yaml")]),
        ("cloud: [aws\n", [("a.yaml:2", "not_yaml")]),
        ("a: 1\n---\nb: 2\n", [("a.yaml:2", "not_yaml")]),
        ("a:\n\tb\n", [("a.yaml:2", "not_yaml")]),
        ("[" * 500, [("a.yaml:1", "too_deep")]),
        ("[" * 5000, [("a.yaml:1", "too_deep")]),
        ("{a: " * 5000, [("a.yaml:1", "too_deep")]),
        (b"cloud: \xff\n", [("a.yaml", "not_utf8")]),
        (b"#" * (LONGEST_BYTES + 1), [("a.yaml", "too_long")]),
    ],
)
def test_what_could_be_misread_is_refused_with_its_line(text: str | bytes, expected: list[tuple[str, str]]) -> None:
    found = faults(text)

    assert [code for _, code in found] == [code for _, code in expected]
    if expected[0][1] != "not_yaml":
        assert found == expected


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b: c\n", "No YAML: mapping values are not allowed in this context."),
        ("a: 1\n---\nb: 2\n", "No YAML: found another document."),
        ("cloud: aws\n".encode("utf-16-le").decode(), "No YAML: control characters are not allowed."),
    ],
)
def test_what_is_no_yaml_is_said_in_a_sentence(text: str, said: str) -> None:
    with pytest.raises(AnswersError) as refused:
        read(text)
    assert [problem.message for problem in refused.value.problems] == [said]


def test_the_longest_list_is_read_by_the_fast_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(yaml.scanner.Scanner, "fetch_more_tokens")  # without which the slow one reads nothing
    assert read(f"existing_platforms: [{'a,' * 32_000}a]") == {"existing_platforms": ["a"] * 32_001}


@given(st.text(max_size=200) | st.binary(max_size=200))
def test_no_text_does_anything_but_be_read_or_refused(text: str | bytes) -> None:
    with suppress(AnswersError):
        read_answers_text(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"), "a.yaml")


def test_a_file_is_read_and_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("cloud: aws\n", encoding="utf-8")

    assert read_answers_file(path).given == {"cloud": "aws"}
    for missing, named in ((tmp_path / "none.yaml", "none.yaml"), (tmp_path, tmp_path.name), (Path(), ".")):
        with pytest.raises(AnswersError) as caught:
            read_answers_file(missing)
        assert (caught.value.problems[0].code, caught.value.problems[0].where) == ("missing_file", named)
