"""The rulebook to walk through: every fact, rule, question and option at an address of its own, each naming the others.

Shows what is written in rules/; must not apply any of it.
"""

from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisor import service
from advisor.core.cited import facts_of
from advisor.core.facts import Cell, Fact, Quote, Tier
from advisor.core.quantities import questions_behind
from advisor.core.rank import only_warns
from advisor.core.rulebook import Constraint, Preference, Rule, Rulebook, Test
from advisor.render.labels import say_answer
from advisor.web.filters import quantity
from advisor.web.taken import describe_assumption

_COMPARED = {
    "is": "is", "one_of": "is one of", "none_of": "is none of", "at_least": "is at least", "at_most": "is at most",
    "more_than": "is more than", "less_than": "is less than",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cell of a fact: where it applies, its value in words, its source."""

    at: str
    value: str
    quote: Quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """One comparison of a rule, in words."""

    name: str
    is_question: bool
    compared: str
    bound: str
    fact: str


def kind_of(rule: Rule) -> str:
    """What a rule does, in one word of the house."""
    return type(rule).__name__.lower()


def cell_words(value: Cell, unit: str) -> str:
    """A fact's value in words; of a price with tiers, each tier."""
    tiers = [tier for tier in value if isinstance(tier, Tier)] if isinstance(value, tuple) else []
    if tiers:
        return "; ".join(f"from {quantity(tier.start)}: {quantity(tier.value, unit)}" for tier in tiers)
    return quantity(value, unit)


def rows_of(fact: Fact) -> tuple[Row, ...]:
    return tuple(
        Row(at=", ".join(at) or "everywhere", value=cell_words(quote.value, fact.unit), quote=quote)
        for at, quote in fact.cells.items()
    )


@require_safe
def show_rulebook(request: HttpRequest) -> HttpResponse:
    """Everything by name; `?q=` narrows it to entries that hold all the words."""
    rulebook = service.get_rulebook()
    words = request.GET.get("q", "")[:100].lower().split()
    context = {
        "rulebook": rulebook,
        "words": " ".join(words),
        "facts": [fact for fact in rulebook.facts.values() if _holds(words, fact.id, fact.label, fact.statement)],
        "rules": [
            (kind_of(rule), rule) for rule in rulebook.rules if _holds(words, rule.id, rule.because, kind_of(rule))
        ],
        "questions": [each for each in rulebook.questions.values() if _holds(words, each.id, each.text, each.help)],
        "options": [each for each in rulebook.options.values() if _holds(words, each.id, each.label, each.summary)],
    }
    return render(request, "rulebook.html", context)


def _holds(words: list[str], *texts: str) -> bool:
    text = " ".join(texts).lower()
    return all(word in text for word in words)


@require_safe
def show_fact(request: HttpRequest, name: str) -> HttpResponse:
    """One fact: its values, sources and dates, what it was before, and the rules that rest on it."""
    rulebook = service.get_rulebook()
    fact = rulebook.facts.get(name)
    if fact is None:
        raise Http404(name)
    used = [(kind_of(rule), rule) for rule in rulebook.rules if name in facts_of(rule)]
    earlier = [(each, cell_words(each.value, fact.unit)) for each in fact.earlier]
    return render(request, "fact.html", {"fact": fact, "rows": rows_of(fact), "earlier": earlier, "used": used})


@require_safe
def show_rule(request: HttpRequest, name: str) -> HttpResponse:
    """One rule: its sentence, when it fires, what it does, and the facts it rests on."""
    rulebook = service.get_rulebook()
    rule = next((rule for rule in rulebook.rules if rule.id == name), None)
    if rule is None:
        raise Http404(name)
    context = {
        "rule": rule,
        "kind": kind_of(rule),
        "when": [[_condition(test, rulebook) for test in tests] for tests in rule.when],
        "facts": [rulebook.facts[fact] for fact in facts_of(rule)],
        "options": rulebook.options,
        "criterion": rulebook.criteria.get(rule.criterion) if isinstance(rule, Preference) else None,
        "only_warns": isinstance(rule, Constraint) and only_warns(rule, rulebook),
    }
    return render(request, "rule.html", context)


def _condition(test: Test, rulebook: Rulebook) -> Condition:
    question = rulebook.questions.get(test.name)
    unit = question.unit if question else rulebook.facts[test.fact].unit if test.fact else ""
    return Condition(
        name=test.name,
        is_question=question is not None,
        compared=_COMPARED[test.comparison],
        bound=_bound(test, unit) if test.fact else say_answer(test.bound, test.name, rulebook.questions),
        fact=test.fact or "",
    )


def _bound(test: Test, unit: str) -> str:
    """The number of a fact; where each Region has its own, the least and the most."""
    numbers = [number for _, number in test.by_region]
    if not numbers:
        return quantity(test.bound, unit)
    return f"{quantity(min(numbers), unit)} to {quantity(max(numbers), unit)}, by Region"


@require_safe
def show_question(request: HttpRequest, name: str) -> HttpResponse:
    """One question: why it is asked, what is taken without an answer, and the rules that read it."""
    rulebook = service.get_rulebook()
    question = rulebook.questions.get(name)
    if question is None:
        raise Http404(name)
    used = [
        (kind_of(rule), rule)
        for rule in rulebook.rules
        if any(name in questions_behind(test.name) for tests in rule.when for test in tests)
    ]
    context = {"question": question, "assumed": describe_assumption(question), "used": used}
    return render(request, "question.html", context)


@require_safe
def show_option(request: HttpRequest, name: str) -> HttpResponse:
    """One option: what it is, and the rules that exclude it, warn of it or give it points."""
    rulebook = service.get_rulebook()
    option = rulebook.options.get(name)
    if option is None:
        raise Http404(name)
    limits = [(only_warns(rule, rulebook), rule) for rule in rulebook.constraints if name in rule.options]
    points = [(dict(rule.points)[name], rule) for rule in rulebook.preferences if name in dict(rule.points)]
    points.sort(key=lambda pair: -pair[0])
    return render(request, "option.html", {"option": option, "limits": limits, "points": points})
