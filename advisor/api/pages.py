"""The few pages that the REST door has of its own: what a problem means, and the reference of all addresses.

Knows no answer. A page needs no script and no style beyond the site's.
"""

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from advisor import service
from advisor.api.description import write_description
from advisor.api.problems import read_only
from advisor.api.schemas import describe
from advisor.render.meanings import CODES, KINDS

METHODS = ("get", "post")


@require_safe
def show_problem(request: HttpRequest, code: str = "") -> HttpResponse:
    """What a problem's `type` resolves to; without a code, the list of all."""
    kind = KINDS.get(code)
    if code and kind is None and code not in CODES:
        raise Http404(code)
    shown = {"code": code, "kind": kind, "meaning": kind.meaning if kind else CODES.get(code, "")}
    return render(request, "api/problem.html", shown | {"kinds": KINDS, "codes": CODES})


@read_only
def show_reference(request: HttpRequest) -> HttpResponse:
    """The description, to be read by people: served from here, without a script or another site."""
    return render(request, "api/reference.html", {"operations": _list_operations(), "questions": _list_questions()})


@cache
def _list_operations() -> tuple[dict[str, Any], ...]:
    description = json.loads(write_description())
    return tuple(_operations(description["paths"]))


def _operations(paths: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for path, methods in paths.items():
        for method in METHODS:
            if operation := methods.get(method):
                yield {"path": path, "method": method.upper(), **_show(operation)}


def _show(operation: dict[str, Any]) -> dict[str, Any]:
    names = _list_names()
    named = [
        each["name"] if "name" in each else names[each["$ref"].rsplit("/", 1)[-1]] for each in operation["parameters"]
    ]
    questions = {each["id"] for each in _list_questions()}
    bodies = operation.get("requestBody", {}).get("content", {})
    examples = [each["value"] for body in bodies.values() for each in body.get("examples", {}).values()]
    return {
        "id": operation["operationId"],
        "summary": operation["summary"],
        "takes_answers": bool(questions & set(named)),
        "parameters": [name for name in named if name not in questions and not name.startswith(service.WEIGHT)],
        "bodies": list(bodies),
        "example": json.dumps(examples[0], indent=2) if examples else "",
        "answers": list(operation["responses"]["200"]["content"]),
        "statuses": list(operation["responses"]),
    }


@cache
def _list_names() -> dict[str, str]:
    """Of each shared parameter."""
    parameters = json.loads(write_description())["components"]["parameters"]
    return {key: each["name"] for key, each in parameters.items()}


@cache
def _list_questions() -> tuple[dict[str, str], ...]:
    questions = service.get_rulebook().questions
    return tuple({"id": name, "description": describe(questions[name])} for name in sorted(questions))
