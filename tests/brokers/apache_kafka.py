"""One real Apache Kafka node in KRaft mode, from its Maven artifacts. Knows nothing of the advisor."""

import base64
import os
import shutil
import socket
import subprocess
import uuid
from pathlib import Path

import pytest
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from tests.brokers.cache import built_once, key_of
from tests.brokers.server import Server, free_port, start_server

POM = Path(__file__).with_name("pom.xml")
COPY_JARS = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
SMALL_HEAP = ("-Xms192m", "-Xmx320m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Djava.awt.headless=true")

# Internal topics want three copies by default and would hang on one node; a rebalance delay of 3 s and a log cleaner
# with 128 MiB of heap are sensible in production and only slow here.
PROPERTIES = """\
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT
log.dirs={folder}/data
auto.create.topics.enable=false
offsets.topic.replication.factor=1
offsets.topic.num.partitions=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
log.cleaner.dedupe.buffer.size=2097152
num.network.threads=2
num.io.threads=2
"""


def start_kafka(folder: Path) -> tuple[Server, str]:
    """Start a fresh node whose data lies below `folder`; return it with its bootstrap address."""
    java = _tool("java", "a Java runtime, 17 or newer (Debian: apt-get install openjdk-17-jre-headless)")
    jars = f"{_jars()}/*"
    port = free_port()
    properties = folder / "server.properties"
    properties.write_text(PROPERTIES.format(port=port, controller_port=free_port(), folder=folder), encoding="utf-8")
    _format_storage(java, jars, properties)
    bootstrap = f"127.0.0.1:{port}"
    server = start_server(
        "Apache Kafka 4.3.1",
        (java, *SMALL_HEAP, *_log_flags(folder), "-cp", jars, "kafka.Kafka", str(properties)),
        folder=folder,
        environment=os.environ,
        is_ready=lambda: _answers(bootstrap),
    )
    return server, bootstrap


def _tool(name: str, what: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} not found: install {what}, or name a broker of your own in KAFKA_BOOTSTRAP_SERVERS")
    return found


def _jars() -> Path:
    return built_once(key_of("kafka-jars", POM), _copy_jars)


def _copy_jars(folder: Path) -> None:
    maven = _tool("mvn", "Apache Maven (Debian: apt-get install maven)")
    command = (maven, "-q", "-B", "-f", str(POM), COPY_JARS, "-DincludeScope=runtime", f"-DoutputDirectory={folder}")
    subprocess.run(command, check=True, timeout=300, stdout=subprocess.DEVNULL)


def _format_storage(java: str, jars: str, properties: Path) -> None:
    # A leading "k" keeps the identifier from ever looking like a command line option.
    cluster_id = "k" + base64.urlsafe_b64encode(uuid.uuid4().bytes).decode("ascii")[1:22]
    command = (java, "-cp", jars, "kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(properties))
    subprocess.run(command, check=True, timeout=60, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _log_flags(folder: Path) -> tuple[str, ...]:
    return ("-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", f"-Dkafka.logs.dir={folder}/logs")


def _answers(bootstrap: str) -> bool:
    """Knock first: a client that is turned away complains at length."""
    host, _, port = bootstrap.partition(":")
    try:
        socket.create_connection((host, int(port)), timeout=1).close()
    except OSError:
        return False
    try:
        admin = KafkaAdminClient(bootstrap_servers=bootstrap, bootstrap_timeout_ms=1000)
    except KafkaError:
        return False
    try:
        return bool(admin.describe_cluster())
    except KafkaError:
        return False
    finally:
        admin.close()
