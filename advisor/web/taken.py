"""What is taken for a question that is left open, in words: as the engine takes it, the other answers as they are.

Must not know what a page looks like.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from advisor import service
from advisor.core.errors import AnswersError
from advisor.core.questions import Multiple, Question
from advisor.core.recommend import explain_assumption
from advisor.core.workload import Workload
from advisor.render.labels import describe_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The value, and why it is that one."""

    words: str
    because: str


def find_taken(questions: Mapping[str, Question], given: Mapping[str, object]) -> dict[str, Taken]:
    """Each question whose value hangs on other answers. What cannot be used is as good as left open."""
    answers = {name: answer for name, answer in given.items() if name in questions}
    try:
        workload = _read(answers)
    except AnswersError as error:
        wrong = {problem.where for problem in error.problems}
        answers = {name: answer for name, answer in answers.items() if name not in wrong}
        workload = _read(answers)
    return {
        name: _explain(question, _read(_without(answers, name)) if name in answers else workload)
        for name, question in questions.items()
        if _hangs(question)
    }


def _read(answers: Mapping[str, object]) -> Workload:
    return service.read_workload(service.read_query(answers))


def _without(answers: Mapping[str, object], name: str) -> dict[str, object]:
    return {each: answer for each, answer in answers.items() if each != name}


def _hangs(question: Question) -> bool:
    others = question.assume_from or question.assume_up_to or question.at_least or question.at_most
    return bool(others) or isinstance(question.assume, Multiple) or question.closed_to not in (None, question.assume)


def _explain(question: Question, workload: Workload) -> Taken:
    assumption = explain_assumption(question, workload)
    return Taken(words=describe_value(question, assumption.value), because=assumption.because)


def describe_assumption(question: Question) -> str:
    """What is taken when a question is left open, in one phrase, whatever the other answers are."""
    assume, source, most = question.assume, question.assume_from, question.assume_up_to
    if isinstance(assume, Multiple):
        over = f", divided by {assume.over}" if assume.over else ""
        return f"{assume.times:g} × the answer to {assume.of}{over}"
    divided = f", or the answer to {source.of}, where there is one, divided by {1 / source.times:g}" if source else ""
    up_to = f", no more than {most.amount:g} divided by the answer to {most.over}" if most else ""
    return f"{describe_value(question, assume)}{up_to}{divided}"


def choices_of(question: Question) -> tuple[tuple[str, str], ...]:
    """What is offered to choose from, each with its label; nothing where the answer is a quantity."""
    if question.kind == "boolean":
        return (("true", "Yes"), ("false", "No"))
    return tuple((choice.id, choice.label) for choice in question.choices)
