"""Reads raw answers, whatever door they came by, into a Workload; collects every problem before it complains.

The one conversion: inside there are only typed values. Knows questions, not rules.
"""

from collections.abc import Iterator, Mapping

from advisor.core.assume import settle, stated_of
from advisor.core.domains import Choices, Domain, Interval, Members, exactly
from advisor.core.errors import AnswersError, Problem, problem_at
from advisor.core.near import find_nearest
from advisor.core.parse import LONGEST_WORD, Read, read_answer
from advisor.core.questions import Question
from advisor.core.units import format_quantity
from advisor.core.workload import Workload

_NUMBERS = (int, float)
_LOOKED_UP = 3  # to compare a name with that of every question takes milliseconds; a request has room for thousands
Plain = (
    bool | int | float | str | list[str] | dict[str, float | int] | dict[str, list[str]] | dict[str, list[str | bool]]
)


def read_answers(answers: Mapping[str, object], questions: Mapping[str, Question]) -> Workload:
    """The workload these answers describe; raises AnswersError with every problem found."""
    problems: list[Problem] = []
    stated: dict[str, Domain] = {}
    looked: dict[str, Read] = {}
    for given, answer in answers.items():
        try:
            question = questions.get(given) or _find(given, questions, len(problems))
            domain = read_plain(question, answer)
            if domain is None:
                read = read_answer(question, answer)
                if read is None:
                    continue
                domain, looked[question.id] = read.domain, read
        except AnswersError as error:
            problems.extend(error.problems)
            continue
        before = stated.setdefault(question.id, domain)
        if before is not domain and before != domain:
            problems.append(problem_at(question.id, "contradiction", f"{given} is answered twice, differently."))
    problems.extend(_contradictions(stated, questions))
    if problems:
        raise AnswersError(*sorted(problems))
    remarks = [remark for read in looked.values() for remark in read.remarks]
    for name, (part, remark) in dict(_narrow(stated, questions)).items() if looked else ():
        stated[name] = part
        remarks.append(remark)
    grades = {name: read.grade for name, read in looked.items()}
    return settle(stated, questions.values(), grades, tuple(sorted(remarks)))


def read_plain(question: Question, answer: object) -> Domain | None:
    """What most answers are, read in one step: a word of the rulebook, or a usual number.

    None where `read_answer` must look, which reads these the same (tested).
    """
    kind = type(answer)
    if kind is str or kind is bool:
        return question.plain.get(answer)
    if isinstance(answer, _NUMBERS):
        low, high = question.usual
        if not low <= answer <= high:
            return None
        number = float(answer)
        return None if question.kind == "integer" and not number.is_integer() else exactly(number)
    return _plain_words(question, answer) if isinstance(answer, list) and question.kind == "list" else None


def _plain_words(question: Question, words: list[object]) -> Domain | None:
    """A list of words that all stand in the rulebook."""
    plain = question.plain
    if any(type(word) is not str or word == "none" or word not in plain for word in words):
        return None
    return Members(all_of=tuple(sorted({*map(str, words)})))


def write_answers(workload: Workload) -> dict[str, Plain]:
    """The stated answers in canonical form and order; reading them again gives the same workload, grades aside."""
    stated = stated_of(workload)
    return {name: write_domain(stated[name]) for name in sorted(stated)}


def write_domain(domain: Domain) -> Plain:
    """A domain as an answer that reads as it."""
    if isinstance(domain, Choices):  # no match, which takes twice as long: every answer goes through here
        return domain.values[0] if len(domain.values) == 1 else {"one_of": list(domain.values)}
    if isinstance(domain, Interval):
        low, high = domain.low, domain.high
        return _whole(low) if low == high else {"min": _whole(low), "max": _whole(high)}
    return {"all_of": list(domain.all_of), "maybe": list(domain.maybe)} if domain.maybe else list(domain.all_of)


def _whole(number: float) -> float | int:
    return int(number) if float(number).is_integer() else number


def find_near(name: str, questions: Mapping[str, Question], before: int) -> str:
    """The question that was perhaps meant by an unknown name; looked for only where few wrong ones came before it."""
    return find_nearest(name, questions) if before < _LOOKED_UP else ""


def _find(given: object, questions: Mapping[str, Question], before: int) -> Question:
    """The question of this name; else the problem, with the name that was perhaps meant."""
    name = given[:LONGEST_WORD].strip() if isinstance(given, str) else f"a {type(given).__name__}"
    name = name or "(empty)"
    if name in questions:
        return questions[name]
    for question in questions.values():
        if name in question.aliases:
            return question
    near = find_near(name, questions, before)
    hint = f"Did you mean {near}?" if near else "/api/v1/questions and recommend --questions list them all."
    raise AnswersError(problem_at(name, "unknown_question", f"There is no question “{name}”.", hint))


def _narrow(
    stated: Mapping[str, Domain], questions: Mapping[str, Question]
) -> Iterator[tuple[str, tuple[Interval, Problem]]]:
    """Of each stated range the part that can be, where a stated neighbour bounds it: a peak is no smaller than the
    average. Without it the middle of what cannot be would be reckoned with."""
    for question in questions.values():
        mine = stated.get(question.id)
        if not isinstance(mine, Interval) or mine.is_known:
            continue
        low, high = question.cut_by_neighbours(mine, stated)
        if (low, high) != (mine.low, mine.high):
            other = question.at_least if low != mine.low else question.at_most
            yield question.id, (Interval(low=low, high=high), _narrowed(question, mine, low, high, other))


def _narrowed(question: Question, mine: Interval, low: float, high: float, other: str | None) -> Problem:
    said, part = (
        f"{format_quantity(one, question.unit)} to {format_quantity(two, question.unit)}"
        for one, two in ((mine.low, mine.high), (low, high))
    )
    message = f"Of {said} only {part} can be, because of {other}; it is taken so."
    return problem_at(question.id, "narrowed", message, f"Is {other} right?")


def _contradictions(stated: Mapping[str, Domain], questions: Mapping[str, Question]) -> Iterator[Problem]:
    """Stated answers that no workload can have together; each problem names both questions."""
    for question in questions.values():
        if question.at_least is None and question.at_most is None:
            continue
        mine = stated.get(question.id)
        floor, ceiling = stated.get(question.at_least or ""), stated.get(question.at_most or "")
        if isinstance(mine, Interval) and isinstance(floor, Interval) and mine.high < floor.low:
            yield _contradiction(question, mine.high, "below", question.at_least, floor.low)
        if isinstance(mine, Interval) and isinstance(ceiling, Interval) and mine.low > ceiling.high:
            yield _contradiction(question, mine.low, "above", question.at_most, ceiling.high)


def _contradiction(question: Question, mine: float, where: str, other: str | None, theirs: float) -> Problem:
    one, two = format_quantity(mine, question.unit), format_quantity(theirs, question.unit)
    message = f"{question.id} ({one}) is {where} {other} ({two})."
    return problem_at(question.id, "contradiction", message, f"Change it or {other}.")
