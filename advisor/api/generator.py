"""Makes the OpenAPI description from the addresses, the table of operations and the rulebook's questions.

Imported by description.py when somebody asks for it: what it stands on takes long to start.
"""

import json
from typing import Any

from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.plumbing import ComponentRegistry

from advisor import service
from advisor.api.explaining import CONCLUSION
from advisor.api.operations import HEADERS, write_operation
from advisor.api.schemas import Schema, refer, write_components
from advisor.api.table import list_operations
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
    conclusion = {name: moved["properties"][name] for name in (*CONCLUSION, "line")}
    short = {"type": "object", "properties": conclusion, "required": list(CONCLUSION), "additionalProperties": False}
    named: Schema = {"Decision": moved, "Conclusion": short | {"description": "What explain=none answers."}}
    return named | definitions


def _sweep_request(answers: Schema) -> Schema:
    """Answers and what is swept, side by side, as the address has them."""
    own: Schema = {end: {"type": ["string", "number", "null"]} for end in ("from", "to")}
    own |= {"question": {"type": "string"}, "steps": {"type": ["string", "integer", "null"]}}
    own |= {"scale": {"enum": ["log", "linear", "", None]}}
    same: Schema = {name: refer(f"Answers/properties/{name}") for name in answers["properties"]}
    return answers | {"properties": same | own, "required": ["question"]}


def generate() -> Schema:
    """The whole description."""
    generator: Any = SchemaGenerator()  # type: ignore[no-untyped-call]
    description: Schema = generator.get_schema(public=True)
    return description
