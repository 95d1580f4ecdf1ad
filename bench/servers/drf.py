"""Django REST framework with its defaults: a serializer with a field for each question, Response, its own renderers."""

from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import path

settings.configure(
    SECRET_KEY="only for measuring",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "rest_framework"],
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    USE_TZ=True,
)
django.setup()

from rest_framework import serializers  # noqa: E402 - DRF reads the settings above
from rest_framework.request import Request  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

from advisor import service  # noqa: E402
from advisor.core.questions import Question  # noqa: E402
from bench.servers.engine import answer  # noqa: E402


def _field(question: Question) -> serializers.Field:
    """The field that one would write for the question by hand."""
    match question.kind:
        case "boolean":
            return serializers.BooleanField(required=False)
        case "choice":
            return serializers.ChoiceField([choice.id for choice in question.choices], required=False)
        case "list":
            return serializers.ListField(child=serializers.CharField(), required=False)
    bounds = question.bounds
    return serializers.FloatField(required=False, min_value=bounds.low, max_value=bounds.high)  # type: ignore[union-attr]


Answers = type(
    "Answers",
    (serializers.Serializer,),
    {name: _field(question) for name, question in service.get_rulebook().questions.items()},
)


class Recommendations(APIView):
    """The one address."""

    def post(self, request: Request) -> Response:
        given: Any = Answers(data=request.data)
        given.is_valid(raise_exception=True)
        return Response(answer(given.validated_data, request.query_params.get("explain", "summary")))


urlpatterns = [path("api/v1/recommendations", Recommendations.as_view())]
application = get_wsgi_application()
