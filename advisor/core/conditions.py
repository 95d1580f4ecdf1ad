"""Does a `when` hold for a workload: yes, no, or it depends, and then on which questions.

Three-valued over the workload's domains. Knows nothing of options, points or prices.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from advisor.core.domains import Choices, Domain, Interval, Members, Value
from advisor.core.quantities import VARYING, questions_behind
from advisor.core.rulebook import Test, When
from advisor.core.workload import Workload, vary

YES, NO, DEPENDS = "yes", "no", "depends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """`answer` is yes, no or depends; `on` names the open questions that it hangs on."""

    answer: str
    on: tuple[str, ...] = ()


_YES, _NO = Truth(answer=YES), Truth(answer=NO)


def holds(when: When, workload: Workload) -> Truth:
    """Over the whole domains: yes if it holds for every completion, no if for none, else depends."""
    alternatives = (_weigh_up((judge_test(test, workload) for test in tests), _NO, _YES) for tests in when)
    return _weigh_up(alternatives, _YES, _NO)


def holds_as_assumed(when: When, workload: Workload) -> bool:
    """At the assumed values alone."""
    for tests in when:  # loops, since most of the time of a ranking is spent here
        for test in tests:
            bound = bound_at(test, workload.region) if test.by_region else test.bound
            if not compare(test.comparison, getattr(workload, test.name), bound):
                break
        else:
            return True
    return False


def _weigh_up(truths: Iterable[Truth], decisive: Truth, otherwise: Truth) -> Truth:
    """The first that decides, yes among alternatives and no among tests that must all hold; else what is left open."""
    on: list[str] = []
    for truth in truths:
        if truth.answer == decisive.answer:
            return decisive
        on.extend(truth.on)
    return Truth(answer=DEPENDS, on=tuple(dict.fromkeys(on))) if on else otherwise


def judge_test(test: Test, workload: Workload) -> Truth:
    """One comparison over the domain of the question or the range of the quantity that it names."""
    bounds, value = _bounds(test, workload), _known_value(test.name, workload)
    if value is not None and len(bounds) == 1:  # most comparisons of most workloads: two plain values
        return _YES if compare(test.comparison, value, bounds[0]) else _NO
    domain, on = spread_of(test.name, workload)
    verdicts = {_over(test, bound, domain) for bound in bounds}
    if len(verdicts) == 1 and DEPENDS not in verdicts:
        return _YES if YES in verdicts else _NO
    if test.by_region and not _region(workload).is_known:
        on = (*on, "region")
    return Truth(answer=DEPENDS, on=on)


def spread_of(name: str, workload: Workload) -> tuple[Domain, tuple[str, ...]]:
    """What a question or a derived quantity may be, and the open questions behind it."""
    domain = workload.domains.get(name)
    if domain is not None:
        return domain, () if domain.is_known else (name,)
    value = _known_value(name, workload)
    if isinstance(value, int | float):
        return Interval(low=value, high=value), ()
    light, heavy = workload.lightest, workload.heaviest
    lows = [getattr(each, name) for each in _each_choice(light, VARYING.get(name, ()))]
    highs = [getattr(each, name) for each in _each_choice(heavy, VARYING.get(name, ()))]
    interval = Interval(low=min(lows), high=max(highs))
    return interval, () if interval.is_known else _open_behind(name, workload)


def _known_value(name: str, workload: Workload) -> Value | None:
    """The one value that a question or a quantity can have; None where something behind it is open."""
    domains = workload.domains
    domain = domains.get(name)
    if domain is not None:
        return domain.sole if domain.is_known else None
    for question in questions_behind(name):
        domain = domains.get(question)
        if domain is None or not domain.is_known:
            return None
    value: float = getattr(workload, name)
    return value


def _each_choice(workload: Workload, names: tuple[str, ...]) -> Iterable[Workload]:
    domains = [workload.domains[name] for name in names]
    for combination in product(*(domain.values for domain in domains if isinstance(domain, Choices))):
        yield vary(workload, **dict(zip(names, combination, strict=True)))


def _open_behind(name: str, workload: Workload) -> tuple[str, ...]:
    return tuple(question for question in questions_behind(name) if not workload.domains[question].is_known)


def _region(workload: Workload) -> Domain:
    return workload.domains["region"]


def _bounds(test: Test, workload: Workload) -> tuple[Value, ...]:
    if not test.by_region:
        return (test.bound,)
    region = _region(workload)
    names = region.values if isinstance(region, Choices) else ()
    return tuple(dict.fromkeys(bound_at(test, str(name)) for name in names))


def bound_at(test: Test, region: str) -> Value:
    """The bound in one region; the cell `other` stands for regions that the fact does not name."""
    table = dict(test.by_region)
    return table.get(region, table.get("other", test.bound)) if table else test.bound


def compare(comparison: str, value: Value, bound: Value) -> bool:
    """One comparison of plain values; on lists, `is` means contains, `one_of` contains any, `none_of` none."""
    match comparison:
        case "is":
            return bound in value if isinstance(value, tuple) else value == bound
        case "one_of":
            wanted = bound if isinstance(bound, tuple) else (bound,)
            return any(word in value for word in wanted) if isinstance(value, tuple) else value in wanted
        case "none_of":
            return not compare("one_of", value, bound)
        case "at_least":
            return _number(value) >= _number(bound)
        case "at_most":
            return _number(value) <= _number(bound)
        case "more_than":
            return _number(value) > _number(bound)
        case "less_than":
            return _number(value) < _number(bound)
    raise ValueError(comparison)


def _number(value: Value) -> float:
    if isinstance(value, int | float):
        return value
    raise TypeError(f"{value!r} is no number")


def _over(test: Test, bound: Value, domain: Domain) -> str:
    match domain:
        case Interval(low=low, high=high):
            if test.comparison == "is" and not domain.is_known:
                return DEPENDS if domain.holds(bound) else NO
            verdicts = {compare(test.comparison, low, bound), compare(test.comparison, high, bound)}
        case Choices(values=values):
            verdicts = {compare(test.comparison, value, bound) for value in values}
        case Members(all_of=all_of, maybe=maybe):
            verdicts = {compare(test.comparison, words, bound) for words in (all_of, (*all_of, *maybe))}
    if len(verdicts) > 1:
        return DEPENDS
    return YES if verdicts.pop() else NO
