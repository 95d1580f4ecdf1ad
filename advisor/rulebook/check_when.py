"""Does a condition make sense: names, bounds and words known, like compared with like, and not true or false always.

Collects faults; does not judge what a rule says.
"""

import math
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from advisor.core.conditions import compare
from advisor.core.domains import Interval, Value
from advisor.core.quantities import QUANTITIES
from advisor.core.questions import NUMERIC, Question
from advisor.core.rulebook import Rulebook, Test, When
from advisor.rulebook.faults import Fault, Faults, way_out

ORDERED = ("at_least", "at_most", "more_than", "less_than")
_ANY = Interval(low=0.0, high=math.inf)  # what a quantity may be


def check_when(rule: str, when: When, rulebook: Rulebook, *, may_always_hold: bool = False) -> Faults:
    """Every fault of a rule's condition; a preference may always hold, as a burden that its options never lack."""
    for tests in when:
        for name, group in groupby(sorted(tests, key=attrgetter("name")), key=attrgetter("name")):
            same = (*group,)
            faults = [fault for test in same for fault in _test(rule, test, rulebook)]
            yield from faults or _senseless(rule, name, same, rulebook, may_always_hold)


def _test(rule: str, test: Test, rulebook: Rulebook) -> Faults:
    key = f"when.{test.name}"
    if test.fact is not None:
        yield from _bound_fact(rule, key, test.fact, test.size, rulebook)
    question = rulebook.questions.get(test.name)
    if question is None and test.name not in QUANTITIES:
        message = f"{rule} compares {test.name}, which is no question and no quantity."
        hint = way_out(test.name, (*rulebook.questions, *QUANTITIES))
        yield Fault(entry=rule, key=key, code="unknown_question", message=message, hint=hint, lacks=test.name)
        return
    kind = question.kind if question else "number"
    if test.comparison in ORDERED and kind not in NUMERIC:
        message = f"{rule}: {test.name} has no order, so {test.comparison} makes no sense."
        yield Fault(entry=rule, key=key, code="wrong_type", message=message, hint="Use is, one_of or none_of.")
    elif kind in NUMERIC and test.fact is None and not isinstance(test.bound, float):
        message = f"{rule}: {test.name} is a number, and {test.bound!r} is none."
        yield Fault(entry=rule, key=key, code="wrong_type", message=message, hint="Write a number, or {fact: id}.")
    elif question is not None and kind not in NUMERIC:
        yield from _words(rule, key, test, question)


def _bound_fact(rule: str, key: str, fact: str, size: str, rulebook: Rulebook) -> Faults:
    if fact not in rulebook.facts:
        message, hint = f"{rule} compares with the fact {fact}, which does not exist.", way_out(fact, rulebook.facts)
        yield Fault(entry=rule, key=key, code="unknown_fact", message=message, hint=hint, lacks=fact)
        return
    found = rulebook.facts[fact]
    numbers = all(isinstance(quote.value, float) for quote in found.cells.values())
    if size and (found.by != ("size",) or found.find(size) is None):
        message = f"{rule} compares with {fact} at {size}, which it does not have."
        hint = way_out(size, [at[0] for at in found.cells]) if found.by == ("size",) else ""
        yield Fault(entry=rule, key=key, code="unknown_size", message=message, hint=hint)
    elif not numbers or (not size and found.by not in ((), ("region",))):
        message = f"{rule} compares with {fact}, which is no number and no number by region."
        hint = "Name a size of it: {fact: id, size: one of them}." if numbers and found.by == ("size",) else ""
        yield Fault(entry=rule, key=key, code="wrong_type", message=message, hint=hint)


def _words(rule: str, key: str, test: Test, question: Question) -> Faults:
    if test.fact is not None:
        message = f"{rule}: {question.id} is no number, so it is compared with no fact."
        yield Fault(entry=rule, key=key, code="wrong_type", message=message)
        return
    if test.comparison == "is" and isinstance(test.bound, tuple):
        message = f"{rule}: {test.name} is one thing at a time; use one_of for several."
        yield Fault(entry=rule, key=key, code="wrong_type", message=message)
    if test.bound == ():
        message = f"{rule}: {test.comparison} names nothing to compare {test.name} with."
        yield Fault(entry=rule, key=key, code="empty_when", message=message, hint="Name at least one word.")
    allowed = question.may_be
    for word in _each(test.bound):
        if not any(type(word) is type(each) and word == each for each in allowed):  # since 1 equals true
            hint = way_out(str(word), [str(each).lower() for each in allowed])
            message = f"{rule}: {word!r} is no answer to {question.id}."
            yield Fault(entry=rule, key=key, code="unknown_choice", message=message, hint=hint)


def _senseless(rule: str, name: str, tests: tuple[Test, ...], rulebook: Rulebook, may_always_hold: bool) -> Faults:
    """Comparisons with one name that no answer meets together, or one that every answer meets."""
    bounds = [(test, bound) for test in tests if (bound := _find_bound(test, rulebook)) is not None]
    values = [*_samples(name, bounds, rulebook)]
    met = [[compare(test.comparison, value, bound) for value in values] for test, bound in bounds]
    if bounds and not any(all(each) for each in zip(*met, strict=True)):
        message = f"{rule} can never hold: no answer to {name} meets what it says of it."
        hint = "Mend it, or leave it out."
        yield Fault(entry=rule, key=f"when.{name}", code="never_holds", message=message, hint=hint)
    elif not may_always_hold and any(all(each) for each in met):
        message = f"{rule} says of {name} what holds of every answer."
        yield Fault(entry=rule, key=f"when.{name}", code="always_holds", message=message, hint="Leave it out.")


def _find_bound(test: Test, rulebook: Rulebook) -> Value | None:
    """What is compared with; None where it is another in each region, or where the fact could not be read."""
    if test.fact is None:
        return test.bound
    quote = rulebook.facts.quote(test.fact, *([test.size] if test.size else []))
    return quote.value if quote is not None and isinstance(quote.value, float) else None


def _samples(name: str, bounds: list[tuple[Test, Value]], rulebook: Rulebook) -> Iterator[Value]:
    """Answers among which there is one of each kind that these comparisons tell apart."""
    question = rulebook.questions.get(name)
    if question is not None and question.kind == "list":
        unwanted = {word for test, bound in bounds if test.comparison == "none_of" for word in _each(bound)}
        yield ()
        yield from (tuple(map(str, question.may_be)), tuple(map(str, sorted({*question.may_be} - unwanted))))
    elif question is not None and question.kind not in NUMERIC:
        yield from question.may_be
    else:
        within = (question.bounds if question else None) or _ANY
        is_whole = question is not None and question.kind == "integer"
        ends = [within.low, within.high, *(bound for _, bound in bounds if isinstance(bound, float))]
        near = {value for end in ends for value in _around(end, is_whole)}
        yield from sorted(value for value in near if within.holds(value))


def _each(bound: Value) -> tuple[object, ...]:
    return bound if isinstance(bound, tuple) else (bound,)


def _around(end: float, is_whole: bool) -> Iterator[float]:
    if is_whole and math.isfinite(end):
        yield from (math.floor(end) - 1.0, float(math.floor(end)), float(math.ceil(end)), math.ceil(end) + 1.0)
    else:
        yield from (math.nextafter(end, -math.inf), end, math.nextafter(end, math.inf))
