"""Two workloads, or one on two days, side by side: what differs in what was asked and in what came out."""

from collections.abc import Iterable, Mapping
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from advisor import service
from advisor.api.caching import check_rulebook
from advisor.api.endpoint import Endpoint
from advisor.api.explaining import shorten
from advisor.api.renderers import JSON, YAML
from advisor.core.errors import AnswersError, Problem, read_all
from advisor.core.parse import show_answer
from advisor.render.document import to_document
from advisor.render.plain import write_evidence

SIDES = ("left", "right")
CONCLUDED = ("outcome", "state", "option", "option_state", "margin")
Document = Mapping[str, Any]


class Compare(Endpoint):
    """`{"left": {…}, "right": {…}}`: each side has answers, weights and `as_of` of its own."""

    renderer_classes = (JSON, YAML)

    def post(self, request: Request) -> Response:
        given = self.read_document(request)
        _, queries = read_all(lambda: self.read_names(request), lambda: read_sides(given))
        left, right = (to_document(service.recommend(query), service.release()) for query in queries)
        facts = _cited(left) | _cited(right)
        known = [service.cite(query, facts) for query in queries]
        found = compare(left, right, *({each.fact: write_evidence(each)["value"] for each in side} for side in known))
        return Response(found, headers={"Cache-Control": "no-store"})


def read_sides(given: Mapping[str, object]) -> list[service.Query]:
    """Both queries; raises AnswersError with the problems of both, each with its side."""
    message, hint = "There are left and right only.", "Put answers into one of them."
    problems = [_problem(name, "unknown_parameter", message, hint) for name in given if name not in SIDES]
    queries = []
    for side in SIDES:
        answers = given.get(side)
        if not isinstance(answers, dict):
            message = f"{show_answer(answers)} is no mapping of answers." if side in given else "This side is missing."
            problems.append(_problem(side, "wrong_type", message, "Write {} to answer no question."))
            continue
        try:
            queries.append(service.read_query(answers))
        except AnswersError as error:
            problems.extend(
                _problem(f"{side}.{each.where}", each.code, each.message, each.hint) for each in error.problems
            )
    if problems:
        raise AnswersError(*problems)
    for query in queries:
        check_rulebook(query)
    return queries


def _problem(where: str, code: str, message: str, hint: str = "") -> Problem:
    return Problem(where=where[:200], code=code, message=message, hint=hint)


def compare(left: Document, right: Document, left_facts: Document, right_facts: Document) -> dict[str, Any]:
    """Both conclusions, and only what differs between them; of the facts that either cites, those that moved."""
    return {
        "left": shorten(left),
        "right": shorten(right),
        "is_same": all(left[name] == right[name] for name in CONCLUDED),
        "differences": {
            "answers": _differ("question", _assumed(left), _assumed(right)),
            "conclusion": _differ("member", _pick(left, CONCLUDED), _pick(right, CONCLUDED)),
            "ruled_out": _differ("option", _excluded(left), _excluded(right)),
            "scores": _differ("option", _by_option(left, "score"), _by_option(right, "score")),
            "contributions": _differ("reason", _contributions(left), _contributions(right)),
            "likely_usd": _differ("option", _costs(left), _costs(right)),
            "scored_usd": _differ("option", _scored(left), _scored(right)),
            "facts": _differ("fact", left_facts, right_facts),
        },
    }


def _differ(name: str, left: Document, right: Document) -> list[dict[str, Any]]:
    keys: Iterable[str] = sorted({*left, *right})
    pairs = ((key, left.get(key), right.get(key)) for key in keys)
    return [{name: key, "left": one, "right": other} for key, one, other in pairs if one != other]


def _pick(document: Document, names: Iterable[str]) -> dict[str, Any]:
    return {name: document[name] for name in names}


def _assumed(document: Document) -> dict[str, Any]:
    """What was answered, else what was assumed: the difference that matters is in the value reckoned with."""
    assumed = {each["question"]: {"assumed": each["value"]} for each in document["assumptions"]}
    return assumed | {name: {"stated": value} for name, value in document["answers"].items()}


def _excluded(document: Document) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for reason in document["ruled_out"]:
        found.setdefault(reason["option"], []).append(reason["rule"])
    return found


def _by_option(document: Document, member: str) -> dict[str, Any]:
    return {verdict["option"]: verdict[member] for verdict in document["verdicts"]}


def _contributions(document: Document) -> dict[str, Any]:
    return {
        f"{verdict['option']}/{reason['rule']}": reason["contribution"]
        for verdict in document["verdicts"]
        for reason in verdict["reasons"]
        if reason["contribution"]
    }


def _costs(document: Document) -> dict[str, Any]:
    """The whole bill of each; none where a price is missing, which would make it look cheap."""
    bills = {verdict["option"]: verdict["estimate"] for verdict in document["verdicts"]}
    return {option: None if bill["is_partial"] else bill["likely_usd"] for option, bill in bills.items()}


def _scored(document: Document) -> dict[str, Any]:
    """What the cost criterion looks at: what an option adds where Kafka runs already, else its bill."""
    return {verdict["option"]: verdict["estimate"]["scored_usd"] for verdict in document["verdicts"]}


def _cited(document: Document) -> set[str]:
    return {
        evidence["fact"]
        for verdict in document["verdicts"]
        for reason in verdict["reasons"]
        for evidence in reason["evidence"]
    }
