"""The bridge from a real Kafka topic to a real SQS queue, and the kit that holds it with both projects."""

import os
import signal
import uuid
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition

from tests.brokers.localstack import open_client
from tests.brokers.server import free_port
from tests.starters.projects import LANGUAGES, PATIENCE_SECONDS, Project, ask_health, in_languages, kit_folder, set_up
from tests.starters.way import leading_to

pytestmark = pytest.mark.broker
PARTITIONS = 4


@pytest.fixture
def project(language: str, tmp_path: Path, kafka_bootstrap_servers: str, sqs_endpoint_url: str) -> Iterator[Project]:
    project = set_up("bridge", language, tmp_path / "project", records=False)
    name = f"bridge-{uuid.uuid4().hex}"
    project.environment |= {
        "BOOTSTRAP_SERVERS": kafka_bootstrap_servers,
        "ENDPOINT_URL": sqs_endpoint_url,
        "TOPIC": name,
        "DEAD_LETTER_TOPIC": f"{name}.dead-letters",
        "BRIDGE_GROUP": name,
        "QUEUE_NAME": name,
        "SESSION_TIMEOUT_MS": "6000",
        "MAX_POLL_RECORDS": "100",
    }
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    admin.create_topics({topic: {"num_partitions": PARTITIONS} for topic in (name, f"{name}.dead-letters")})
    admin.close()
    queue = open_client("sqs", sqs_endpoint_url).create_queue(QueueName=name)["QueueUrl"]
    yield project
    open_client("sqs", sqs_endpoint_url).delete_queue(QueueUrl=queue)


def _produce(project: Project, *values: bytes, key: str = "") -> None:
    """To all partitions, or with a key to one."""
    producer = KafkaProducer(bootstrap_servers=project.environment["BOOTSTRAP_SERVERS"], acks="all")
    for number, value in enumerate(values):
        producer.send(project.environment["TOPIC"], key=(key or f"key-{number % 7}").encode(), value=value)
    producer.flush()
    producer.close()


def _numbers(count: int) -> list[bytes]:
    return [str(number).encode() for number in range(count)]


def _take_jobs(project: Project, into: list[int]) -> int:
    """Move what waits in the queue to the list; how many different ones there are by now."""
    sqs = open_client("sqs", project.environment["ENDPOINT_URL"])
    url = sqs.get_queue_url(QueueName=project.environment["QUEUE_NAME"])["QueueUrl"]
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", []):
        into.extend(int(message["Body"]) for message in messages)
        entries = [{"Id": str(n), "ReceiptHandle": each["ReceiptHandle"]} for n, each in enumerate(messages)]
        sqs.delete_message_batch(QueueUrl=url, Entries=entries)
    return len(set(into))


def _waiting(project: Project) -> int:
    sqs, name = open_client("sqs", project.environment["ENDPOINT_URL"]), "ApproximateNumberOfMessages"
    url = sqs.get_queue_url(QueueName=project.environment["QUEUE_NAME"])["QueueUrl"]
    return int(sqs.get_queue_attributes(QueueUrl=url, AttributeNames=[name])["Attributes"][name])


def _left(project: Project) -> int:
    """Records that the group of the bridge has yet to commit."""
    names = project.environment
    consumer = KafkaConsumer(bootstrap_servers=names["BOOTSTRAP_SERVERS"], group_id=names["BRIDGE_GROUP"])
    with closing(consumer):
        ends = consumer.end_offsets([TopicPartition(names["TOPIC"], number) for number in range(PARTITIONS)])
        return sum(end - (consumer.committed(place) or 0) for place, end in ends.items())


def _set_aside(project: Project) -> list[Any]:
    consumer = KafkaConsumer(
        project.environment["DEAD_LETTER_TOPIC"],
        bootstrap_servers=project.environment["BOOTSTRAP_SERVERS"],
        auto_offset_reset="earliest",
        group_id=None,
        consumer_timeout_ms=1000,
    )
    with closing(consumer):
        return list(consumer)


@in_languages("python")
def test_a_killed_bridge_loses_nothing(project: Project) -> None:
    count = 3000
    jobs: list[int] = []
    _produce(project, *_numbers(count))
    with project.running("consume") as victim:
        victim.wait_until(lambda: _waiting(project) >= 50)
        victim.kill()
    assert _waiting(project) < count, "nothing was at stake when the kill came"
    port = free_port()
    with project.running("consume", HEALTH_PORT=str(port)) as heir:
        heir.wait_until(lambda: _take_jobs(project, jobs) == count)
        health = ask_health(port)
        heir.stop()
    assert (health["status"], health["counts"]["sent"] > 0) == ("ok", True)
    assert len(jobs) - count <= PARTITIONS * 100, "more came again than one batch of each partition"


@in_languages("python", "go")
def test_what_the_queue_finds_too_large_is_set_aside_with_its_reason_and_what_came_beside_it_is_sent_once(
    project: Project,
) -> None:
    """The queue takes less than SQS at most, as one that Terraform made."""
    sqs = open_client("sqs", project.environment["ENDPOINT_URL"])
    url = sqs.get_queue_url(QueueName=project.environment["QUEUE_NAME"])["QueueUrl"]
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"MaximumMessageSize": "1024"})
    large = b"7" * 1025
    jobs: list[int] = []
    _produce(project, *_numbers(5), large, b"5", key="one")
    port = free_port()
    with project.running("consume", HEALTH_PORT=str(port)) as bridge:
        bridge.wait_until(lambda: _take_jobs(project, jobs) == 6 and bool(_set_aside(project)))
        bridge.wait_until(lambda: _left(project) == 0)
        counts = ask_health(port)["counts"]
        bridge.stop()
    assert (sorted(jobs), counts["sent"], counts.get("retried", 0)) == (list(range(6)), 6, 0)
    (record,) = _set_aside(project)
    assert record.value == large
    assert b"1024 bytes" in dict(record.headers)["dead-letter-reason"]
    assert dict(record.headers)["dead-letter-consumer-group"].decode() == project.environment["BRIDGE_GROUP"]


@in_languages("python")
def test_what_failed_is_tried_again_and_what_was_sent_behind_it_is_not_sent_twice(project: Project) -> None:
    count = 90
    jobs: list[int] = []
    _produce(project, *(str(number).encode() for number in range(100, 100 + count)), b"", key="one")
    leading = leading_to(project.environment["ENDPOINT_URL"], refused=b'"105"', times=2)
    with leading as way, project.running("consume", ENDPOINT_URL=way.endpoint) as bridge:
        bridge.wait_until(lambda: _take_jobs(project, jobs) == count)
        bridge.wait_until(lambda: _left(project) == 0)
        _take_jobs(project, jobs)
        bridge.stop()
    assert sorted(jobs) == list(range(100, 100 + count))
    assert len(_set_aside(project)) == 1


@in_languages()
def test_a_bridge_that_joins_and_one_that_leaves_lose_nothing(project: Project) -> None:
    count = 3000
    jobs: list[int] = []
    _produce(project, *_numbers(count))
    with project.running("consume") as first:
        first.wait_until(lambda: _waiting(project) >= 50)
        with project.running("consume") as second:
            second.wait_until(lambda: _take_jobs(project, jobs) == count)
            _produce(project, *_numbers(count))
            first.stop()
            second.wait_until(lambda: _take_jobs(project, jobs) == count and len(jobs) >= 2 * count)
            second.stop()
    assert min(jobs.count(number) for number in range(count)) >= 2


@in_languages("python")
def test_its_own_tests_pass(project: Project) -> None:
    names = ("BOOTSTRAP_SERVERS", "ENDPOINT_URL", "SESSION_TIMEOUT_MS")
    project.environment = {name: project.environment[name] for name in names}
    project.run("make", "test")


@in_languages("python")
def test_its_code_passes_its_own_linters(language: str, tmp_path: Path) -> None:
    set_up("bridge", language, tmp_path / "project", records=False).run("make", "lint")


@in_languages("python")
def test_make_run_at_the_root_bridges_what_it_produced_and_handles_it(
    language: str, tmp_path: Path, kafka_bootstrap_servers: str, sqs_endpoint_url: str
) -> None:
    """The kit as it is unpacked, its parts set up: two commands at its root reach all of them."""
    parts = {part: set_up(part, language, tmp_path / "kit" / part) for part in ("kafka", "sqs")}
    set_up("bridge", language, tmp_path / "kit" / "bridge", records=False)
    (tmp_path / "kit" / "Makefile").write_bytes((kit_folder("bridge", language).parent / "Makefile").read_bytes())
    name = f"both-{uuid.uuid4().hex}"
    settings = {"BOOTSTRAP_SERVERS": kafka_bootstrap_servers, "ENDPOINT_URL": sqs_endpoint_url, "PARTITIONS": "2"}
    settings |= {"TOPIC": name, "DEAD_LETTER_TOPIC": f"{name}.dead", "QUEUE_NAME": name, "BRIDGE_GROUP": name}
    settings |= {"DEAD_LETTER_QUEUE_NAME": f"{name}-dead", "WAIT_TIME_SECONDS": "1"}
    root = Project(folder=tmp_path / "kit", broker="kafka", language=LANGUAGES[language])
    with root.running("make", "run", **settings) as run:
        run.wait_until(lambda: len(parts["sqs"].handled) == 10)
        os.killpg(run.process.pid, signal.SIGINT)
        run.process.wait(PATIENCE_SECONDS)
    assert sorted(line["content"]["sequence"] for line in parts["sqs"].handled) == list(range(10))
    assert len(run.said("stopped")) == 2
