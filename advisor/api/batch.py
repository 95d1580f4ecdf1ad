"""Many workloads in one request: one item in, one item out, in order; a bad one spoils nothing but itself.

Holds one item at a time, whatever the length. Knows items; how they are framed is for batch_forms.py.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import StreamingHttpResponse
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from advisor import service
from advisor.api.batch_forms import FORMS, READERS, Read
from advisor.api.caching import check_rulebook
from advisor.api.endpoint import Endpoint, raw
from advisor.api.parsers import refuse_body
from advisor.api.problems import Refused, as_refused, describe_problem
from advisor.api.renderers import CSV, JSON, NDJSON, JSONLines
from advisor.core.errors import AdvisorError, AnswersError, Problem, read_all
from advisor.core.parse import show_answer

# Equal rows are common in spreadsheets. A conclusion is small; a whole document takes about a MiB.
REMEMBERED, REMEMBERED_WHOLE = 64, 8


@dataclass(slots=True)
class Batch:
    """One request's worth of answering: where problem types resolve, how much is said, what was answered last."""

    home: str
    is_whole: bool
    _answered: service.Kept[dict[str, Any]] = field(init=False)

    def __post_init__(self) -> None:
        self._answered = service.Kept(REMEMBERED_WHOLE if self.is_whole else REMEMBERED)

    def answer(self, given: service.Given) -> dict[str, Any]:
        """The document, or the problem object of this item."""
        if isinstance(given, AnswersError):
            return describe_problem(refuse_body(given), self.home)
        name = json.dumps(given, sort_keys=True)  # as it was written: nothing need be understood to see it is the same
        return self._answered.find(name, lambda: self._work_out(given))

    def _work_out(self, given: Mapping[str, object]) -> dict[str, Any]:
        try:
            query = service.read_query(given)
            check_rulebook(query)
            return service.write_answer(query, whole=self.is_whole)
        except (AdvisorError, Refused) as error:
            refused = as_refused(error)
            assert refused is not None
            return describe_problem(refused, self.home)


class RecommendMany(Endpoint):
    """A JSON array, NDJSON or CSV in; the same out, unless Accept says otherwise."""

    renderer_classes = (JSON, NDJSON, JSONLines, CSV)
    shows = frozenset({"format", "explain"})

    def get_renderers(self) -> list[BaseRenderer]:
        """What came in goes out, unless Accept says otherwise: so that form is offered first."""
        sent = _media_type(self.request)
        return sorted(super().get_renderers(), key=lambda renderer: renderer.media_type != sent)

    def post(self, request: Request) -> StreamingHttpResponse:
        level = service.read_pairs(request.query_params.lists()).get("explain", "none")
        shown = str(request.accepted_renderer.format)
        _, is_whole = read_all(lambda: self.read_names(request), lambda: read_whole(level, shown))
        reader, form = self.choose_reader(request), FORMS[shown]
        batch = Batch(home=raw(request).build_absolute_uri("/problems/"), is_whole=is_whole)
        content = form.write(answer_all(reader(raw(request)), batch))
        response = StreamingHttpResponse(content, content_type=form.content_type)
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Accel-Buffering"] = "no"
        return response

    def choose_reader(self, request: Request) -> Read:
        media_type = _media_type(request)
        if media_type not in READERS:
            known = ", ".join(READERS)
            raise UnsupportedMediaType(media_type, f"Content-Type says {media_type[:100]}; a batch is {known}.")
        return READERS[media_type]


def _media_type(request: Request) -> str:
    return (request.content_type or "").split(";")[0].strip().lower()


def read_whole(level: object, shown: str) -> bool:
    """Whether each item is the whole document; for many, the conclusion is enough unless it is asked for."""
    levels = ("none",) if shown == CSV.format else ("none", "summary")  # a row has no room for a document
    if level not in levels:
        message = f"{show_answer(level)} is no level of a batch in {shown}."
        hint = "Choose none or summary; but csv has none only."
        raise AnswersError(Problem(where="explain", code="unknown_choice", message=message, hint=hint))
    return level == "summary"


def answer_all(items: Iterator[tuple[int, service.Given]], batch: Batch) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, given in items:
        yield number, batch.answer(given)
