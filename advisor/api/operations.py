"""What each REST address offers, method by method, as OpenAPI operations. Knows addresses; shapes are in schemas.py."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from advisor import service
from advisor.api.problems import CONTENT_TYPE
from advisor.api.renderers import CSV, JSON, NDJSON, YAML, JSONLines, Markdown, Text
from advisor.api.schemas import IN_BODY, Schema, control, refer
from advisor.render.meanings import KINDS

READ = (400, 405, 406, 410, 422, 429)
WRITE = (*READ, 411, 413, 415)
FORMATS = {each.media_type: each.format for each in (JSON, YAML, NDJSON, JSONLines, Markdown, Text, CSV)}

LIMITED = ("RateLimit", "RateLimit-Policy")
TOLD_WITH = {405: ("Allow",), 429: ("Retry-After", *LIMITED)}
HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "Advisor-Rulebook": "The version of the rulebook that answered.",
        "Allow": "The methods that this address has.",
        "Cache-Control": "Minutes; for ever where the current rulebook and release were named in the request.",
        "Content-Digest": "The SHA-256 of what is sent, as RFC 9530 writes it.",
        "Content-Disposition": "The archive's name.",
        "Content-Location": "Where GET has the same, unless that cannot be asked for in an address.",
        "ETag": "Send it back in If-None-Match; 304 says that nothing changed.",
        "RateLimit": "What is left, where the operator set a limit.",
        "RateLimit-Policy": "The limit itself, where there is one.",
        "Retry-After": "How many seconds to wait.",
        "X-Request-Id": "Yours, where you sent 8 to 64 letters, digits or ._-; quote it when you report a problem.",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one address."""

    id: str
    summary: str
    tag: str
    parameters: tuple[str, ...] = ()
    takes_answers: bool = False
    has_etag: bool = False
    told: tuple[str, ...] = ("Advisor-Rulebook",)  # headers of its own answer
    body: Mapping[str, Schema] = field(default_factory=dict)
    media: Mapping[str, Schema] = field(default_factory=dict)
    refusals: tuple[int, ...] = READ
    links: Schema = field(default_factory=dict)


def write_operation(operation: Operation, path: str) -> Schema:
    """The OpenAPI object."""
    named = [*operation.parameters, *(_asked() if operation.takes_answers else ())]
    parameters = [_path_parameter(path)] if "{" in path else []
    written: Schema = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": parameters + [_parameter(name, operation) for name in named],
        "responses": _responses(operation, path),
    }
    if operation.body:
        content = {media: _with_example(schema) for media, schema in operation.body.items()}
        written["requestBody"] = {"required": True, "content": content}
    return written


def _asked() -> Iterable[str]:
    rulebook = service.get_rulebook()
    return (*rulebook.questions, *(f"{service.WEIGHT}{name}" for name in rulebook.criteria), *IN_BODY)


def _responses(operation: Operation, path: str) -> Schema:
    content = {media: {"schema": schema} for media, schema in operation.media.items()}
    kept = _headers("ETag", "Cache-Control") if operation.has_etag else {}
    told = _headers("X-Request-Id", *operation.told, *(LIMITED if 429 in operation.refusals else ()))
    answer: Schema = {"200": {"description": operation.summary, "content": content, "headers": told | kept}}
    if operation.links:
        answer["200"]["links"] = operation.links
    unchanged = {"304": {"description": "You have it already.", "headers": kept}} if operation.has_etag else {}
    return answer | unchanged | dict(_refusals(operation, path))


def _refusals(operation: Operation, path: str) -> Iterable[tuple[str, Schema]]:
    more = [404] * ("{" in path) + [412] * operation.has_etag
    for status in sorted({*operation.refusals, *more}):
        titles = " / ".join(kind.title for kind in KINDS.values() if kind.status == status)
        headers = _headers("X-Request-Id", *TOLD_WITH.get(status, ()))
        yield (
            str(status),
            {"description": titles, "content": {CONTENT_TYPE: {"schema": refer("Problem")}}, "headers": headers},
        )


def _headers(*names: str) -> Schema:
    return {name: refer(name, "headers") for name in names}


def _parameter(name: str, operation: Operation) -> Schema:
    """Shared by all operations, but for the formats: each has its own."""
    if name != "format":
        return refer(name, "parameters")
    names = [FORMATS[media] for media in operation.media]
    return control("format", "For those who cannot set Accept.", {"type": "string", "enum": ["", *names]})


def _path_parameter(path: str) -> Schema:
    name = path.partition("{")[2].partition("}")[0]
    schema = {"type": "string", "minLength": 1} if name == "path" else {"type": "string", "pattern": "^[^/.]+$"}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _with_example(schema: Schema) -> Schema:
    """A request that the tests send as it stands."""
    named = str(schema.get("$ref") or schema.get("title") or "")
    found: Any = EXAMPLES.get(named.rsplit("/", 1)[-1])
    return {"schema": schema} if found is None else {"schema": schema, "examples": {"typical": {"value": found}}}


TASKS = {"work_queue": True, "per_message_retry_or_dlq": True, "messages_per_second_avg": 40, "ops_tolerance": "none"}
EVENTS = {
    "work_queue": False,
    "consumer_groups": {"min": 3, "max": 6},
    "replay_needed": True,
    "message_size_bytes_avg": "2 KiB",
    "ops_tolerance": "medium",
}
EXAMPLES: Mapping[str, Any] = MappingProxyType(
    {
        "Answers": EVENTS,
        "Sides": {"left": TASKS, "right": TASKS | {"replay_needed": True}},
        "SweepRequest": TASKS | {"question": "messages_per_second_avg", "from": "10/s", "to": "1k/s", "steps": 3},
        "Array": [TASKS, EVENTS],
    }
)
