"""The hall of those who keep the rulebook: what its advice and its arithmetic are held against, and how it has aged.

Knows no request and no terminal.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

from advisor.core.ageing import Aged, find_aged, find_ahead
from advisor.core.agreement import UNREADABLE, Agreement, PublishedCase, accepted_families, score_case, unreadable
from advisor.core.answers import read_answers
from advisor.core.cases import Case, find_question_problems, find_rule_problems, weigh_preferences
from advisor.core.compiled import compile_rules
from advisor.core.costs import Costs
from advisor.core.differences import Difference, compare_rulebooks
from advisor.core.errors import AnswersError, Problem, RulebookError
from advisor.core.examples import ExamplesReport
from advisor.core.examples import check_examples as run_examples
from advisor.core.query import Query
from advisor.core.rank import merge_weights
from advisor.core.rulebook import Rulebook
from advisor.rulebook.cases import load_cases
from advisor.rulebook.loader import MISSING_FOLDER, load_rulebook
from advisor.rulebook.published import read_published_cases
from advisor.rulebook.worked_examples import read_examples
from advisor.service import find_folder, get_rulebook, recommend

_PUBLISHED = "cases/published/calibration.yaml"


@cache
def get_cases() -> Mapping[str, tuple[Case, ...]]:
    """The cases of each file in rules/cases; raises RulebookError with every problem."""
    return load_cases(find_folder("rules"), lambda: get_rulebook().questions)


def get_published_cases(path: Path | None = None) -> tuple[PublishedCase, ...]:
    """The published decisions of a file, else those beside the rules, where there are any; raises AnswersError."""
    if path is not None:
        return read_published_cases(path, path.name)
    ours = find_folder("rules") / _PUBLISHED
    return read_published_cases(ours, _PUBLISHED) if ours.exists() else ()


def score_published(case: PublishedCase, *, complete: bool = False) -> Agreement:
    """The advice for a published case beside what was chosen; `complete` answers that nothing else is needed."""
    answers = {"nothing_else": True, **case.answers} if complete else case.answers
    try:
        return score_case(case, recommend(Query(answers=answers)), get_rulebook())
    except AnswersError as error:
        return unreadable(case, error.problems)


@cache
def glance_published() -> tuple[tuple[PublishedCase, str, bool], ...]:
    """Each published decision with the outcome at the assumed values, and whether that is what was chosen.

    How firm the advice is takes the whole recommendation; `score_published` has it.
    """
    rulebook = get_rulebook()
    rules, weights, costs = compile_rules(rulebook), merge_weights(rulebook, {}), Costs(rulebook.facts)
    found = []
    for case in get_published_cases():
        try:
            outcome = rules.rank(read_answers(case.answers, rulebook.questions), weights, costs).outcome
        except AnswersError:
            outcome = UNREADABLE
        found.append((case, outcome, outcome in accepted_families(case, rulebook)))
    return tuple(found)


def lint_rules() -> tuple[Problem, ...]:
    """What the cases say of the rules: silent, shadowed, contradicting, never deciding, or turning one case alone; and
    which questions nothing reads or no case answers."""
    rulebook, cases = get_rulebook(), [case for cases in get_cases().values() for case in cases]
    found = (find_rule_problems, find_question_problems, weigh_preferences)
    return tuple(problem for find in found for problem in find(rulebook, cases))


def find_aged_facts(max_age_days: int, today: date) -> tuple[Aged, ...]:
    """Facts that nobody checked for so many days, oldest first."""
    return find_aged(get_rulebook().facts.values(), today, max_age_days)


def find_facts_ahead(today: date) -> tuple[Aged, ...]:
    """Facts that say that they were checked on a day that has not come, furthest first."""
    return find_ahead(get_rulebook().facts.values(), today)


def diff_rulebooks(before: Path, after: Path) -> Difference:
    """What two folders like rules/ decide differently, on the cases that ship with us; raises RulebookError, or
    AnswersError where there is no such folder."""
    old, new = _load_all(before, after)
    cases = [(case.id, case.answers) for cases in get_cases().values() for case in cases]
    cases += [(case.id, case.answers) for case in get_published_cases()]
    return compare_rulebooks(old, new, cases)


def _load_all(*folders: Path) -> list[Rulebook]:
    """The rulebook of each; a problem in one says in which folder."""
    found: list[Rulebook] = []
    problems: list[Problem] = []
    for folder in folders:
        try:
            found.append(load_rulebook(folder))
        except RulebookError as error:
            for each in error.problems:
                is_whole = each.code == MISSING_FOLDER
                problems.append(each if is_whole else replace(each, where=f"{folder}/{each.where}"))
    if problems:
        is_named_wrong = any(each.code == MISSING_FOLDER for each in problems)
        raise (AnswersError if is_named_wrong else RulebookError)(*dict.fromkeys(problems))
    return found


def check_examples(path: Path) -> ExamplesReport:
    """Worked examples from a file run through our arithmetic; raises AnswersError when it has another form."""
    return run_examples(read_examples(path), get_rulebook().facts)
