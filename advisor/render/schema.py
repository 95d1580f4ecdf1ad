"""The JSON Schema (2020-12) of the decision document: every member by name and none besides, for clients to rely on.

Must not know how a document comes about.
"""

from collections.abc import Mapping
from typing import Any

from advisor.core.recommendation import FAMILIES, OUTCOMES, STATES
from advisor.core.rulebook import HEAVIEST

Schema = dict[str, Any]

_TEXT: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_INTEGER: Schema = {"type": "integer"}
_YES_NO: Schema = {"type": "boolean"}
_NUMBER: Schema = {"type": ["number", "null"], "description": "Six significant figures; null where it is not finite."}
MONEY: Schema = {
    "type": ["string", "null"],
    "pattern": r"^-?[0-9]+(\.[0-9]+)?$",
    "description": "US dollars as decimal text; null where no price is known.",
}
_DAY: Schema = {"type": "string", "format": "date"}
_WORDS: Schema = {"type": "array", "items": _TEXT}
_VALUE: Schema = {"type": ["string", "number", "boolean", "array", "null"], "items": _TEXT}
_OUTCOME: Schema = {"enum": [*OUTCOMES]}
_STATE: Schema = {"enum": [*STATES]}


def _object(members: Mapping[str, Schema], description: str = "", optional: tuple[str, ...] = ()) -> Schema:
    """An object with exactly these members."""
    schema: Schema = {
        "type": "object",
        "properties": dict(members),
        "required": [name for name in members if name not in optional],
        "additionalProperties": False,
    }
    return {**schema, "description": description} if description else schema


def _list(items: Schema, description: str = "") -> Schema:
    return {"type": "array", "items": items, **({"description": description} if description else {})}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _named(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


_RANGE = _object({"min": _NUMBER, "max": _NUMBER})
_ONE_OF = _object({"one_of": {"type": "array", "items": {"type": ["string", "boolean"]}, "minItems": 1}})
_ALL_OF = _object({"all_of": _WORDS, "maybe": _WORDS})

_DEFINITIONS: Schema = {
    "evidence": _object(
        {
            "fact": _TEXT,
            "label": _TEXT,
            "value": _VALUE,
            "unit": _TEXT,
            "source": _TEXT,
            "url": {**_TEXT, "description": "Empty for an assumption of our own."},
            "source_kind": _TEXT,
            "checked": _DAY,
        },
        "A fact as it applies here, with its source and the day it was checked.",
    ),
    "reason": _object(
        {
            "rule": _TEXT,
            "kind": {"enum": ["constraint", "preference", "cost", "signpost"]},
            "effect": {"enum": ["excludes", "warns", "depends", "points", "instead", "beside"]},
            "because": _TEXT,
            "option": _TEXT,
            "criterion": _TEXT,
            "points": _INTEGER,
            "contribution": {**_INTEGER, "description": "points x weight; they sum to the option's score"},
            "needed": _NUMBER,
            "needed_name": _TEXT,
            "limit": _NUMBER,
            "unit": _TEXT,
            "setting": _TEXT,
            "depends_on": _WORDS,
            "evidence": _list(_named("evidence")),
        },
        "One rule that fired, or may fire: then depends_on names the questions.",
    ),
    "line": _object(
        {
            "id": _TEXT,
            "label": _TEXT,
            "quantity": _NUMBER,
            "unit": _TEXT,
            "unit_price_usd": MONEY,
            "amount_usd": MONEY,
            "fact": _TEXT,
            "region": _TEXT,
            "checked": _or_null(_DAY),
            "note": _TEXT,
        },
        "One priced item of a month's bill.",
    ),
    "sizing": _object(
        {
            "steps": _list(
                _object(
                    {
                        "id": _TEXT,
                        "label": _TEXT,
                        "value": _NUMBER,
                        "unit": _TEXT,
                        "formula": _TEXT,
                        "facts": _WORDS,
                        "is_binding": _YES_NO,
                    }
                )
            ),
            "settings": _list(_object({"id": _TEXT, "value": _VALUE, "unit": _TEXT, "because": _TEXT})),
            "quantities": _list(_object({"id": _TEXT, "value": _NUMBER, "unit": _TEXT})),
            "notes": _WORDS,
        }
    ),
    "estimate": _object(
        {
            "region": _TEXT,
            "likely_usd": MONEY,
            "low_usd": MONEY,
            "high_usd": MONEY,
            "horizon_usd": MONEY,
            "scored_usd": MONEY,
            "operating_usd": MONEY,
            "is_partial": _YES_NO,
            "is_added": _YES_NO,
            "not_included": _WORDS,
            "lines": _list(_named("line")),
            "marginal_lines": _list(_named("line")),
            "sizing": _named("sizing"),
        },
        "Sizing and cost a month at list prices. A partial total lacks a price and is never shown as if it were whole.",
    ),
    "verdict": _object(
        {
            "option": _TEXT,
            "family": {"enum": [*FAMILIES]},
            "label": _TEXT,
            "status": {"enum": ["kept", "excluded", "depends"]},
            "score": _INTEGER,
            "reasons": _list(_named("reason")),
            "estimate": _named("estimate"),
        }
    ),
    "flip": _object(
        {
            "question": _TEXT,
            "until": _VALUE,
            "becomes_at": _VALUE,
            "unit": _TEXT,
            "outcome": _OUTCOME,
            "option": _TEXT,
            "within_domain": _YES_NO,
        },
        "The smallest change of one answer that changes the outcome, at full precision.",
    ),
    "statement": _object({"text": _TEXT, "facts": _WORDS}),
    "answer": {
        "anyOf": [
            {"type": ["string", "number", "boolean"]},
            _WORDS,
            _RANGE,
            _ONE_OF,
            _ALL_OF,
        ],
        "description": "A value, a list, a range, open choices, or a list of which some words are open.",
    },
}

_MEMBERS: Mapping[str, Schema] = {
    "id": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    "release": _TEXT,
    "rulebook": _object({"version": _TEXT, "as_of": _or_null(_DAY)}),
    "links": _object({"self": _TEXT, "page": _TEXT, "query": _TEXT}),
    "answers": {"type": "object", "additionalProperties": _named("answer")},
    "weights": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0, "maximum": HEAVIEST}},
    "evidence": _object(
        {"measured": _COUNT, "stated": _COUNT, "assumed": _COUNT}, "How many answers are of each grade."
    ),
    "outcome": _OUTCOME,
    "state": _STATE,
    "option": {**_TEXT, "description": "Empty where the outcome is neither or none."},
    "option_state": _STATE,
    "margin": {"type": ["integer", "null"], "description": "Lead over the other families; null where none is left."},
    "headline": _TEXT,
    "verdicts": _list(_named("verdict"), "Every option, best first, excluded ones last."),
    "ruled_out": _list(_named("reason")),
    "signposts": _list(_named("reason"), "Where else to look, instead of or beside the options."),
    "assumptions": _list(
        _object(
            {
                "question": _TEXT,
                "value": _VALUE,
                "unit": _TEXT,
                "because": _TEXT,
                "domain": {"anyOf": [_RANGE, _ONE_OF, _ALL_OF]},
            }
        )
    ),
    "turning_questions": _WORDS,
    "flips": _list(_named("flip")),
    "next_question": _or_null(_object({"question": _TEXT, "power_percent": _COUNT, "with_question": _TEXT})),
    "alternative": _or_null(
        _object(
            {
                "option": _TEXT,
                "label": _TEXT,
                "behind_by": _INTEGER,
                "excluded_by": _list(_named("reason")),
                "flips": _list(_named("flip")),
            },
            "The best option of the other family, and what would make its family win.",
        )
    ),
    "weight_ranges": _list(_object({"criterion": _TEXT, "weight": _COUNT, "low": _COUNT, "high": _COUNT})),
    "headroom": _list(
        _object(
            {
                "rule": _TEXT,
                "option": _TEXT,
                "needed_name": _TEXT,
                "needed": _NUMBER,
                "limit": _NUMBER,
                "unit": _TEXT,
                "used_percent": _NUMBER,
                "months_until_reached": {**_NUMBER, "description": "0 where it is reached, null where it never is."},
                "evidence": _list(_named("evidence")),
            }
        )
    ),
    "side_by_side": _list(
        _object(
            {
                "id": _TEXT,
                "factor": _TEXT,
                "kafka": _named("statement"),
                "sqs": _named("statement"),
                "correction": _or_null(_named("statement")),
            }
        )
    ),
    "cited": _list(_named("evidence"), "The facts that side_by_side, sizing steps and cost lines name."),
    "warnings": _list(_object({"where": _TEXT, "code": _TEXT, "message": _TEXT, "hint": _TEXT})),
    "trace": {"type": "array", "items": {"type": "object"}, "description": "Each rule; sent with explain=full only."},
    "line": {**_COUNT, "description": "Which line it answers; sent in a batch of lines only."},
}

DECISION_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Decision document of Broker Advisor",
    **_object(_MEMBERS, "The whole answer to a workload. What does not apply is null or empty.", ("trace", "line")),
    "$defs": _DEFINITIONS,
}
