"""The SQS starter of each language, as its user runs it, against a real server: standard queue, FIFO queue."""

import os
import re
import signal
import time
import uuid
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest

from advisor import service
from tests.brokers.localstack import open_client
from tests.brokers.server import free_port
from tests.starters.projects import PATIENCE_SECONDS, Project, ask_health, in_languages, set_up
from tests.starters.streams import groups_out_of_order, missing, numbered
from tests.starters.way import leading_to

pytestmark = pytest.mark.broker


def _project(language: str, folder: Path, endpoint: str, *, fifo: bool) -> Project:
    project = set_up("sqs", language, folder)
    suffix, name = ".fifo" if fifo else "", f"starter-{uuid.uuid4().hex}"
    project.environment |= {
        "ENDPOINT_URL": endpoint,
        "QUEUE_NAME": name + suffix,
        "DEAD_LETTER_QUEUE_NAME": f"{name}-dead{suffix}",
        "FIFO": str(fifo).lower(),
        "WAIT_TIME_SECONDS": "1",
        "VISIBILITY_TIMEOUT_SECONDS": "3",
        "MAX_RECEIVE_COUNT": "3",
        "WORKER_COUNT": "4",
    }
    return project


@pytest.fixture
def standard(language: str, tmp_path: Path, sqs_endpoint_url: str) -> Project:
    return _project(language, tmp_path / "standard", sqs_endpoint_url, fifo=False)


@pytest.fixture
def fifo(language: str, tmp_path: Path, sqs_endpoint_url: str) -> Project:
    return _project(language, tmp_path / "fifo", sqs_endpoint_url, fifo=True)


@pytest.fixture
def either(language: str, kind: str, tmp_path: Path, sqs_endpoint_url: str) -> Project:
    return _project(language, tmp_path / kind, sqs_endpoint_url, fifo=kind == "fifo")


def _send(project: Project, *pairs: tuple[str, Any]) -> None:
    project.run("send", "--stdin", lines=({"group": group, "body": body} for group, body in pairs))


def _left(project: Project) -> tuple[int, int]:
    """How many messages wait, and how many are in somebody's hand."""
    sqs = open_client("sqs", project.environment["ENDPOINT_URL"])
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    url = sqs.get_queue_url(QueueName=project.environment["QUEUE_NAME"])["QueueUrl"]
    counts = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(counts[names[0]]), int(counts[names[1]])


def _dead_letters(project: Project) -> list[tuple[str, str]]:
    sqs = open_client("sqs", project.environment["ENDPOINT_URL"])
    url = sqs.get_queue_url(QueueName=project.environment["DEAD_LETTER_QUEUE_NAME"])["QueueUrl"]
    received = sqs.receive_message(
        QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=10, MessageAttributeNames=["All"]
    )
    return [
        (message["Body"], message["MessageAttributes"]["DeadLetterReason"]["StringValue"])
        for message in received.get("Messages", ())
    ]


@in_languages("python")
def test_make_run_creates_the_queues_and_handles_what_it_sent(standard: Project) -> None:
    with standard.running("make", "run") as run:
        run.wait_until(lambda: len(standard.handled) == 10)
        os.killpg(run.process.pid, signal.SIGINT)
        run.process.wait(PATIENCE_SECONDS)
        assert len(run.said("stopped")) == 1
    assert sorted(line["content"]["sequence"] for line in standard.handled) == list(range(10))
    assert _left(standard) == (0, 0)


@in_languages("python")
def test_its_own_tests_pass_whatever_the_settings_of_the_kit(standard: Project, sqs_endpoint_url: str) -> None:
    standard.environment = {"ENDPOINT_URL": sqs_endpoint_url}
    kit = service.build_kit(service.read_query({"option": "sns_sqs", "ordering": "per-key"}))
    (standard.folder / "settings.json").write_bytes(kit.files["settings.json"])
    standard.run("make", "test")


@in_languages("python")
def test_its_code_passes_its_own_linters(language: str, tmp_path: Path) -> None:
    set_up("sqs", language, tmp_path / "project", records=False).run("make", "lint")


@in_languages("python", "java")
@pytest.mark.parametrize("kind", ["standard", "fifo"])
def test_a_poison_message_ends_in_the_dead_letter_queue_with_its_reason(either: Project) -> None:
    project = either
    project.run("create")
    _send(project, ("g", 0), ("g", "poison"), ("g", 1))
    with project.running("consume") as consumer:
        consumer.wait_until(lambda: len(project.handled) == 2 and _left(project) == (0, 0))
        consumer.stop()
    ((body, reason),) = _dead_letters(project)
    assert body == '"poison"'
    assert reason.endswith("cannot be done")
    assert sorted(line["content"] for line in project.handled) == [0, 1]


@in_languages("typescript", "java")
def test_what_cannot_be_read_is_set_aside_and_nothing_of_it_is_logged(standard: Project) -> None:
    standard.run("create")
    sqs = open_client("sqs", standard.environment["ENDPOINT_URL"])
    url = sqs.get_queue_url(QueueName=standard.environment["QUEUE_NAME"])["QueueUrl"]
    for body in ("hunter2", '{"password": hunter2}'):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    with standard.running("consume") as consumer:
        consumer.wait_until(lambda: len(consumer.said("set aside")) == 2)
        consumer.stop()
        assert "hunter2" not in consumer.words()
    assert sorted(body for body, _ in _dead_letters(standard)) == ["hunter2", '{"password": hunter2}']


@in_languages("python", "typescript")
@pytest.mark.parametrize(("theirs", "added"), [(7, ["Reason", "Attempts", "MessageId"]), (9, ["Reason"])])
def test_what_failed_before_and_fails_again_keeps_every_attribute_of_its_sender(
    standard: Project, theirs: int, added: list[str]
) -> None:
    standard.run("create")
    sent = [f"X{number}" for number in range(theirs)]
    before = [f"DeadLetter{what}" for what in added]  # as it has them when it is moved back to be handled again
    sqs = open_client("sqs", standard.environment["ENDPOINT_URL"])
    sqs.send_message(
        QueueUrl=sqs.get_queue_url(QueueName=standard.environment["QUEUE_NAME"])["QueueUrl"],
        MessageBody='"poison"',
        MessageAttributes={name: {"DataType": "String", "StringValue": "before"} for name in [*before, *sent]},
    )
    with standard.running("consume", MAX_RECEIVE_COUNT="1") as consumer:
        consumer.wait_until(lambda: _left(standard) == (0, 0))
        consumer.stop()
    url = sqs.get_queue_url(QueueName=standard.environment["DEAD_LETTER_QUEUE_NAME"])["QueueUrl"]
    (dead,) = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, MessageAttributeNames=["All"])["Messages"]
    assert dead["MessageAttributes"].keys() == {*sent, *before}
    assert dead["MessageAttributes"]["DeadLetterReason"]["StringValue"].endswith("cannot be done")


@in_languages("python", "go")
@pytest.mark.parametrize(("kind", "count"), [("standard", 300), ("fifo", 200)])
def test_a_killed_consumer_loses_nothing_and_groups_keep_their_order(either: Project, kind: str, count: int) -> None:
    project = either
    project.run("create")
    _send(project, *numbered(count))
    with project.running("consume", HANDLER_SECONDS="0.1") as victim:
        victim.wait_until(lambda: len(project.handled) >= count // 4)
        victim.kill()
    _, in_hand = _left(project)
    with project.running("consume") as heir:
        # The server's counts alone would do, were they taken in one moment: a message on its way from the one to the
        # other is in neither.
        heir.wait_until(lambda: _left(project) == (0, 0) and not missing(count, project.handled))
        heir.stop()
    assert missing(count, project.handled) == set()
    assert in_hand > 0, "nothing was at stake when the kill came"
    assert kind == "standard" or groups_out_of_order(project.handled) == []
    assert _dead_letters(project) == []


@in_languages("python")
def test_fifo_handles_one_deduplication_id_once(fifo: Project) -> None:
    fifo.run("create")
    payments = [{"group": "g", "body": number, "deduplication_id": f"payment-{number % 3}"} for number in range(6)]
    with fifo.running("consume") as consumer:
        fifo.run("send", "--stdin", lines=payments[:3])
        consumer.wait_until(lambda: len(fifo.handled) == 3 and _left(fifo) == (0, 0))
        fifo.run("send", "--stdin", lines=[*payments[3:], {"group": "g", "body": "last"}])
        consumer.wait_until(lambda: len(fifo.handled) >= 4)
        consumer.stop()
    assert [line["content"] for line in fifo.handled] == [0, 1, 2, "last"]


@in_languages("python", "go")
def test_sigterm_stops_within_seconds_and_gives_back_what_was_not_handled(standard: Project) -> None:
    standard.environment["VISIBILITY_TIMEOUT_SECONDS"] = "600"
    standard.run("create")
    _send(standard, *numbered(100))
    with standard.running("consume", HANDLER_SECONDS="0.1") as consumer:
        consumer.wait_until(lambda: len(standard.handled) >= 10)
        assert consumer.stop() < 5
    assert _left(standard) == (100 - len(standard.handled), 0)


@in_languages("python")
def test_a_slow_handler_keeps_its_message(standard: Project) -> None:
    standard.environment["VISIBILITY_TIMEOUT_SECONDS"] = "2"
    standard.run("create")
    _send(standard, ("g", 0))
    with standard.running("consume", HANDLER_SECONDS="5") as consumer:
        consumer.wait_until(lambda: len(standard.handled) == 1)
        time.sleep(1)
        consumer.stop()
    assert len(standard.handled) == 1
    assert _left(standard) == (0, 0)


@in_languages("python", "typescript")
@pytest.mark.parametrize("kind", ["standard", "fifo"])
def test_fan_out_reaches_every_reader_in_the_order_of_its_groups(either: Project, kind: str) -> None:
    project, count = either, 60
    first = {name: project.environment[name] for name in ("QUEUE_NAME", "DEAD_LETTER_QUEUE_NAME")}
    second = {name: f"second-{value}" for name, value in first.items()}
    project.environment["TOPIC_NAME"] = f"topic-{first['QUEUE_NAME']}"
    project.run("create", **first)
    project.run("create", **second)
    project.run("create", **second)
    _send(project, *numbered(count))
    with project.running("consume", **first) as one, project.running("consume", **second) as two:
        two.wait_until(lambda: len(project.handled) == 2 * count)
        one.stop()
        two.stop()
    for reader in (one, two):
        handled = [line for line in project.handled if line["pid"] == reader.process.pid]
        assert missing(count, handled) == set()
        assert kind == "standard" or groups_out_of_order(handled) == []


@in_languages("python")
def test_a_topic_that_is_not_there_is_named_with_what_makes_it(standard: Project) -> None:
    standard.run("create")
    ended = standard.end("send", TOPIC_NAME="nowhere")
    assert ended.returncode == 1
    assert re.search(r"no such topic: arn:aws:sns:\S+:nowhere \(.*queues (creates|makes) it\)", ended.stderr)
    assert "stack" not in ended.stderr, ended.stderr


@in_languages("python", "go")
@pytest.mark.parametrize(("most", "raised"), [("262144", False), ("1048576", True)])
def test_a_topic_is_raised_to_messages_above_what_sns_takes_by_itself(
    standard: Project, most: str, *, raised: bool
) -> None:
    """The server of the tests shows no such attribute, so the request is looked at."""
    name = f"topic-{standard.environment['QUEUE_NAME']}"
    with leading_to(standard.environment["ENDPOINT_URL"]) as way:
        standard.run("create", ENDPOINT_URL=way.endpoint, TOPIC_NAME=name, MAX_MESSAGE_BYTES=most)
    asked = [parse_qs(body.decode()) for body in way.seen if b"SetTopicAttributes" in body]
    found = [(each["AttributeName"], each["AttributeValue"]) for each in asked]
    assert found == ([(["MaximumMessageSize"], [most])] if raised else [])


@in_languages("python")
def test_bad_settings_are_all_named_and_end_with_2(language: str, tmp_path: Path) -> None:
    project = set_up("sqs", language, tmp_path / "project", records=False)
    ended = project.end("consume", BATCH_SIZE="11", WORKER_COUNT="many", DEPLOYED="perhaps")
    assert ended.returncode == 2
    assert {line.partition(":")[0] for line in ended.stderr.splitlines()} >= {"worker_count", "deployed"}


@in_languages("python")
def test_deployed_settings_are_those_of_aws(language: str, tmp_path: Path) -> None:
    """There is no AWS here: that the local server is not asked, and no key of ours shown, is what can be seen."""
    project = set_up("sqs", language, tmp_path / "project", records=False)
    project.run("reachable", DEPLOYED="true")
    assert project.end("reachable", ENDPOINT_URL="http://127.0.0.1:9").returncode == 1


@in_languages("python")
@pytest.mark.parametrize("kind", ["standard", "fifo"])
def test_the_bench_says_whether_the_assumptions_hold(either: Project) -> None:
    assumed = {"ASSUMED_MESSAGES_PER_SECOND": "20", "ASSUMED_MESSAGE_BYTES": "500"}
    holds = either.end("bench", "--seconds", "2", ASSUMED_LATENCY_MS="20000", **assumed)
    assert holds.returncode == 0, holds.stdout + holds.stderr
    assert "40 of 40" in holds.stdout
    fails = either.end("bench", "--seconds", "2", ASSUMED_LATENCY_MS="1", **assumed)
    assert fails.returncode == 1, fails.stdout + fails.stderr
    names = open_client("sqs", either.environment["ENDPOINT_URL"]).list_queues().get("QueueUrls", [])
    assert [name for name in names if either.environment["QUEUE_NAME"].removesuffix(".fifo") in name] == []


@in_languages("python")
def test_health_is_asked_over_http_and_tells_what_was_counted(standard: Project) -> None:
    standard.run("create")
    _send(standard, *numbered(20))
    port = free_port()
    with standard.running("consume", HEALTH_PORT=str(port)) as consumer:
        consumer.wait_until(lambda: len(standard.handled) == 20)
        answer = ask_health(port)
        consumer.stop()
    assert answer["status"] == "ok"
    assert answer["counts"]["received"] == answer["counts"]["handled"] == 20


@in_languages()
def test_a_consumer_that_works_on_one_batch_for_long_is_well(standard: Project) -> None:
    """All that while nothing is polled: the messages in hand are what shows that it lives."""
    standard.environment |= {"VISIBILITY_TIMEOUT_SECONDS": "2", "WAIT_TIME_SECONDS": "0", "WORKER_COUNT": "1"}
    standard.run("create")
    _send(standard, *numbered(6))
    port, statuses = free_port(), []
    with standard.running("consume", HEALTH_PORT=str(port), HANDLER_SECONDS="3") as consumer:
        consumer.wait_until(lambda: bool(ask_health(port)))
        while len(standard.handled) < 6:
            statuses.append(ask_health(port)["status"])
            time.sleep(0.5)
        consumer.stop()
    assert set(statuses) == {"ok"}
    assert len(statuses) > 20
