"""rules/cases → cases: workloads with what is expected of them. As strict as the rules' own reader."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from yaml.nodes import Node

from advisor.core.answers import read_answers, write_answers
from advisor.core.cases import Case
from advisor.core.errors import AnswersError, Problem, RulebookError
from advisor.core.questions import Question
from advisor.core.recommendation import OUTCOMES, STATES
from advisor.rulebook.nodes import Entry, Reading

PRESETS = "presets"


def load_cases(
    folder: Path, get_questions: Callable[[], Mapping[str, Question]], name: str = "*"
) -> dict[str, tuple[Case, ...]]:
    """The cases of each file, or of those that are named so, by its name without ending; raises RulebookError with
    every problem. The questions are asked for last, so that broken ones hide nothing."""
    problems: list[Problem] = []
    found: dict[str, list[tuple[Entry, Case]]] = {}
    for path in sorted((folder / "cases").glob(f"{name}.yaml")):
        reading = Reading(name=f"cases/{path.name}", problems=problems)
        found[path.stem] = [each for node in reading.items(reading.open(path)) if (each := _read_case(reading, node))]
    ids = [case.id for cases in found.values() for _, case in cases]
    for twice in sorted({each for each in ids if ids.count(each) > 1}):
        problems.append(Problem(where="cases:1", code="duplicate_id", message=f"The case {twice} stands twice."))
    files = {} if problems else _read_answers(found, get_questions())
    if problems:
        raise RulebookError(*sorted(set(problems)))
    return files


def _read_case(reading: Reading, node: Node) -> tuple[Entry, Case] | None:
    entry = reading.entry(node, ("id", "title", "source", "answers", "expect"), ("story",))
    if entry is None:
        return None
    optional = ("option", "state", "excluded", "kept", "reasons", "silent")
    expect = reading.entry(entry.members["expect"], ("outcome",), optional)
    answers = reading.plain(entry.members["answers"])
    if expect is None or not isinstance(answers, dict):
        return None
    return entry, Case(
        id=entry.id(),
        title=entry.text("title"),
        source=entry.text("source"),
        answers=answers,
        story=entry.text("story"),
        outcome=expect.word("outcome", OUTCOMES),
        option=expect.text("option"),
        state=expect.word("state", (*STATES, "")),
        excluded=expect.words("excluded"),
        kept=expect.words("kept"),
        reasons=expect.words("reasons"),
        silent=expect.words("silent"),
    )


def _read_answers(
    found: Mapping[str, list[tuple[Entry, Case]]], questions: Mapping[str, Question]
) -> dict[str, tuple[Case, ...]]:
    """The cases with their answers in canonical form."""
    return {
        name: tuple(replace(case, answers=_canonical(entry, case, questions)) for entry, case in cases)
        for name, cases in found.items()
    }


def _canonical(entry: Entry, case: Case, questions: Mapping[str, Question]) -> Mapping[str, object]:
    """Refuses each answer that its question does not take, at its own line."""
    try:
        return write_answers(read_answers(case.answers, questions))
    except AnswersError as error:
        whole = entry.members["answers"]
        lines = entry.reading.members(whole)
        for each in error.problems:
            message = f"{each.where}: {each.message}"
            entry.reading.refuse(lines.get(each.where, whole), each.code, message, each.hint)
        return case.answers
