"""The rulebook's entries as plain JSON values, complete enough to draw the questionnaire or check a rule elsewhere.

Knows the core's types and no address.
"""

from collections.abc import Mapping
from datetime import date

from advisor.core.domains import Interval, Value
from advisor.core.facts import Cell, Fact, Source
from advisor.core.questions import Multiple, Question, Share, Within
from advisor.core.rulebook import Constraint, Criterion, Option, Preference, Rule, Signpost, Test
from advisor.render.plain import write_exact
from advisor.render.questionnaire import EXAMPLES, GROUPS, OPENERS

Plain = Mapping[str, object]


def write_question(question: Question) -> Plain:
    """All that a form needs, and all that reading an answer goes by."""
    return {
        "id": question.id,
        "group": question.group,
        "kind": question.kind,
        "text": question.text,
        "help": question.help,
        "why_we_ask": question.why_we_ask,
        "unit": question.unit,
        "example": EXAMPLES.get(question.unit, ""),
        "choices": [{"id": choice.id, "label": choice.label} for choice in question.choices],
        "takes_other_words": question.other_words,
        "bounds": _interval(question.bounds),
        "plausible": _interval(question.plausible),
        "plausible_because": question.plausible_because,
        "within": _within(question.within),
        "assume": _assumed(question.assume),
        "assume_from": _assumed(question.assume_from),
        "assume_up_to": _up_to(question.assume_up_to),
        "assume_because": question.assume_because,
        "only_where": question.only_where and {"of": question.only_where.of, "word": question.only_where.word},
        "at_least": question.at_least,
        "at_most": question.at_most,
        "closed_to": _assumed(question.closed_to),
        "needed_to_lean": question.needed_to_lean,
        "aliases": list(question.aliases),
    }


def write_layout() -> Plain:
    """How the questions are laid out: those that come first, and the headings of the groups, both in order."""
    return {"openers": list(OPENERS), "groups": [{"id": name, "title": title} for name, title in GROUPS.items()]}


def write_option(option: Option) -> Plain:
    return {
        "id": option.id,
        "family": option.family,
        "label": option.label,
        "summary": option.summary,
        "starters": list(option.starters),
    }


def write_criterion(criterion: Criterion) -> Plain:
    return {"id": criterion.id, "label": criterion.label, "weight": criterion.weight}


def write_fact(fact: Fact) -> Plain:
    """The fact with every cell of its table, each with its source, and what it was before."""
    return {
        "id": fact.id,
        "label": fact.label,
        "statement": fact.statement,
        "unit": fact.unit,
        "adjustable": fact.adjustable,
        "by": list(fact.by),
        "values": [
            {
                "at": dict(zip(fact.by, keys, strict=True)),
                "value": _cell(quote.value),
                "source": _source(quote.source),
            }
            for keys, quote in fact.cells.items()
        ],
        "earlier": [
            {"until": then.until.isoformat(), "value": _cell(then.value), "source": _source(then.source)}
            for then in fact.earlier
        ],
    }


def write_rule(rule: Rule) -> Plain:
    """What the three kinds of rule share, and what is each kind's own."""
    shared: dict[str, object] = {
        "id": rule.id,
        "when": [[_test(test) for test in tests] for tests in rule.when],
        "because": rule.because,
        "facts": list(rule.facts),
        "since": _day(rule.since),
    }
    match rule:
        case Constraint():
            own = {"options": list(rule.options), "setting": rule.setting, "remedy": rule.remedy}
            return shared | {"kind": "constraint"} | own
        case Preference():
            points = [{"option": option, "points": points} for option, points in rule.points]
            return shared | {"kind": "preference", "criterion": rule.criterion, "points": points}
        case Signpost():
            return shared | {"kind": "signpost", "to": rule.to, "label": rule.label, "strength": rule.strength}


def _test(test: Test) -> Plain:
    bound = {"bound": write_exact(test.bound), "fact": test.fact, "by_region": dict(test.by_region)}
    return {"name": test.name, "comparison": test.comparison} | bound


def _interval(interval: Interval | None) -> Plain | None:
    return None if interval is None else {"min": write_exact(interval.low), "max": write_exact(interval.high)}


def _within(within: Within | None) -> Plain | None:
    if within is None:
        return None
    return {"of": within.of, "min": write_exact(within.low), "max": write_exact(within.high), "over": within.over}


def _assumed(assumed: Value | Multiple | None) -> object:
    if isinstance(assumed, Multiple):
        return {"of": assumed.of, "times": write_exact(assumed.times), "over": assumed.over}
    return None if assumed is None else write_exact(assumed)


def _up_to(most: Share | None) -> Plain | None:
    return None if most is None else {"amount": write_exact(most.amount), "over": most.over}


def _cell(cell: Cell) -> object:
    if isinstance(cell, tuple):
        return [
            {"from": write_exact(part.start), "value": write_exact(part.value)} if not isinstance(part, str) else part
            for part in cell
        ]
    return write_exact(cell)


def _source(source: Source) -> Plain:
    return {"name": source.name, "url": source.url, "kind": source.kind, "checked": source.checked.isoformat()}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
