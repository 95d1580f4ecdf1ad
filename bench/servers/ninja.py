"""Django Ninja as its tutorial shows it: a schema of the questions, a dictionary back."""

from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application

settings.configure(
    SECRET_KEY="only for measuring",
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF=__name__,
    MIDDLEWARE=["django.middleware.security.SecurityMiddleware", "django.middleware.common.CommonMiddleware"],
    USE_TZ=True,
)
django.setup()

from django.http import HttpRequest  # noqa: E402 - the settings come first
from django.urls import path  # noqa: E402
from ninja import NinjaAPI, Schema  # noqa: E402
from pydantic import create_model  # noqa: E402

from bench.servers.engine import answer  # noqa: E402
from bench.servers.model import fields  # noqa: E402

Answers: Any = create_model("Answers", __base__=Schema, **fields())
api = NinjaAPI(docs_url=None, openapi_url=None)


@api.post("/recommendations")
def recommend(request: HttpRequest, answers: Answers, explain: str = "summary") -> dict[str, Any]:  # noqa: ARG001
    """The one address."""
    return answer(answers.model_dump(exclude_unset=True), explain)


urlpatterns = [path("api/v1/", api.urls)]
application = get_wsgi_application()
