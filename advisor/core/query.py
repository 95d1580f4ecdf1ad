"""What came in by some door, parted: answers, and what is asked about them (weights, day, option, name, language).

Knows the rulebook's names, and of the doors only how each takes what is no answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from advisor.core.answers import read_answers
from advisor.core.errors import AnswersError, Problem
from advisor.core.parse import show_answer
from advisor.core.rulebook import HEAVIEST, Rulebook
from advisor.core.workload import Workload, vary

WEIGHT = "weight_"
CONTROLS = frozenset({"as_of", "rulebook", "release", "option", "language", "name"})
LANGUAGES = ("python", "typescript", "java", "go")
UNNAMED = "messages"  # the name of a project that nobody named
_ASKED_OTHERWISE = {  # what is asked, but not so
    "weights": "Write each by its criterion, such as weight_cost=5.",
    "explain": "It goes into an address that takes it (?explain=none), or beside a batch (--explain summary).",
    "format": "It goes into an address that takes it (?format=yaml), or beside a command (--format yaml).",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What was asked, as it came: raw answers, and what is asked about them.

    `workload` is what the answers read as, where somebody read them; read_query does.
    """

    answers: Mapping[str, object]
    weights: Mapping[str, int] = field(default_factory=dict)
    as_of: date | None = None
    rulebook: str = ""
    option: str = ""
    language: str = LANGUAGES[0]
    name: str = UNNAMED
    workload: Workload | None = field(default=None, compare=False, repr=False)


def read_query(given: Mapping[str, object], rulebook: Rulebook) -> Query:
    """Parts answers from weights (`weight_cost=5`), `as_of` and `rulebook`; raises AnswersError for bad ones."""
    problems: list[Problem] = []
    weights: dict[str, int] = {}
    answers = dict(given)
    for each in [each for each in given if each not in rulebook.questions]:
        if each.startswith(WEIGHT):
            weight = answers.pop(each)
            if weight is not None:
                weights[each.removeprefix(WEIGHT)] = _read_weight(each, weight, rulebook, problems)
        elif each in CONTROLS:
            del answers[each]
        elif each in _ASKED_OTHERWISE:
            del answers[each]
            message, hint = f"There is no question “{each}”.", _ASKED_OTHERWISE[each]
            problems.append(Problem(where=each, code="unknown_question", message=message, hint=hint))
    as_of = _read_day(given.get("as_of"), problems)
    option = _read_word("option", given, tuple(rulebook.options), problems)
    language = _read_word("language", given, LANGUAGES, problems) or LANGUAGES[0]
    pinned, name = _read_text("rulebook", given, problems), _read_text("name", given, problems)
    _read_text("release", given, problems)
    workload = None
    try:
        workload = _go_back(read_answers(answers, rulebook.questions), as_of, rulebook)
    except AnswersError as error:
        problems.extend(error.problems)
    if problems:
        raise AnswersError(*problems)
    return Query(
        answers=answers,
        weights=weights,
        as_of=as_of,
        rulebook=pinned,
        option=option,
        language=language,
        name=name or UNNAMED,
        workload=workload,
    )


def _go_back(workload: Workload, as_of: date | None, rulebook: Rulebook) -> Workload:
    """With calls to SQS as large as on that day, and a remark where nothing is on record of so early or late a one."""
    if as_of is None:
        return workload
    workload = vary(workload, call_bytes=rulebook.as_of(as_of).facts.number("sqs_batch_bytes_max"))
    return vary(workload, remarks=(*workload.remarks, *_beyond_records(as_of, rulebook)))


def _beyond_records(day: date, rulebook: Rulebook) -> Iterator[Problem]:
    first, last = next(iter(rulebook.changes()), date.min), rulebook.last_checked()
    if day < first:
        message = f"The first change on record is of {first}; {day} is answered with what held just before it."
        yield Problem(where="as_of", code="before_records", message=message, hint="Not every option existed so early.")
    if day > last:
        message = f"No fact was checked after {last}; {day} is answered with what held then."
        yield Problem(where="as_of", code="after_records", message=message, hint="Prices and limits may have changed.")


def _read_word(name: str, given: Mapping[str, object], allowed: tuple[str, ...], problems: list[Problem]) -> str:
    word = _read_text(name, given, problems)
    if word and word not in allowed:
        hint = f"Choose one of {', '.join(allowed)}."
        problems.append(Problem(where=name, code="unknown_choice", message=f"“{word[:40]}” is no {name}.", hint=hint))
    return word


def _read_text(name: str, given: Mapping[str, object], problems: list[Problem]) -> str:
    text = given.get(name)
    if text is None or isinstance(text, str):
        return text or ""
    message = f"{show_answer(text)} is no word."
    problems.append(Problem(where=name, code="wrong_type", message=message, hint="Write one word."))
    return ""


def _read_weight(name: str, given: object, rulebook: Rulebook, problems: list[Problem]) -> int:
    criterion = name.removeprefix(WEIGHT)
    if criterion not in rulebook.criteria:
        hint = f"Criteria: {', '.join(rulebook.criteria)}."
        problems.append(
            Problem(where=name, code="unknown_criterion", message=f"No criterion “{criterion}”.", hint=hint)
        )
    text = f"{given:g}" if isinstance(given, float) else str(given).strip()
    if isinstance(given, bool) or not (len(text) == 1 and text in "0123456789"):
        message = f"{show_answer(given)} is no weight."
        problems.append(Problem(where=name, code="out_of_bounds", message=message, hint=f"Write 0 to {HEAVIEST}."))
        return 0
    return int(text)


def _read_day(given: object, problems: list[Problem]) -> date | None:
    if given in (None, ""):
        return None
    try:
        return date.fromisoformat(str(given) if isinstance(given, str | date) else "")
    except ValueError:
        message = f"{show_answer(given)} is no day."
        problems.append(Problem(where="as_of", code="bad_date", message=message, hint="Write it as 2025-07-01."))
        return None


def read_pairs(pairs: Iterable[tuple[str, list[str]]]) -> dict[str, object]:
    """A query string's names and values as raw answers: a name that repeats is a list, an empty one no answer."""
    given: dict[str, object] = {}
    for name, values in pairs:
        filled = [value for value in values if value != ""]
        if filled:
            given[name] = filled[0] if len(filled) == 1 else filled
    return given
