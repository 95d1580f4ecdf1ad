"""YAML entries → questions, options and rules. Checks each entry's own form; references are checked later."""

from collections.abc import Callable
from typing import TypeVar

from yaml.nodes import MappingNode, Node, SequenceNode

from advisor.core.domains import Interval, Value
from advisor.core.questions import NUMERIC, Choice, Multiple, Question, Share, Where, Within
from advisor.core.recommendation import FAMILIES
from advisor.core.rulebook import (
    HEAVIEST,
    Comparison,
    Constraint,
    Criterion,
    Option,
    Preference,
    Signpost,
    Statement,
    Test,
    When,
)
from advisor.rulebook.nodes import Entry, Reading

T = TypeVar("T")
COMPARISONS = ("is", "one_of", "none_of", "at_least", "at_most", "more_than", "less_than")
_QUESTION = (
    "unit choices plausible_choices bounds plausible plausible_because within assume_from assume_up_to at_least at_most"
    " closed_to only_where needed_to_lean known_percent other_words aliases"
)


def read_interval(reading: Reading, node: Node) -> Interval | None:
    entry = reading.entry(node, ("low", "high"))
    if entry is None:
        return None
    low, high = entry.number("low"), entry.number("high")
    if low > high:
        entry.refuse("low", "min_over_max", f"low {low:g} is over high {high:g}.")
    return Interval(low=low, high=max(low, high))


def read_choice(reading: Reading, node: Node) -> Choice | None:
    entry = reading.entry(node, ("id", "label"))
    return None if entry is None else Choice(id=entry.text("id"), label=entry.text("label"))


def _multiple(reading: Reading, node: Node) -> Multiple | None:
    entry = reading.entry(node, ("of", "times"), ("over",))
    if entry is None:
        return None
    return Multiple(of=entry.id("of"), times=entry.number("times"), over=entry.text("over") or None)


def _share(reading: Reading, node: Node) -> Share | None:
    entry = reading.entry(node, ("amount", "over"))
    return None if entry is None else Share(amount=entry.number("amount"), over=entry.id("over"))


def _within(reading: Reading, node: Node) -> Within | None:
    entry = reading.entry(node, ("of", "low", "high"), ("over",))
    if entry is None:
        return None
    low, high = entry.number("low"), entry.number("high")
    return Within(of=entry.id("of"), low=low, high=high, over=entry.text("over") or None)


def _where(reading: Reading, node: Node) -> Where | None:
    entry = reading.entry(node, ("of", "word"))
    return None if entry is None else Where(of=entry.id("of"), word=entry.text("word"))


def read_question(reading: Reading, node: Node) -> Question | None:
    required = ("id", "group", "kind", "text", "help", "why_we_ask", "assume", "assume_because")
    entry = reading.entry(node, required, tuple(_QUESTION.split()))
    if entry is None:
        return None
    kind = entry.word("kind", (*NUMERIC, "choice", "boolean", "list"))
    question = Question(
        id=entry.id(),
        group=entry.text("group"),
        kind=kind,
        text=entry.text("text"),
        help=entry.text("help"),
        why_we_ask=entry.text("why_we_ask"),
        assume=_assume(entry, kind),
        assume_because=entry.text("assume_because"),
        unit=entry.text("unit"),
        choices=entry.each("choices", read_choice),
        plausible_choices=entry.words("plausible_choices"),
        bounds=_maybe(entry, "bounds", read_interval),
        plausible=_maybe(entry, "plausible", read_interval),
        plausible_because=entry.text("plausible_because"),
        within=_maybe(entry, "within", _within),
        assume_from=_maybe(entry, "assume_from", _multiple),
        assume_up_to=_maybe(entry, "assume_up_to", _share),
        at_least=entry.text("at_least") or None,
        at_most=entry.text("at_most") or None,
        closed_to=_value(entry, "closed_to"),
        only_where=_maybe(entry, "only_where", _where),
        needed_to_lean=entry.boolean("needed_to_lean"),
        known_percent=entry.integer("known_percent", 1, 100) if entry.has("known_percent") else 2,
        other_words=entry.boolean("other_words"),
        aliases=entry.words("aliases"),
    )
    _check_kind(entry, question)
    return question


def _maybe(entry: Entry, key: str, read: Callable[[Reading, Node], T | None]) -> T | None:
    return read(entry.reading, entry.members[key]) if entry.has(key) else None


def _value(entry: Entry, key: str) -> Value | None:
    return entry.reading.value(entry.members[key]) if entry.has(key) else None


def _assume(entry: Entry, kind: str) -> Value | Multiple:
    node = entry.members["assume"]
    if isinstance(node, MappingNode) and kind in NUMERIC:
        return _multiple(entry.reading, node) or 0.0
    value = entry.reading.value(node)
    return 0.0 if value is None else value


def _check_kind(entry: Entry, question: Question) -> None:
    """The members that a kind of question cannot do without."""
    if question.kind in NUMERIC:
        if question.bounds is None:
            entry.refuse("id", "missing_key", "A numeric question needs bounds.")
        if question.plausible is None and question.within is None:
            entry.refuse("id", "missing_key", "A numeric question needs plausible or within.")
        if not isinstance(question.assume, float | Multiple):
            entry.refuse("assume", "wrong_type", "A numeric question assumes a number.")
    wanted: dict[str, type] = {"choice": str, "boolean": bool, "list": tuple}
    if question.kind in wanted and not isinstance(question.assume, wanted[question.kind]):
        entry.refuse("assume", "wrong_type", f"A {question.kind} question assumes a {question.kind}.")
    if question.kind in ("choice", "list") and not question.choices:
        entry.refuse("id", "missing_key", f"A {question.kind} question needs choices.")


def read_option(reading: Reading, node: Node) -> Option | None:
    entry = reading.entry(node, ("id", "family", "label", "summary", "starters"), ("infrastructure",))
    if entry is None:
        return None
    return Option(
        id=entry.id(),
        family=entry.word("family", FAMILIES),
        label=entry.text("label"),
        summary=entry.text("summary"),
        starters=entry.words("starters"),
        infrastructure=entry.words("infrastructure"),
    )


def read_criterion(reading: Reading, node: Node) -> Criterion | None:
    entry = reading.entry(node, ("id", "label", "weight"))
    if entry is None:
        return None
    return Criterion(id=entry.id(), label=entry.text("label"), weight=entry.integer("weight", 0, HEAVIEST))


def read_when(reading: Reading, node: Node) -> When:
    """A mapping all of which must hold, or a list of such mappings any of which suffices."""
    nodes = node.value if isinstance(node, SequenceNode) else [node]
    alternatives = tuple(_read_tests(reading, each) for each in nodes)
    if not alternatives or not all(alternatives):
        reading.refuse(node, "empty_when", "A when needs at least one comparison.")
    return alternatives


def _read_tests(reading: Reading, node: Node) -> tuple[Test, ...]:
    found = [_read_test(reading, name, member) for name, member in reading.members(node).items()]
    return tuple(test for tests in found for test in tests)


def _read_test(reading: Reading, name: str, node: Node) -> tuple[Test, ...]:
    if not isinstance(node, MappingNode):
        value = reading.value(node)
        return () if value is None else (Test(name=name, comparison="is", bound=value),)
    tests = []
    for comparison, bound in reading.members(node).items():
        if comparison not in COMPARISONS:
            reading.refuse(bound, "unknown_word", f"“{comparison}” is no comparison.", f"Use {', '.join(COMPARISONS)}.")
            continue
        fact = reading.entry(bound, ("fact",), ("size",)) if isinstance(bound, MappingNode) else None
        value = 0.0 if isinstance(bound, MappingNode) else reading.value(bound)
        if value is not None:
            named, size = (fact.id("fact"), fact.text("size")) if fact else (None, "")
            tests.append(Test(name=name, comparison=comparison, bound=value, fact=named, size=size))
    return tuple(tests)


def read_constraint(reading: Reading, node: Node) -> Constraint | None:
    entry = reading.entry(node, ("id", "options", "when", "because"), ("facts", "setting", "since", "remedy"))
    if entry is None:
        return None
    return Constraint(
        id=entry.id(),
        options=entry.words("options"),
        when=read_when(reading, entry.members["when"]),
        because=entry.text("because"),
        facts=entry.words("facts"),
        setting=entry.text("setting"),
        remedy=entry.text("remedy"),
        since=entry.day("since"),
    )


def read_preference(reading: Reading, node: Node) -> Preference | None:
    entry = reading.entry(node, ("id", "criterion", "points", "when", "because"), ("facts", "since"))
    if entry is None:
        return None
    points = reading.entry(entry.members["points"], (), tuple(reading.members(entry.members["points"])))
    given = tuple((name, points.integer(name, -30, 30)) for name in points.members) if points else ()
    return Preference(
        id=entry.id(),
        criterion=entry.text("criterion"),
        points=given,
        when=read_when(reading, entry.members["when"]),
        because=entry.text("because"),
        facts=entry.words("facts"),
        since=entry.day("since"),
    )


def read_signpost(reading: Reading, node: Node) -> Signpost | None:
    """`also` must hold with each alternative of `when`: what the other broker cannot do, whatever speaks for it."""
    entry = reading.entry(node, ("id", "to", "label", "strength", "when", "because"), ("also", "facts", "since"))
    if entry is None:
        return None
    also = _read_tests(reading, entry.members["also"]) if entry.has("also") else ()
    return Signpost(
        id=entry.id(),
        to=entry.text("to"),
        label=entry.text("label"),
        strength=entry.word("strength", ("instead", "beside")),
        when=tuple((*tests, *also) for tests in read_when(reading, entry.members["when"])),
        because=entry.text("because"),
        facts=entry.words("facts"),
        since=entry.day("since"),
    )


def _statement(reading: Reading, node: Node) -> Statement | None:
    entry = reading.entry(node, ("text", "facts"))
    return None if entry is None else Statement(text=entry.text("text"), facts=entry.words("facts"))


def read_comparison(reading: Reading, node: Node) -> Comparison | None:
    entry = reading.entry(node, ("id", "factor", "kafka", "sqs"), ("correction", "correction_facts"))
    if entry is None:
        return None
    kafka, sqs = (_statement(reading, entry.members[side]) for side in ("kafka", "sqs"))
    if kafka is None or sqs is None:
        return None
    correction = None
    if entry.has("correction"):
        correction = Statement(text=entry.text("correction"), facts=entry.words("correction_facts"))
    return Comparison(id=entry.id(), factor=entry.text("factor"), kafka=kafka, sqs=sqs, correction=correction)
