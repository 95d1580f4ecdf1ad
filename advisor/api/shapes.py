"""JSON Schemas (2020-12) of what analyses, comparisons and kits answer: every member by name and none besides.

Knows shapes; which address has which is in table.py.
"""

from typing import Any

from advisor import service
from advisor.api.analysis import Sensitivity
from advisor.api.schemas import NOTHING, TEXT, Schema, refer
from advisor.core.recommendation import OUTCOMES
from advisor.render.schema import MONEY

NUMBER: Schema = {"type": "number"}
CHEAPER: Schema = {"enum": ["sqs", "kafka", "equal", "unknown"], "description": "unknown where a price is missing."}
DIFFERING = {
    "answers": "question",
    "conclusion": "member",
    "ruled_out": "option",
    "scores": "option",
    "contributions": "reason",
    "likely_usd": "option",
    "scored_usd": "option",
    "facts": "fact",
}


def whole(members: Schema) -> Schema:
    """An object with exactly these members."""
    return {"type": "object", "required": [*members], "properties": members, "additionalProperties": False}


def many(item: Schema) -> Schema:
    return {"type": "array", "items": item}


def write_sensitivity() -> Schema:
    return whole({name: refer(f"Decision/properties/{name}") for name in Sensitivity.members})


def write_break_even() -> Schema:
    costs = {f"{family}_{member}": shape for family in ("sqs", "kafka") for member, shape in _OF_A_FAMILY.items()}
    points = many(whole({"at": NUMBER, "cheaper": CHEAPER} | costs))
    ends = {f"{family}_{end}_usd": MONEY for family in ("sqs", "kafka") for end in ("low", "high")}
    return whole(
        {
            "id": TEXT,
            "question": TEXT,
            "now": NUMBER,
            "months_until": {"type": ["number", "null"], "description": "null where growth never gets there."},
            "intervals": many(whole({"cheaper": CHEAPER, "from": NUMBER, "to": NUMBER})),
            "region": TEXT,
            "not_priced": many(TEXT),
            "warnings": refer("Decision/properties/warnings"),
            "series": points,
            "spans": many(whole({"at": NUMBER} | ends)),
            "by_message_size_bytes": points,
            "by_consumer_groups": points,
        }
    )


_OF_A_FAMILY: Schema = {"option": TEXT | {"description": "Empty where none can be priced."}, "usd": MONEY}


def write_sweep() -> Schema:
    """A point that contradicts another answer says so in `problem`, and no more."""
    point: Schema = {
        "at": {"type": ["number", "string", "boolean"]},
        "outcome": {"enum": [*OUTCOMES, None]},
        "option": {"type": ["string", "null"]},
        "margin": {"type": ["integer", "null"]},
        "problem": {"anyOf": [TEXT | {"description": "Why this value cannot be."}, NOTHING]},
    }
    point |= {f"{option}_usd": MONEY for option in service.get_rulebook().options}
    warnings = refer("Decision/properties/warnings")
    return whole({"id": TEXT, "question": TEXT, "unit": TEXT, "warnings": warnings, "series": many(whole(point))})


def write_comparison() -> Schema:
    differences = {name: many(whole({key: TEXT, "left": {}, "right": {}})) for name, key in DIFFERING.items()}
    sides = dict.fromkeys(("left", "right"), refer("Conclusion"))
    return whole(sides | {"is_same": {"type": "boolean"}, "differences": whole(differences)})


def write_kit() -> Schema:
    digest = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    file: dict[str, Any] = {"path": TEXT, "bytes": {"type": "integer"}, "sha256": digest}
    file |= {"is_executable": {"type": "boolean"}, "link": TEXT}
    links = whole(dict.fromkeys(("zip", "tgz", "diff"), TEXT))
    return whole({"name": TEXT, "files": many(whole(file)), "links": links})
