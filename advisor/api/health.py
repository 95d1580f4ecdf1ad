"""For those who run the service: is it up, can it answer, what is it, how busy is it. Knows no answer."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from advisor import service
from advisor.api.metrics import METRICS
from advisor.api.problems import Refused, write_problem
from advisor.core.errors import AdvisorError

View = Callable[[HttpRequest], HttpResponse]
_METHODS = "GET, HEAD"


def read_only(view: View) -> View:
    """Django's own `require_safe` answers every other method with an empty page."""

    @wraps(view)
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request)
        message = f"{str(request.method)[:20]} is not taken here; {_METHODS} are."
        return write_problem(request, Refused("method_not_allowed", message, headers={"Allow": _METHODS}))

    return answer


@read_only
@never_cache
def show_health(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is looked at, so a restart is right when this fails."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@read_only
@never_cache
def show_readiness(_request: HttpRequest) -> HttpResponse:
    """The rulebook is there, so answers can be given."""
    try:
        version = service.get_rulebook().version
    except AdvisorError:
        return JsonResponse({"ready": False, "rulebook": None}, status=503)
    return JsonResponse({"ready": True, "rulebook": version})


@read_only
@never_cache
def show_version(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"release": service.release(), "rulebook": service.get_rulebook().version})


@read_only
@never_cache
def show_metrics(_request: HttpRequest) -> HttpResponse:
    """Prometheus' text format; each worker counts for itself and says which one it is."""
    text = METRICS.write(service.release(), service.get_rulebook().version)
    return HttpResponse(text, content_type="text/plain; version=0.0.4; charset=utf-8")
