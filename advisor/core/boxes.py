"""Boxes: workloads whose domains are cut in parts, each with its assumed values inside; no completion is lost.

Parts end exactly where a rule turns, so that a rule that depends on a box can hold or fail in each of its parts.
Knows no score and no option.
"""

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from advisor.core.conditions import bound_at
from advisor.core.domains import Choices, Domain, Interval, Members, nearest
from advisor.core.index import index_rules
from advisor.core.questions import Question
from advisor.core.rulebook import Rulebook, Test
from advisor.core.workload import Workload, vary


def restrict(box: Workload, domains: Mapping[str, Domain]) -> Workload:
    """The box with these domains instead, and the assumed values moved into them."""
    values = {name: nearest(domain, getattr(box, name)) for name, domain in domains.items()}
    return vary(box, domains=MappingProxyType({**box.domains, **domains}), **values)


def split(box: Workload, name: str, rulebook: Rulebook) -> Iterator[Workload]:
    """The box in parts along one question: each choice, a word in or out, an interval at one turning point."""
    for domain in _parts(name, box, rulebook):
        part = tighten(restrict(box, {name: domain}), rulebook.questions)
        if part is not None:
            yield part


def tighten(box: Workload, questions: Mapping[str, Question]) -> Workload | None:
    """Domains cut to what is possible at all (a peak is no smaller than the average); None if nothing is.

    What is only unlikely stays: a peak of a hundred times the average is still a completion.
    """
    cut: dict[str, Domain] = {}
    for question in questions.values():
        domain = box.domains[question.id]
        if isinstance(domain, Interval):
            low, high = question.cut_by_neighbours(domain, box.domains)
            if low > high:
                return None
            if (low, high) != (domain.low, domain.high):
                cut[question.id] = Interval(low=low, high=high)
    return restrict(box, cut) if cut else box


def halve(domain: Interval, question: Question) -> tuple[Interval, ...]:
    """The domain in two parts, wherever rules turn: cut before a whole number if it can be, as bills count in those."""
    if domain.low >= domain.high:
        return ()
    cut = middle = _middle(domain)
    if math.floor(domain.high) > domain.low:
        whole = max(math.floor(middle), math.floor(domain.low) + 1)
        cut = whole - 1.0 if question.kind == "integer" else math.nextafter(whole, -math.inf)
    return _cut_at(cut, domain, question)


def cells(name: str, box: Workload, rulebook: Rulebook) -> Iterator[Domain]:
    """The parts of a domain between all points at which rules turn; a list is left whole."""
    domain = box.domains[name]
    match domain:
        case Choices(values=values):
            yield from (Choices(values=(value,)) for value in values)
        case Interval(low=low):
            for end in _turning_points(name, domain, box, rulebook):
                yield Interval(low=low, high=end)
                low = _after(end, rulebook.questions[name])
            yield Interval(low=low, high=domain.high)
        case Members():
            yield domain


def _parts(name: str, box: Workload, rulebook: Rulebook) -> Iterator[Domain]:
    domain = box.domains[name]
    match domain:
        case Members(all_of=all_of, maybe=maybe) if maybe:
            yield Members(all_of=(*all_of, maybe[0]), maybe=maybe[1:])
            yield Members(all_of=all_of, maybe=maybe[1:])
        case Choices():
            yield from cells(name, box, rulebook)
        case Interval(low=low, high=high) if low < high:
            yield from _cut_at(_cut(name, domain, box, rulebook), domain, rulebook.questions[name])


def _cut_at(end: float, domain: Interval, question: Question) -> tuple[Interval, Interval]:
    """Up to this value, and from the next one on."""
    return Interval(low=domain.low, high=end), Interval(low=_after(end, question), high=domain.high)


def _cut(name: str, domain: Interval, box: Workload, rulebook: Rulebook) -> float:
    """The turning point nearest the middle, else the middle; the geometric one, since quantities span magnitudes."""
    middle = _middle(domain)
    points = _turning_points(name, domain, box, rulebook)
    if points:
        return min(points, key=lambda point: abs(math.log(max(point, 1e-12) / middle)))
    return float(math.floor(middle)) if rulebook.questions[name].kind == "integer" else middle


def _middle(domain: Interval) -> float:
    if domain.low > 0:
        return min(max(math.sqrt(domain.low) * math.sqrt(domain.high), domain.low), math.nextafter(domain.high, 0))
    return min(math.sqrt(domain.high), domain.high / 2)


def _turning_points(name: str, domain: Interval, box: Workload, rulebook: Rulebook) -> list[float]:
    """The last values before a rule turns, inside the domain and in order."""
    found: set[float] = set()
    whole = rulebook.questions[name].kind == "integer"
    for test in index_rules(rulebook).tests[name]:
        found.update(_turns(name, test, box))
    points = {float(math.floor(point)) if whole else point for point in found}
    return sorted(point for point in points if domain.low <= point < domain.high)


def _turns(name: str, test: Test, box: Workload) -> Iterator[float]:
    bound = bound_at(test, box.region)
    if isinstance(bound, bool) or not isinstance(bound, int | float):
        return
    if test.name == name:
        if test.comparison in ("more_than", "at_most", "is"):
            yield float(bound)
        if test.comparison in ("at_least", "less_than", "is"):
            yield math.nextafter(bound, -math.inf)
    else:
        yield from _reaching(name, test.name, float(bound), box)


def _reaching(name: str, quantity: str, bound: float, box: Workload) -> Iterator[float]:
    """Most quantities are proportional to a question or to its inverse; a wrong guess only cuts elsewhere."""
    now, value = float(getattr(box, name)), float(getattr(box, quantity))
    if now > 0 and value > 0 and bound > 0:
        yield now * bound / value
        yield now * value / bound


def _after(end: float, question: Question) -> float:
    return end + 1 if question.kind == "integer" else math.nextafter(end, math.inf)
