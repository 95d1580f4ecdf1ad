"""Many workloads at once: in order, each with its own status, in bounded memory."""

import csv
import io
import json
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from advisor.render.meanings import CODES
from advisor.rulebook.batches import LONGEST_LINE, TooLong, split_lines
from tests.api.asking import ADDRESS, ask, read_codes, read_problem
from tests.api.conftest import Server, serve

BATCH = f"{ADDRESS}:batch"
GOOD, BAD = {"work_queue": True, "ops_tolerance": "none"}, {"consumer_group": 3}


def send(client: Client, body: str | bytes, content_type: str, query: str = "", **headers: str) -> tuple[Any, bytes]:
    response: Any = client.post(f"{BATCH}{query}", body, content_type=content_type, headers=headers)
    if not response.streaming:
        return response, response.content
    return response, b"".join(response.streaming_content)


def test_an_array_has_a_status_for_each_item(client: Client) -> None:
    response, body = send(client, json.dumps([GOOD, BAD, GOOD, 7]), "application/json")
    answered = json.loads(body)
    assert response.headers["Content-Type"] == "application/json"
    assert response.headers["Cache-Control"] == "no-store"
    assert [each["status"] for each in answered] == [200, 422, 200, 400]
    document = ask(client, GOOD).json()
    assert answered[0]["recommendation"] == {name: document[name] for name in answered[0]["recommendation"]}
    (problem,) = answered[1]["problem"]["problems"]
    assert (problem["code"], problem["hint"]) == ("unknown_question", "Did you mean consumer_groups?")


def test_items_that_look_alike_have_each_its_own_answer(client: Client) -> None:
    items: list[dict[str, object]] = [{"messages_per_second_avg": rate} for rate in (100, 101, 100)]
    answered = json.loads(send(client, json.dumps(items), "application/json")[1])
    alone = [ask(client, item).json()["id"] for item in items]
    assert [each["recommendation"]["id"] for each in answered] == alone
    assert alone[0] != alone[1]


def test_an_empty_array_has_an_empty_answer(client: Client) -> None:
    assert json.loads(send(client, "[]", "application/json")[1]) == []


def test_lines_are_answered_in_order_with_a_problem_on_its_line(client: Client) -> None:
    lines = [
        json.dumps(GOOD),
        "",
        "{broken",
        json.dumps(BAD),
        "[]",
        json.dumps(GOOD | {"rulebook": "2020"}),
        "\ufeff{}x",
    ]
    response, body = send(client, "\n".join(lines), "application/x-ndjson")
    answered = [json.loads(line) for line in body.splitlines()]
    assert response.headers["Content-Type"] == "application/x-ndjson"
    assert [(each["line"], each.get("status", 200)) for each in answered] == [
        (1, 200),
        (3, 400),
        (4, 422),
        (5, 400),
        (6, 410),
        (7, 400),
    ]
    assert answered[1]["detail"].endswith(" column 2.")
    assert "line" not in answered[1]["detail"]  # it is the third, and the first of what was read
    for each in answered[1:]:
        assert each["type"].startswith("http://127.0.0.1/problems/")
        assert all(problem["code"] in CODES for problem in each["problems"])


def test_a_line_over_64_kib_is_passed_over_and_the_next_is_answered(client: Client) -> None:
    body = json.dumps({"x": "y" * (3 * LONGEST_LINE)}) + "\n" + json.dumps(BAD)
    answered = [json.loads(line) for line in send(client, body, "application/jsonl")[1].splitlines()]
    assert [each["line"] for each in answered] == [1, 2]
    assert answered[0]["problems"][0]["code"] == "too_long"
    assert answered[1]["problems"][0]["code"] == "unknown_question"


def test_rows_of_a_spreadsheet_become_rows(client: Client) -> None:
    table = "work_queue,messages_per_second_avg,existing_platforms\nyes,5k/s,\nno,100..500,\nmaybe,1,\nyes,1\n"
    response, body = send(client, table, "text/csv", accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(body.decode())))
    assert response.headers["Content-Type"].startswith("text/csv")
    assert [(row["line"], row["status"]) for row in rows] == [("2", "200"), ("3", "200"), ("4", "422"), ("5", "400")]
    first = client.get(f"{ADDRESS}?work_queue=yes&messages_per_second_avg=5k/s").json()
    assert {name: rows[0][name] for name in ("id", "outcome", "state", "option")} == {
        name: first[name] for name in ("id", "outcome", "state", "option")
    }
    assert "no answer" in rows[2]["problems"]


@pytest.mark.parametrize("table", ['work_queue\n"yes', "work_queue\n\xff", "work_queue\n" + "y" * 70_000])
def test_a_table_that_breaks_says_where(client: Client, table: str) -> None:
    answered = json.loads(send(client, table.encode("latin-1"), "text/csv", accept="application/json")[1])
    assert answered[-1]["problem"]["problems"][0]["code"] in {"not_csv", "unknown_choice"}


def test_whole_documents_come_when_they_are_asked_for(client: Client) -> None:
    _, body = send(client, json.dumps(GOOD), "application/x-ndjson", "?explain=summary", accept="application/x-ndjson")
    line = json.loads(body)
    assert line.pop("line") == 1
    assert line == ask(client, GOOD).json()


def test_a_row_has_no_room_for_a_document(client: Client) -> None:
    refused = send(client, "work_queue\nyes\n", "text/csv", "?explain=summary&bogus=1", accept="text/csv")[0]
    assert read_codes(refused) == {("explain", "unknown_choice"), ("bogus", "unknown_parameter")}
    _, body = send(client, "work_queue\nyes\n", "text/csv", "?explain=summary", accept="application/json")
    assert "verdicts" in json.loads(body)[0]["recommendation"]


def test_without_a_wish_the_answer_is_an_array_and_by_wish_what_was_sent(client: Client) -> None:
    for accept, content_type in {"*/*": "application/json", "text/csv": "text/csv; charset=utf-8"}.items():
        assert send(client, "[]", "application/json", accept=accept)[0].headers["Content-Type"] == content_type
    assert send(client, "{}", "application/x-ndjson", accept="*/*")[0].headers["Content-Type"] == "application/x-ndjson"


def test_what_is_no_batch_is_refused_as_a_whole(client: Client) -> None:
    assert read_codes(send(client, "{}", "application/json")[0], 400) == {("body", "not_an_array")}
    read_problem(send(client, b"[" + b" " * 1024 * 1024 + b"]", "application/json")[0], 413)
    assert "text/csv" in read_problem(send(client, "", "text/html")[0], 415)["detail"]
    assert read_problem(client.get(BATCH), 405)["detail"] == "GET is not taken here; POST, OPTIONS are."
    refused = send(client, "[]", "application/json", "?explain=full")[0]
    assert read_codes(refused) == {("explain", "unknown_choice")}
    assert read_codes(send(client, "[]", "application/json", "?work_queue=yes")[0]) == {
        ("work_queue", "unknown_parameter")
    }


@given(
    lines=st.lists(st.binary(max_size=40).map(lambda line: line.replace(b"\n", b"").replace(b"\r", b"")), max_size=9)
)
def test_splitting_gives_back_what_was_joined(lines: list[bytes]) -> None:
    joined = io.BytesIO(b"".join(line + b"\r\n" for line in lines))
    assert list(split_lines(lambda _: joined.read(7))) == lines


def test_a_line_that_never_ends_is_held_no_longer_than_the_limit() -> None:
    parts = iter([b"x" * LONGEST_LINE] * 50 + [b"\nshort", b""])
    assert list(split_lines(lambda _: next(parts))) == [TooLong(), b"short"]


def resident_kib(pid: int) -> int:
    """Of the process and its children: the workers do the work."""
    total, found = 0, [pid]
    while found:
        one = found.pop()
        status = Path(f"/proc/{one}/status").read_text(encoding="ascii")
        total += int(status.split("VmRSS:")[1].split()[0])
        found += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text(encoding="ascii").split()]
    return total


def make_lines(count: int) -> Iterator[bytes]:
    """Rows as spreadsheets have them: few distinct ones, some broken."""
    rows = [json.dumps({"work_queue": True, "consumer_groups": groups}).encode() for groups in range(1, 9)]
    rows += [b"{broken", b'{"consumer_group": 3}']
    for number in range(count):
        yield rows[number % len(rows)] + b"\n"


def stream(server: Server, count: int) -> tuple[int, list[int]]:
    """Lines answered, and the memory seen on the way; written and read at once, as curl does."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=300)
    connection.putrequest("POST", BATCH)
    for name, value in {"Content-Type": "application/x-ndjson", "Transfer-Encoding": "chunked"}.items():
        connection.putheader(name, value)
    connection.endheaders()

    def write() -> None:
        for line in make_lines(count):
            connection.send(b"%x\r\n%b\r\n" % (len(line), line))
        connection.send(b"0\r\n\r\n")

    writer = threading.Thread(target=write, daemon=True)
    writer.start()
    response, seen, answered = connection.getresponse(), [], 0
    started = time.monotonic()
    for number, line in enumerate(iter(response.readline, b""), start=1):
        assert json.loads(line)["line"] == number
        answered = number
        if number % (count // 10) == 0:
            seen.append(resident_kib(server.pid))
    writer.join(timeout=10)
    connection.close()
    print(f"{answered} lines in {time.monotonic() - started:.1f} s, memory {seen} KiB")
    return answered, seen


def test_twenty_thousand_lines_leave_the_memory_flat() -> None:
    for server in serve():
        answered, seen = stream(server, 20_000)
        assert answered == 20_000
        assert seen[-1] - seen[1] < 16 * 1024


@pytest.mark.slow
def test_a_million_lines_leave_the_memory_flat() -> None:
    for server in serve():
        answered, seen = stream(server, 1_000_000)
        assert answered == 1_000_000
        assert seen[-1] - seen[0] < 16 * 1024
