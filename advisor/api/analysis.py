"""Questions about an answer: what would change it, where the costs cross, how it moves along one question.

Each takes the answers as the main address does. Knows no arithmetic: that is the service's.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from django.http import HttpResponse, HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from advisor import service
from advisor.api.caching import answer_cached, check_rulebook
from advisor.api.endpoint import Endpoint, raw
from advisor.api.renderers import CSV, JSON, YAML
from advisor.api.sweeping import read_sweep, write_sweep
from advisor.core.curves import CostPoint, CostSpan
from advisor.core.errors import read_all
from advisor.render.document import to_document
from advisor.render.plain import write_exact, write_money, write_number, write_problem

Plain = dict[str, Any]


class Analysis(Endpoint):
    """GET and POST of one analysis; `own` are the names that it takes beside answers."""

    own: ClassVar[frozenset[str]] = frozenset()
    name: ClassVar[str]

    def work_out(self, query: service.Query, asked: Mapping[str, object]) -> Plain:
        raise NotImplementedError

    def get(self, request: Request) -> HttpResponseBase:
        query, asked = self.part(request)
        digest = hashlib.sha256(repr(sorted(asked.items())).encode(errors="replace")).hexdigest()[:8]
        mark = f"{service.identify_answer(query)}-{self.name}-{digest}-{request.accepted_renderer.format}"
        return answer_cached(raw(request), mark, query, lambda: Response(self.work_out(query, asked)))

    def post(self, request: Request) -> HttpResponse:
        query, asked = self.part(request)
        check_rulebook(query)
        return Response(self.work_out(query, asked), headers={"Cache-Control": "no-store"})

    def part(self, request: Request) -> tuple[service.Query, Mapping[str, object]]:
        """The answers, and what is asked about them; raises what is wrong with either, before a cache is asked."""
        given = self.read_given(request)
        asked = {name: value for name, value in given.items() if name in self.own and value not in (None, "")}
        answers = {name: given[name] for name in given if name not in self.own}
        query, _ = read_all(lambda: service.read_query(answers), lambda: self.check(asked))
        return query, asked

    def check(self, asked: Mapping[str, object]) -> None:
        """Raises AnswersError where that cannot be asked."""


class Sensitivity(Analysis):
    """What would change the answer: flips, the questions that could turn it, the weights that do not matter."""

    name = "sensitivity"
    renderer_classes = (JSON, YAML)
    members = (
        "id", "outcome", "state", "option", "option_state", "margin", "headline", "flips", "turning_questions",
        "next_question", "alternative", "weight_ranges", "assumptions", "warnings", "links",
    )  # fmt: skip

    def work_out(self, query: service.Query, asked: Mapping[str, object]) -> Plain:
        document = to_document(service.recommend(query), service.release())
        return {member: document[member] for member in self.members}


class BreakEven(Analysis):
    """From which rate on each family is the cheaper one."""

    name = "breakeven"
    renderer_classes = (JSON, YAML, CSV)

    def work_out(self, query: service.Query, asked: Mapping[str, object]) -> Plain:
        found = service.find_break_even(query)
        return {
            "id": service.identify_answer(query),
            "question": "messages_per_second_avg",
            "now": write_exact(found.rate_now),
            "months_until": write_number(found.months_until),
            "intervals": [
                {"cheaper": each.family, "from": write_exact(each.low), "to": write_exact(each.high)}
                for each in found.intervals
            ],
            "region": found.region,
            "not_priced": list(found.not_priced),
            "warnings": _write_warnings(query),
            "series": [_write_point(point) for point in found.curve],
            "spans": [_write_span(span) for span in found.spans],
            "by_message_size_bytes": [_write_point(point) for point in found.by_size],
            "by_consumer_groups": [_write_point(point) for point in found.by_readers],
        }


def _write_warnings(query: service.Query) -> list[Plain]:
    """Those that the recommendation for the same answers has."""
    return [write_problem(remark) for remark in service.warn(query)]


def _write_point(point: CostPoint) -> Plain:
    return {
        "at": write_exact(point.at),
        "cheaper": point.cheaper,
        "sqs_option": point.sqs_option,
        "sqs_usd": write_money(point.sqs_usd),
        "kafka_option": point.kafka_option,
        "kafka_usd": write_money(point.kafka_usd),
    }


def _write_span(span: CostSpan) -> Plain:
    return {
        "at": write_exact(span.at),
        "sqs_low_usd": write_money(span.low.sqs_usd),
        "sqs_high_usd": write_money(span.high.sqs_usd),
        "kafka_low_usd": write_money(span.low.kafka_usd),
        "kafka_high_usd": write_money(span.high.kafka_usd),
    }


class Sweep(Analysis):
    """Who wins and what it costs along one question."""

    name = "sweep"
    own = frozenset({"question", "from", "to", "steps", "scale"})
    renderer_classes = (JSON, YAML, CSV)

    def check(self, asked: Mapping[str, object]) -> None:
        read_sweep(asked)

    def work_out(self, query: service.Query, asked: Mapping[str, object]) -> Plain:
        question, values = read_sweep(asked)
        standings = service.sweep(query, question.id, values)
        series = [write_sweep(value, standing) for value, standing in zip(values, standings, strict=True)]
        return {
            "id": service.identify_answer(query),
            "question": question.id,
            "unit": question.unit,
            "warnings": _write_warnings(query),
            "series": series,
        }
