"""The Kafka starter of each language, as its user runs it, against a real broker."""

import os
import re
import signal
import uuid
from contextlib import closing
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.credentials import Credentials
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType

from advisor import service
from tests.brokers.apache_kafka import SecuredKafka, make_secured
from tests.brokers.msk_iam import ACTION, listening_for_proofs, read_proof
from tests.brokers.server import free_port
from tests.starters.projects import PATIENCE_SECONDS, Project, ask_health, in_languages, set_up
from tests.starters.streams import groups_out_of_order, missing, numbered

pytestmark = pytest.mark.broker


@pytest.fixture
def project(language: str, tmp_path: Path, kafka_bootstrap_servers: str) -> Project:
    project = set_up("kafka", language, tmp_path / "project")
    name = f"starter-{uuid.uuid4().hex}"
    project.environment |= {
        "BOOTSTRAP_SERVERS": kafka_bootstrap_servers,
        "TOPIC": name,
        "DEAD_LETTER_TOPIC": f"{name}.dead-letters",
        "CONSUMER_GROUP": name,
        "PARTITIONS": "4",
        "RETRY_BACKOFF_MS": "10",
        "SESSION_TIMEOUT_MS": "6000",
    }
    return project


def _send(project: Project, *pairs: tuple[str, Any]) -> None:
    project.run("send", "--stdin", lines=({"key": key, "value": value} for key, value in pairs))


def _records(project: Project, topic: str) -> list[Any]:
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=project.environment["BOOTSTRAP_SERVERS"],
        group_id=None,
        auto_offset_reset="earliest",
        consumer_timeout_ms=2000,
    )
    records = list(consumer)
    consumer.close()
    return records


def _lag(project: Project) -> int:
    """How many records the group has not committed."""
    bootstrap, topic = project.environment["BOOTSTRAP_SERVERS"], project.environment["TOPIC"]
    consumer = KafkaConsumer(bootstrap_servers=bootstrap, group_id=project.environment["CONSUMER_GROUP"])
    partitions = [TopicPartition(topic, number) for number in range(4)]
    ends = consumer.end_offsets(partitions)
    lag = sum(ends[partition] - (consumer.committed(partition) or 0) for partition in partitions)
    consumer.close(autocommit=False)
    return int(lag)


def _has_handled(project: Project, count: int) -> bool:
    return len(project.handled) >= count


def _members(project: Project) -> int:
    """How many consumers share the partitions; none while they are being shared out anew."""
    admin = KafkaAdminClient(bootstrap_servers=project.environment["BOOTSTRAP_SERVERS"])
    group = project.environment["CONSUMER_GROUP"]
    (described,) = admin.describe_groups([group]).values()
    admin.close()
    return len(described["members"]) if described["group_state"] in ("Stable", "Empty") else 0


@in_languages("python")
def test_make_run_creates_the_topics_and_handles_what_it_produced(project: Project) -> None:
    with project.running("make", "run") as run:
        run.wait_until(lambda: len(project.handled) == 10)
        os.killpg(run.process.pid, signal.SIGINT)
        run.process.wait(PATIENCE_SECONDS)
        assert len(run.said("stopped")) == 1
    assert sorted(line["content"]["sequence"] for line in project.handled) == list(range(10))


@in_languages("python", "go")
def test_topics_are_made_as_the_settings_say_and_dead_letters_outlast_a_topic_of_short_retention(
    project: Project,
) -> None:
    project.run("create", RETENTION_MS="3600000", MAX_RECORD_BYTES="1100000", CLEANUP_POLICY="compact")
    common = {"retention.bytes": "-1", "min.insync.replicas": "1"}
    main, dead = (_made(project, project.environment[name]) for name in ("TOPIC", "DEAD_LETTER_TOPIC"))
    own = {"retention.ms": "3600000", "max.message.bytes": "1100000", "cleanup.policy": "compact"}
    of_dead = {"retention.ms": str(14 * 24 * 3_600_000), "max.message.bytes": "1114124", "cleanup.policy": "delete"}
    assert (main, dead) == ((4, common | own), (3, common | of_dead))


@in_languages("python", "go")
def test_a_cluster_that_decides_how_many_copies_confirm_is_not_told(project: Project) -> None:
    """Such as MSK Serverless and Express brokers, on which no topic may say so."""
    project.run("create", MIN_INSYNC_REPLICAS="0")
    assert "min.insync.replicas" not in _made(project, project.environment["TOPIC"])[1]


def _made(project: Project, topic: str) -> tuple[int, dict[str, str]]:
    """How many partitions a topic has, and what it sets itself."""
    with closing(KafkaAdminClient(bootstrap_servers=project.environment["BOOTSTRAP_SERVERS"])) as admin:
        found = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, topic)])["topic"][topic]
        partitions = len(admin.describe_topics([topic])[0]["partitions"])
    own = {name: each["value"] for name, each in found.items() if each["config_source"] == "DYNAMIC_TOPIC_CONFIG"}
    return partitions, own


@in_languages("python", "typescript")
def test_a_record_above_a_mebibyte_passes_and_one_that_is_no_json_is_set_aside_whole(project: Project) -> None:
    sizes = {"MAX_RECORD_BYTES": "5065536", "DEAD_LETTER_MAX_RECORD_BYTES": "5131072"}
    project.environment |= sizes
    project.run("create")
    large, raw = "x" * 5_000_000, os.urandom(5_000_000)
    _send(project, ("k", large))
    producer = KafkaProducer(
        bootstrap_servers=project.environment["BOOTSTRAP_SERVERS"], max_request_size=int(sizes["MAX_RECORD_BYTES"])
    )
    with closing(producer):
        producer.send(project.environment["TOPIC"], key=b"k", value=raw).get(timeout=30)
    with project.running("consume") as consumer:
        consumer.wait_until(lambda: _lag(project) == 0)
        consumer.stop()
    assert [line["content"] for line in project.handled] == [large]
    (dead,) = _records(project, project.environment["DEAD_LETTER_TOPIC"])
    assert dead.value == raw


@pytest.mark.slow  # another environment
@pytest.mark.parametrize("language", ["python"])
def test_what_others_compressed_is_read_once_the_pins_for_it_are_no_comments(project: Project) -> None:
    pins = project.folder / "requirements.txt"
    pins.write_text(re.sub(r"^# (?=[a-z0-9-]+==)", "", pins.read_text(), flags=re.MULTILINE))
    (project.folder / ".venv").unlink()
    project.language.set_up("kafka_python", project.folder)
    project.run("create")
    source = (
        "import sys, kafka; *_, servers, topic, codec = sys.argv\n"
        "producer = kafka.KafkaProducer(bootstrap_servers=servers, compression_type=codec)\n"
        "producer.send(topic, b'\"' + codec.encode() + b'\"').get(30)"
    )
    to = (project.environment["BOOTSTRAP_SERVERS"], project.environment["TOPIC"])
    for codec in ("lz4", "snappy", "zstd"):
        project.run(".venv/bin/python", "-c", source, *to, codec)
    with project.running("consume") as consumer:
        consumer.wait_until(lambda: len(project.handled) == 3)
        consumer.stop()
    assert {line["content"] for line in project.handled} == {"lz4", "snappy", "zstd"}


@in_languages("python")
def test_its_own_tests_pass_whatever_the_settings_of_the_kit(project: Project, kafka_bootstrap_servers: str) -> None:
    asked = {"option": "kafka_self_managed", "compression_ratio": 4, "message_size_bytes_max": 8_000_000}
    kit = service.build_kit(service.read_query(asked))
    (project.folder / "settings.json").write_bytes(kit.files["settings.json"])
    project.environment = {"BOOTSTRAP_SERVERS": kafka_bootstrap_servers, "SESSION_TIMEOUT_MS": "6000"}
    project.run("make", "test")


@in_languages("python")
def test_its_code_passes_its_own_linters(language: str, tmp_path: Path) -> None:
    set_up("kafka", language, tmp_path / "project", records=False).run("make", "lint")


@in_languages("python", "java")
def test_a_poison_message_ends_in_the_dead_letter_topic_with_its_reason(project: Project) -> None:
    project.run("create")
    _send(project, ("k", 0), ("k", "poison"), ("k", 1))
    with project.running("consume") as consumer:
        consumer.wait_until(lambda: len(project.handled) == 2)
        consumer.stop()
    (dead,) = _records(project, project.environment["DEAD_LETTER_TOPIC"])
    headers = {name: value.decode() for name, value in dead.headers}
    assert (dead.key, dead.value) == (b"k", b'"poison"')
    assert headers["dead-letter-reason"].endswith("cannot be done")
    assert headers["dead-letter-topic"] == project.environment["TOPIC"]
    assert headers["dead-letter-consumer-group"] == project.environment["CONSUMER_GROUP"]
    assert [line["content"] for line in project.handled] == [0, 1]
    assert _lag(project) == 0


@in_languages("typescript", "java")
def test_what_cannot_be_read_is_set_aside_and_nothing_of_it_is_logged(project: Project) -> None:
    project.run("create")
    with closing(KafkaProducer(bootstrap_servers=project.environment["BOOTSTRAP_SERVERS"])) as producer:
        for value in (b"hunter2", b'{"password": hunter2}', b"\xff hunter2"):
            producer.send(project.environment["TOPIC"], key=b"k", value=value).get(timeout=30)
    with project.running("consume") as consumer:
        consumer.wait_until(lambda: _lag(project) == 0)
        consumer.stop()
        assert len(consumer.said("set aside")) == 3
        assert "hunter2" not in consumer.words()
    assert all(b"hunter2" in dead.value for dead in _records(project, project.environment["DEAD_LETTER_TOPIC"]))


@in_languages("python")
def test_dead_letters_are_handled_again_and_what_fails_again_is_apart(project: Project) -> None:
    dead, group = (project.environment[name] for name in ("DEAD_LETTER_TOPIC", "CONSUMER_GROUP"))
    again = {"TOPIC": dead, "DEAD_LETTER_TOPIC": f"{dead}.again", "CONSUMER_GROUP": f"{group}-again"}
    project.run("create")
    project.run("create", **again)
    project.run("send", "--stdin", lines=[{"key": "k", "value": value} for value in ("poison", 1)], **again)
    with project.running("consume", **again) as consumer:
        consumer.wait_until(lambda: len(project.handled) == 1)
        consumer.stop()
    (failed,) = _records(project, f"{dead}.again")
    assert dict(failed.headers)["dead-letter-topic"] == dead.encode()


@in_languages("python", "typescript", "java")
def test_a_killed_consumer_loses_nothing_and_keys_keep_their_order(project: Project) -> None:
    count = 2000
    project.run("create")
    _send(project, *numbered(count))
    pace, was_in_hand = {"HANDLER_SECONDS": "0.002"}, 0
    for enough in (250, 500, 750):  # once is nearly always enough; a kill just between two batches proves nothing
        with project.running("consume", **pace) as victim:
            victim.wait_until(partial(_has_handled, project, enough))
            victim.kill()
        was_in_hand = _lag(project) - (count - len(project.handled))
        if was_in_hand != 0:
            break
    with project.running("consume", **pace) as heir:
        heir.wait_until(lambda: _lag(project) == 0)
        heir.stop()
    assert missing(count, project.handled) == set()
    assert was_in_hand > 0
    assert groups_out_of_order(project.handled) == []
    assert len(project.handled) - count <= 4 * 100, "more came again than one batch of each partition"


@in_languages("python")
def test_sigterm_stops_within_seconds_with_its_offsets_committed(project: Project) -> None:
    count = 1000
    project.run("create")
    _send(project, *numbered(count))
    with project.running("consume", HANDLER_SECONDS="0.01") as first:
        first.wait_until(lambda: len(project.handled) >= 50)
        assert first.stop() < 5
    assert _lag(project) == count - len(project.handled)
    assert _members(project) == 0, "it did not leave its group"
    with project.running("consume") as second:
        second.wait_until(lambda: not missing(count, project.handled))
        second.stop()
    assert len(project.handled) == count
    assert groups_out_of_order(project.handled) == []


@in_languages("python")
def test_two_consumers_share_the_work_and_keys_keep_their_order(project: Project) -> None:
    count, pace = 1000, {"HANDLER_SECONDS": "0.002"}
    project.run("create")
    with project.running("consume", **pace) as one, project.running("consume", **pace) as two:
        one.wait_until(lambda: _members(project) == 2)
        _send(project, *numbered(count))
        two.wait_until(lambda: not missing(count, project.handled))
        one.stop()
        two.stop()
    assert {line["pid"] for line in project.handled} == {one.process.pid, two.process.pid}
    assert groups_out_of_order(project.handled) == []


@in_languages("python")
def test_bad_settings_are_all_named_and_end_with_2(language: str, tmp_path: Path) -> None:
    project = set_up("kafka", language, tmp_path / "project", records=False)
    ended = project.end("consume", PARTITIONS="many", ENABLE_IDEMPOTENCE="perhaps")
    assert ended.returncode == 2
    assert {line.partition(":")[0] for line in ended.stderr.splitlines()} >= {"partitions", "enable_idempotence"}
    ended = project.end("consume", BOOTSTRAP_SERVERS="", CONSUMER_GROUP="")  # as from a variable that was never set
    assert ended.returncode == 2
    assert {line.partition(":")[0] for line in ended.stderr.splitlines()} == {"bootstrap_servers", "consumer_group"}


@in_languages("python")
def test_the_bench_says_whether_the_assumptions_hold(project: Project) -> None:
    assumed = {"ASSUMED_MESSAGES_PER_SECOND": "50", "ASSUMED_MESSAGE_BYTES": "500"}
    holds = project.end("bench", "--seconds", "2", ASSUMED_LATENCY_MS="20000", **assumed)
    assert holds.returncode == 0, holds.stdout + holds.stderr
    assert "100 of 100" in holds.stdout
    fails = project.end("bench", "--seconds", "2", ASSUMED_LATENCY_MS="1", **assumed)
    assert fails.returncode == 1, fails.stdout + fails.stderr
    admin = KafkaAdminClient(bootstrap_servers=project.environment["BOOTSTRAP_SERVERS"])
    topics = list(admin.list_topics())
    admin.close()
    assert [topic for topic in topics if project.environment["TOPIC"] in topic] == []


@in_languages("python")
def test_health_is_well_while_the_consumer_polls_and_ill_when_a_handler_hangs(project: Project) -> None:
    project.run("create")
    _send(project, *numbered(20))
    port = free_port()
    with project.running("consume", HEALTH_PORT=str(port)) as consumer:
        consumer.wait_until(lambda: len(project.handled) == 20)
        well = ask_health(port)
        consumer.stop()
    assert (well["status"], well["counts"]["handled"]) == ("ok", 20)
    _send(project, ("k", 0))
    hanging = {"HANDLER_SECONDS": "60", "MAX_POLL_INTERVAL_MS": "6000"}
    with project.running("consume", HEALTH_PORT=str(port), **hanging) as consumer:
        consumer.wait_until(lambda: ask_health(port).get("status", "ok") != "ok")


@in_languages("typescript")
def test_a_long_batch_of_messages_none_of_which_hangs_is_well(project: Project) -> None:
    count, port, seen = 14, free_port(), set()
    project.run("create")
    _send(project, *(("k", number) for number in range(count)))
    steady = {"HANDLER_SECONDS": "0.5", "MAX_POLL_INTERVAL_MS": "6000"}
    with project.running("consume", HEALTH_PORT=str(port), **steady) as consumer:
        for enough in range(1, count + 1):
            consumer.wait_until(partial(_has_handled, project, enough))
            seen.add(ask_health(port)["status"])
        consumer.stop()
    assert seen == {"ok"}


@in_languages("python")
@pytest.mark.parametrize("way", ["PLAIN", "SCRAM-SHA-512", "certificate"])
def test_it_signs_in_to_a_cluster_that_asks_for_it(
    language: str, way: str, tmp_path: Path, secured_kafka: SecuredKafka
) -> None:
    project = set_up("kafka", language, tmp_path / "project")
    project.environment |= {"DEPLOYED": "true", "SSL_CAFILE": str(secured_kafka.ca_file), "HEALTH_PORT": "0"}
    project.environment |= {"TOPIC": f"signed-{way}-{language}", "PARTITIONS": "1", **_sign_in(way, secured_kafka)}
    project.run("create")
    _send(project, ("k", 1))
    with project.running("consume") as consumer:
        consumer.wait_until(lambda: len(project.handled) == 1)
        consumer.stop()
    nobody = dict.fromkeys(("SASL_USERNAME", "SASL_PASSWORD", "SSL_CERTFILE", "SSL_KEYFILE"), "")
    ended = project.end("create", **nobody)
    assert ended.returncode != 0
    assert way == "certificate" or f"{way} needs SASL_USERNAME and SASL_PASSWORD" in ended.stderr


def _sign_in(way: str, secured: SecuredKafka) -> dict[str, str]:
    if way == "certificate":
        files = {"SSL_CERTFILE": str(secured.certificate_file), "SSL_KEYFILE": str(secured.key_file)}
        return {"BOOTSTRAP_SERVERS": secured.tls_servers, "SECURITY_PROTOCOL": "SSL", "SASL_MECHANISM": "", **files}
    named = {"SASL_USERNAME": secured.username, "SASL_PASSWORD": secured.password}
    return {"BOOTSTRAP_SERVERS": secured.sasl_servers, "SASL_MECHANISM": way, **named}


@in_languages("python", "typescript")
def test_msk_would_know_the_machines_role_by_its_signature(language: str, tmp_path: Path) -> None:
    project = set_up("kafka", language, tmp_path / "project")
    key, secret, token = "AKIDEXAMPLE", "a secret+key/", "a session+token/=="
    named = {"AWS_ACCESS_KEY_ID": key, "AWS_SECRET_ACCESS_KEY": secret, "AWS_SESSION_TOKEN": token}
    named |= {"AWS_REGION": "eu-west-1", "AWS_EC2_METADATA_DISABLED": "true"}
    certificates = make_secured(tmp_path)
    with listening_for_proofs(tmp_path / "server.pem") as (address, proofs):
        asked = {"BOOTSTRAP_SERVERS": address, "SECURITY_PROTOCOL": "SASL_SSL", "SASL_MECHANISM": "AWS_MSK_IAM"}
        with project.running("create", **asked, **named, SSL_CAFILE=str(certificates.ca_file)) as creating:
            creating.wait_until(lambda: not proofs.empty())
    proof = read_proof(proofs.get())
    assert proof.host in ("127.0.0.1", "localhost", "kafka.eu-west-1.amazonaws.com")
    assert proof.signed["action"] == ACTION
    assert 0 < int(proof.signed["x-amz-expires"]) <= 900
    assert abs(datetime.now(UTC) - proof.at) < timedelta(minutes=5)
    assert proof.signed["x-amz-security-token"] == token
    assert proof.signed["x-amz-signature"] == proof.expected_signature(Credentials(key, secret, token), "eu-west-1")
