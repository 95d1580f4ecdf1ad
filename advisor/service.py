"""The one hall: what the doors (page, REST, command line) may ask for. They call this and nothing below it.

Knows no request and no terminal. The rulebook is read once a process; nothing else is remembered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from advisor import __version__
from advisor.core.answers import read_answers
from advisor.core.errors import AnswersError, Problem
from advisor.core.recommend import recommend as recommend_workload
from advisor.core.recommendation import Recommendation
from advisor.core.rulebook import Rulebook
from advisor.rulebook.loader import load_rulebook

_HEAVIEST = 9
WEIGHT = "weight_"
CONTROLS = frozenset({"as_of", "rulebook", "release"})


def find_folder(name: str) -> Path:
    """`rules` or `templates`: beside the package in a checkout, inside it in an installed wheel."""
    package = Path(__file__).resolve().parent
    beside = package.parent / name
    return beside if beside.is_dir() else package / name


@cache
def get_rulebook() -> Rulebook:
    """The rulebook of this release; raises RulebookError with every problem."""
    return load_rulebook(find_folder("rules"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What was asked, as it came: raw answers, and what is asked about them."""

    answers: Mapping[str, object]
    weights: Mapping[str, int] = field(default_factory=dict)
    as_of: date | None = None
    rulebook: str = ""


def read_query(given: Mapping[str, object]) -> Query:
    """Parts answers from weights (`weight_cost=5`), `as_of` and `rulebook`; raises AnswersError for bad ones."""
    problems: list[Problem] = []
    weights: dict[str, int] = {}
    for name in [name for name in given if name.startswith(WEIGHT)]:
        weight = _read_weight(name, given[name], problems)
        weights[name.removeprefix(WEIGHT)] = weight
    as_of = _read_day(given.get("as_of"), problems)
    answers = {name: answer for name, answer in given.items() if name not in CONTROLS and not name.startswith(WEIGHT)}
    try:
        read_answers(answers, get_rulebook().questions)
    except AnswersError as error:
        problems.extend(error.problems)
    if problems:
        raise AnswersError(*problems)
    return Query(answers=answers, weights=weights, as_of=as_of, rulebook=str(given.get("rulebook") or ""))


def _read_weight(name: str, given: object, problems: list[Problem]) -> int:
    criterion = name.removeprefix(WEIGHT)
    if criterion not in get_rulebook().criteria:
        hint = f"Criteria: {', '.join(get_rulebook().criteria)}."
        problems.append(Problem(where=name, code="unknown_criterion", message=f"No criterion “{criterion}”.", hint=hint))
    text = str(given).strip()
    if isinstance(given, bool) or not (text.isascii() and text.isdigit()) or int(text[:3]) > _HEAVIEST:
        message = f"“{text[:40]}” is no weight."
        problems.append(Problem(where=name, code="out_of_bounds", message=message, hint=f"Write 0 to {_HEAVIEST}."))
        return 0
    return int(text)


def _read_day(given: object, problems: list[Problem]) -> date | None:
    if given in (None, ""):
        return None
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        message = f"“{str(given)[:40]}” is no day."
        problems.append(Problem(where="as_of", code="bad_date", message=message, hint="Write it as 2025-07-01."))
        return None


def recommend(query: Query) -> Recommendation:
    """The whole answer to a query; raises AnswersError with every problem."""
    rulebook = get_rulebook()
    workload = read_answers(query.answers, rulebook.questions)
    return recommend_workload(workload, rulebook, query.weights, query.as_of)


def read_pairs(pairs: Iterable[tuple[str, list[str]]]) -> dict[str, object]:
    """A query string's names and values as raw answers: a name that repeats is a list, an empty one no answer."""
    given: dict[str, object] = {}
    for name, values in pairs:
        filled = [value for value in values if value != ""]
        if filled:
            given[name] = filled[0] if len(filled) == 1 else filled
    return given


def release() -> str:
    """The version of the code."""
    return __version__
