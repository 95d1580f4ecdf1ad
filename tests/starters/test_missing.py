"""What a Kafka starter of each language, and the bridge, say of what is not there: certificates, a topic."""

import uuid
from pathlib import Path

import pytest

from tests.brokers.apache_kafka import make_secured
from tests.brokers.localstack import open_client
from tests.starters.projects import in_languages, set_up

pytestmark = pytest.mark.broker


@in_languages("python")
@pytest.mark.parametrize(("broker", "tasks"), [("kafka", ("consume", "send")), ("bridge", ("consume",))])
def test_files_that_cannot_be_read_and_half_a_pair_end_it_before_a_broker_is_asked(
    language: str, broker: str, tasks: tuple[str, ...], tmp_path: Path, sqs_endpoint_url: str
) -> None:
    project, queue = set_up(broker, language, tmp_path / "project", records=False), uuid.uuid4().hex
    open_client("sqs", sqs_endpoint_url).create_queue(QueueName=queue)  # what the bridge looks for first
    project.environment |= {"ENDPOINT_URL": sqs_endpoint_url, "QUEUE_NAME": queue} if broker == "bridge" else {}
    project.environment |= {"BOOTSTRAP_SERVERS": "127.0.0.1:1", "SECURITY_PROTOCOL": "SSL"}
    certificates, absent = make_secured(tmp_path), str(tmp_path / "absent.pem")
    pair = {"SSL_CERTFILE": str(certificates.certificate_file), "SSL_KEYFILE": str(certificates.key_file)}
    wrong = [({name: absent}, f"{name}: {absent} cannot be used") for name in ("SSL_CAFILE", *pair)]
    wrong += [({name: ""}, "SSL_CERTFILE and SSL_KEYFILE go together: set both, or neither") for name in pair]
    for task in tasks:
        for files, said in wrong:
            ended = project.end(task, **pair | files)
            assert ended.returncode == 1, ended.stderr
            assert said in ended.stderr.splitlines()[-1]


@in_languages("python")
def test_a_topic_that_is_not_there_is_named_before_anything_is_sent_to_it(
    language: str, tmp_path: Path, kafka_bootstrap_servers: str
) -> None:
    project, topic = set_up("kafka", language, tmp_path / "project", records=False), uuid.uuid4().hex
    project.environment |= {"BOOTSTRAP_SERVERS": kafka_bootstrap_servers, "TOPIC": topic}
    ended = project.end("send")
    assert ended.returncode == 1, ended.stderr
    assert f"no such topic: {topic} (" in ended.stderr.splitlines()[-1]
