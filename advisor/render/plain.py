"""The parts of an answer as plain JSON values: money as decimal text, counts whole, other numbers to six figures.

Must not know the document they are put into, nor any way of showing it.
"""

import math
from decimal import Decimal
from functools import lru_cache
from typing import Any, NoReturn

import orjson

from advisor.core.domains import Choices, Domain, Interval, Members, Value
from advisor.core.errors import Problem
from advisor.core.estimate import CostLine, Estimate, Sizing
from advisor.core.recommendation import Alternative, Assumption, Evidence, Flip, Headroom, Reason, Verdict
from advisor.core.rulebook import Comparison, Statement
from advisor.core.tariffs import unit_of

Plain = dict[str, Any]  # JSON values only; schema.py says which
_CENT = Decimal("0.01")
_EXACT = 2**53  # RFC 8259, section 6


@lru_cache(maxsize=4_000)  # an answer names most of its numbers many times
def write_number(number: float | None) -> float | int | None:
    """Six significant figures, whole where it is whole and small enough for every reader of JSON to keep it so; what
    is not finite is null and never NaN."""
    if number is None or not math.isfinite(number):
        return None
    written = number if float(number).is_integer() else float(f"{number:.6g}")
    if abs(written) > _EXACT:
        return float(f"{written:.6g}")
    return int(written) if float(written).is_integer() else written


@lru_cache(maxsize=1_000)
def write_money(amount: float | None) -> str | None:
    """US dollars as decimal text: cents, or two figures of what is less than a cent; an unknown price is null."""
    if amount is None or not math.isfinite(amount):
        return None
    exact = Decimal(repr(float(amount)))
    if exact == 0 or abs(exact) >= _CENT:
        return f"{exact:.2f}".replace("-0.00", "0.00")
    return f"{Decimal(f'{exact:.2g}'):f}"


def write_total(amount: float, *, is_partial: bool) -> str | None:
    """A sum of cost lines; where none of them has a price it is not known, which is not 0."""
    return None if is_partial and not amount else write_money(amount)


@lru_cache(maxsize=1_000)  # of the few prices that there are
def write_price(price: float | None) -> str | None:
    """A unit price as decimal text, to six figures: prices per request are far below a cent."""
    if price is None or not math.isfinite(price):
        return None
    return f"{Decimal(f'{price:.6g}'):f}"


def write_value(value: Value) -> Any:
    """A value as it is, numbers rounded, lists as lists."""
    if isinstance(value, tuple):
        return list(value)
    return value if isinstance(value, str | bool) else write_number(value)


def write_exact(value: Value) -> Any:
    """A value that must survive being asked again: a threshold is wrong when it is rounded to its other side."""
    if isinstance(value, float) and math.isfinite(value) and (not value.is_integer() or abs(value) > _EXACT):
        return value
    return write_value(value)


class Ahead(dict[str, Any]):
    """A part that stands in many places and in the next answer too, with its JSON, encoded once. It never changes."""

    __slots__ = ("json",)
    json: orjson.Fragment

    def __init__(self, part: Plain) -> None:
        super().__init__(part)
        self.json = orjson.Fragment(orjson.dumps(part, option=orjson.OPT_SORT_KEYS))

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("This part stands in other places and answers too: change a copy of it.")

    __setitem__ = __delitem__ = __ior__ = clear = pop = popitem = setdefault = update = _refuse


@lru_cache(maxsize=2_000)
def write_evidence(evidence: Evidence) -> Plain:
    """One of the parts that stand in many places: nobody changes its value either, where that is a list."""
    return Ahead(
        {
            "fact": evidence.fact,
            "label": evidence.label,
            "value": write_value(evidence.value),
            "unit": evidence.unit,
            "source": evidence.source.name,
            "url": evidence.source.url,
            "source_kind": evidence.source.kind,
            "checked": evidence.source.checked.isoformat(),
        }
    )


def write_reason(reason: Reason) -> Plain:
    return {
        "rule": reason.rule,
        "kind": reason.kind,
        "effect": reason.effect,
        "because": reason.because,
        "option": reason.option,
        "criterion": reason.criterion,
        "points": reason.points,
        "contribution": reason.contribution,
        "needed": write_number(reason.needed),
        "needed_name": reason.needed_name,
        "limit": write_number(reason.limit),
        "unit": reason.unit,
        "setting": reason.setting,
        "depends_on": list(reason.depends_on),
        "evidence": list(map(write_evidence, reason.evidence)),
    }


def write_verdict(verdict: Verdict) -> Plain:
    return {
        "option": verdict.option,
        "family": verdict.family,
        "label": verdict.label,
        "status": verdict.status,
        "score": verdict.score,
        "reasons": [write_reason(reason) for reason in verdict.reasons],
        "estimate": write_estimate(verdict.estimate),
    }


def write_estimate(estimate: Estimate) -> Plain:
    return {
        "region": estimate.region,
        "likely_usd": write_total(estimate.likely_usd, is_partial=estimate.is_partial),
        "low_usd": write_total(estimate.low_usd, is_partial=estimate.is_partial),
        "high_usd": write_total(estimate.high_usd, is_partial=estimate.is_partial),
        "horizon_usd": write_total(estimate.horizon_usd, is_partial=estimate.is_partial),
        "scored_usd": write_total(estimate.scored_usd, is_partial=estimate.is_partial),
        "operating_usd": write_money(estimate.operating_usd),
        "is_partial": estimate.is_partial,
        "is_added": estimate.is_added,
        "not_included": list(estimate.not_included),
        "lines": [write_line(line) for line in estimate.lines],
        "marginal_lines": [write_line(line) for line in estimate.marginal_lines or ()],
        "sizing": write_sizing(estimate.sizing),
    }


def write_line(line: CostLine) -> Plain:
    return {
        "id": line.id,
        "label": line.label,
        "quantity": write_number(line.quantity),
        "unit": line.unit,
        "unit_price_usd": write_price(line.unit_price_usd),
        "amount_usd": write_money(line.amount_usd),
        "fact": line.fact,
        "region": line.region,
        "checked": line.checked.isoformat() if line.checked else None,
        "note": line.note,
    }


def write_sizing(sizing: Sizing) -> Plain:
    return {
        "steps": [
            {
                "id": step.id,
                "label": step.label,
                "value": write_number(step.value),
                "unit": step.unit,
                "formula": step.formula,
                "facts": list(step.facts),
                "is_binding": step.is_binding,
            }
            for step in sizing.steps
        ],
        "settings": [
            {"id": each.id, "value": write_value(each.value), "unit": each.unit, "because": each.because}
            for each in sizing.settings
        ],
        "quantities": [
            {"id": name, "value": write_number(value), "unit": unit_of(name)} for name, value in sizing.quantities
        ],
        "notes": list(sizing.notes),
    }


def write_headroom(headroom: Headroom) -> Plain:
    """`months_until_reached` is 0 where the limit is reached already, and null where growth never reaches it."""
    return {
        "rule": headroom.rule,
        "option": headroom.option,
        "needed_name": headroom.needed_name,
        "needed": write_number(headroom.needed),
        "limit": write_number(headroom.limit),
        "unit": headroom.unit,
        "used_percent": write_number(headroom.used_percent),
        "months_until_reached": write_number(headroom.months_until_reached),
        "evidence": list(map(write_evidence, headroom.evidence)),
    }


def write_flip(flip: Flip) -> Plain:
    return {
        "question": flip.question,
        "until": write_exact(flip.until),
        "becomes_at": write_exact(flip.becomes_at),
        "unit": flip.unit,
        "outcome": flip.outcome,
        "option": flip.option,
        "within_domain": flip.within_domain,
    }


def write_assumption(assumption: Assumption) -> Plain:
    return {
        "question": assumption.question,
        "value": write_value(assumption.value),
        "unit": assumption.unit,
        "because": assumption.because,
        "domain": write_domain(assumption.domain),
    }


def write_domain(domain: Domain) -> Plain:
    """What is reckoned with: from min to max, one of some words, or a list of which some words are open."""
    match domain:
        case Interval(low=low, high=high):
            return {"min": write_number(low), "max": write_number(high)}
        case Choices(values=values):
            return {"one_of": list(values)}
        case Members(all_of=all_of, maybe=maybe):
            return {"all_of": list(all_of), "maybe": list(maybe)}


def write_alternative(alternative: Alternative) -> Plain:
    return {
        "option": alternative.option,
        "label": alternative.label,
        "behind_by": alternative.behind_by,
        "excluded_by": [write_reason(reason) for reason in alternative.excluded_by],
        "flips": [write_flip(flip) for flip in alternative.flips],
    }


def write_comparison(comparison: Comparison) -> Plain:
    return {
        "id": comparison.id,
        "factor": comparison.factor,
        "kafka": _write_statement(comparison.kafka),
        "sqs": _write_statement(comparison.sqs),
        "correction": _write_statement(comparison.correction) if comparison.correction else None,
    }


def _write_statement(statement: Statement) -> Plain:
    return {"text": statement.text, "facts": list(statement.facts)}


def write_problem(problem: Problem) -> Plain:
    return {"where": problem.where, "code": problem.code, "message": problem.message, "hint": problem.hint}
