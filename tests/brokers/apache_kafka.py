"""One real Apache Kafka node in KRaft mode, from its Maven artifacts; also behind TLS. Knows nothing of the advisor."""

import base64
import os
import shutil
import socket
import subprocess
import uuid
from dataclasses import dataclass, field
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
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}{more_listeners}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}{more_listeners}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL
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

USER, PASSWORD = "advisor", "correct horse"
# Passwords by SCRAM or plain on one listener, certificates of the clients on the other.
SECURED = """\
ssl.keystore.type=PEM
ssl.keystore.location={folder}/server.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
listener.name.ssl.ssl.client.auth=required
listener.name.sasl_ssl.sasl.enabled.mechanisms=SCRAM-SHA-512,PLAIN
listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config=\
org.apache.kafka.common.security.scram.ScramLoginModule required;
listener.name.sasl_ssl.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required user_{user}="{password}";
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecuredKafka:
    """Where the node takes passwords and where it wants certificates; `ca_file` vouches for it and for its clients."""

    sasl_servers: str
    tls_servers: str
    ca_file: Path
    certificate_file: Path
    key_file: Path
    username: str = USER
    password: str = field(default=PASSWORD, repr=False)


def start_kafka(folder: Path, secured: SecuredKafka | None = None) -> tuple[Server, str]:
    """Start a fresh node whose data lies below `folder`; return it with its bootstrap address."""
    java = _tool("java", "a Java runtime, 17 or newer (Debian: apt-get install openjdk-17-jre-headless)")
    jars = f"{_jars()}/*"
    port = free_port()
    properties = folder / "server.properties"
    more = f",SASL_SSL://{secured.sasl_servers},SSL://{secured.tls_servers}" if secured else ""
    text = PROPERTIES.format(port=port, controller_port=free_port(), folder=folder, more_listeners=more)
    text += SECURED.format(folder=folder, user=USER, password=PASSWORD) if secured else ""
    properties.write_text(text, encoding="utf-8")
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


def make_secured(folder: Path) -> SecuredKafka:
    """An authority of our own in `folder`, with a certificate for the node and one for its clients."""
    openssl = _tool("openssl", "openssl (Debian: apt-get install openssl)")
    ca, ca_key = folder / "ca.pem", folder / "ca.key"
    own = ("-days", "2", "-subj", "/CN=tests", "-keyout", ca_key, "-out", ca, *_AUTHORITY)
    _run_openssl(openssl, "req", "-x509", *_NEW_KEY, *own)
    for name in ("node", "client"):
        key, request, pem = (folder / f"{name}.{ending}" for ending in ("key", "csr", "crt"))
        _run_openssl(openssl, "req", *_NEW_KEY, "-subj", f"/CN={name}", "-keyout", key, "-out", request, *_NAMES)
        signed = ("-in", request, "-CA", ca, "-CAkey", ca_key, "-days", "2", "-copy_extensions", "copy", "-out", pem)
        _run_openssl(openssl, "x509", "-req", *signed)
    (folder / "server.pem").write_bytes((folder / "node.key").read_bytes() + (folder / "node.crt").read_bytes())
    return SecuredKafka(
        sasl_servers=f"127.0.0.1:{free_port()}",
        tls_servers=f"127.0.0.1:{free_port()}",
        ca_file=ca,
        certificate_file=folder / "client.crt",
        key_file=folder / "client.key",
    )


_NEW_KEY = ("-newkey", "rsa:2048", "-nodes")
_NAMES = ("-addext", "subjectAltName=IP:127.0.0.1")
_AUTHORITY = ("-addext", "keyUsage=critical,keyCertSign,cRLSign")  # which Python asks of an authority from 3.13 on


def _run_openssl(openssl: str, *arguments: object) -> None:
    subprocess.run((openssl, *map(str, arguments)), check=True, capture_output=True, timeout=60)


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
    scram = ("--add-scram", f"SCRAM-SHA-512=[name={USER},password={PASSWORD}]")
    tool = ("kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(properties), *scram)
    command = (java, "-cp", jars, *tool)
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
