"""/api/v1/: the addresses that there are, so that nobody has to guess them."""

from rest_framework.request import Request
from rest_framework.response import Response

from advisor import service
from advisor.api.endpoint import Endpoint
from advisor.api.lists import SHELVES

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
        links |= {"starter_zip": "/starter.zip", "starter_tgz": "/starter.tgz"}
        return Response({"release": service.release(), "rulebook": service.get_rulebook().version, "links": links})
