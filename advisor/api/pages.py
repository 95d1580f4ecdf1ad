"""The few pages that the REST door has of its own: what a problem type or code means.

Knows no answer. A page needs no script and no style beyond the site's.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisor.api.meanings import CODES, KINDS


@require_safe
def show_problem(request: HttpRequest, code: str = "") -> HttpResponse:
    """What a problem's `type` resolves to; without a code, the list of all."""
    kind = KINDS.get(code)
    if code and kind is None and code not in CODES:
        raise Http404(code)
    shown = {"code": code, "kind": kind, "meaning": kind.meaning if kind else CODES.get(code, "")}
    return render(request, "api/problem.html", shown | {"kinds": KINDS, "codes": CODES})
