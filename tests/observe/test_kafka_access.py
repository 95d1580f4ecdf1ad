"""Reaching a cluster: TLS against a real server with a certificate of our own, and settings that the client takes."""

import gc
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from kafka import KafkaAdminClient, KafkaConsumer
from kafka.admin import NewTopic
from kafka.net.sasl import get_sasl_mechanism

from advisor.core.errors import AnswersError
from advisor.observe.kafka_access import KafkaAccess, _explain_opening, _find_cause, _knock, _settings, open_cluster
from tests.brokers.apache_kafka import SecuredKafka


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody else trusts, and its key."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl not found: apt-get install openssl")
    folder = tmp_path_factory.mktemp("tls")
    pem, key = folder / "server.pem", folder / "server.key"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"]
    names = ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(pem)]
    subprocess.run([*command, *names], check=True, capture_output=True, timeout=60)
    return pem, key


@pytest.fixture
def tls_server(certificate: tuple[Path, Path], request: pytest.FixtureRequest) -> Iterator[str]:
    """Shakes hands and hangs up; with the parameter True it wants a certificate of the client, too."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH, cafile=str(certificate[0]))
    context.load_cert_chain(*certificate)
    context.maximum_version = ssl.TLSVersion.TLSv1_2  # with 1.3 a client learns of a missing certificate too late
    if getattr(request, "param", False):
        context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            plain, _ = server.accept()
            with plain:
                try:
                    context.wrap_socket(plain, server_side=True).close()
                except OSError:
                    return

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        thread.join(timeout=5)


def code_of(access: KafkaAccess) -> str:
    try:
        _knock(access)
    except AnswersError as error:
        return error.problems[0].code
    return ""


def test_tls_is_trusted_by_the_file_that_is_named(tls_server: str, certificate: tuple[Path, Path]) -> None:
    access = KafkaAccess(bootstrap_servers=tls_server, security_protocol="SSL", ca_file=str(certificate[0]))
    assert code_of(access) == ""


def test_a_certificate_that_nobody_vouches_for_is_refused(tls_server: str) -> None:
    assert code_of(KafkaAccess(bootstrap_servers=tls_server, security_protocol="SASL_SSL")) == "tls_failed"


@pytest.mark.parametrize(
    ("login", "missing"),
    [
        ({}, "--sasl-mechanism, --username, KAFKA_SASL_PASSWORD"),
        ({"sasl_mechanism": "PLAIN", "username": "me"}, "KAFKA_SASL_PASSWORD"),
        ({"sasl_mechanism": "AWS_MSK_IAM"}, ""),
    ],
)
def test_a_login_of_which_a_part_is_missing_says_which(login: dict[str, str], missing: str) -> None:
    access = KafkaAccess(bootstrap_servers="127.0.0.1:9", security_protocol="SASL_PLAINTEXT", **login)
    with pytest.raises(AnswersError) as caught, open_cluster(access):
        pass
    (problem,) = caught.value.problems
    assert (problem.code == "login_failed") == bool(missing)
    assert f"needs {missing} as well" in problem.message or not missing


@pytest.mark.parametrize("tls_server", [True], indirect=True)
def test_mutual_tls_shows_the_certificate_that_is_named(tls_server: str, certificate: tuple[Path, Path]) -> None:
    pem, key = map(str, certificate)
    access = KafkaAccess(
        bootstrap_servers=tls_server, security_protocol="SSL", ca_file=pem, certificate_file=pem, key_file=key
    )
    assert code_of(access) == ""


@pytest.mark.parametrize("tls_server", [True], indirect=True)
def test_mutual_tls_without_a_certificate_is_refused(tls_server: str, certificate: tuple[Path, Path]) -> None:
    access = KafkaAccess(bootstrap_servers=tls_server, security_protocol="SSL", ca_file=str(certificate[0]))
    assert code_of(access) == "tls_failed"


def test_the_second_server_will_do_when_the_first_is_down(tls_server: str, certificate: tuple[Path, Path]) -> None:
    both = f"127.0.0.1:9,{tls_server}"
    access = KafkaAccess(bootstrap_servers=both, security_protocol="SSL", ca_file=str(certificate[0]))
    assert code_of(access) == ""


def test_every_setting_is_one_that_the_clients_know() -> None:
    access = KafkaAccess(
        bootstrap_servers="a:1,b:2",
        security_protocol="SASL_SSL",
        sasl_mechanism="SCRAM-SHA-512",
        username="u",
        password="p",
        ca_file="ca",
        certificate_file="c",
        key_file="k",
        key_password="kp",
    )
    settings = _settings(access)
    assert set(settings) <= set(KafkaAdminClient.DEFAULT_CONFIG) & set(KafkaConsumer.DEFAULT_CONFIG)
    assert settings["bootstrap_servers"] == ["a:1", "b:2"]
    assert all(get_sasl_mechanism(name) for name in ("PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "AWS_MSK_IAM"))


def listed(access: KafkaAccess, topic: str = "") -> frozenset[str]:
    """The topics that the cluster names once this one is made; others may use the same cluster."""
    try:
        with open_cluster(access) as cluster:
            if topic:
                cluster.admin.create_topics([NewTopic(topic, num_partitions=1, replication_factor=1)])
            return frozenset(cluster.admin.list_topics())
    finally:
        gc.collect()  # here, where what is left over is excused, and in no other test


# kafka-python 3.0.12 leaves the socket of a refused login to the garbage collector, wrapped in TLS or not yet.
leaves_sockets = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <(ssl|socket)[.]:pytest.PytestUnraisableExceptionWarning"
)


@leaves_sockets
@pytest.mark.broker
@pytest.mark.parametrize("mechanism", ["SCRAM-SHA-512", "PLAIN"])
def test_a_password_opens_a_real_cluster_over_tls(secured_kafka: SecuredKafka, mechanism: str) -> None:
    access = KafkaAccess(
        bootstrap_servers=secured_kafka.sasl_servers,
        security_protocol="SASL_SSL",
        sasl_mechanism=mechanism,
        username=secured_kafka.username,
        password=secured_kafka.password,
        ca_file=str(secured_kafka.ca_file),
    )

    topic = f"opened-with-{mechanism}"
    assert topic in listed(access, topic)
    with pytest.raises(AnswersError) as refused:
        listed(replace(access, password="wrong"))
    assert [problem.code for problem in refused.value.problems] == ["login_failed"]


LOST = "<KafkaConnection node_id=bootstrap-0 broker_version={} (disconnected)>: Connection lost: {}"
GONE = "KafkaConnectionError: socket disconnected"
NO_CERTIFICATE = "KafkaConnectionError: [SSL: TLSV13_ALERT_CERTIFICATE_REQUIRED] tlsv13 alert certificate required"


@pytest.mark.parametrize(
    ("mechanism", "words", "code"),
    [
        # A refused login over TLS; of ten attempts about six show no more than this, so now and then all do.
        ("PLAIN", ["<KafkaSSLTransport [127.0.0.1:1<-2]>: socket disconnected", LOST.format("(4, 3)", GONE)], "login"),
        ("PLAIN", [LOST.format("(4, 3)", GONE), LOST.format("unknown", "[Errno 111] refused")], "unreachable"),
        ("PLAIN", [LOST.format("unknown", NO_CERTIFICATE)], "tls"),
        (None, [LOST.format("unknown", NO_CERTIFICATE)], "tls"),
        (None, ["<KafkaSSLTransport [127.0.0.1:1<-2]>: socket disconnected"], "unreachable"),
    ],
)
def test_what_a_client_complains_of_names_the_cause(mechanism: str | None, words: list[str], code: str) -> None:
    access = KafkaAccess(bootstrap_servers="127.0.0.1:1", security_protocol="SASL_SSL", sasl_mechanism=mechanism)
    problem = _explain_opening(access, TimeoutError("Unable to bootstrap"), _find_cause(words, access))
    assert problem.code.removesuffix("_failed") == code


@leaves_sockets
@pytest.mark.broker
def test_a_certificate_opens_a_real_cluster(secured_kafka: SecuredKafka) -> None:
    access = KafkaAccess(
        bootstrap_servers=secured_kafka.tls_servers,
        security_protocol="SSL",
        ca_file=str(secured_kafka.ca_file),
        certificate_file=str(secured_kafka.certificate_file),
        key_file=str(secured_kafka.key_file),
    )

    assert "opened-with-a-certificate" in listed(access, "opened-with-a-certificate")
    with pytest.raises(AnswersError):
        listed(replace(access, certificate_file=None, key_file=None))
