"""/api/v1/: the addresses that there are, so that nobody has to guess them; and the catalogue of RFC 9727."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from rest_framework.request import Request
from rest_framework.response import Response

from advisor import service
from advisor.api.caching import FOR_MINUTES
from advisor.api.endpoint import Endpoint
from advisor.api.lists import SHELVES
from advisor.api.problems import read_only

ANALYSES = ("compare", "sensitivity", "sweep", "breakeven")


class Index(Endpoint):
    """Where everything is."""

    def get(self, request: Request) -> Response:
        self.read_names(request)
        links = {shelf.plural: f"/api/v1/{shelf.plural}" for shelf in SHELVES}
        links |= {"recommendations": "/api/v1/recommendations", "problems": "/problems/"}
        links |= {name: f"/api/v1/recommendations:{name}" for name in ("batch", *ANALYSES)}
        links |= {
            "description": "/openapi.json",
            "reference": "/api/reference",
            "decision_schema": "/schemas/decision.json",
        }
        links |= {"recommend": "/recommend", "kit": "/api/v1/kit", "kit_diff": "/api/v1/kit/diff"}
        links |= {"starter_zip": "/starter.zip", "starter_tgz": "/starter.tgz"}
        links |= {name: f"/{name}" for name in ("healthz", "readyz", "version", "metrics")}
        return Response({"release": service.release(), "rulebook": service.get_rulebook().version, "links": links})


@read_only
def show_catalog(request: HttpRequest) -> HttpResponse:
    """For programs that know the host alone: the API, its description, its reference and its status (RFC 9264)."""
    links = {"service-desc": "/openapi.json", "service-doc": "/api/reference", "status": "/readyz"}
    entry = {name: [{"href": request.build_absolute_uri(path)}] for name, path in links.items()}
    linkset = {"linkset": [{"anchor": request.build_absolute_uri("/api/v1/"), **entry}]}
    content_type = 'application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"'
    return JsonResponse(linkset, content_type=content_type, headers={"Cache-Control": FOR_MINUTES})
