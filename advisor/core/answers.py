"""Reads raw answers, whatever door they came by, into a Workload; collects every problem before it complains.

The one conversion: inside there are only typed values. Knows questions, not rules.
"""

import difflib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from advisor.core.assume import MEASURED, STATED, settle, stated_of
from advisor.core.domains import Choices, Domain, Interval, Members
from advisor.core.errors import AnswersError, Problem
from advisor.core.rulebook import Question
from advisor.core.units import UnitError, format_quantity, parse_quantity
from advisor.core.workload import Workload

UNKNOWN = frozenset({"", "unknown", "dont_know", "don't know", "i don't know", "null"})
_TRUE, _FALSE = frozenset({"yes", "true"}), frozenset({"no", "false"})
_LONGEST_WORD = 100
Plain = (
    bool | int | float | str | list[str] | dict[str, float | int] | dict[str, list[str]] | dict[str, list[str | bool]]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    domain: Domain
    grade: str = STATED
    remarks: tuple[Problem, ...] = ()


def read_answers(answers: Mapping[str, object], questions: Mapping[str, Question]) -> Workload:
    """The workload these answers describe; raises AnswersError with every problem found."""
    problems: list[Problem] = []
    reads: dict[str, _Read] = {}
    for given, answer in answers.items():
        try:
            question = _find(given, questions)
            read = _read(question, answer)
        except AnswersError as error:
            problems.extend(error.problems)
            continue
        if read is not None and question.id in reads and reads[question.id].domain != read.domain:
            problems.append(_problem(question.id, "contradiction", f"{given} is answered twice, differently."))
        elif read is not None:
            reads[question.id] = read
    stated = {name: read.domain for name, read in reads.items()}
    problems.extend(_contradictions(stated, questions))
    if problems:
        raise AnswersError(*sorted(problems))
    remarks = tuple(sorted(remark for read in reads.values() for remark in read.remarks))
    grades = MappingProxyType({name: read.grade for name, read in reads.items()})
    return settle(stated, questions.values(), grades, remarks)


def write_answers(workload: Workload) -> dict[str, Plain]:
    """The stated answers in canonical form and order; reading them again gives the same workload."""
    stated = stated_of(workload)
    return {name: _write(stated[name]) for name in sorted(stated)}


def _write(domain: Domain) -> Plain:
    match domain:
        case Interval(low=low, high=high):
            return _whole(low) if low == high else {"min": _whole(low), "max": _whole(high)}
        case Choices(values=values):
            return values[0] if len(values) == 1 else {"one_of": list(values)}
        case Members(all_of=all_of, maybe=maybe):
            return {"all_of": list(all_of), "maybe": list(maybe)} if maybe else list(all_of)


def _whole(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def _problem(where: str, code: str, message: str, hint: str = "") -> Problem:
    return Problem(where=where, code=code, message=message, hint=hint)


def _find(given: object, questions: Mapping[str, Question]) -> Question:
    name = str(given)[:_LONGEST_WORD]
    if name in questions:
        return questions[name]
    for question in questions.values():
        if name in question.aliases:
            return question
    near = difflib.get_close_matches(name, questions, n=1)
    hint = f"Did you mean {near[0]}?" if near else "See /api/v1/questions for every question."
    raise AnswersError(_problem(name, "unknown_question", f"There is no question “{name}”.", hint))


def _read(question: Question, answer: object) -> _Read | None:
    grade = STATED
    if isinstance(answer, Mapping) and "value" in answer:
        grade = MEASURED if answer.get("grade") == MEASURED else STATED
        answer = answer["value"]
    if _is_unknown(answer):
        return None
    if question.kind == "list":
        domain, remarks = _read_list(question, answer)
        return _Read(domain=domain, grade=grade, remarks=remarks)
    if question.kind in ("choice", "boolean"):
        return _Read(domain=_read_choice(question, answer), grade=grade)
    interval = _read_interval(question, answer)
    return _Read(domain=interval, grade=grade, remarks=_implausible(question, interval))


def _is_unknown(answer: object) -> bool:
    return answer is None or (isinstance(answer, str) and answer.strip().lower() in UNKNOWN)


def _refuse(question: Question, answer: object, code: str, wanted: str) -> AnswersError:
    shown = str(answer)[:_LONGEST_WORD]
    return AnswersError(_problem(question.id, code, f"“{shown}” is no answer to this question.", wanted))


def _read_interval(question: Question, answer: object) -> Interval:
    low, high = _ends(question, answer)
    interval = (_number(question, low), _number(question, high))
    if interval[0] > interval[1]:
        raise _refuse(question, answer, "min_over_max", f"min {interval[0]:g} is over max {interval[1]:g}; swap them.")
    return Interval(low=interval[0], high=interval[1])


def _ends(question: Question, answer: object) -> tuple[object, object]:
    if isinstance(answer, Mapping):
        if set(answer) != {"min", "max"}:
            raise _refuse(question, dict(answer), "wrong_type", "A range is written as min and max.")
        return answer["min"], answer["max"]
    if isinstance(answer, str) and ".." in answer:
        low, _, high = answer.partition("..")
        return low, high
    return answer, answer


def _number(question: Question, answer: object) -> float:
    number = _as_number(question, answer)
    if not math.isfinite(number):
        raise _refuse(question, answer, "not_finite", "Write a finite number.")
    bounds = question.bounds
    if bounds is not None and not bounds.holds(number):
        between = f"{format_quantity(bounds.low, question.unit)} and {format_quantity(bounds.high, question.unit)}"
        raise _refuse(question, answer, "out_of_bounds", f"It must lie between {between}.")
    if question.kind == "integer" and not number.is_integer():
        raise _refuse(question, answer, "not_an_integer", "Write a whole number.")
    return number


def _as_number(question: Question, answer: object) -> float:
    if isinstance(answer, bool) or not isinstance(answer, int | float | str):
        raise _refuse(question, answer, "wrong_type", f"Write a number of {question.unit or 'things'}.")
    if isinstance(answer, str):
        try:
            return parse_quantity(answer, question.unit)
        except UnitError as error:
            raise AnswersError(_problem(question.id, error.code, str(error))) from None
    try:
        return float(answer)
    except OverflowError:
        return math.inf


def _implausible(question: Question, interval: Interval) -> tuple[Problem, ...]:
    plausible = question.plausible
    if plausible is None or (plausible.holds(interval.low) and plausible.holds(interval.high)):
        return ()
    usual = f"{format_quantity(plausible.low, question.unit)} to {format_quantity(plausible.high, question.unit)}"
    far = interval.high if not plausible.holds(interval.high) else interval.low
    message = f"{format_quantity(far, question.unit)} is outside the usual {usual}; it is taken as you wrote it."
    return (_problem(question.id, "implausible", message, "Is the unit right?"),)


def _read_choice(question: Question, answer: object) -> Choices:
    words: Sequence[object]
    if isinstance(answer, Mapping):
        one_of = answer.get("one_of")
        if set(answer) != {"one_of"} or not isinstance(one_of, list | tuple) or not one_of:
            raise _refuse(question, dict(answer), "wrong_type", "Open choices are written as one_of with a list.")
        words = one_of
    else:
        words = answer.split("|") if isinstance(answer, str) else [answer]
    values = tuple(dict.fromkeys(_choice(question, word) for word in words))
    return Choices(values=values)


def _choice(question: Question, word: object) -> str | bool:
    if question.kind == "boolean":
        return _boolean(question, word)
    ids = [choice.id for choice in question.choices]
    if isinstance(word, str) and word.strip() in ids:
        return word.strip()
    near = difflib.get_close_matches(str(word)[:_LONGEST_WORD], ids, n=1)
    meant = f"Did you mean {near[0]}? " if near else ""
    raise _refuse(question, word, "unknown_choice", f"{meant}Choose one of {', '.join(ids)}.")


def _boolean(question: Question, word: object) -> bool:
    if isinstance(word, bool):
        return word
    if isinstance(word, str) and word.strip().lower() in _TRUE | _FALSE:
        return word.strip().lower() in _TRUE
    raise _refuse(question, word, "wrong_type", "Answer yes or no.")


def _read_list(question: Question, answer: object) -> tuple[Members, tuple[Problem, ...]]:
    if isinstance(answer, Mapping):
        if not set(answer) <= {"all_of", "maybe"} or not answer:
            raise _refuse(question, dict(answer), "wrong_type", "An open list is written as all_of and maybe.")
        sure, maybe = _words(question, answer.get("all_of", [])), _words(question, answer.get("maybe", []))
    else:
        sure, maybe = _words(question, answer), ()
    sure = () if sure == ("none",) else sure
    return Members(all_of=sure, maybe=tuple(word for word in maybe if word not in sure)), _odd(question, sure + maybe)


def _words(question: Question, answer: object) -> tuple[str, ...]:
    listed = answer.split(",") if isinstance(answer, str) else answer
    if not isinstance(listed, list | tuple) or not all(isinstance(word, str) for word in listed):
        raise _refuse(question, answer, "wrong_type", "Write a list of words.")
    return tuple(sorted({word.strip()[:_LONGEST_WORD] for word in listed if word.strip()}))


def _odd(question: Question, words: tuple[str, ...]) -> tuple[Problem, ...]:
    """Words that no rule knows: kept and reported where the question takes other words, refused where it does not."""
    ids = [choice.id for choice in question.choices]
    odd = [word for word in words if word not in ids and not word.startswith("other:")]
    if odd and not question.other_words:
        raise _refuse(question, ", ".join(odd), "unknown_choice", f"Choose among {', '.join(ids)}.")
    message = "No rule knows “{}”; it is kept and has no effect."
    return tuple(_problem(question.id, "unknown_word", message.format(word)) for word in odd)


def _contradictions(stated: Mapping[str, Domain], questions: Mapping[str, Question]) -> list[Problem]:
    """Stated answers that no workload can have together; each problem names both questions."""
    problems = []
    for question in questions.values():
        mine, floor = stated.get(question.id), stated.get(question.at_least or "")
        if isinstance(mine, Interval) and isinstance(floor, Interval) and mine.high < floor.low:
            message = (
                f"{question.id} ({format_quantity(mine.high, question.unit)}) is below "
                f"{question.at_least} ({format_quantity(floor.low, question.unit)})."
            )
            problems.append(_problem(question.id, "contradiction", message, f"Change it or {question.at_least}."))
        problems.extend(_not_closed(question, stated))
    return problems


def _not_closed(question: Question, stated: Mapping[str, Domain]) -> list[Problem]:
    """`nothing_else` closes only what was left unanswered, so a stated need beside it is no contradiction."""
    ceiling, mine = stated.get(question.at_most or ""), stated.get(question.id)
    if isinstance(mine, Interval) and isinstance(ceiling, Interval) and mine.low > ceiling.high:
        message = f"{question.id} ({format_quantity(mine.low, question.unit)}) is above {question.at_most}."
        return [_problem(question.id, "contradiction", message, f"Change it or {question.at_most}.")]
    return []
