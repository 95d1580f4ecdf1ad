"""What only a browser with JavaScript asks for: the advice as it stands beside the form, and the private link."""

from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from advisor import service
from advisor.core.errors import AnswersError
from advisor.core.recommendation import Flip
from advisor.web.form import build_form
from advisor.web.private import is_private, takes_answers
from advisor.web.views import answer_page, read_request

_FLIPS = 3  # what fits beside a form


@takes_answers
def show_live(request: HttpRequest) -> HttpResponse:
    """A fragment: outcome, state, cost and nearest flips; with bad answers what is wrong with them, and no error."""
    questions, given = service.get_rulebook().questions, read_request(request).given
    try:
        recommendation = service.recommend(service.read_query(given))
    except AnswersError as error:
        return render(request, "_live.html", {"problems": error.problems, "questions": questions})
    other = recommendation.alternative
    names = [name for name in (recommendation.option, other.option if other else "") if name]
    context = {
        "recommendation": recommendation,
        "pair": [recommendation.verdict(name) for name in names],
        "flips": _nearest(recommendation.flips),
        "given": given,
        "read": [field for field in build_form(questions, given).fields if field.understood],
    }
    return render(request, "_live.html", context)


def _nearest(flips: Sequence[Flip]) -> list[Flip]:
    """Of each question the first change only, and few of them."""
    found = {flip.question: flip for flip in reversed(flips) if flip.within_domain}
    return list(reversed(found.values()))[:_FLIPS]


@takes_answers
def show_private(request: HttpRequest) -> HttpResponse:
    """The page that reads its own address; what it posts is a query string, and the answer is the answer's page."""
    return answer_page(request, read_request(request)) if is_private(request) else render(request, "private.html")
