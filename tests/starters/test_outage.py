"""The Kafka starter of each language while its brokers are away: it goes on, and a stop does not wait for them."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.brokers.apache_kafka import start_kafka
from tests.brokers.server import Server
from tests.starters.projects import Project, in_languages, set_up

pytestmark = pytest.mark.broker
GRACE_SECONDS = 20.0  # Kubernetes waits for 30, and the machine of the tests may be busy


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[tuple[Server, str]]:
    """One of its own, since it will go away."""
    folder = tmp_path / "kafka"
    folder.mkdir()
    server, address = start_kafka(folder)
    yield server, address
    server.process.send_signal(signal.SIGCONT)
    server.stop()


@pytest.fixture
def project(language: str, tmp_path: Path, broker: tuple[Server, str]) -> Project:
    project = set_up("kafka", language, tmp_path / "project")
    names = {"TOPIC": "t", "DEAD_LETTER_TOPIC": "t.dead-letters", "CONSUMER_GROUP": "g", "PARTITIONS": "1"}
    project.environment |= {"BOOTSTRAP_SERVERS": broker[1], **names}
    project.run("create")
    return project


@in_languages("java")
def test_a_stop_does_not_wait_for_brokers_that_are_away(project: Project, broker: tuple[Server, str]) -> None:
    project.run("send", "--stdin", lines=[{"key": "k", "value": number} for number in range(3)])
    with project.running("consume", HANDLER_SECONDS="2") as consumer:
        consumer.wait_until(lambda: len(project.handled) == 1)
        broker[0].process.send_signal(signal.SIGSTOP)  # takes what comes and answers nothing
        consumer.wait_until(lambda: len(project.handled) == 3)
        assert consumer.stop() < GRACE_SECONDS


@in_languages()
def test_brokers_that_come_back_after_a_while_find_it_as_it_was(project: Project, broker: tuple[Server, str]) -> None:
    project.run("send", "--stdin", lines=[{"key": "k", "value": number} for number in range(3)])
    with project.running("consume", HANDLER_SECONDS="2") as consumer:
        consumer.wait_until(lambda: len(project.handled) == 1)
        broker[0].process.send_signal(signal.SIGSTOP)
        consumer.wait_until(lambda: len(project.handled) == 3)
        with pytest.raises(AssertionError, match="not within"):
            consumer.wait_until(lambda: len(project.handled) > 3)  # for longer than any commit is tried
        broker[0].process.send_signal(signal.SIGCONT)
        project.run("send", "--stdin", lines=[{"key": "k", "value": "after"}])
        consumer.wait_until(lambda: project.handled[-1]["content"] == "after")
        consumer.stop()
    with project.running("consume", HANDLER_SECONDS="0") as heir:
        project.run("send", "--stdin", lines=[{"key": "k", "value": "last"}])
        heir.wait_until(lambda: project.handled[-1]["content"] == "last")
        heir.stop()
    assert [line["content"] for line in project.handled].count("after") == 1
