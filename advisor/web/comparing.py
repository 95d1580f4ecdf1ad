"""Two links side by side: what was answered differently comes first, then what came of it and which rules do it.

Works on two decision documents; must not decide anything itself.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from advisor import service
from advisor.core.errors import AnswersError, Problem
from advisor.core.rank import COST
from advisor.core.units import format_quantity
from advisor.render.document import to_document
from advisor.render.record import pair_of
from advisor.web.adapt import Adapted, adapt
from advisor.web.form import build_form
from advisor.web.presets import list_presets
from advisor.web.private import takes_answers
from advisor.web.views import UNPROCESSABLE, name_problems

Document = Mapping[str, Any]
SIDES = ("a", "b")
ANSWER = "/recommendation"  # with no answers at all it is still one
NO_LINK = Problem(where="", code="not_a_link", message="It holds no answers.", hint="Paste a link into both fields.")
_LONGEST = 8_000  # of one link; a longer one is no link of ours
_SPENT = ("likely_usd", "scored_usd", "is_partial", "is_added")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is not the same on both sides."""

    name: str
    left: object
    right: object
    option: str = ""
    because: str = ""


def read_link(text: str) -> dict[str, object]:
    """The raw answers of a whole address, a private one as well, or of its query string alone."""
    address, _, hidden = text[:_LONGEST].strip().partition("#")
    query = hidden if address.endswith("/private") else address
    query = query.partition("?")[2] if "?" in query else query
    return service.read_pairs(parse_qs(query, keep_blank_values=False).items())


@takes_answers
def show_comparison(request: HttpRequest) -> HttpResponse:
    """The two answers and what differs between them; without two links, the form that takes them."""
    given = {side: request.GET.get(side, "")[:_LONGEST] for side in SIDES}
    if not all(side in request.GET for side in SIDES):
        return render(
            request,
            "compare.html",
            {"given": given, "problems": (), "presets": list_presets(service.get_presets())},
        )
    asked = {side: adapt(read_link(given[side]), service.get_rulebook()) for side in SIDES}
    sides: list[Document] = []
    problems: list[tuple[str, Problem, str]] = []
    for side in SIDES:
        try:
            sides.append(_document(given[side], asked[side]))
        except AnswersError as error:
            form = build_form(service.get_rulebook().questions, asked[side].given)
            problems.extend((side, *named) for named in name_problems(error.problems, form))
    if problems:
        return _refuse(request, given, problems)
    notes = [(side, note) for side in SIDES for note in asked[side].notes]
    context = {"given": given, "sides": sides, "notes": notes, "problems": (), **compare(*sides)}
    return render(request, "compare.html", context)


def _refuse(request: HttpRequest, given: Mapping[str, str], problems: list[tuple[str, Problem, str]]) -> HttpResponse:
    return render(request, "compare.html", {"given": given, "problems": problems}, status=UNPROCESSABLE)


def _document(link: str, asked: Adapted) -> Document:
    """Raises AnswersError, also for what is no link: nothing asked, and not the address of an answer either."""
    if not asked.given and not re.split("[?#]", link.strip())[0].rstrip("/").endswith(ANSWER):
        raise AnswersError(NO_LINK)
    return to_document(service.recall(service.read_query(asked.given)), service.release())


def compare(left: Document, right: Document) -> dict[str, object]:
    """What differs: answers (assumed on both sides last), weights, the day, costs, and rules that speak otherwise."""
    assumed = _assumed(left), _assumed(right)
    answers = _differences(_values(left), _values(right))
    return {
        "answers": sorted(answers, key=lambda change: all(change.name in each for each in assumed)),
        "weights": _differences(_weights(left), _weights(right)),
        "as_of": (left["rulebook"]["as_of"], right["rulebook"]["as_of"]),
        "assumed": assumed,
        "costs": _differences(_costs(left), _costs(right)),
        "rules": _rules(left, right),
        "is_same": all(left[name] == right[name] for name in ("outcome", "state", "option")),
    }


def _values(document: Document) -> dict[str, object]:
    assumed = {each["question"]: each["value"] for each in document["assumptions"]}
    return {**assumed, **document["answers"]}


def _weights(document: Document) -> dict[str, object]:
    """Each criterion's weight as it counted, by the criterion's name."""
    criteria = service.get_rulebook().criteria.values()
    return {each.label: document["weights"].get(each.id, each.weight) for each in criteria}


def _assumed(document: Document) -> set[str]:
    return {each["question"] for each in document["assumptions"]}


def _costs(document: Document) -> dict[str, object]:
    """Of each option what it costs alone, and what it adds where Kafka runs already, which is scored."""
    estimates = {verdict["option"]: verdict["estimate"] for verdict in document["verdicts"]}
    return {option: {name: estimate[name] for name in _SPENT} for option, estimate in estimates.items()}


def _differences(left: Mapping[str, object], right: Mapping[str, object]) -> list[Change]:
    names = dict.fromkeys((*left, *right))
    return [
        Change(name=name, left=left.get(name), right=right.get(name))
        for name in names
        if left.get(name) != right.get(name)
    ]


def _rules(left: Document, right: Document) -> list[Change]:
    """Rules that act otherwise on an option that either side compares, by option."""
    options = {verdict["option"] for document in (left, right) for verdict in pair_of(document)}
    first, second = (_effects(document, options) for document in (left, right))
    changes = []
    for rule, option in dict.fromkeys((*first, *second)):
        (one, because), (other, also) = (side.get((rule, option), ("", "")) for side in (first, second))
        if one != other:
            because = _say(rule) or because or also
            changes.append(Change(name=rule, option=option, left=one, right=other, because=because))
    return sorted(changes, key=lambda change: (change.option, change.name))


def _say(rule: str) -> str:
    """What holds on both sides, where a sentence has the numbers of one."""
    if rule != COST:
        return ""
    rulebook = service.get_rulebook()
    low, high = (format_quantity(end, "USD") for end in (rulebook.cost_scale_usd.low, rulebook.cost_scale_usd.high))
    return f"Its cost: {rulebook.cost_points_per_doubling} points fewer for each doubling between {low} and {high}."


def _effects(document: Document, options: set[str]) -> dict[tuple[str, str], tuple[str, str]]:
    """What each rule does to each option, in words, and its sentence."""
    return {
        (reason["rule"], verdict["option"]): (_effect(reason), reason["because"])
        for verdict in document["verdicts"]
        if verdict["option"] in options
        for reason in verdict["reasons"]
    }


def _effect(reason: Document) -> str:
    if reason["effect"] == "points":
        return f"{reason['contribution']:+d} points".replace("-", "−")
    return {"excludes": "rules it out", "warns": "warns", "depends": "hangs on open answers"}[reason["effect"]]
