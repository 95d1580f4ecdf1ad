"""Fills in what was not answered: a domain and an assumed value for every question, never touching what was stated.

Knows questions, not rules; reads no text.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import fields
from types import MappingProxyType
from typing import Any

from advisor.core.domains import Choices, Domain, Interval, Members, Value, known
from advisor.core.errors import Problem
from advisor.core.index import Index, index_rules
from advisor.core.once import once
from advisor.core.questions import Multiple, Question, Where
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload, make_workload, vary

STATED, MEASURED, ASSUMED = "stated", "measured", "assumed"
# The workload's fields that must each have a question.
ASKED = frozenset(field.name for field in fields(Workload)) - {"domains", "grades", "remarks", "call_bytes"}


def settle(
    stated: Mapping[str, Domain],
    questions: Iterable[Question],
    grades: Mapping[str, str],
    remarks: tuple[Problem, ...],
) -> Workload:
    """The whole workload from the stated domains. Questions come in an order in which none reads a later one."""
    domains: dict[str, Domain] = {}
    values: dict[str, Value] = {}
    closed, is_known = stated.get("nothing_else") == known(True), True
    for question in questions:
        name = question.id
        domain = stated.get(name)
        if domain is not None and domain.is_known:  # most are, and then there is nothing to settle
            domains[name], values[name] = domain, domain.sole
            continue
        domain, values[name] = _settle_one(question, stated, domains, values, closed=closed)
        domains[name] = domain
        is_known = is_known and domain.is_known
    every_grade = {name: grades.get(name, STATED) if name in stated else ASSUMED for name in domains}
    others = {"domains": MappingProxyType(domains), "grades": MappingProxyType(every_grade)}
    return make_workload({**values, **others, "remarks": remarks, "is_known": is_known})


@once
def stated_of(workload: Workload) -> dict[str, Domain]:
    """The domains that somebody stated or measured."""
    domains = workload.domains
    return {name: domains[name] for name, grade in workload.grades.items() if grade != ASSUMED}


def restate(workload: Workload, rulebook: Rulebook, name: str, domain: Domain) -> Workload:
    """The same workload had that one question been answered so; what is assumed follows.

    As `settle` would make it (tested); only what hangs on that question is settled again.
    """
    index = index_rules(rulebook)
    followers, grades = index.followers[name], workload.grades
    if grades[name] != STATED:
        grades = MappingProxyType({**grades, name: STATED})
    if len(followers) == 1 and domain.is_known:
        domains = MappingProxyType({**workload.domains, name: domain})
        return vary(workload, domains=domains, grades=grades, **{name: domain.sole})
    return vary(workload, grades=grades, **_settle_again(followers, workload, index, name, domain))


def _settle_again(
    followers: Iterable[Question], workload: Workload, index: Index, name: str, domain: Domain
) -> dict[str, Any]:
    """What is different then: the followers' values, and all domains."""
    stated = {**stated_of(workload), name: domain}
    domains, values = dict(workload.domains), dict(workload.__dict__)
    closed = stated.get("nothing_else") == known(True)
    changed: dict[str, Any] = {}
    for question in followers:
        ahead = index.ahead.get(question.id)
        before = {each: domains[each] for each in domains if each not in ahead} if ahead else domains
        settled, value = _settle_one(question, stated, before, values, closed=closed)
        domains[question.id], values[question.id], changed[question.id] = settled, value, value
    return changed | {"domains": MappingProxyType(domains)}


def _settle_one(
    question: Question,
    stated: Mapping[str, Domain],
    domains: Mapping[str, Domain],
    values: Mapping[str, Value],
    *,
    closed: bool,
) -> tuple[Domain, Value]:
    domain = stated.get(question.id)
    if domain is not None:
        return domain, domain.sole if domain.is_known else _inside(question, domain, values, stated, domains)
    if closed and question.closed_to is not None:
        return known(question.closed_to), question.closed_to
    domain = _reckon(question, stated, domains)
    return domain, _inside(question, domain, values, stated, domains)


def _reckon(question: Question, stated: Mapping[str, Domain], domains: Mapping[str, Domain]) -> Domain:
    """The domain of an unanswered question, narrowed by the answers that bound it."""
    if question.only_where and not _may_hold(question.only_where, domains):
        assert not isinstance(question.assume, Multiple), question.id  # nothing to ask, nothing to reckon from
        return known(question.assume)
    if question.unanswered is not None:
        return question.unanswered
    near = {name: stated.get(name) or domains.get(name) for name in (question.at_least, question.at_most) if name}
    return bounded(question, {name: domain for name, domain in near.items() if domain}, _plausible(question, domains))


def _may_hold(where: Where, domains: Mapping[str, Domain]) -> bool:
    listed = domains[where.of]
    return isinstance(listed, Members) and where.word in (*listed.all_of, *listed.maybe)


def _plausible(question: Question, domains: Mapping[str, Domain]) -> Interval:
    within, plausible = question.within, question.plausible
    if within is None:
        assert plausible is not None, question.id  # the reader demands one of the two
        return plausible
    of = _interval(domains, within.of)
    over = _interval(domains, within.over).high if within.over else 1.0
    return Interval(low=within.low * of.low / over, high=within.high * of.high)


def bounded(question: Question, domains: Mapping[str, Domain], plausible: Interval) -> Interval:
    """`plausible` cut to the bounds and to `at_least` and `at_most`; where nothing is left, the nearest end."""
    low, high = plausible.low, plausible.high
    if question.at_least in domains:
        low = max(low, _interval(domains, question.at_least).low)
        high = max(high, low)
    if question.at_most in domains:
        high = min(high, _interval(domains, question.at_most).high)
        low = min(low, high)
    if question.bounds is not None:
        low, high = question.bounds.clip(low), question.bounds.clip(high)
    return Interval(low=low, high=high)


def _interval(domains: Mapping[str, Domain], name: str | None) -> Interval:
    domain = domains[name or ""]
    assert isinstance(domain, Interval), name  # the reader checks that only numbers are read so
    return domain


def _inside(
    question: Question,
    domain: Domain,
    values: Mapping[str, Value],
    stated: Mapping[str, Domain],
    domains: Mapping[str, Domain],
) -> Value:
    """A value of the domain, and no higher than one of `domains` that bounds it is taken to be."""
    match domain:
        case Members(all_of=all_of):
            return all_of
        case Choices(values=possible):
            assumed = question.assume
            return assumed if isinstance(assumed, str | bool) and assumed in possible else possible[0]
        case Interval():
            if question.id in stated:
                middle = _middle(domain)
                return float(round(middle)) if question.kind == "integer" else middle
            number, above = domain.clip(reckon(question, values, stated)), question.at_most
            ceiling = values[above] if above is not None and above in domains else None
            return min(number, ceiling) if isinstance(ceiling, float) else number


def _middle(domain: Interval) -> float:
    """Of a stated range: the geometric mean, for quantities spread over magnitudes; the mean where it touches 0."""
    if domain.is_known:
        return domain.low
    return math.sqrt(domain.low * domain.high) if domain.low > 0 else (domain.low + domain.high) / 2


def reckon(question: Question, values: Mapping[str, Value], stated: Mapping[str, Domain]) -> float:
    """The number that is taken for an unanswered question, before it is kept within what it may be."""
    source = question.assume_from
    if source is not None and source.of in stated:
        domain = stated[source.of]
        return source.times * (_middle(domain) if isinstance(domain, Interval) else 1.0)
    assume, most = question.assume, question.assume_up_to
    number = _multiply(assume, values) if isinstance(assume, Multiple) else float(assume)  # type: ignore[arg-type]
    return number if most is None else min(number, most.for_each(values[most.over]))


def _multiply(multiple: Multiple, values: Mapping[str, Value]) -> float:
    over = float(values[multiple.over]) if multiple.over else 1.0  # type: ignore[arg-type]
    return multiple.times * float(values[multiple.of]) / over  # type: ignore[arg-type]
