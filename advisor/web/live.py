"""What only a browser with JavaScript asks for: the advice as it stands beside the form, and the private link."""

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from advisor import service
from advisor.core.errors import AnswersError, Problem
from advisor.core.recommendation import Flip
from advisor.render.plain import write_flip
from advisor.web.answer import Document, direct
from advisor.web.form import build_form
from advisor.web.private import is_private, takes_answers
from advisor.web.taken import find_taken
from advisor.web.views import answer_page, name_problems, read_request

_FLIPS = 3  # what fits beside a form


@takes_answers
def show_live(request: HttpRequest) -> HttpResponse:
    """A fragment: outcome, state, cost and nearest flips; with bad answers what is wrong with them, and no error."""
    given = read_request(request).given
    try:
        recommendation = service.recommend(service.read_query(given))
    except AnswersError as error:
        return render(request, "_live.html", _echo(given, error.problems))
    other = recommendation.alternative
    names = [name for name in (recommendation.option, other.option if other else "") if name]
    context = {
        "recommendation": recommendation,
        "pair": [recommendation.verdict(name) for name in names],
        "flips": _nearest(recommendation.flips),
        "given": given,
    }
    return render(request, "_live.html", context | _echo(given))


def _echo(given: Mapping[str, object], problems: Sequence[Problem] = ()) -> dict[str, object]:
    """What goes to the fields: how each was read, and what is taken where one is missing; and what is wrong."""
    questions = service.get_rulebook().questions
    taken = find_taken(questions, given)
    form = build_form(questions, given, problems, taken)
    return {
        "read": [field for field in form.fields if field.understood and not field.problems],
        "taken": [form.field(name) for name in taken],
        "problems": name_problems(problems, form),
    }


def _nearest(flips: Sequence[Flip]) -> list[Document]:
    """Of each question the first change only, and few of them."""
    found = {flip.question: flip for flip in reversed(flips) if flip.within_domain}
    return [direct(write_flip(flip)) for flip in list(reversed(found.values()))[:_FLIPS]]


@takes_answers
def show_private(request: HttpRequest) -> HttpResponse:
    """The page that reads its own address; what it posts is a query string, and the answer is the answer's page."""
    return answer_page(request, read_request(request)) if is_private(request) else render(request, "private.html")
