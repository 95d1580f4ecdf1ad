"""The OpenAPI description: generated from the addresses, the table of operations and the rulebook's questions.

What is served is what is generated; a copy is committed so that every change of it is seen in review.
"""

import json
from functools import cache
from typing import Any

import yaml
from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from advisor import service
from advisor.api.caching import FOR_MINUTES
from advisor.api.explaining import CONCLUSION
from advisor.api.operations import HEADERS, write_operation
from advisor.api.schemas import Schema, refer, write_components
from advisor.api.table import list_operations
from advisor.render.document import to_json
from advisor.render.schema import DECISION_SCHEMA


class Described(AutoSchema):
    """Takes each operation from the table; an address that is not in it is not described."""

    def get_operation(
        self, path: str, path_regex: str, path_prefix: str, method: str, registry: ComponentRegistry
    ) -> Schema | None:
        operation = list_operations().get((path, method.upper()))
        return None if operation is None else write_operation(operation, path)


def complete(result: Schema, **_: Any) -> Schema:
    """A hook of the generator: adds what no REST view has, and the shapes that operations refer to."""
    for (path, method), operation in list_operations().items():
        result["paths"].setdefault(path, {}).setdefault(method.lower(), write_operation(operation, path))
    components = write_components(service.get_rulebook())
    answers: Schema = components["schemas"]["Answers"]
    components["schemas"] |= _decision() | {"SweepRequest": _sweep_request(answers)}
    text: Schema = {"type": "string"}
    components["headers"] = {name: {"description": said, "schema": text} for name, said in HEADERS.items()}
    result["components"] = components
    result["paths"] = dict(sorted(result["paths"].items()))
    return result


def _decision() -> Schema:
    """The published schema, its definitions among the components; and the conclusion, which has some of its members."""
    moved: Schema = json.loads(json.dumps(DECISION_SCHEMA).replace("#/$defs/", "#/components/schemas/"))
    del moved["$schema"]
    definitions: Schema = moved.pop("$defs")
    conclusion = {name: moved["properties"][name] for name in CONCLUSION}
    short = {"type": "object", "properties": conclusion, "required": list(CONCLUSION), "additionalProperties": False}
    named: Schema = {"Decision": moved, "Conclusion": short | {"description": "What explain=none answers."}}
    return named | definitions


def _sweep_request(answers: Schema) -> Schema:
    """Answers and what is swept, side by side, as the address has them."""
    text_or_number: Schema = {"anyOf": [{"type": "string"}, {"type": "number"}]}
    own = dict.fromkeys(("from", "to", "steps"), text_or_number)
    own |= {"question": {"type": "string"}, "scale": {"type": "string", "enum": ["log", "linear"]}}
    same: Schema = {name: refer(f"Answers/properties/{name}") for name in answers["properties"]}
    return answers | {"properties": same | own, "required": ["question"]}


def generate() -> Schema:
    """The whole description."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    description: Schema = generator.get_schema(public=True)
    return description


@cache
def write_description() -> bytes:
    return json.dumps(generate(), ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


@cache
def write_description_yaml() -> bytes:
    text: str = yaml.safe_dump(json.loads(write_description()), allow_unicode=True, width=120)
    return text.encode()


@require_safe
def show_json(request: HttpRequest) -> HttpResponse:
    return _show(request, write_description(), "application/json")


@require_safe
def show_decision_schema(request: HttpRequest) -> HttpResponse:
    """What the decision document holds, for those who validate it."""
    return _show(request, to_json(DECISION_SCHEMA), "application/schema+json")


@require_safe
def show_yaml(request: HttpRequest) -> HttpResponse:
    return _show(request, write_description_yaml(), "application/yaml")


def _show(request: HttpRequest, body: bytes, content_type: str) -> HttpResponse:
    mark = f'"{service.release()}-{service.get_rulebook().version}-{content_type[-4:]}"'
    response = HttpResponse(body, content_type=content_type)
    response.headers["ETag"], response.headers["Cache-Control"] = mark, FOR_MINUTES
    return get_conditional_response(request, etag=mark, response=response) or response
