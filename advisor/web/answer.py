"""What the answer's page shows of the decision document, and in which order. Must not work out anything new."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from advisor.core.rulebook import HEAVIEST, Rulebook
from advisor.render.charts.bars import height_of_points
from advisor.render.charts.gauges import height_of
from advisor.render.growth import is_growing, needed_and_limit, say_grown, say_headline_grown, say_option_outgrown
from advisor.render.labels import name_limits
from advisor.render.record import newest_day, pair_of
from advisor.render.words import (
    NO_BILL,
    find_sibling,
    lacks_prices,
    place_signposts,
    say_region,
    say_sides,
    threshold_of,
)
from advisor.web.contributions import compare_points

Document = Mapping[str, Any]
MOST_BARS = 12  # as many limits as a picture shows
_NEAR = 8  # as many changes as can be read at a glance
_ALL_WEIGHTS = (0, HEAVIEST)
# By what a limit is told apart: one that hangs on open answers has no measure yet.
_MEASURED, _HANGING = ("rule", "because", "needed", "limit", "setting"), ("rule", "because", "depends_on")
_DOUBTED = "implausible"  # which is asked back with other readings, apart from the other warnings
_STATES = {
    "decided": "No usual answer to what you left open can change this; it is proved over all of them.",
    "leaning": "The values assumed for open questions say so; other answers to them could still turn it.",
    "tie": "The two sides are too close for points to settle it, or a price that is not known could turn it.",
    "open": "A question that the advice hangs on has no answer yet.",
    "none": "Every option is ruled out by a hard limit; the limits are named below.",
}


def arrange(document: Document, rulebook: Rulebook) -> dict[str, object]:
    """The parts of the page, from the decision document alone; the rulebook gives criteria their names."""
    pair = pair_of(document)
    shown = {verdict["option"] for verdict in pair}
    turning = set(document["turning_questions"])
    rows = compare_points(pair, rulebook.criteria, document["weights"])
    flips = [direct(flip) for flip in document["flips"]]
    near = [flip for flip in flips if flip["within_domain"]][:_NEAR]
    limits = name_limits(document, rulebook)
    near_limits = [each for each in limits if each["option"] in shown]
    reasons = [reason for verdict in document["verdicts"] for reason in verdict["reasons"]]
    return {
        "state_sentence": _STATES[document["state"]],
        "grown": [
            (place, said)
            for place, said in (("headroom", say_headline_grown(document)), ("cost", say_option_outgrown(document)))
            if said
        ],
        "winner": pair[0] if pair else None,
        "pair": pair,
        "runner_up": _runner_up(document),
        "sibling": find_sibling(document),
        "others": [verdict for verdict in document["verdicts"] if verdict["option"] not in shown],
        "rows": rows,
        "weights": [(rulebook.criteria[name], weight) for name, weight in document["weights"].items()],
        "heights": {"points": height_of_points(len(rows)), **_gauge_heights(near_limits[:MOST_BARS])},
        "tie_margin": rulebook.tie_margin,
        "flips_near": _by_question(near),
        "flips_far": _by_question(flip for flip in flips if flip not in near),
        "warnings": _by_rule(
            {**each, "compared": needed_and_limit(each, document)}
            for each in reasons
            if each["effect"] == "warns" and each["option"] in shown
        ),
        "remarks": [each for each in document["warnings"] if each["code"] != _DOUBTED],
        "pending": _by_rule((each for each in reasons if each["effect"] == "depends"), _HANGING),
        "reach": _reach(document, rulebook),
        "signposts": place_signposts(document),
        "ruled_out": _by_rule({**each, "grown": say_grown(each, document)} for each in document["ruled_out"]),
        "is_growing": is_growing(document),
        "headroom_near": near_limits,
        "fullest": next((each for each in near_limits if _binds(each, document)), None),
        "headroom_far": [each for each in limits if each["option"] not in shown],
        "assumed_turning": [each for each in document["assumptions"] if each["question"] in turning],
        "assumed_rest": [each for each in document["assumptions"] if each["question"] not in turning],
        "lacks_prices": lacks_prices(document),
        "newest": newest_day(document),
        "no_bill": NO_BILL if any(each["estimate"]["is_partial"] for each in document["verdicts"]) else "",
        "region": say_region(document["verdicts"][0]["estimate"]["region"]),
        "region_assumed": "region" not in document["answers"],
    }


def _binds(limit: Document, document: Document) -> bool:
    return bool(limit["option"] == document["option"] and not limit["only_warns"])


def _runner_up(document: Document) -> Document | None:
    """Whom the outcome leads by its margin: the best of all other kinds, perhaps another than the one shown."""
    first = next((verdict for verdict in document["verdicts"] if verdict["option"] == document["option"]), None)
    others = [verdict for verdict in document["verdicts"] if first and verdict["family"] != first["family"]]
    return next((each for each in others if first and first["score"] - each["score"] == document["margin"]), None)


def _by_question(flips: Iterable[Document]) -> list[tuple[Document, list[object]]]:
    """Answers to one question that all lead to the same outcome stand in one row."""
    found: dict[tuple[object, ...], tuple[Document, list[object]]] = {}
    for flip in flips:
        key = (flip["question"], str(flip["until"]), flip.get("holds"), flip["outcome"], flip["option"])
        found.setdefault(key, (flip, []))[1].append(flip["becomes_at"])
    return list(found.values())


def direct(flip: Document) -> Document:
    """The flip, and for numbers which way it goes: crossed downwards a threshold is not one “up to” which all stays."""
    if threshold := threshold_of(flip):
        edge, beyond, holds = threshold
        return {**flip, "edge": edge, "beyond": beyond, "holds": holds}
    until, becomes = flip["until"], flip["becomes_at"]
    if isinstance(until, bool) or not isinstance(until, int | float):
        return flip
    return {**flip, "holds": "up to" if becomes > until else "down to", "said": say_sides(flip)}


def _gauge_heights(limits: Sequence[Document]) -> dict[str, float]:
    """So that nothing on the page moves when a picture arrives."""
    used = sum(each["used_percent"] > 0 for each in limits)
    reached = sum(each["months_until_reached"] is not None for each in limits)
    return {"limits": height_of(used), "months": height_of(reached)}


def _by_rule(reasons: Iterable[Document], by: Sequence[str] = _MEASURED) -> list[tuple[Document, list[str]]]:
    """What is said of several options stands once, with all of them."""
    found: dict[tuple[object, ...], tuple[Document, list[str]]] = {}
    for reason in reasons:
        key = tuple(str(reason[name]) for name in by)
        found.setdefault(key, (reason, []))[1].append(reason["option"])
    return list(found.values())


def _reach(document: Document, rulebook: Rulebook) -> list[dict[str, object]]:
    return [
        {"label": rulebook.criteria[each["criterion"]].label, "low": each["low"], "high": each["high"]}
        for each in document["weight_ranges"]
        if (each["low"], each["high"]) != _ALL_WEIGHTS
    ]
