"""How the advice was checked: decisions that real teams published, what they chose, and what we would have said.

Misses are shown like hits. Must not score anything itself.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisor import evidence, service
from advisor.core.agreement import PublishedCase
from advisor.web import links


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One published decision with the advice beside it."""

    case: PublishedCase
    outcome: str
    agrees: bool
    query: str

    @property
    def chosen(self) -> str:
        """The option by its label where it is one of ours, else as the source calls it."""
        option = service.get_rulebook().options.get(self.case.option.replace("-", "_"))
        return option.label if option else self.case.option.removeprefix("other:").replace("-", " ")

    @property
    def is_address(self) -> bool:
        return self.case.source.startswith("https://")


@require_safe
def show_evidence(request: HttpRequest) -> HttpResponse:
    """Every published case, misses first; weak ones and those regretted later are counted apart."""
    held = [
        Held(case=case, outcome=outcome, agrees=agrees, query=links.encode(case.answers))
        for case, outcome, agrees in evidence.glance_published()
    ]
    held.sort(key=lambda each: (each.agrees, each.case.id))
    counted = [each for each in held if each.case.is_counted]
    context = {
        "counted": counted,
        "agreeing": sum(each.agrees for each in counted),
        "apart": [each for each in held if not each.case.is_counted],
    }
    return render(request, "evidence.html", context)
