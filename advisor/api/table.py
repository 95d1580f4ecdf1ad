"""The table of operations: which address has which methods, and what goes in and out. One entry per method."""

from collections.abc import Mapping
from typing import Any

from advisor import service
from advisor.api.lists import SHELVES, Shelf
from advisor.api.operations import WRITE, Operation
from advisor.api.schemas import TEXT, Schema, infer, refer
from advisor.api.shapes import write_break_even, write_comparison, write_kit, write_sensitivity, write_sweep
from advisor.render.batch import COLUMNS

V1 = "/api/v1"
MAIN = f"{V1}/recommendations"
# An empty YAML file has no answers; in JSON that is {}.
ANSWERS = {"application/json": refer("Answers"), "application/yaml": {"anyOf": [refer("Answers"), {"type": "null"}]}}
DOCUMENT = {
    "application/json": {"anyOf": [refer("Decision"), refer("Conclusion")]},
    "text/markdown": TEXT,
    "text/plain": TEXT,
    "application/yaml": {"anyOf": [refer("Decision"), refer("Conclusion")]},
    "text/csv": TEXT,
}
LINES: Schema = {"description": "One workload a line; a bad one is a problem on its own line, so no text is refused."}
ANSWERED_LINES: Schema = {
    "description": "A line for each workload, in order: its Decision or Conclusion, or the Problem of a bad one. "
    "`line` says which line it answers; an empty line has no answer."
}
ANSWERED_ROWS: Schema = {
    "type": "string",
    "description": f"A row of names, {', '.join(COLUMNS)}; and a row for each workload, in order.",
}
ITEM: Schema = {
    "description": "Answers, as for one workload; a bad item gets a problem of its own and spoils no other. "
    "A text that is no array of JSON, or nested deeper than any item needs, is refused as a whole."
}
SHOWN = ("format", "explain")
POSTED = ("Advisor-Rulebook", "Content-Location")
LINKSET = "application/linkset+json"
Table = dict[tuple[str, str], Operation]


def list_operations() -> Mapping[tuple[str, str], Operation]:
    """By path and method."""
    return _reading() | _answering() | _analysing() | _downloading() | _running()


def _data(schema: Schema) -> dict[str, Schema]:
    return dict.fromkeys(("application/json", "application/yaml"), schema)


def _table(schema: Schema) -> dict[str, Schema]:
    return _data(schema) | {"text/csv": TEXT}


def _reading() -> Table:
    table: Table = {
        (f"{V1}/", "GET"): Operation(
            id="index", summary="Where everything is.", tag="reading", parameters=("format",),
            media={"application/json": {"type": "object"}},
        )
    }  # fmt: skip
    for shelf in SHELVES:
        entry = infer(shelf.write(each) for each in shelf.pick(service.get_rulebook()).values())
        members = {"rulebook": TEXT, shelf.plural: {"type": "array", "items": entry}}
        members |= {name: infer([value]) for name, value in shelf.beside().items()}
        listed = {"type": "object", "properties": members, "required": list(members)}
        media, names = _data(listed), ("format", "as_of", "rulebook", "release")
        table[f"{V1}/{shelf.plural}", "GET"] = Operation(
            id=f"list_{shelf.plural}", summary=f"All {shelf.plural}.", tag="reading",
            parameters=names, media=media, has_etag=True, links=_link(shelf),
        )  # fmt: skip
        table[f"{V1}/{shelf.plural}/{{name}}", "GET"] = Operation(
            id=f"get_{shelf.kind}", summary=f"One {shelf.kind}.", tag="reading",
            parameters=names, media=_data(entry), has_etag=True,
        )  # fmt: skip
    return table


def _link(shelf: Shelf) -> Schema:
    """From a list to the address of one of its entries."""
    name = {"name": f"$response.body#/{shelf.plural}/0/id"}
    return {f"first_{shelf.kind}": {"operationId": f"get_{shelf.kind}", "parameters": name}}


def _answering() -> Table:
    summary = "The recommendation for the answers in the address."
    post = "The recommendation for the answers in the body."
    text_first = {media: DOCUMENT[media] for media in sorted(DOCUMENT, key="text/plain".__ne__)}
    array = {"type": "array", "title": "Array", "items": ITEM}
    lines = dict.fromkeys(("application/x-ndjson", "application/jsonl", "text/csv"), LINES)
    many = {"application/json": array, **lines}
    items: Schema = {"type": "array", "items": BATCH_ITEM}
    answered = {"application/json": items, **dict.fromkeys(lines, ANSWERED_LINES), "text/csv": ANSWERED_ROWS}
    return {
        (MAIN, "GET"): Operation(
            id="recommend", summary=summary, tag="answering", takes_answers=True, parameters=SHOWN,
            media=DOCUMENT, has_etag=True,
        ),
        (MAIN, "POST"): Operation(
            id="recommend_posted", summary=post, tag="answering", parameters=SHOWN, body=ANSWERS,
            media=DOCUMENT, refusals=WRITE, told=POSTED,
        ),
        ("/recommend", "GET"): Operation(
            id="recommend_text", summary=f"{summary} As text, unless Accept wants something else.", tag="answering",
            takes_answers=True, parameters=SHOWN, media=text_first, has_etag=True,
        ),
        ("/recommend", "POST"): Operation(
            id="recommend_text_posted", summary=f"{post} As text, unless Accept wants something else.",
            tag="answering", parameters=SHOWN, body=ANSWERS, media=text_first, refusals=WRITE, told=POSTED,
        ),
        (f"{MAIN}:batch", "POST"): Operation(
            id="recommend_many", summary="Many workloads; one item in, one item out, in order.", tag="answering",
            parameters=("format", "explain_many"), body=many,
            media=answered,
            refusals=WRITE,
        ),
    }  # fmt: skip


BATCH_ITEM: Schema = {
    "type": "object",
    "required": ["status"],
    "properties": {
        "status": {"type": "integer"},
        "recommendation": {"anyOf": [refer("Decision"), refer("Conclusion")]},
        "problem": refer("Problem"),
    },
}
SIDES: Schema = {
    "type": "object",
    "title": "Sides",
    "required": ["left", "right"],
    "additionalProperties": False,
    "properties": {"left": refer("Answers"), "right": refer("Answers")},
}


def _analysing() -> Table:
    sweep = ("question", "from", "to", "steps", "scale")
    found: Table = {}
    for name, summary, media, own in (
        ("sensitivity", "What would change the answer.", _data(write_sensitivity()), ()),
        ("breakeven", "From which rate on each family is cheaper.", _table(write_break_even()), ()),
        ("sweep", "Who wins, and what it costs, along one question.", _table(write_sweep()), sweep),
    ):
        found[f"{MAIN}:{name}", "GET"] = Operation(
            id=name, summary=summary, tag="analysing", takes_answers=True, parameters=("format", *own),
            media=media, has_etag=True,
        )  # fmt: skip
        body = dict.fromkeys(ANSWERS, refer("SweepRequest")) if own else ANSWERS
        found[f"{MAIN}:{name}", "POST"] = Operation(
            id=f"{name}_posted", summary=summary, tag="analysing", parameters=("format",), body=body,
            media=media, refusals=WRITE,
        )  # fmt: skip
    found[f"{MAIN}:compare", "POST"] = Operation(
        id="compare", summary="Two workloads, or one on two days, and what differs.", tag="analysing",
        parameters=("format",), body=_data(SIDES),
        media=_data(write_comparison()), refusals=WRITE,
    )  # fmt: skip
    return found


def infer_members(*members: str) -> Schema:
    """An object with these members at least."""
    return {"type": "object", "required": list(members)}


def _downloading() -> Table:
    binary: dict[str, Any] = {"type": "string", "format": "binary"}
    return {
        (f"{V1}/kit", "GET"): Operation(
            id="kit", summary="The files of the project for the answers.", tag="downloading", parameters=("format",),
            takes_answers=True, media=_data(write_kit()), has_etag=True,
        ),
        (f"{V1}/kit/files/{{path}}", "GET"): Operation(
            id="kit_file", summary="One file of the project.", tag="downloading",
            takes_answers=True, media={"text/plain": TEXT}, has_etag=True, told=("Advisor-Rulebook", "Content-Digest"),
        ),
        (f"{V1}/kit/diff", "GET"): Operation(
            id="kit_diff", summary="What the Kafka project has otherwise than the SQS project.", tag="downloading",
            takes_answers=True, media={"text/x-diff": TEXT}, has_etag=True,
        ),
    } | {
        (f"/starter.{kind}", "GET"): Operation(
            id=f"starter_{kind}", summary=f"The project for the answers, as {kind}.", tag="downloading",
            takes_answers=True, media={media: binary}, has_etag=True,
            told=("Advisor-Rulebook", "Content-Digest", "Content-Disposition"),
        )
        for kind, media in service.ARCHIVES.items()
    }  # fmt: skip


def _running() -> Table:
    """For operators. They are no REST views, so the table alone knows them."""
    named = (
        ("/healthz", "health", "The process answers.", {"text/plain": TEXT}),
        ("/readyz", "readiness", "The rulebook is there.", {"application/json": infer_members("ready", "rulebook")}),
        ("/version", "version", "What is running.", {"application/json": infer_members("release", "rulebook")}),
        ("/metrics", "metrics", "Prometheus' text format.", {"text/plain": TEXT}),
        ("/openapi.json", "description", "This description.", {"application/json": {"type": "object"}}),
        ("/.well-known/api-catalog", "catalog", "Where the description is.", {LINKSET: {"type": "object"}}),
        ("/openapi.yaml", "description_yaml", "This description, as YAML.", {"application/yaml": {"type": "object"}}),
    )
    return {
        (path, "GET"): Operation(
            id=name, summary=summary, tag="running", media=media, refusals=(400, 405),
            has_etag=name.startswith("description"), told=(),
        )
        for path, name, summary, media in named
    }  # fmt: skip
