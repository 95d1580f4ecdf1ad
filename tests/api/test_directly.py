"""JSON from the main address is made without REST framework: answers, refusals and headers are those of its views."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from rest_framework.request import Request

from advisor.api import recommendations
from tests.api.asking import ADDRESS

KNOWN = {"work_queue": True, "nothing_else": True, "cloud": "aws", "messages_per_second_avg": 40}
BODIES = {
    "known": json.dumps(KNOWN),
    "nothing": "{}",
    "empty": "",
    "broken": "{",
    "array": "[]",
    "twice": '{"work_queue": true, "work_queue": false}',
    "deep": "[" * 20,
    "constant": '{"consumer_groups": NaN}',
    "long number": '{"consumer_groups": ' + "9" * 400 + "}",
    "longest number": '{"consumer_groups": ' + "9" * 5000 + "}",
    "half a pair": '{"integrations": ["\\ud800"]}',
    "unknown name": '{"work_que": true}',
    "every problem": '{"consumer_groups": -1, "replay_needed": "perhaps", "as_of": "soon", "weight_cost": 12}',
    "mark": "\ufeff{}",
    "too large": '{"x": "' + "y" * 70_000 + '"}',
    "both places": '{"work_queue": true, "explain": "none"}',
    "another rulebook": '{"rulebook": "2020"}',
    "words": '{"integrations": ["s3", "quite | odd `words` <b>", "é"], "growth_percent_per_month": 0.00001}',
}
QUERIES = (
    "explain=none", "", "explain=full", "explain=all", "explain=none&explain=full&work_queue=yes", "work_queue=no",
    "a=1&b=2", "explain=none&work_queue=%FF", "%65xplain=none&nothing_else=yes", "&".join(["x=1"] * 1100),
)  # fmt: skip


def comparable(response: Any) -> tuple[int, dict[str, str], bytes]:
    """Without what differs from request to request."""
    headers = {
        name: value for name, value in response.headers.items() if name not in ("X-Request-Id", "Content-Length")
    }
    return response.status_code, headers, re.sub(rb"#[0-9a-f]{32}", b"", response.content)


@pytest.fixture
def worked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The renderers that REST framework chose, which is none for what is answered directly."""
    chosen: list[str] = []
    shown = recommendations._shown

    def note(request: Request) -> str:
        chosen.append(shown(request))
        return chosen[-1]

    monkeypatch.setattr(recommendations, "_shown", note)
    return chosen


def check_same(client: Client, method: str, path: str, worked: list[str], **more: Any) -> None:
    direct = client.generic(method, path, headers={"accept": "application/json"}, **more)
    assert worked == []
    by_framework = client.generic(method, path, headers={"accept": "application/json;q=1"}, **more)
    assert comparable(direct) == comparable(by_framework)


@pytest.mark.parametrize("name", BODIES)
def test_a_posted_body_is_answered_alike(client: Client, name: str, worked: list[str]) -> None:
    path = f"{ADDRESS}?explain=none&cloud=aws"
    check_same(client, "POST", path, worked, data=BODIES[name].encode(), content_type="application/json; charset=utf-8")


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("address", [ADDRESS, "/recommend"])
def test_an_address_is_answered_alike(client: Client, method: str, query: str, address: str, worked: list[str]) -> None:
    more = {"data": b'{"nothing_else": true}', "content_type": "application/json"} if method == "POST" else {}
    check_same(client, method, f"{address}?{query}", worked, **more)


def test_what_the_client_has_already_is_not_sent_again_either_way(client: Client) -> None:
    path = f"{ADDRESS}?explain=none&work_queue=yes"
    tag = client.get(path).headers["ETag"]
    for accept in ("application/json", "application/json;q=1"):
        response = client.get(path, headers={"accept": accept, "if-none-match": tag})
        assert (response.status_code, response.content, response.headers["ETag"]) == (304, b"", tag)


@pytest.mark.parametrize("accept", ["text/csv", "text/plain, application/json", "application/yaml;q=0.5"])
def test_other_wishes_are_left_to_the_framework(client: Client, accept: str, worked: list[str]) -> None:
    response = client.get(f"{ADDRESS}?work_queue=yes", headers={"accept": accept})
    assert len(worked) == 1
    assert response.headers["Content-Type"].split(";")[0] in accept
    assert client.get(f"{ADDRESS}?work_queue=yes&format=yaml").headers["Content-Type"] == "application/yaml"
