"""JSON Schemas (2020-12) of what goes in and comes out, made from the same questions that answers are read by.

Knows questions and shapes; which address has which is in operations.py.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from advisor import service
from advisor.api.explaining import LEVELS
from advisor.core.domains import NOT_TOLD, Value
from advisor.core.questions import Question
from advisor.core.rulebook import HEAVIEST, Rulebook
from advisor.render.plain import write_value

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
NOTHING: Schema = {"type": "null"}
GRADED: Schema = {
    "type": "object",
    "description": "The answer with its grade: `measured` where it was read off a live system.",
    "required": ["value"],
    "properties": {"value": {}, "grade": {"enum": ["measured", "stated"]}}
    | {name: {"type": "string", "maxLength": 500} for name in ("window", "source", "error")},
    "additionalProperties": False,
}


def refer(name: str, kind: str = "schemas") -> Schema:
    return {"$ref": f"#/components/{kind}/{name}"}


def write_components(rulebook: Rulebook) -> Schema:
    """Everything that operations refer to."""
    questions = rulebook.questions.values()
    parameters = {question.id: _parameter(question) for question in questions}
    parameters |= {f"{service.WEIGHT}{name}": _weight_parameter(name) for name in rulebook.criteria}
    schemas = {"Answers": _answers(rulebook), "Graded": GRADED, "Problem": PROBLEM}
    return {"schemas": schemas, "parameters": parameters | CONTROLS}


def _answers(rulebook: Rulebook) -> Schema:
    properties = {question.id: _answer(question) for question in rulebook.questions.values()}
    aliases = {alias: each.id for each in rulebook.questions.values() for alias in each.aliases}
    properties |= {alias: refer(f"Answers/properties/{name}") for alias, name in aliases.items()}
    number, text = {"type": "integer", "minimum": 0, "maximum": HEAVIEST}, {"type": "string", "pattern": "^[0-9]$"}
    properties |= {f"{service.WEIGHT}{name}": {"anyOf": [number, text, NOTHING]} for name in rulebook.criteria}
    properties |= {name: {"anyOf": [schema, NOTHING]} for name, schema in IN_BODY.items()}
    return {
        "type": "object",
        "description": "Answers by question id; leave out what you do not know. /api/v1/questions has the questions.",
        "additionalProperties": False,
        "properties": properties,
    }


def _answer(question: Question) -> Schema:
    """Every form in which a document may answer the question; `description` says it in words."""
    forms = {"boolean": _boolean, "choice": _choice, "list": _list}.get(question.kind, _number)(question)
    every = [*forms, NOTHING, refer("Graded")]
    return {"description": describe(question), "anyOf": every, "examples": [example(question)]}


def _number(question: Question) -> list[Schema]:
    number: Schema = {"type": "integer" if question.kind == "integer" else "number"}
    if question.bounds is not None:
        number |= {"minimum": write_value(question.bounds.low), "maximum": write_value(question.bounds.high)}
    end = {"anyOf": [number, TEXT]}
    interval = {"type": "object", "required": ["min", "max"], "properties": {"min": end, "max": end}}
    return [
        number,
        {"type": "string", "description": "With a unit, or a range."},
        interval | {"additionalProperties": False},
    ]


def _boolean(_: Question) -> list[Schema]:
    word = {"anyOf": [{"type": "boolean"}, {"type": "string", "description": "yes or no"}]}
    return [*word["anyOf"], _one_of(word)]


def _choice(question: Question) -> list[Schema]:
    known = {"enum": [choice.id for choice in question.choices]}
    return [known, {"type": "string", "description": "Several that are still open: a|b."}, _one_of(TEXT)]


def _one_of(word: Schema) -> Schema:
    words = {"type": "array", "minItems": 1, "items": word}
    return {"type": "object", "required": ["one_of"], "properties": {"one_of": words}, "additionalProperties": False}


def _list(_: Question) -> list[Schema]:
    words = {"anyOf": [{"type": "array", "items": TEXT}, TEXT]}
    open_list = {"type": "object", "properties": {"all_of": words, "maybe": words}, "additionalProperties": False}
    return [*words["anyOf"], open_list | {"minProperties": 1}]


def describe(question: Question) -> str:
    unit = f" In {question.unit}, or with a unit." if question.unit not in ("", "count") else ""
    nothing = " Where none applies, none." if question.kind == "list" else ""
    return f"{question.text} {question.help}{unit}{nothing}"


def example(question: Question) -> Any:
    """One answer that is accepted: the value assumed while there is none, or the first choice."""
    assumed = question.choices[0].id if question.assume == NOT_TOLD else question.assume
    if isinstance(assumed, bool | str | int | float | tuple):
        return write_value(assumed)
    reach = question.plausible or question.bounds
    return write_value(reach.low) if reach is not None else 1


def _parameter(question: Question) -> Schema:
    several = question.kind == "list"
    schema = {"type": "array", "items": TEXT} if several else TEXT
    sample = example(question)
    return {
        "name": question.id,
        "in": "query",
        "description": describe(question),
        "schema": schema,
        "example": sample if several else _as_text(sample),
    }


def _as_text(value: Value) -> str:
    return ("no", "yes")[value] if isinstance(value, bool) else str(value)


def _weight_parameter(criterion: str) -> Schema:
    description = f"How much {criterion} counts, 0 to 9."
    return control(f"{service.WEIGHT}{criterion}", description, left_out({"type": "string", "pattern": "^[0-9]$"}))


def control(name: str, description: str, schema: Schema) -> Schema:
    return {"name": name, "in": "query", "description": description, "schema": schema}


def left_out(schema: Schema) -> Schema:
    """In a query string, a name without a value is as if it were not there: forms send such names."""
    return {"anyOf": [schema, {"type": "string", "maxLength": 0}]}


DAY: Schema = {"type": "string", "format": "date"}
LANGUAGE: Schema = {"type": "string", "enum": ["", *service.LANGUAGES]}
IN_BODY = {"as_of": {"anyOf": [DAY, {"const": ""}]}, "language": LANGUAGE} | dict.fromkeys(
    ("rulebook", "option", "name", "release"), TEXT
)
CONTROLS: dict[str, Schema] = {
    "as_of": control("as_of", "Reckon with facts and rules as they stood on this day.", left_out(DAY)),
    "rulebook": control("rulebook", "The rulebook that you expect; any but the current one is 410.", TEXT),
    "release": control(
        "release", "The release that you expect. Only how long an answer may be kept depends on it.", TEXT
    ),
    "option": control("option", "The option whose project is built, instead of the winner's.", TEXT),
    "language": control("language", "The language of the project.", left_out(LANGUAGE)),
    "name": control("name", "Names the project, its queues and topics: lower-case letters, digits and dashes.", TEXT),
    "explain": control("explain", "How much is said.", {"type": "string", "enum": ["", *LEVELS]}),
    "explain_many": control(
        "explain", "How much is said of each; of a row none.", {"type": "string", "enum": ["", "none", "summary"]}
    ),
    "question": control("question", "The question that is swept.", TEXT) | {"required": True},
    "from": control("from", "The first value, for a number.", TEXT),
    "to": control("to", "The last value, for a number.", TEXT),
    "steps": control("steps", "How many values, 2 to 200.", TEXT),
    "scale": control("scale", "How they are spread.", {"type": "string", "enum": ["", "log", "linear"]}),
}
PROBLEM: Schema = {
    "type": "object",
    "description": "A problem document, RFC 9457.",
    "required": ["type", "title", "status", "detail", "problems"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Resolves to a page about it."},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": TEXT,
        "instance": TEXT,
        "line": {"type": "integer", "description": "In a batch: the line it is about."},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "code", "message", "hint"],
                "properties": dict.fromkeys(("where", "code", "message", "hint"), TEXT),
            },
        },
    },
}


def infer(samples: Iterable[Any]) -> Schema:
    """The schema that all of these have in common: used where we write every member of every entry ourselves."""
    kinds: dict[str, list[Any]] = {}
    for sample in samples:
        kinds.setdefault(_kind(sample), []).append(sample)
    schemas = [_infer_kind(kind, kinds[kind]) for kind in sorted(kinds)]
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas} if schemas else {}


def _kind(sample: Any) -> str:
    if isinstance(sample, bool):
        return "boolean"
    kinds = {str: "string", int: "number", float: "number", list: "array", dict: "object", type(None): "null"}
    return kinds[type(sample)]


def _infer_kind(kind: str, samples: list[Any]) -> Schema:
    if kind == "array":
        return {"type": "array", "items": infer(item for sample in samples for item in sample)}
    if kind == "object":
        return _infer_object(samples)
    return {"type": kind}


def _infer_object(samples: list[Mapping[str, Any]]) -> Schema:
    """Members that are in all of them are named; a mapping whose names differ is a table by name."""
    shared = [name for name in samples[0] if all(name in sample for sample in samples)]
    if not shared or any(set(sample) != set(shared) for sample in samples):
        return {"type": "object"}
    properties = {name: infer(sample[name] for sample in samples) for name in shared}
    return {"type": "object", "required": sorted(shared), "properties": properties}
