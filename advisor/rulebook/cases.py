"""rules/cases → cases: workloads with what is expected of them. As strict as the rules' own reader."""

from pathlib import Path

from yaml.nodes import Node

from advisor.core.cases import Case
from advisor.core.errors import Problem, RulebookError
from advisor.core.recommendation import OUTCOMES, STATES
from advisor.rulebook.nodes import Reading


def load_cases(folder: Path) -> dict[str, tuple[Case, ...]]:
    """The cases of each file by its name without ending; raises RulebookError with every problem."""
    problems: list[Problem] = []
    files: dict[str, tuple[Case, ...]] = {}
    for path in sorted((folder / "cases").glob("*.yaml")):
        reading = Reading(name=f"cases/{path.name}", problems=problems)
        found = [_read_case(reading, node) for node in reading.items(reading.open(path))]
        files[path.stem] = tuple(case for case in found if case is not None)
    ids = [case.id for cases in files.values() for case in cases]
    for name in sorted({name for name in ids if ids.count(name) > 1}):
        problems.append(Problem(where="cases:1", code="duplicate_id", message=f"The case {name} stands twice."))
    if problems:
        raise RulebookError(*sorted(set(problems)))
    return files


def _read_case(reading: Reading, node: Node) -> Case | None:
    entry = reading.entry(node, ("id", "title", "source", "answers", "expect"), ("story",))
    if entry is None:
        return None
    optional = ("option", "state", "excluded", "kept", "reasons", "silent")
    expect = reading.entry(entry.members["expect"], ("outcome",), optional)
    answers = reading.plain(entry.members["answers"])
    if expect is None or not isinstance(answers, dict):
        return None
    for name in (name for name, answer in answers.items() if not _is_written(answer)):
        hint = "It is a value, a list, {min, max}, {one_of: [...]} or {all_of: [...], maybe: [...]}."
        entry.refuse("answers", "wrong_type", f"No answer is written like that of {name}.", hint)
    return Case(
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


def _is_written(answer: object) -> bool:
    """Whether it has a form of an answer, so that pages can show it; whether it is one, its question knows."""
    match answer:
        case {"min": low, "max": high, **rest}:
            return not rest and _is_written([low, high])
        case {"one_of": [*words], **rest}:
            return not rest and _is_written(words)
        case {"all_of": [*sure], "maybe": [*perhaps], **rest}:
            return not rest and _is_written([*sure, *perhaps])
        case list():
            return not any(isinstance(each, dict | list) for each in answer)
    return not isinstance(answer, dict)
