"""Do the entries of a rulebook fit together: every name known, every comparison of like with like, every fact sourced.

Collects problems; decides nothing about the advice itself.
"""

import re
from collections.abc import Iterator, Mapping

from advisor.core.assume import asked_fields
from advisor.core.domains import Value
from advisor.core.errors import Problem
from advisor.core.quantities import QUANTITIES
from advisor.core.questions import Multiple, Question
from advisor.core.rulebook import Comparison, Constraint, Rulebook, Signpost, Test, When

_ORDERED = ("at_least", "at_most", "more_than", "less_than")
_NUMERIC = ("number", "integer")
_PLACEHOLDER = re.compile(r"\{[a-z][a-z0-9_]*\}")
_WEAK = ("secondary", "unverified")


def check_rules(rulebook: Rulebook, places: Mapping[str, str]) -> Iterator[Problem]:
    """Every problem, at the place of the entry that has it."""
    checks = (
        ("questions.yaml", _questions),
        ("facts", _facts),
        ("constraints.yaml", _constraints),
        ("criteria.yaml", _preferences),
        ("signposts.yaml", _signposts),
        ("comparison.yaml", _comparisons),
    )
    for file, check in checks:
        for name, code, message in check(rulebook):
            yield Problem(where=places.get(name, f"{file}:1"), code=code, message=message)


_Faults = Iterator[tuple[str, str, str]]


def _questions(rulebook: Rulebook) -> _Faults:
    asked = set(rulebook.questions)
    for name in sorted(asked_fields() - asked):
        yield name, "missing_question", f"The workload's field {name} has no question in questions.yaml."
    for name in sorted(asked - asked_fields()):
        yield name, "missing_field", f"Question {name} has no field in the workload."
    seen: set[str] = set()
    for question in rulebook.questions.values():
        for read in _read_by(question):
            if read not in seen:
                yield question.id, "not_above", f"{question.id} reads {read}, which must stand above it."
        for bound in filter(None, (question.at_least, question.at_most)):
            if bound not in asked or rulebook.questions[bound].kind not in _NUMERIC:
                yield question.id, "unknown_question", f"{question.id} is bounded by {bound}, which is no number."
        source = question.assume_from
        if source is not None and (source.of not in asked or rulebook.questions[source.of].kind not in _NUMERIC):
            yield question.id, "unknown_question", f"{question.id} is assumed from {source.of}, which is no number."
        yield from _own_values(question)
        seen.add(question.id)


def _own_values(question: Question) -> _Faults:
    """What a question reckons with, assumes and is closed to must be answers to it."""
    for name, value in (("assume", question.assume), ("closed_to", question.closed_to)):
        if value is not None and not isinstance(value, Multiple) and not _is_answer(question, value):
            yield question.id, "outside_domain", f"{question.id}: {name} is {value!r}, which is no answer to it."
    words = {choice.id for choice in question.choices}
    for word in question.plausible_choices:
        if word not in words:
            yield question.id, "unknown_choice", f"{question.id}: {word!r} is plausible but cannot be chosen."
    plausible, bounds = question.plausible, question.bounds
    if plausible and bounds and not (bounds.holds(plausible.low) and bounds.holds(plausible.high)):
        yield question.id, "outside_domain", f"{question.id}: plausible lies outside the bounds."
    if isinstance(question.assume, float) and plausible and not plausible.holds(question.assume):
        yield question.id, "outside_domain", f"{question.id}: what is assumed is not plausible."


def _is_answer(question: Question, value: Value) -> bool:
    if question.kind in _NUMERIC:
        return isinstance(value, float) and (question.bounds is None or question.bounds.holds(value))
    if question.kind == "boolean":
        return isinstance(value, bool)
    words = {choice.id for choice in question.choices}
    return set(value) <= words if isinstance(value, tuple) else question.kind == "choice" and value in words


def _read_by(question: Question) -> Iterator[str]:
    if isinstance(question.assume, Multiple):
        yield from filter(None, (question.assume.of, question.assume.over))
    if question.within is not None:
        yield from filter(None, (question.within.of, question.within.over))


def _facts(rulebook: Rulebook) -> _Faults:
    for fact in rulebook.facts.values():
        if not fact.cells:
            yield fact.id, "empty_fact", f"{fact.id} has no value."
        elif not all(quote.source.name and quote.source.checked.year > 2000 for quote in fact.cells.values()):
            yield fact.id, "no_source", f"{fact.id} needs a source and the day it was checked."


def _constraints(rulebook: Rulebook) -> _Faults:
    for rule in rulebook.constraints:
        yield from _unknown(rule.id, rule.options, rulebook.options, "option")
        yield from _unknown(rule.id, rule.facts, rulebook.facts, "fact")
        yield from _when(rule.id, rule.when, rulebook)
        yield from _strength(rule, rulebook)


def _strength(rule: Constraint, rulebook: Rulebook) -> _Faults:
    """A hard limit never rests on a secondary source alone."""
    names = {*rule.facts, *(test.fact for tests in rule.when for test in tests if test.fact)}
    facts = [rulebook.facts[name] for name in names if name in rulebook.facts]
    if facts and all(fact.source.kind in _WEAK for fact in facts):
        yield rule.id, "weak_source", f"{rule.id} excludes on {', '.join(sorted(names))}: no primary source among them."


def _preferences(rulebook: Rulebook) -> _Faults:
    for rule in rulebook.preferences:
        yield from _unknown(rule.id, tuple(name for name, _ in rule.points), rulebook.options, "option")
        yield from _unknown(rule.id, (rule.criterion,), rulebook.criteria, "criterion")
        yield from _unknown(rule.id, rule.facts, rulebook.facts, "fact")
        yield from _when(rule.id, rule.when, rulebook)
        if rule.criterion == "cost":
            yield rule.id, "computed_criterion", "The criterion cost is computed; no rule gives points under it."
    if "cost" not in rulebook.criteria:
        yield "cost", "missing_criterion", "criteria.yaml needs the criterion cost."


def _signposts(rulebook: Rulebook) -> _Faults:
    for rule in rulebook.signposts:
        yield from _unknown(rule.id, rule.facts, rulebook.facts, "fact")
        yield from _when(rule.id, rule.when, rulebook)
        yield from _needed(rule)


def _needed(rule: Signpost) -> _Faults:
    if not rule.because:
        yield rule.id, "missing_key", f"{rule.id} needs a because."


def _comparisons(rulebook: Rulebook) -> _Faults:
    for row in rulebook.comparisons:
        for statement in filter(None, (row.kafka, row.sqs, row.correction)):
            yield from _unknown(row.id, statement.facts, rulebook.facts, "fact")
            if not statement.facts:
                yield row.id, "no_fact", f"A cell of {row.id} rests on no fact."
        yield from _unfilled(row)


def _unfilled(row: Comparison) -> _Faults:
    for text in (row.kafka.text, row.sqs.text, row.correction.text if row.correction else ""):
        for found in _PLACEHOLDER.findall(text):
            yield row.id, "unknown_fact", f"{row.id} shows {found}, which is no single fact."


def _unknown(rule: str, names: tuple[str, ...], known: Mapping[str, object], kind: str) -> _Faults:
    for name in names:
        if name not in known:
            yield rule, f"unknown_{kind}", f"{rule} names the {kind} {name}, which does not exist."


def _when(rule: str, when: When, rulebook: Rulebook) -> _Faults:
    for tests in when:
        for test in tests:
            yield from _test(rule, test, rulebook)


def _test(rule: str, test: Test, rulebook: Rulebook) -> _Faults:
    question = rulebook.questions.get(test.name)
    if question is None and test.name not in QUANTITIES:
        yield rule, "unknown_question", f"{rule} compares {test.name}, which is no question and no quantity."
        return
    kind = question.kind if question else "number"
    if test.fact is not None:
        yield from _bound_fact(rule, test.fact, test.size, rulebook)
    if test.comparison in _ORDERED and kind not in _NUMERIC:
        yield rule, "wrong_type", f"{rule}: {test.name} has no order, so {test.comparison} makes no sense."
    elif kind in _NUMERIC and test.fact is None and not isinstance(test.bound, float):
        yield rule, "wrong_type", f"{rule}: {test.name} is a number, and {test.bound!r} is none."
    elif question is not None and kind not in _NUMERIC:
        yield from _words(rule, test, question)


def _bound_fact(rule: str, fact: str, size: str, rulebook: Rulebook) -> _Faults:
    if fact not in rulebook.facts:
        yield rule, "unknown_fact", f"{rule} compares with the fact {fact}, which does not exist."
        return
    found = rulebook.facts[fact]
    numbers = all(isinstance(quote.value, float) for quote in found.cells.values())
    if size and (found.by != ("size",) or found.find(size) is None):
        yield rule, "unknown_size", f"{rule} compares with {fact} at {size}, which it does not have."
    elif not numbers or (not size and found.by not in ((), ("region",))):
        yield rule, "wrong_type", f"{rule} compares with {fact}, which is no number and no number by region."


def _words(rule: str, test: Test, question: Question) -> _Faults:
    if test.comparison == "is" and isinstance(test.bound, tuple):
        yield rule, "wrong_type", f"{rule}: {test.name} is one thing at a time; use one_of for several."
    given = test.bound if isinstance(test.bound, tuple) else (test.bound,)
    allowed: list[str | bool] = [*(choice.id for choice in question.choices)] or [True, False]
    for word in given:
        if word not in allowed:
            yield rule, "unknown_choice", f"{rule}: {word!r} is no answer to {question.id}."
