"""`evaluate_cases`, `check_facts` and `diff_rulebook` on real files: what they print and how they end."""

import json
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from advisor import service
from tests.management.terminal import run

RULES = service.find_folder("rules")
CASES = RULES / "cases" / "published" / "calibration.yaml"


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """The first cases of the file that ships with us, written as they stand."""
    path = tmp_path / "few.yaml"
    path.write_text(yaml.safe_dump(yaml.safe_load(CASES.read_text(encoding="utf-8"))[:4]), encoding="utf-8")
    return path


def test_cases_are_evaluated_as_json_and_as_a_table_alike(few: Path) -> None:
    plain = json.loads(run("evaluate_cases", few, "--format", "json").out)
    table = run("evaluate_cases", few).out

    assert len(plain["cases"]) == 4
    assert plain["summary"]["family_of"] == 4
    assert f"family {plain['summary']['family_agree']} of 4" in table
    assert all(case["id"] in table for case in plain["cases"])


def test_complete_decides_more_and_never_less(few: Path) -> None:
    plain = json.loads(run("evaluate_cases", few, "--format", "json").out)["summary"]
    complete = json.loads(run("evaluate_cases", few, "--format", "json", "--complete").out)["summary"]

    assert complete["decided_of"] > plain["decided_of"]
    assert complete["wrong_under_decided"] == 0


def test_a_file_of_another_form_is_exit_2(tmp_path: Path) -> None:
    path = tmp_path / "cases.yaml"
    path.write_text("- {id: x}\n", encoding="utf-8")

    ended = run("evaluate_cases", path)
    assert ended.code == 2
    assert "cases.yaml:1" in ended.error


@pytest.mark.parametrize("kind", ["folder", "bytes"])
def test_a_file_that_cannot_be_read_is_exit_2_and_named(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "cases.yaml"
    path.mkdir() if kind == "folder" else path.write_bytes(b"\xff")

    ended = run("evaluate_cases", path)
    assert ended.code == 2
    said = "It cannot be read: Is a directory." if kind == "folder" else "Byte 0 is no UTF-8. Save the file as UTF-8."
    assert f"cases.yaml:1: {said}" in ended.error


@pytest.mark.slow
@pytest.mark.parametrize("complete", [False, True])
def test_the_advice_keeps_its_agreement_with_published_decisions(complete: bool) -> None:
    """Better than a language model asked as an expert (30 of 38), and never wrong where it says decided."""
    arguments = ("--complete",) if complete else ()
    summary = json.loads(run("evaluate_cases", "--format", "json", *arguments).out)["summary"]

    assert summary["family_of"] == 38
    assert summary["family_agree"] >= 32
    assert summary["option_agree"] >= 0.75 * summary["option_of"]
    assert summary["wrong_under_decided"] == 0
    assert not complete or summary["decided_of"] * 3 >= summary["family_of"]


def test_facts_within_the_age_are_fine_and_older_ones_are_exit_3_with_their_sources() -> None:
    number = len(service.get_rulebook().facts)

    assert run("check_facts", "--max-age", "36500").code == 0
    ended = run("check_facts", "--max-age", "1", "--today", "2100-01-01")
    assert ended.code == 3
    assert len(ended.out.splitlines()) == number
    assert f"{number} of {number} facts" in ended.error
    ages = [int(line.split()[0]) for line in ended.out.splitlines()]
    assert ages == sorted(ages, reverse=True)


def test_a_fact_of_a_day_that_has_not_come_is_exit_3() -> None:
    newest = max(
        quote.source.checked for fact in service.get_rulebook().facts.values() for quote in fact.cells.values()
    )

    assert run("check_facts", "--max-age", "36500", "--today", newest - timedelta(days=1)).code == 0
    ended = run("check_facts", "--max-age", "36500", "--today", newest - timedelta(days=2))
    assert ended.code == 3
    assert "facts say that they were checked after" in ended.error
    assert {line.split()[0] for line in ended.out.splitlines()} == {"-2"}


def test_an_age_below_zero_is_no_age() -> None:
    assert "days are 0 or more" in run("check_facts", "--max-age", "-1").error


def test_what_is_no_number_of_days_and_no_day_is_said_with_the_way_out() -> None:
    assert "“abc” is no number of days. Write 90, or another." in run("check_facts", "--max-age", "abc").error
    ended = run("check_facts", "--max-age", "9", "--today", "2027-13-01")
    assert "“2027-13-01” is no day. Write it as 2025-07-01." in ended.error


def test_the_same_rules_decide_the_same() -> None:
    ended = run("diff_rulebook", RULES, RULES)

    assert ended.code == 0
    assert ended.out.splitlines()[0] == "0 entries differ."
    assert re.fullmatch(r"0 of \d+ cases change\.", ended.out.splitlines()[1])


def test_a_fact_that_changed_is_named_with_the_cases_that_change(tmp_path: Path) -> None:
    other = tmp_path / "rules"
    shutil.copytree(RULES, other)
    path = other / "facts" / "sqs.yaml"
    text = path.read_text(encoding="utf-8")
    changed = re.sub(r"(id: sqs_message_bytes_max\n(?:  .*\n)*?  value: )1048576", r"\g<1>262144", text, count=1)
    assert changed != text
    path.write_text(changed, encoding="utf-8")

    lines = run("diff_rulebook", RULES, other).out.splitlines()
    assert lines[:2] == ["1 entries differ:", "  fact sqs_message_bytes_max"]
    assert "    because of fact sqs_message_bytes_max" in lines
    assert any(line.startswith("    now ruled out:") and "sqs_standard" in line for line in lines)


@pytest.mark.parametrize(
    ("name", "said"),
    [("nope", "There is no such folder of rules."), ("n" * 300, "It cannot be read: File name too long.")],
)
def test_rules_that_are_not_there_are_one_problem_that_names_the_folder(tmp_path: Path, name: str, said: str) -> None:
    ended = run("diff_rulebook", RULES, tmp_path / name)

    assert ended.code == 2
    assert len(ended.error.splitlines()) == 2
    assert f"{tmp_path / name}: {said}" in ended.error


def test_rules_that_cannot_be_read_are_exit_1_and_named_in_both_folders(tmp_path: Path) -> None:
    folders = [tmp_path / "old", tmp_path / "new"]
    for folder in folders:
        folder.mkdir()
    ended = run("diff_rulebook", *folders)

    assert ended.code == 1
    assert all(f"{folder}/questions.yaml:1: The file is missing." in ended.error for folder in folders)
