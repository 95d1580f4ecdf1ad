"""Who reads whom in a rulebook: found once, and asked for each what-if. Knows no answer."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter

from advisor.core.costs import CHOICES, NUMBERS
from advisor.core.quantities import questions_behind
from advisor.core.questions import Multiple, Question, Within
from advisor.core.rulebook import Rulebook, Test
from advisor.core.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """`tests` are the comparisons that a question turns, itself or through a quantity; `words` those of a list that
    some rule looks at. `deciding` are the questions that some rule, some bill or the budget reads, `read_deciding`
    reads the answers to them; `gliding` are those along which more than their own comparisons may turn: a bill, or
    what follows from them. `followers` are the questions whose domain or assumed value hangs on a question, in their
    order; `ahead` those that a question reads although they come later, which counts only where they are stated.
    `below` are those whose answer may not be above a question's, `above` those whose answer may not be below it."""

    tests: Mapping[str, tuple[Test, ...]]
    deciding: tuple[str, ...]
    read_deciding: Callable[[Workload], object]
    gliding: frozenset[str]
    followers: Mapping[str, tuple[Question, ...]]
    ahead: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]
    below: Mapping[str, tuple[str, ...]]
    above: Mapping[str, tuple[str, ...]]


def index_rules(rulebook: Rulebook) -> Index:
    """The index, kept with its rulebook."""
    return rulebook.remember("index", lambda: _find(rulebook))


def is_known_enough(workload: Workload, rulebook: Rulebook) -> bool:
    """Whether nothing is open that some rule, some bill or the budget reads."""
    domains = workload.domains
    return workload.is_known or all(domains[name].is_known for name in index_rules(rulebook).deciding)


def _find(rulebook: Rulebook) -> Index:
    every = tuple(dict.fromkeys(test for rule in rulebook.rules for tests in rule.when for test in tests))
    behind = {test: questions_behind(test.name) for test in every}
    compared = {question for each in behind.values() for question in each}
    followers = {name: tuple(_followers(name, rulebook)) for name in rulebook.questions}
    billed = {*NUMBERS, "budget_usd_per_month"}
    pairs = dict.fromkeys(_pairs(rulebook))
    deciding = tuple(sorted({*compared, *CHOICES, *billed, "region"}))
    return Index(
        tests={name: tuple(test for test in every if name in behind[test]) for name in rulebook.questions},
        deciding=deciding,
        read_deciding=attrgetter(*deciding),
        gliding=frozenset(name for name, after in followers.items() if len(after) > 1 or name in billed),
        followers=followers,
        ahead=_ahead(rulebook),
        words={name: frozenset(_words(name, every)) for name in rulebook.questions},
        below={name: tuple(low for low, high in pairs if high == name) for name in rulebook.questions},
        above={name: tuple(high for low, high in pairs if low == name) for name in rulebook.questions},
    )


def _followers(name: str, rulebook: Rulebook) -> Iterator[Question]:
    """Of `nothing_else` every question; else the question itself and who reads it or another follower."""
    found = {name}
    for question in rulebook.questions.values():  # in an order in which none reads a later one
        if name in ("nothing_else", question.id) or not found.isdisjoint(_read_by(question)):
            found.add(question.id)
            yield question


def _pairs(rulebook: Rulebook) -> Iterator[tuple[str, str]]:
    """Two questions of which the first may not be answered with more than the second."""
    for question in rulebook.questions.values():
        if question.at_least:
            yield question.at_least, question.id
        if question.at_most:
            yield question.id, question.at_most


def _ahead(rulebook: Rulebook) -> dict[str, frozenset[str]]:
    names = list(rulebook.questions)
    later = {name: set(names[place:]) for place, name in enumerate(names)}
    found = {
        question.id: frozenset(name for name in _read_by(question) if name in later[question.id])
        for question in rulebook.questions.values()
    }
    return {name: ahead for name, ahead in found.items() if ahead}


def _read_by(question: Question) -> Iterator[str | None]:
    yield from (question.at_least, question.at_most, question.only_where.of if question.only_where else None)
    yield question.assume_up_to.over if question.assume_up_to else None
    for source in (question.assume, question.assume_from, question.within):
        if isinstance(source, Multiple | Within):
            yield from (source.of, source.over)


def _words(name: str, tests: tuple[Test, ...]) -> Iterator[str]:
    for test in tests:
        if test.name == name:
            yield from test.bound if isinstance(test.bound, tuple) else (str(test.bound),)
