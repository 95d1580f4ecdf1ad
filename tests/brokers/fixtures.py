"""Session fixtures that give each test the address of a real broker, started only when a test asks for one.

KAFKA_BOOTSTRAP_SERVERS and SQS_ENDPOINT_URL point the same tests at servers of the user's own.
"""

import os
from collections.abc import Iterator

import pytest

from tests.brokers.apache_kafka import SecuredKafka, make_secured, start_kafka
from tests.brokers.localstack import start_localstack


@pytest.fixture(scope="session")
def kafka_bootstrap_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    own = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    if own:
        yield own
        return
    server, bootstrap = start_kafka(tmp_path_factory.mktemp("kafka"))
    yield bootstrap
    server.stop()


@pytest.fixture(scope="session")
def secured_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SecuredKafka]:
    """A node of its own behind TLS, with passwords and with certificates; nobody brings one of their own for that."""
    folder = tmp_path_factory.mktemp("secured-kafka")
    secured = make_secured(folder)
    server, _ = start_kafka(folder, secured)
    yield secured
    server.stop()


@pytest.fixture(scope="session")
def sqs_endpoint_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    own = os.environ.get("SQS_ENDPOINT_URL")
    if own:
        yield own
        return
    server, endpoint = start_localstack(tmp_path_factory.mktemp("localstack"))
    yield endpoint
    server.stop()
