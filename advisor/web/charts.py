"""The pictures at addresses of their own: SVG, its table as CSV, and a page with both. Each takes the answer's query.

Asks the service for values and render/charts for shapes; must not reckon or draw.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from functools import wraps
from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import condition

from advisor import service
from advisor.core.breakeven import BreakEven
from advisor.core.domains import Domain, Members, each_value
from advisor.core.errors import AnswersError
from advisor.core.rank import ALONE
from advisor.core.recommendation import Recommendation
from advisor.core.sweep import Standing
from advisor.render.charts import bars, cost_curve, gauges
from advisor.render.charts.shapes import STYLE, Chart, to_csv
from advisor.render.document import to_document
from advisor.render.labels import describe_value, name_limits
from advisor.render.record import pair_of
from advisor.web import links
from advisor.web.answer import MOST_BARS
from advisor.web.contributions import compare_points
from advisor.web.filters import quantity
from advisor.web.maps import SIDES, SPANS, draw_map, read_sides
from advisor.web.private import takes_answers
from advisor.web.views import ask_again, read_request

_STYLE_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
_UNOPPOSED = 30  # how far below nought an outcome without a rival is drawn; it has no margin of its own


def _limits_of(query: service.Query) -> list[gauges.Limit]:
    """The fullest limits of the two options that are compared."""
    document = to_document(service.recall(query), service.release())
    labels = {verdict["option"]: verdict["label"] for verdict in pair_of(document)}
    return [
        gauges.Limit(
            label=each["name"],
            option=labels[each["option"]],
            used_percent=each["used_percent"],
            months=each["months_until_reached"],
            words=_share(quantity(each["needed"], each["unit"]), quantity(each["limit"], each["unit"])),
        )
        for each in name_limits(document, service.get_rulebook())
        if each["option"] in labels
    ][:MOST_BARS]


def _share(needed: str, limit: str) -> str:
    """“300 of 3,000 messages/s”: the unit once where it is the same."""
    number, _, unit = needed.partition(" ")
    return f"{number if unit == limit.partition(' ')[2] else needed} of {limit}"


def _limits(query: service.Query) -> Chart:
    return gauges.draw_limits(_limits_of(query))


def _months(query: service.Query) -> Chart:
    return gauges.draw_months(_limits_of(query))


def _points(query: service.Query) -> Chart:
    document = to_document(service.recall(query), service.release())
    pair = pair_of(document)
    rows = compare_points(pair, service.get_rulebook().criteria, document["weights"])
    names = (pair[0]["label"], pair[-1]["label"])
    return bars.draw_points(names, [(row.criterion.label, row.sums[0], row.sums[-1]) for row in rows])


def _unknowns(query: service.Query) -> Chart:
    """Every open question by itself, at the values it may still have; lists have too many to try.

    An outcome without a rival has no lead that could be drawn.
    """
    recommendation = service.recall(query)
    turning = len(recommendation.turning_questions)
    if recommendation.margin >= ALONE:
        return bars.draw_swings((), None, turning)
    swings = [
        swing
        for assumption in recommendation.assumptions
        for swing in [_swing(query, recommendation, assumption.question, assumption.domain)]
        if swing and swing.lead_low != swing.lead_high
    ]
    widest = sorted(swings, key=lambda swing: swing.lead_low - swing.lead_high)[:MOST_BARS]
    return bars.draw_swings(widest, recommendation.margin, turning)


def _swing(query: service.Query, recommendation: Recommendation, name: str, domain: Domain) -> bars.Swing | None:
    """The least and the most lead of the outcome, and at which values."""
    if isinstance(domain, Members) or domain.is_known:
        return None
    question = service.get_rulebook().questions[name]
    values = tuple(each_value(domain))
    tried = zip(values, service.sweep(query, name, values), strict=True)
    leads = [(lead, value) for value, each in tried if (lead := _lead(each, recommendation.outcome)) is not None]
    if not leads:
        return None
    low, high = min(leads, key=lambda pair: pair[0]), max(leads, key=lambda pair: pair[0])
    return bars.Swing(
        label=question.text,
        low=describe_value(question, low[1]),
        high=describe_value(question, high[1]),
        lead_low=low[0],
        lead_high=high[0],
    )


def _lead(standing: Standing | AnswersError, outcome: str) -> float | None:
    """The lead of this outcome; below nought where another one is ahead, by as much as that leads."""
    if isinstance(standing, AnswersError) or (standing.margin is None and standing.outcome == outcome):
        return None
    return float((standing.margin or 0) if standing.outcome == outcome else -(standing.margin or _UNOPPOSED))


def _cost(draw: Callable[[BreakEven, Mapping[str, str]], Chart]) -> Callable[[service.Query], Chart]:
    def chart(query: service.Query) -> Chart:
        labels = {option.id: option.label for option in service.get_rulebook().options.values()}
        return draw(service.find_break_even(query), labels)

    return chart


CHARTS: Mapping[str, Callable[[service.Query], Chart]] = {
    "cost": _cost(cost_curve.draw_by_rate),
    "cost-by-size": _cost(cost_curve.draw_by_size),
    "cost-by-readers": _cost(cost_curve.draw_by_readers),
    "map": draw_map,
    "limits": _limits,
    "points": _points,
    "unknowns": _unknowns,
    "months": _months,
}


FORMS = ("svg", "csv", "")


def _etag(request: HttpRequest, name: str, form: str = "") -> str | None:
    """Known before anything is worked out: the answer's id says all that a picture depends on."""
    try:
        answer = service.identify_answer(service.read_query(read_request(request).given))
    except AnswersError:
        return None
    return f'"{answer}-{name}{form}-{"-".join(read_sides(request.GET))}"'


def _keep_answers(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """A picture may be kept for minutes, and a 304 says so again; a refusal is not kept."""

    @wraps(view)
    def show(request: HttpRequest, *parts: str, **named: str) -> HttpResponse:
        response = view(request, *parts, **named)
        if response.status_code in (HTTPStatus.OK, HTTPStatus.NOT_MODIFIED):
            patch_cache_control(response, public=True, max_age=300, stale_while_revalidate=600)
        return response

    return show


@takes_answers
@csp_update({"style-src": [f"'sha256-{_STYLE_DIGEST}'"]})
@_keep_answers
@condition(etag_func=_etag)
def show_chart(request: HttpRequest, name: str, form: str = "") -> HttpResponse:
    """One picture as SVG, as CSV, or on a page with its table."""
    if name not in CHARTS or form not in FORMS:
        raise Http404(name)
    asked, sides = read_request(request), read_sides(request.GET)
    try:
        query = service.read_query(asked.given)
        chart = draw_map(query, *sides) if name == "map" else CHARTS[name](query)
    except AnswersError as error:
        return ask_again(request, asked, error)
    if form == "svg":
        return HttpResponse(chart.svg, content_type="image/svg+xml; charset=utf-8")
    if form == "csv":
        return HttpResponse(to_csv(chart), content_type="text/csv; charset=utf-8")
    context: dict[str, Any] = {"chart": chart, "name": name, "query": links.encode(asked.given), "asked": asked}
    if name == "map":
        # Not in the address of the usual map, so that it is the one of the answer's page, which is there already.
        chosen = (
            links.encode(dict(zip(SIDES, sides, strict=True))) if any(side in request.GET for side in SIDES) else ""
        )
        context |= {"spans": SPANS, "sides": sides, "hidden": links.list_pairs(asked.given), "chosen": chosen}
    return render(request, "chart.html", context)
