"""For those who run the service: is it up, can it answer, what is it, how busy is it. Knows no answer."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache

from advisor import service
from advisor.api.metrics import METRICS
from advisor.api.problems import read_only
from advisor.core.errors import AdvisorError


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
