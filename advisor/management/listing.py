"""Every question as text, for whoever has the command line alone. Must not know how an answer is read."""

from collections.abc import Iterable
from textwrap import fill

from advisor.core.questions import Question
from advisor.render.questionnaire import EXAMPLES

_WIDTH = 80


def list_questions(questions: Iterable[Question]) -> str:
    """Of each the id, what may be answered, and the question itself."""
    written = f"A number may have a unit, as {', '.join(EXAMPLES.values())} have; a range is written 100..500."
    return "\n".join((f"{fill(written, _WIDTH)}\n", *map(_write, questions)))


def _write(question: Question) -> str:
    head = fill(f"{question.id}: {_say_answers(question)}", _WIDTH, subsequent_indent="    ", break_on_hyphens=False)
    return f"{head}\n{fill(question.text, _WIDTH, initial_indent='  ', subsequent_indent='  ')}\n"


def _say_answers(question: Question) -> str:
    ids = ", ".join(choice.id for choice in question.choices)
    match question.kind:
        case "boolean":
            return "yes or no"
        case "choice":
            return f"one of {ids}"
        case "list":
            return f"none, or any of {ids}"
    return question.quantity
