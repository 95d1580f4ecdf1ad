"""Short ways to ask the API in a test and to read what it says."""

import json
from typing import Any

from django.test import Client

from advisor.api.problems import CONTENT_TYPE
from advisor.render.meanings import CODES, KINDS

ADDRESS = "/api/v1/recommendations"


def post(client: Client, body: bytes | str, content_type: str = "application/json", **headers: str) -> Any:
    return client.post(ADDRESS, body, content_type=content_type, CONTENT_TYPE=content_type, headers=headers)


def ask(client: Client, answers: dict[str, object]) -> Any:
    return post(client, json.dumps(answers))


def read_problem(response: Any, status: int) -> Any:
    """The problem document, held to what all of them promise."""
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == CONTENT_TYPE
    problem = json.loads(response.content)
    assert set(problem) == {"type", "title", "status", "detail", "instance", "problems"}
    assert problem["status"] == status
    assert problem["type"].rsplit("/", 1)[-1] in KINDS
    assert problem["title"]
    assert problem["detail"]
    for each in problem["problems"]:
        assert set(each) == {"where", "code", "message", "hint"}
        assert each["code"] in CODES, f"{each['code']} has no page"
        assert each["message"]
    return problem


def read_codes(response: Any, status: int = 422) -> set[tuple[str, str]]:
    """Where and what, for every problem."""
    return {(each["where"], each["code"]) for each in read_problem(response, status)["problems"]}
