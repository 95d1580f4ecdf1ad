"""One question at a time: which one is asked now, and what was answered, skipped or asked again.

The engine chooses by power to turn the outcome; this only leaves out what the asker does not know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse

from advisor import service
from advisor.core.errors import AnswersError, Problem
from advisor.core.recommendation import DECIDED, NONE, OPEN, Recommendation
from advisor.core.rulebook import Rulebook
from advisor.render.labels import question_text
from advisor.web import links
from advisor.web.adapt import Adapted, adapt
from advisor.web.controls import AS_OF
from advisor.web.form import FormField, build_form
from advisor.web.private import is_private, takes_answers
from advisor.web.taken import find_taken
from advisor.web.views import UNPROCESSABLE, ask_again

SKIP, ASK = "skip", "ask"
FIRM = (DECIDED, NONE)  # proved, an option or that none fits: no open answer changes it
CLOSING = "nothing_else"  # its yes settles at once what would else be asked one by one


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """Where somebody stands: the answers given, the questions skipped, and one to ask again."""

    given: Mapping[str, object]
    skipped: tuple[str, ...]
    ask: str

    def address(self, **changes: str) -> str:
        """The query string of this place."""
        skip = {SKIP: ",".join(self.skipped)} if self.skipped else {}
        whole: dict[str, object] = {**self.given, **skip, **changes}
        return links.encode(whole)


def read_walk(query: QueryDict, rulebook: Rulebook) -> tuple[Walk, bool]:
    """The walk an address holds, and whether the address should be written again without its empty answers."""
    pairs = {name: values for name, values in query.lists() if name not in (SKIP, ASK)}
    given = adapt(service.read_pairs(pairs.items()), rulebook).given
    unknown = [name for name, values in pairs.items() if name in rulebook.questions and not any(values)]
    before = ",".join(query.getlist(SKIP)).split(",")
    skipped = [name for name in dict.fromkeys((*before, *unknown)) if name in rulebook.questions]
    ask = query.get(ASK, "") if query.get(ASK, "") in rulebook.questions else ""
    walk = Walk(given=given, skipped=tuple(name for name in skipped if name not in given), ask=ask)
    return walk, bool(unknown)


def choose_question(walk: Walk, recommendation: Recommendation) -> str:
    """The engine's choice among what was neither skipped nor answered, by a range as well, as long as something could
    turn the outcome or make it firmer.

    What could turn the outcome comes first; when nothing does by itself, whether anything else is needed at all.
    """
    if walk.ask or recommendation.state in FIRM:
        return walk.ask
    passed = {*walk.given, *walk.skipped}
    hangs_on = find_hanging(walk, recommendation)
    if hangs_on and hangs_on not in passed:
        return hangs_on
    if passed.issuperset(recommendation.turning_questions) and CLOSING not in passed:
        return CLOSING
    following = recommendation.next_question
    if following and {following.question, following.with_question} & passed:
        following = service.ask_next(service.read_query(walk.given), passed)
    return following.question if following else ""


def count_turning(walk: Walk, recommendation: Recommendation) -> int:
    """How many questions that were not skipped could turn the outcome, each by itself."""
    return sum(each not in walk.skipped for each in recommendation.turning_questions)


def find_hanging(walk: Walk, recommendation: Recommendation) -> str:
    """The open question that the advice hangs on, where none turns the outcome by itself; skipped or not."""
    following = recommendation.next_question
    is_hanging = recommendation.state == OPEN and not count_turning(walk, recommendation)
    return following.question if following and is_hanging else ""


@takes_answers
def show_question(request: HttpRequest) -> HttpResponse:
    """The next question with the advice as it stands; a bad answer is asked again."""
    rulebook = service.get_rulebook()
    walk, is_loose = read_walk(request.GET, rulebook)
    if is_loose and not is_private(request):
        return HttpResponseRedirect(f"{request.path}?{walk.address()}")
    try:
        recommendation = service.recall(service.read_query(walk.given))
    except AnswersError as error:
        return _ask_again(request, walk, error)
    name, hangs_on = choose_question(walk, recommendation), find_hanging(walk, recommendation)
    context = walk_context(walk, name, ()) | {
        "recommendation": recommendation,
        "may_stop": recommendation.state in FIRM,
        "could_turn": count_turning(walk, recommendation),
        "hangs_on": hangs_on,
        "hangs_on_address": walk.address(ask=hangs_on),
    }
    return render(request, "start.html", context)


def _ask_again(request: HttpRequest, walk: Walk, error: AnswersError) -> HttpResponse:
    """The question with a problem that was asked for or answered last, holding what was typed; the whole form for what
    is no question's, as a day."""
    places = {problem.where for problem in error.problems}
    if places - set(service.get_rulebook().questions):
        return ask_again(request, Adapted(given=walk.given, notes=()), error)
    name = next(each for each in (walk.ask, *reversed(tuple(walk.given))) if each in places)
    problems = [problem for problem in error.problems if problem.where == name]
    return render(request, "start.html", walk_context(replace(walk, ask=name), name, problems), status=UNPROCESSABLE)


def walk_context(walk: Walk, name: str, problems: Sequence[Problem]) -> dict[str, object]:
    rulebook = service.get_rulebook()
    form = build_form(rulebook.questions, walk.given, problems, find_taken(rulebook.questions, walk.given))
    field: FormField | None = form.field(name) if name else None
    kept = {question: answer for question, answer in walk.given.items() if question != name}
    return {
        "field": field,
        "problems": problems,
        "hidden": links.list_pairs(kept),
        "skipped": [each for each in walk.skipped if each != name],
        "answered": [
            (_label(given, rulebook), given, answer, address)
            for given, answer in walk.given.items()
            if (address := _change(walk, given))
        ],
        "passed": [(question, walk.address(ask=question)) for question in walk.skipped],
        "query": links.encode(walk.given),
        "asked": adapt(walk.given, rulebook),
    }


def _label(name: str, rulebook: Rulebook) -> str:
    """The question; a weight is called by its criterion, as in the answer."""
    if name.startswith(service.WEIGHT):
        return f"Weight of: {rulebook.criteria[name.removeprefix(service.WEIGHT)].label}"
    return question_text(name, rulebook.questions)


def _change(walk: Walk, name: str) -> str:
    """Where a given thing is changed: a question here, a day or weight on the form; nowhere what is of the project."""
    if name in service.get_rulebook().questions:
        return f"{reverse('start')}?{walk.address(ask=name)}"
    is_on_form = name == AS_OF or name.startswith(service.WEIGHT)
    return f"{reverse('form')}?{links.encode(walk.given)}#{name}" if is_on_form else ""
