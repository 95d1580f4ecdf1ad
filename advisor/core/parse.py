"""Reads one raw answer into the domain it leaves open: a value, a range, or choices. Knows one question only."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.core.assume import MEASURED, STATED
from advisor.core.domains import Choices, Domain, Interval, Members
from advisor.core.ends import is_range, say_way_out, split_range
from advisor.core.errors import AnswersError, Problem, problem_at
from advisor.core.near import ask_back, find_nearest
from advisor.core.questions import Question, split_words
from advisor.core.units import UnitError, format_quantity, parse_quantity

UNKNOWN = frozenset({"", "unknown", "dont_know", "don't know", "i don't know", "null"})
LONGEST_WORD, _MOST_OWN = 100, 50  # characters; words that the rulebook does not have, which each link repeats
MAYBE = "maybe:"  # a query string has no other way to leave a word of a list open
_OTHER = re.compile(f"({MAYBE})?other:")  # what follows is the asker's own text, in a list with its commas
_EVIDENCE = frozenset({"window", "source", "error"})  # what an observed answer says of itself; kept in its file only
_LONGEST_EVIDENCE = 500
_BOOLEANS = {"yes": True, "true": True, "no": False, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """The domain an answer leaves, how it is known, and what to ask back."""

    domain: Domain
    grade: str = STATED
    remarks: tuple[Problem, ...] = ()


def read_answer(question: Question, answer: object) -> Read | None:
    """What the answer says; None for "I don't know". Raises AnswersError."""
    grade = STATED
    if isinstance(answer, Mapping) and "value" in answer:
        grade, answer = _read_graded(question, answer)
    if _is_unknown(answer):
        return None
    if question.kind == "list":
        domain, remarks = _read_list(question, answer)
        return Read(domain=domain, grade=grade, remarks=remarks)
    if question.kind in ("choice", "boolean"):
        return Read(domain=_read_choice(question, answer), grade=grade)
    interval = _read_interval(question, answer)
    return Read(domain=interval, grade=grade, remarks=_implausible(question, interval))


def _read_graded(question: Question, answer: Mapping[str, object]) -> tuple[str, object]:
    """How an answer is known, and the answer itself."""
    grade = answer.get("grade", STATED)
    if grade not in (STATED, MEASURED) or not set(answer) <= {"value", "grade", *_EVIDENCE}:
        hint = "A graded answer has value, grade (stated or measured) and, where known, window, source and error."
        raise _refuse(question, answer, "wrong_type", hint)
    texts = (answer.get(name, "") for name in sorted(_EVIDENCE))
    if not all(isinstance(text, str) and len(text) <= _LONGEST_EVIDENCE for text in texts):
        raise _refuse(question, answer, "wrong_type", "Window, source and error are short texts.")
    return str(grade), answer["value"]


def _is_unknown(answer: object) -> bool:
    return answer is None or (isinstance(answer, str) and answer.strip().lower() in UNKNOWN)


def _refuse(question: Question, answer: object, code: str, wanted: str) -> AnswersError:
    return AnswersError(problem_at(question.id, code, f"{show_answer(answer)} is no answer to this question.", wanted))


def show_answer(answer: object) -> str:
    """Short and safe to print, however large or nested the answer is."""
    match answer:
        case Mapping():
            return "An object"
        case list() | tuple():
            return "A list"
        case int() if abs(answer) >= 10**LONGEST_WORD:
            return "So large a number"
        case _:
            return f"“{str(answer).lower() if isinstance(answer, bool) else str(answer)[:LONGEST_WORD]}”"


def _read_interval(question: Question, answer: object) -> Interval:
    try:
        low, high = (_number(question, end) for end in _ends(question, answer))
    except UnitError as error:
        way_out = say_way_out(str(answer), error.code)
        raise AnswersError(problem_at(question.id, error.code, str(error), way_out)) from None
    if low > high:
        wrong = f"min {format_quantity(low, question.unit)} is over max {format_quantity(high, question.unit)}"
        way_out = "swap them" if question.unit == "count" else "swap them, or write each with its unit"
        raise _refuse(question, answer, "min_over_max", f"{wrong}; {way_out}.")
    return Interval(low=low, high=high)


def _ends(question: Question, answer: object) -> tuple[object, object]:
    if isinstance(answer, Mapping):
        if set(answer) != {"min", "max"}:
            raise _refuse(question, answer, "wrong_type", "A range is written as min and max.")
        return answer["min"], answer["max"]
    if isinstance(answer, str) and is_range(answer):
        return split_range(answer, question.unit)
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
        raise _refuse(question, answer, "wrong_type", f"Write {question.quantity}.")
    try:
        return parse_quantity(answer, question.unit) if isinstance(answer, str) else float(answer)
    except OverflowError:
        return math.inf


def _implausible(question: Question, interval: Interval) -> tuple[Problem, ...]:
    plausible = question.plausible
    if plausible is None or plausible.is_known or (plausible.holds(interval.low) and plausible.holds(interval.high)):
        return ()
    usual = f"{format_quantity(plausible.low, question.unit)} to {format_quantity(plausible.high, question.unit)}"
    far = interval.high if not plausible.holds(interval.high) else interval.low
    message = f"{format_quantity(far, question.unit)} is outside the usual {usual}; it is taken as you wrote it."
    return (problem_at(question.id, "implausible", message, "Is the unit right?"),)


def _read_choice(question: Question, answer: object) -> Choices:
    if isinstance(answer, Mapping):
        words = answer.get("one_of")
        if set(answer) != {"one_of"} or not isinstance(words, list | tuple) or not words:
            raise _refuse(question, answer, "wrong_type", "Open choices are written as one_of with a list.")
    else:
        words = answer.split("|") if isinstance(answer, str) else [answer]
    given = {_choice(question, word) for word in words}
    offered: tuple[str | bool, ...] = tuple(choice.id for choice in question.choices) or (True, False)
    return Choices(values=tuple(value for value in offered if value in given))


def _choice(question: Question, word: object) -> str | bool:
    if question.kind == "boolean":
        return _boolean(question, word)
    ids = [choice.id for choice in question.choices]
    if isinstance(word, str) and question.spell(word) in ids:
        return question.spell(word)
    near = find_nearest(word[:LONGEST_WORD], ids) if isinstance(word, str) else ""
    meant = "Choose other for what is not listed. " if "other" in ids else f"Did you mean {near}? " if near else ""
    raise _refuse(question, word, "unknown_choice", f"{meant}Choose one of {', '.join(ids)}.")


def _boolean(question: Question, word: object) -> bool:
    said = _BOOLEANS.get(word.strip().lower()) if isinstance(word, str) else word
    if isinstance(said, bool):
        return said
    raise _refuse(question, word, "wrong_type", "Answer yes or no.")


def _read_list(question: Question, answer: object) -> tuple[Members, tuple[Problem, ...]]:
    parts = answer if isinstance(answer, Mapping) else {"all_of": answer}
    if not set(parts) <= {"all_of", "maybe"} or not parts:
        raise _refuse(question, answer, "wrong_type", "An open list is written as all_of and maybe.")
    given, maybe = (_words(question, parts.get(name, [])) for name in ("all_of", "maybe"))
    if "none" in given and len(given) > 1:
        raise _refuse(question, ", ".join(given), "contradiction", "None stands alone: leave it out, or all others.")
    sure = tuple(word for word in given if not word.startswith(MAYBE))
    open_words = {question.spell(word.removeprefix(MAYBE)) for word in (*maybe, *given) if word not in sure}
    sure, maybe = () if sure == ("none",) else sure, tuple(sorted(open_words - {"", *sure}))
    return Members(all_of=sure, maybe=maybe), _odd(question, sure + maybe)


def _words(question: Question, answer: object) -> tuple[str, ...]:
    listed = split_words(answer) if isinstance(answer, str) else answer
    if not isinstance(listed, list | tuple) or not all(isinstance(word, str) for word in listed):
        raise _refuse(question, answer, "wrong_type", "Write a list of words.")
    parted = (word for text in listed for word in ([text] if _OTHER.match(text) else split_words(text)))
    words = {question.spell(word)[:LONGEST_WORD] for word in parted if word.strip()}
    if len(words) > len(question.choices) + _MOST_OWN:
        raise _refuse(question, listed, "too_many", f"Write at most {_MOST_OWN} words of your own.")
    return tuple(sorted(words))


def _odd(question: Question, words: tuple[str, ...]) -> tuple[Problem, ...]:
    """Words that no rule knows: kept and reported where the question takes other words, refused where it does not."""
    ids = [choice.id for choice in question.choices]
    odd = [word for word in words if word not in ids and not word.startswith("other:")]
    if odd and not question.other_words:
        raise _refuse(question, ", ".join(odd), "unknown_choice", f"Choose among {', '.join(ids)}.")
    message, hints = "No rule knows “{}”; it is kept and has no effect.", ask_back(odd, ids)
    told = ((word, "Part words by commas." if "|" in word else hint) for word, hint in hints)
    return tuple(problem_at(question.id, "unknown_word", message.format(word), hint) for word, hint in told)
