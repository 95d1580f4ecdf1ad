"""The same batch is answered alike by REST and by the command line: one reader stands behind both doors."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from advisor import service
from tests.management.terminal import run

TYPES = {"ndjson": "application/x-ndjson", "csv": "text/csv", "json": "application/json"}
NDJSON = b"\n".join(
    (
        b'{"cloud": "aws"}',
        b'{"messages_per_second_avg": "\\ud800"}',
        b'{"cloud": "\xff"}',
        b"[" * 2_000,
        b'{"answers": {"work_queue": true}}',
        b'{"answers": {"work_queue": true}, "as_of": "nonsense", "foo": 3}',
        b'{"cloud": "aws", "cloud": "gcp"}',
        b'{"\\ud800": 1, "\\ud800": 2}',
        b'{"cloud": NaN}',
        b"x" * 70_000,
        b"",
        b'{"work_queue": true}\r',
    )
)


def ask_rest(body: bytes, form: str) -> bytes:
    response: Any = Client(headers={"host": "127.0.0.1"}).post(
        "/api/v1/recommendations:batch", body, content_type=TYPES[form]
    )
    return b"".join(response.streaming_content) if response.streaming else response.content


def ask_command(body: bytes, form: str, folder: Path) -> bytes:
    path = folder / f"many.{form}"
    path.write_bytes(body)
    return run("recommend", "--batch", path).out.encode()


def ask_both(body: bytes, form: str, folder: Path) -> bytes:
    """What both say; where the types of problems resolve is a matter of the door."""
    told = ask_command(body, form, folder)
    assert told == ask_rest(body, form).replace(b"http://127.0.0.1/problems/", b"/problems/")
    return told


def test_a_line_that_cannot_be_read_spoils_no_other(tmp_path: Path) -> None:
    told = [json.loads(line) for line in ask_both(NDJSON, "ndjson", tmp_path).splitlines()]

    assert [(each["line"], each.get("problems", [{"code": ""}])[0]["code"]) for each in told] == [
        (1, ""), (2, "not_text"), (3, "not_utf8"), (4, "too_deep"), (5, "unknown_question"), (6, "bad_date"),
        (7, "duplicate_key"), (8, "duplicate_key"), (9, "not_json"), (10, "too_long"), (12, ""),
    ]  # fmt: skip


def test_a_rulebook_that_is_not_kept_is_gone(tmp_path: Path) -> None:
    pins = [{"rulebook": "old"}, {"rulebook": service.get_rulebook().version}]
    told = json.loads(ask_both(json.dumps(pins).encode(), "json", tmp_path))

    assert [each["status"] for each in told] == [410, 200]
    path = tmp_path / "answers.yaml"
    path.write_text("cloud: aws\nrulebook: old\n", encoding="utf-8")
    for arguments in (("recommend", path), ("size", "sqs_fifo", path), ("recommend", "--set", "rulebook=old")):
        ended = run(*arguments)
        assert ended.code == 2
        assert f"Rulebook old is not kept; the current one is {service.get_rulebook().version}." in ended.error


def test_an_item_that_cannot_be_read_spoils_no_other(tmp_path: Path) -> None:
    body = b'[{"cloud": "aws"}, {"cloud": "aws", "cloud": "gcp"}, {"budget_usd_per_month": NaN}, {"work_queue": true}]'

    assert [each["status"] for each in json.loads(ask_both(body, "json", tmp_path))] == [200, 400, 400, 200]


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("cloud,region\naws,us-east-1\naws\naws,us-east-1,x\n\naws,\n", [(2, ""), (3, "2"), (4, "2"), (6, "")]),
        ('cloud\naws\n"aws"x\naws\n', [(2, ""), (3, "No CSV from here on")]),
        ('cloud\naws\n"aws\n', [(2, ""), (3, "No CSV from here on")]),
        ("cloud\naws\n\udcff\n", [(2, ""), (3, "No CSV from here on")]),
        ("cloud\naws\n" + "x" * 70_000, [(2, ""), (3, "No CSV from here on")]),
        ("cloud,region,cloud\naws,us-east-1,gcp\n", [(1, "has cloud more than once")]),
        ("cloud,,\naws,,\n", [(2, "")]),
        ("cloud;region\naws;us-east-1\naws;eu-west-1\n", [(1, "semicolons between its cells. Save the table with")]),
        ("cloud\tregion\naws\tus-east-1\n", [(1, "tabs between its cells")]),
    ],
)
def test_a_row_that_cannot_be_read_says_so_on_its_line(
    table: str, expected: list[tuple[int, str]], tmp_path: Path
) -> None:
    _, *rows = ask_both(table.encode(errors="surrogateescape"), "csv", tmp_path).decode().splitlines()

    assert len(rows) == len(expected)
    for row, (line, said) in zip(rows, expected, strict=True):
        assert row.startswith(f"{line},")
        assert said in row
        assert row.startswith(f"{line},{400 if said else 200},")


def test_a_row_says_which_answers_are_wrong_and_the_way_out(tmp_path: Path) -> None:
    table = b"consumer_group,cloud,rulebook\n3,moon,\n,,old\n"
    _, wrong, gone = ask_both(table, "csv", tmp_path).decode().splitlines()

    assert "cloud: “moon” is no answer to this question. Choose one of aws, " in wrong
    assert "; consumer_group: There is no question “consumer_group”. Did you mean consumer_groups?" in wrong
    assert "Rulebook old is not kept" in gone


def test_a_row_says_what_was_taken_otherwise_than_it_was_meant(tmp_path: Path) -> None:
    table = b"existing_platforms,messages_per_second_avg\nredis;sqs,40\npostgresql,1..900000\n"
    fine, odd = csv.DictReader(io.StringIO(ask_both(table, "csv", tmp_path).decode()))

    assert (fine["status"], fine["warnings"]) == ("200", "")
    assert "existing_platforms: No rule knows “postgresql”; it is kept and has no effect." in odd["warnings"]
    assert "; messages_per_second_avg: 900,000 messages/s is outside the usual" in odd["warnings"]
