"""Do the entries of a rulebook fit together, and with the code: every name known, every fact sourced, all of it there.

Collects problems; decides nothing about the advice itself.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Set
from pathlib import Path

from advisor.core.assume import ASKED
from advisor.core.domains import Value
from advisor.core.errors import Problem
from advisor.core.options import OPTIONS
from advisor.core.query import LANGUAGES
from advisor.core.questions import NUMERIC, Multiple, Question, Within
from advisor.core.rank import COST
from advisor.core.rulebook import Comparison, Constraint, Rulebook
from advisor.rulebook.check_when import check_when
from advisor.rulebook.faults import Fault, Faults, find_unknown, way_out

PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")  # a fact's value in a sentence of the comparison
_WEAK = ("secondary", "unverified")
_UNITS = (
    "boolean", "bytes", "bytes/s", "calls/s", "connections/s", "count", "date", "days", "factor", "GiB", "hours",
    "messages/s", "MiB/s", "ms", "percent", "seconds", "share", "text", "USD",
)  # fmt: skip
_PRICE = "USD per "
_OTHER = "other"  # the cell for what a table does not name


def check_rules(rulebook: Rulebook, places: Mapping[str, str], broken: Set[str]) -> Iterator[Problem]:
    """Every problem, at the place of the key or the entry that has it; but none that is only that an entry lacks one of
    the broken ones, of which it is said already what is wrong with them."""
    checks: tuple[tuple[str, Callable[[Rulebook], Faults]], ...] = (
        ("questions.yaml", _questions),
        ("facts", _facts),
        ("options.yaml", _options),
        ("constraints.yaml", _constraints),
        ("criteria.yaml", _preferences),
        ("signposts.yaml", _signposts),
        ("comparison.yaml", _comparisons),
    )
    for file, check in checks:
        for fault in check(rulebook):
            if fault.lacks not in broken:
                yield fault.place(places, file)


def check_folders(rulebook: Rulebook, templates: Path, places: Mapping[str, str]) -> Iterator[Problem]:
    """Starters, in each language, and infrastructure that options name and that do not lie in this folder."""
    for option in rulebook.options.values():
        starters = [(f"{starter}_{language}", "starters") for starter in option.starters for language in LANGUAGES]
        for name, key in (*starters, *((folder, "infrastructure") for folder in option.infrastructure)):
            kind = "starters" if key == "starters" else "infra"
            if not (templates / kind / name).is_dir():
                message = f"{option.id} is built from templates/{kind}/{name}, which is not there."
                fault = Fault(entry=option.id, key=key, code="missing_starter", message=message)
                yield fault.place(places, "options.yaml")


def _questions(rulebook: Rulebook) -> Faults:
    asked = rulebook.questions
    for name in ASKED - asked.keys():
        message = f"The workload's field {name} has no question in questions.yaml."
        yield Fault(entry=name, code="missing_question", message=message, lacks=name)
    for name in asked.keys() - ASKED:
        message, hint = f"Question {name} has no field in the workload.", way_out(name, sorted(ASKED))
        yield Fault(entry=name, code="missing_field", message=message, hint=hint)
    seen: set[str] = set()
    for question in asked.values():
        for key, read in _read_by(question):
            if read not in seen:
                message = f"{question.id} reads {read}, which must stand above it."
                yield Fault(entry=question.id, key=key, code="not_above", message=message, lacks=read)
        yield from (*_neighbours(question, asked), *_only_where(question, asked))
        yield from _own_values(question)
        seen.add(question.id)


def _neighbours(question: Question, asked: Mapping[str, Question]) -> Faults:
    """The questions whose numbers bound this one, or from which it is assumed."""
    source, most = question.assume_from, question.assume_up_to
    named = (
        ("at_least", question.at_least, "bounded by"),
        ("at_most", question.at_most, "bounded by"),
        ("assume_from", source and source.of, "assumed from"),
        ("assume_up_to", most and most.over, "assumed from"),
    )
    numbers = {name: each for name, each in asked.items() if each.kind in NUMERIC}
    for key, name, how in named:
        if name and name not in numbers:
            message = f"{question.id} is {how} {name}, which is no number."
            hint, code = way_out(name, numbers), "unknown_question"
            yield Fault(entry=question.id, key=key, code=code, message=message, hint=hint, lacks=name)


def _only_where(question: Question, asked: Mapping[str, Question]) -> Faults:
    where = question.only_where
    listed = asked.get(where.of) if where else None
    if where and listed and (listed.kind != "list" or where.word not in listed.may_be):
        message = f"{question.id} is asked only where {where.of} has {where.word!r}, which it cannot have."
        yield Fault(entry=question.id, key="only_where", code="unknown_choice", message=message)


def _own_values(question: Question) -> Faults:
    """What a question reckons with, assumes and is closed to must be answers to it."""

    def outside(key: str, message: str) -> Fault:
        return Fault(entry=question.id, key=key, code="outside_domain", message=f"{question.id}: {message}")

    for name, value in (("assume", question.assume), ("closed_to", question.closed_to)):
        if value is not None and not isinstance(value, Multiple) and not _is_answer(question, value):
            yield outside(name, f"{name} is {value!r}, which is no answer to it.")
    words = [choice.id for choice in question.choices]
    for word in question.plausible_choices:
        if word not in words:
            message, key = f"{question.id}: {word!r} is plausible but cannot be chosen.", "plausible_choices"
            hint = way_out(word, words)
            yield Fault(entry=question.id, key=key, code="unknown_choice", message=message, hint=hint)
    plausible, bounds = question.plausible, question.bounds
    if plausible and bounds and not (bounds.holds(plausible.low) and bounds.holds(plausible.high)):
        yield outside("plausible", "plausible lies outside the bounds.")
    if isinstance(question.assume, float) and plausible and not plausible.holds(question.assume):
        yield outside("assume", "what is assumed is not plausible.")


def _is_answer(question: Question, value: Value) -> bool:
    if question.kind in NUMERIC:
        return isinstance(value, float) and (question.bounds is None or question.bounds.holds(value))
    if question.kind == "boolean":
        return isinstance(value, bool)
    words = {choice.id for choice in question.choices}
    return set(value) <= words if isinstance(value, tuple) else question.kind == "choice" and value in question.may_be


def _read_by(question: Question) -> Iterator[tuple[str, str]]:
    if question.only_where:
        yield "only_where", question.only_where.of
    for key, source in (("assume", question.assume), ("within", question.within)):
        if isinstance(source, Multiple | Within):
            yield from ((key, name) for name in (source.of, source.over) if name)
    if question.assume_up_to:
        yield "assume_up_to", question.assume_up_to.over


def _facts(rulebook: Rulebook) -> Faults:
    for fact in rulebook.facts.values():
        if not fact.cells:
            yield Fault(entry=fact.id, key="values", code="empty_fact", message=f"{fact.id} has no value.")
        elif not all(quote.source.name for quote in fact.cells.values()):
            yield Fault(entry=fact.id, key="source", code="no_source", message=f"{fact.id} needs a source.")
        if fact.unit not in _UNITS and not fact.unit.startswith(_PRICE):
            hint = f"Use one of {', '.join(_UNITS)}, or {_PRICE}something."
            message = f"{fact.id}: “{fact.unit}” is no unit that facts have."
            yield Fault(entry=fact.id, key="unit", code="unknown_unit", message=message, hint=hint)
        for address in sorted({quote.source.url for quote in fact.cells.values() if quote.source.url}):
            if not address.startswith(("https://", "http://")) or " " in address:
                message = f"{fact.id}: “{address[:60]}” is no address."
                hint = "Write it in full, with https://."
                yield Fault(entry=fact.id, key="url", code="bad_url", message=message, hint=hint)


def _options(rulebook: Rulebook) -> Faults:
    """Each option has its arithmetic, and each arithmetic its option; a table by option has a cell for each."""
    code = "advisor/core/options"
    for name in rulebook.options.keys() - OPTIONS.keys():
        message = f"Option {name} has no arithmetic: it is missing in OPTIONS."
        hint = f"Write {code}/{name}.py and enter its MODEL in {code}/__init__.py."
        yield Fault(entry=name, key="id", code="missing_model", message=message, hint=hint)
    for name in OPTIONS.keys() - rulebook.options.keys():
        hint = f"Enter it, or take it out of {code}/__init__.py."
        message = f"{code} has the option {name}, which is not in options.yaml."
        yield Fault(entry=name, code="missing_option", message=message, hint=hint, lacks=name)
    for fact in rulebook.facts.values():
        if "option" not in fact.by:
            continue
        given = {at[fact.by.index("option")] for at in fact.cells}
        yield from find_unknown(fact.id, "values", given - {_OTHER}, rulebook.options, "option")
        for name in () if _OTHER in given else rulebook.options.keys() - given:
            message = f"{fact.id} has no value for the option {name}."
            yield Fault(entry=fact.id, key="values", code="missing_cell", message=message)


def _constraints(rulebook: Rulebook) -> Faults:
    for rule in rulebook.constraints:
        yield from find_unknown(rule.id, "options", rule.options, rulebook.options, "option")
        yield from find_unknown(rule.id, "facts", rule.facts, rulebook.facts, "fact")
        yield from check_when(rule.id, rule.when, rulebook)
        yield from _strength(rule, rulebook)


def _strength(rule: Constraint, rulebook: Rulebook) -> Faults:
    """A hard limit never rests on a secondary source alone."""
    names = {*rule.facts, *(test.fact for tests in rule.when for test in tests if test.fact)}
    facts = [rulebook.facts[name] for name in names if name in rulebook.facts and rulebook.facts[name].cells]
    if len(facts) == len(names) > 0 and all(fact.source.kind in _WEAK for fact in facts):
        message = f"{rule.id} excludes on {', '.join(sorted(names))}: no primary source among them."
        yield Fault(entry=rule.id, code="weak_source", message=message, hint="Find the vendor's own words.")


def _preferences(rulebook: Rulebook) -> Faults:
    for rule in rulebook.preferences:
        yield from find_unknown(rule.id, "points", [name for name, _ in rule.points], rulebook.options, "option")
        yield from find_unknown(rule.id, "criterion", (rule.criterion,), rulebook.criteria, "criterion")
        yield from find_unknown(rule.id, "facts", rule.facts, rulebook.facts, "fact")
        yield from check_when(rule.id, rule.when, rulebook, may_always_hold=True)
        if rule.criterion == COST:
            message = "The criterion cost is computed; no rule gives points under it."
            yield Fault(entry=rule.id, key="criterion", code="computed_criterion", message=message)
    if COST not in rulebook.criteria:
        yield Fault(entry=COST, code="missing_criterion", message="criteria.yaml needs the criterion cost.")


def _signposts(rulebook: Rulebook) -> Faults:
    for rule in rulebook.signposts:
        yield from find_unknown(rule.id, "facts", rule.facts, rulebook.facts, "fact")
        yield from check_when(rule.id, rule.when, rulebook)
        if not rule.because:
            yield Fault(entry=rule.id, key="because", code="missing_key", message=f"{rule.id} needs a because.")


def _comparisons(rulebook: Rulebook) -> Faults:
    for row in rulebook.comparisons:
        cells = (("kafka", row.kafka), ("sqs", row.sqs), ("correction", row.correction))
        for key, statement in cells:
            if statement is not None:
                yield from find_unknown(row.id, key, statement.facts, rulebook.facts, "fact")
                if not statement.facts:
                    yield Fault(entry=row.id, key=key, code="no_fact", message=f"A cell of {row.id} rests on no fact.")
        yield from _unfilled(row, rulebook)


def _unfilled(row: Comparison, rulebook: Rulebook) -> Faults:
    for text in (row.kafka.text, row.sqs.text, row.correction.text if row.correction else ""):
        for name in PLACEHOLDER.findall(text):
            message = f"{row.id} shows {{{name}}}, which is no single fact."
            hint = way_out(name, rulebook.facts)
            yield Fault(entry=row.id, code="unknown_fact", message=message, hint=hint, lacks=name)
