"""Serves the OpenAPI description and the schema of the decision document.

What is served is what is generated; a copy is committed so that every change of it is seen in review.
"""

import json
from functools import cache

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from advisor import service
from advisor.api.caching import answer_unless_known
from advisor.api.problems import read_only
from advisor.render.document import to_json
from advisor.render.schema import DECISION_SCHEMA


@cache
def write_description() -> bytes:
    from advisor.api.generator import generate  # noqa: PLC0415 - its start-up time is paid only here

    return json.dumps(generate(), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


@cache
def write_description_yaml() -> bytes:
    return service.write_yaml(json.loads(write_description())).encode()


@read_only
def show_json(request: HttpRequest) -> HttpResponseBase:
    return _show(request, write_description(), "application/json")


@read_only
def show_decision_schema(request: HttpRequest) -> HttpResponseBase:
    """What the decision document holds, for those who validate it."""
    return _show(request, to_json(DECISION_SCHEMA), "application/schema+json")


@read_only
def show_yaml(request: HttpRequest) -> HttpResponseBase:
    return _show(request, write_description_yaml(), "application/yaml")


def _show(request: HttpRequest, body: bytes, content_type: str) -> HttpResponseBase:
    mark = f"{service.release()}-{service.get_rulebook().version}-{content_type[-4:]}"
    return answer_unless_known(request, mark, lambda: HttpResponse(body, content_type=content_type))
