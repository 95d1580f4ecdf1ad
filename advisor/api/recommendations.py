"""The main address: answers in, the decision document out."""

from rest_framework.request import Request
from rest_framework.response import Response

from advisor import service
from advisor.api.endpoint import Endpoint
from advisor.render.document import to_document


class Recommendations(Endpoint):
    """GET with the page's own query string, POST with a document; the same names and the same answer."""

    def get(self, request: Request) -> Response:
        return self.answer(request)

    def post(self, request: Request) -> Response:
        return self.answer(request)

    def answer(self, request: Request) -> Response:
        query = service.read_query(self.read_given(request))
        return Response(to_document(service.recommend(query), service.release()))
