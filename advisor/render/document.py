"""The decision document: the whole answer as plain JSON values, of which every other format is a rendering.

The same answers, rulebook and release give the same bytes. Must not know a door, a clock or a file.
"""

import hashlib
import json
from collections import Counter
from datetime import date

import orjson

from advisor.core.answers import write_answers
from advisor.core.assume import ASSUMED, MEASURED, STATED
from advisor.core.once import once
from advisor.core.rank import ALONE
from advisor.core.recommendation import Conclusion, NextQuestion, Recommendation, WeightRange
from advisor.core.workload import Workload
from advisor.render.plain import (
    Ahead,
    Plain,
    write_alternative,
    write_assumption,
    write_comparison,
    write_evidence,
    write_flip,
    write_headroom,
    write_problem,
    write_reason,
    write_verdict,
)
from advisor.render.query import write_query

Document = Plain
_GRADES = (MEASURED, STATED, ASSUMED)
_ID_LENGTH = 16
_AHEAD = orjson.OPT_PASSTHROUGH_SUBCLASS  # a part encoded ahead is a dict, and would be encoded again
_SORTED = orjson.OPT_SORT_KEYS | orjson.OPT_APPEND_NEWLINE


def to_document(recommendation: Recommendation, release: str) -> Document:
    """Every member is there in every document; what does not apply is null or empty. render/schema.py says more."""
    return {
        **to_conclusion(recommendation, release),
        "evidence": _count_grades(recommendation),
        **_verdicts(recommendation),
        **_surroundings(recommendation),
    }


def to_conclusion(conclusion: Conclusion, release: str) -> Document:
    """The members that an answer without its reasons has; a whole document has the same."""
    as_of = conclusion.as_of
    answers, query = write_asked(conclusion.workload, conclusion.weights, as_of)
    return {
        "id": identify(conclusion.workload, query, conclusion.rulebook_version, release),
        "release": release,
        "rulebook": {"version": conclusion.rulebook_version, "as_of": as_of.isoformat() if as_of else None},
        "links": {
            "self": f"/api/v1/recommendations?{query}",
            "page": f"/recommendation?{query}",
            "query": query,
        },
        "answers": answers,
        "weights": dict(conclusion.weights),
        "outcome": conclusion.outcome,
        "state": conclusion.state,
        "option": conclusion.option,
        "option_state": conclusion.option_state,
        "margin": None if conclusion.margin >= ALONE else conclusion.margin,
        "headline": conclusion.headline,
        "warnings": [write_problem(remark) for remark in conclusion.remarks],
    }


@once
def write_asked(workload: Workload, weights: tuple[tuple[str, int], ...], as_of: date | None) -> tuple[Plain, str]:
    """The answers in canonical form, and the query of all that was asked; once, since an ETag comes before the rest."""
    answers = write_answers(workload)
    return answers, write_query(answers, dict(weights), as_of)


def _verdicts(recommendation: Recommendation) -> Plain:
    excluding = (reason for verdict in recommendation.verdicts for reason in verdict.reasons)
    return {
        "verdicts": [write_verdict(verdict) for verdict in recommendation.verdicts],
        "ruled_out": [write_reason(reason) for reason in excluding if reason.effect == "excludes"],
        "signposts": [write_reason(reason) for reason in recommendation.signposts],
    }


def _surroundings(recommendation: Recommendation) -> Plain:
    return {
        "assumptions": [write_assumption(each) for each in recommendation.assumptions],
        "turning_questions": list(recommendation.turning_questions),
        "flips": [write_flip(flip) for flip in recommendation.flips],
        "next_question": _write_next(recommendation.next_question) if recommendation.next_question else None,
        "alternative": write_alternative(recommendation.alternative) if recommendation.alternative else None,
        "weight_ranges": [_write_range(each) for each in recommendation.weight_ranges],
        "headroom": [write_headroom(each) for each in recommendation.headrooms],
        "side_by_side": [write_comparison(each) for each in recommendation.comparisons],
        "cited": list(map(write_evidence, recommendation.cited)),
    }


def _write_next(following: NextQuestion) -> Plain:
    return {
        "question": following.question,
        "power_percent": following.power_percent,
        "with_question": following.with_question,
    }


def _write_range(found: WeightRange) -> Plain:
    return {"criterion": found.criterion, "weight": found.weight, "low": found.low, "high": found.high}


def _count_grades(recommendation: Recommendation) -> Plain:
    counts = Counter(recommendation.workload.grades.values())
    return {grade: counts[grade] for grade in _GRADES}


def identify(workload: Workload, query: str, rulebook_version: str, release: str) -> str:
    """The digest of all that the answer depends on: the query stands for answers, weights and day, and remarks for
    what was taken otherwise than it was said."""
    measured = sorted([name for name, grade in workload.grades.items() if grade == MEASURED])
    whole = json.dumps([release, rulebook_version, query, measured, *map(str, workload.remarks)])
    return hashlib.sha256(whole.encode()).hexdigest()[:_ID_LENGTH]


def to_json(document: Document) -> bytes:
    """The one form of a document: sorted names, two spaces, UTF-8, a newline at the end; a cited fact on one line."""
    return orjson.dumps(document, default=_encoded, option=_SORTED | _AHEAD | orjson.OPT_INDENT_2)


def _encoded(part: object) -> orjson.Fragment:
    if isinstance(part, Ahead):
        return part.json
    raise TypeError(f"{type(part).__name__} is no JSON value")
