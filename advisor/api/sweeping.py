"""Reads which question is swept over which values, and writes one point of the series."""

from collections.abc import Iterator, Mapping
from typing import Any

from advisor import service
from advisor.core.answers import read_answers
from advisor.core.domains import Interval
from advisor.core.errors import AnswersError, Problem, problem_at
from advisor.core.questions import NUMERIC, Question
from advisor.core.sweep import Standing
from advisor.render.plain import write_exact, write_money

MOST_STEPS, STEPS = 200, 13
SCALES = ("log", "linear")


def read_sweep(asked: Mapping[str, object]) -> tuple[Question, tuple[float | str | bool, ...]]:
    """The question and the values to try; raises AnswersError with every problem."""
    questions = service.get_rulebook().questions
    question = questions.get(str(asked.get("question", "")))
    if question is None:
        hint = "Name one, for example question=messages_per_second_avg."
        problems = [problem_at("question", "unknown_question", "There is no such question to sweep.", hint)]
        _read_steps(asked, problems)
        _read_scale(asked, SCALES, problems)
        raise AnswersError(*problems)
    if question.kind in NUMERIC:
        return question, tuple(_read_numbers(question, asked))
    if odd := sorted(set(asked) - {"question"}):
        message = f"{question.id} is no number; all of its choices are tried."
        raise AnswersError(*(problem_at(name, "unknown_parameter", message, "Leave it out.") for name in odd))
    return question, (True, False) if question.kind == "boolean" else tuple(choice.id for choice in question.choices)


def _read_numbers(question: Question, asked: Mapping[str, object]) -> Iterator[float]:
    problems: list[Problem] = []
    reaches = [each for each in (question.plausible, question.bounds) if each and not each.is_known]
    reach = reaches[0] if reaches else Interval(low=1, high=1000)
    low = _read_end(question, asked, "from", reach.low, problems)
    high = _read_end(question, asked, "to", reach.high, problems)
    steps = _read_steps(asked, problems)
    scale = _read_scale(asked, SCALES if low > 0 else SCALES[1:], problems)
    if low >= high:
        hint = "Swap them." if low > high else "Name two that differ."
        problems.append(problem_at("from", "min_over_max", f"from {low:g} is not below to {high:g}.", hint))
    if problems:
        raise AnswersError(*problems)
    values = _spread(low, high, steps, is_log=scale == "log")
    return iter(dict.fromkeys(round(each) for each in values) if question.kind == "integer" else values)


def _spread(low: float, high: float, steps: int, *, is_log: bool) -> list[float]:
    parts = [step / (steps - 1) for step in range(steps)]
    inner = [low * (high / low) ** part if is_log else low + (high - low) * part for part in parts[1:-1]]
    return [low, *(float(f"{each:.6g}") for each in inner), high]


def _read_end(
    question: Question, asked: Mapping[str, object], name: str, otherwise: float, problems: list[Problem]
) -> float:
    if name not in asked:
        return otherwise
    try:
        domain = read_answers({question.id: asked[name]}, service.get_rulebook().questions).domains[question.id]
    except AnswersError as error:
        problems.extend(problem_at(name, each.code, each.message, each.hint) for each in error.problems)
        return otherwise
    if not isinstance(domain, Interval) or not domain.is_known:
        problems.append(problem_at(name, "wrong_type", "An end is one number.", "Ranges are swept, not nested."))
        return otherwise
    return domain.low


def _read_steps(asked: Mapping[str, object], problems: list[Problem]) -> int:
    given = asked.get("steps", STEPS)
    text = f"{given:g}" if isinstance(given, float) else str(given)
    steps = int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0
    if not 2 <= steps <= MOST_STEPS:
        message = f"“{text[:40]}” is no number of steps."
        problems.append(problem_at("steps", "out_of_bounds", message, f"Write 2 to {MOST_STEPS}."))
    return steps


def _read_scale(asked: Mapping[str, object], scales: tuple[str, ...], problems: list[Problem]) -> str:
    """One of these scales, the first where none is asked for."""
    scale = str(asked.get("scale", scales[0]))
    if scale not in scales:
        hint = "Write linear, or log where it starts above 0."
        problems.append(problem_at("scale", "unknown_choice", f"“{scale[:40]}” does not do.", hint))
    return scale


def write_sweep(value: float | str | bool, standing: Standing | AnswersError) -> dict[str, Any]:
    """One point: flat, so that the same series is a table. A value that contradicts another answer says so."""
    at: dict[str, Any] = {"at": write_exact(value)}
    if isinstance(standing, AnswersError):
        options = {f"{option}_usd": None for option in service.get_rulebook().options}
        return at | {"outcome": None, "option": None, "margin": None, "problem": str(standing)} | options
    costs = {f"{option}_usd": write_money(usd) for option, usd in standing.usd}
    won = {"outcome": standing.outcome, "option": standing.option, "margin": standing.margin, "problem": None}
    return at | won | costs
