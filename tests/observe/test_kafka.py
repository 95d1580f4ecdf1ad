"""Live Kafka topics with traffic of known rate, size, keys and groups: each answer within the error that it states."""

import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import NoError, RetriableError
from kafka.net.connection import KafkaConnection
from kafka.structs import OffsetAndMetadata

from advisor import observing
from advisor.core.domains import Choices, Interval, known
from advisor.core.errors import AnswersError
from advisor.core.observation import Finding, Observation
from advisor.observe.kafka import Plan
from advisor.observe.kafka_access import KafkaAccess

pytestmark = pytest.mark.broker
QUICK = Plan(seconds=1, hours=48, steps=48, records=2000, interval=0.5)
READING = {
    "ApiVersionsRequest", "MetadataRequest", "DescribeClusterRequest", "DescribeConfigsRequest", "ListOffsetsRequest",
    "DescribeLogDirsRequest", "ListGroupsRequest", "FindCoordinatorRequest", "OffsetFetchRequest", "FetchRequest",
}  # fmt: skip
MakeTopic = Callable[..., str]


@pytest.fixture
def make_topic(kafka_bootstrap_servers: str) -> Iterator[MakeTopic]:
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    made: list[str] = []

    def make(partitions: int = 3, **configs: str) -> str:
        name = f"seen-{uuid.uuid4().hex}"
        settings = {key.replace("_", "."): value for key, value in configs.items()}
        admin.create_topics([NewTopic(name, partitions, 1, topic_configs=settings)])
        made.append(name)
        return name

    yield make
    admin.delete_topics(made)
    admin.close()


@pytest.fixture
def producer(kafka_bootstrap_servers: str) -> Iterator[Any]:
    producer = KafkaProducer(bootstrap_servers=kafka_bootstrap_servers, linger_ms=5)
    yield producer
    producer.close()


def observe(bootstrap: str, topic: str, plan: Plan = QUICK) -> Observation:
    (observation,) = observing.observe_topics(KafkaAccess(bootstrap_servers=bootstrap), (topic,), plan)
    return observation


def findings_of(observation: Observation) -> dict[str, Finding]:
    return {finding.question: finding for finding in observation.findings}


def is_within(finding: Finding, truth: float) -> bool:
    assert isinstance(finding.domain, Interval)
    return abs(finding.domain.low - truth) <= finding.error * truth + 1e-9


def figures_of(observation: Observation) -> dict[str, Any]:
    return {figure.name: figure.value for figure in (*observation.figures, *observation.risks)}


def produce_two_days(producer: Any, topic: str) -> None:
    """Over 48 hours until now one record a minute, in one hour five; keys: half "big", else 20 others; 300 bytes."""
    now, chance = time.time(), random.Random(7)
    for minute in range(48 * 60, 0, -1):
        at = int((now - minute * 60) * 1000)
        for _ in range(5 if 600 < minute <= 660 else 1):
            key = b"big" if chance.random() < 0.5 else b"key%02d" % chance.randrange(20)
            producer.send(topic, key=key, value=b"x" * (300 - len(key)), timestamp_ms=at)
    producer.flush()


def commit(bootstrap: str, topic: str, group: str, offset: int) -> None:
    """As a reader of the first partition; the first of all has to wait until Kafka has made its own topic for that."""
    admin = KafkaAdminClient(bootstrap_servers=bootstrap)
    for _ in range(100):
        try:
            done = admin.alter_group_offsets(group, {TopicPartition(topic, 0): OffsetAndMetadata(offset, "", -1)})
        except RetriableError:
            done = {}
        if list(done.values()) == [NoError]:
            break
        time.sleep(0.1)
    admin.close()


def test_a_topic_answers_from_two_days_of_records(
    kafka_bootstrap_servers: str, make_topic: MakeTopic, producer: Any
) -> None:
    topic = make_topic(retention_ms=str(72 * 3_600_000))
    produce_two_days(producer, topic)
    commit(kafka_bootstrap_servers, topic, f"{topic}-mail", 10)
    commit(kafka_bootstrap_servers, topic, f"{topic}-search", 20)
    observation = observe(kafka_bootstrap_servers, topic)
    found = findings_of(observation)
    records = 48 * 60 + 4 * 60
    assert found["messages_per_second_avg"].domain.low == pytest.approx(records / (48 * 3600), rel=0.03)  # type: ignore[union-attr]
    assert is_within(found["messages_per_second_peak"], 5 / 60)
    assert is_within(found["message_size_bytes_avg"], 300)
    assert found["message_size_bytes_max"].domain == known(300.0)
    assert is_within(found["hottest_key_messages_per_second"], 0.5 * found["messages_per_second_peak"].domain.low)  # type: ignore[union-attr]
    assert is_within(found["ordering_keys"], 21)
    assert found["ordering"].domain == Choices(values=("none", "per-key"))
    assert found["consumer_groups"].domain == Interval(low=1.0, high=2.0)  # both have left
    assert found["consumer_groups"].source.endswith("2 without members now")
    assert found["retention_hours"].domain == known(72.0)
    assert all(finding.window and finding.source for finding in found.values())
    figures = figures_of(observation)
    assert figures["partitions"] == 3
    assert figures["records with a key"] == 100
    assert figures[f"lag of group {topic}-mail"] - figures[f"lag of group {topic}-search"] == 10


def test_live_sampling_counts_what_arrives_meanwhile(
    kafka_bootstrap_servers: str, make_topic: MakeTopic, producer: Any
) -> None:
    topic, stop = make_topic(), threading.Event()

    def send() -> None:
        start, sent = time.monotonic(), 0
        while not stop.is_set():
            while sent < (time.monotonic() - start) * 100:
                producer.send(topic, value=b"v" * 50)
                sent += 1
            time.sleep(0.01)

    producer.send(topic, value=b"first").get(timeout=10)
    sender = threading.Thread(target=send)
    sender.start()
    observation = observe(kafka_bootstrap_servers, topic, Plan(seconds=6, hours=1, steps=60, records=300, interval=1))
    stop.set()
    sender.join()
    found = findings_of(observation)
    assert is_within(found["messages_per_second_peak"], 100)
    assert found["messages_per_second_avg"].domain.low == pytest.approx(100, rel=0.3)  # type: ignore[union-attr]
    assert found["ordering"].domain == known("none")
    assert [gap.code for gap in observation.gaps] == ["short_window", "no_groups"]


def test_partitions_that_are_kept_for_unlike_times_are_counted_where_all_are_there(
    kafka_bootstrap_servers: str, make_topic: MakeTopic, producer: Any
) -> None:
    topic, now = make_topic(partitions=2, retention_ms="3600000"), time.time()
    for hour in range(40, 0, -1):
        producer.send(topic, partition=0, value=b"quiet", timestamp_ms=int((now - hour * 3600) * 1000))
        for at in range(500):
            producer.send(topic, partition=1, value=b"busy", timestamp_ms=int((now - hour * 3600 + at * 7) * 1000))
    producer.flush()
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    admin.delete_records({TopicPartition(topic, 1): 38 * 500})  # as its retention does to full segments
    admin.close()
    rate = findings_of(observe(kafka_bootstrap_servers, topic))["messages_per_second_avg"]
    assert rate.window == "2 h"
    assert rate.domain.low == pytest.approx(501 / 3600, rel=0.02)  # type: ignore[union-attr]


@pytest.mark.parametrize("days", [-30, 30])
def test_records_that_are_not_dated_by_their_arrival_make_no_rates(
    kafka_bootstrap_servers: str, make_topic: MakeTopic, producer: Any, days: int
) -> None:
    topic, dated = make_topic(partitions=1, message_timestamp_after_max_ms=str(10**12)), time.time() + days * 86400
    for minute in range(600 if days > 0 else 0, 0, -1):  # one of them by a clock that is wrong
        at = dated if minute == 300 else time.time() - minute * 60
        producer.send(topic, value=b"v", timestamp_ms=int(at * 1000))
    producer.flush()
    stop = threading.Event()

    def send() -> None:
        while not stop.wait(0.05):
            producer.send(topic, value=b"v", timestamp_ms=int(dated * 1000))

    producer.send(topic, value=b"v", timestamp_ms=int(dated * 1000)).get(60)  # the first waits for its partition
    sender = threading.Thread(target=send)
    sender.start()
    observation = observe(kafka_bootstrap_servers, topic, Plan(seconds=3, hours=1, steps=60, records=10, interval=1))
    stop.set()
    sender.join()
    rate = findings_of(observation)["messages_per_second_avg"]
    assert "sampled" in rate.source
    assert rate.domain.low > 2  # type: ignore[union-attr] # twenty, on an idle machine
    assert "misdated" in [gap.code for gap in observation.gaps]


def test_marks_of_transactions_are_not_counted_as_records(kafka_bootstrap_servers: str, make_topic: MakeTopic) -> None:
    topic, now = make_topic(partitions=1), time.time()
    producer = KafkaProducer(bootstrap_servers=kafka_bootstrap_servers, transactional_id=topic)
    producer.init_transactions()
    for minute in range(60, 0, -1):
        producer.begin_transaction()
        producer.send(topic, key=b"k", value=b"v", timestamp_ms=int((now - minute * 60) * 1000))
        producer.commit_transaction()
    producer.close()
    found = findings_of(observe(kafka_bootstrap_servers, topic))
    rate = found["messages_per_second_avg"]
    assert rate.domain.low == pytest.approx(1 / 60, rel=0.05)  # type: ignore[union-attr]
    assert "50 % of offsets are records" in rate.source
    assert found["hottest_key_messages_per_second"].domain == found["messages_per_second_peak"].domain


@pytest.mark.parametrize("codec", ["gzip", "lz4", "snappy", "zstd"])
def test_compression_is_told_from_what_lies_on_disk(
    kafka_bootstrap_servers: str, make_topic: MakeTopic, codec: str
) -> None:
    topic = make_topic(partitions=1)
    producer = KafkaProducer(
        bootstrap_servers=kafka_bootstrap_servers, compression_type=codec, linger_ms=200, batch_size=65536
    )
    for _ in range(500):
        producer.send(topic, value=b"the same words again and again " * 20)
    producer.close()
    ratio = findings_of(observe(kafka_bootstrap_servers, topic))["compression_ratio"].domain
    assert isinstance(ratio, Interval)
    assert ratio.low > 5


def test_a_compacted_topic_says_so_and_leaves_retention_open(
    kafka_bootstrap_servers: str, make_topic: MakeTopic, producer: Any
) -> None:
    topic = make_topic(cleanup_policy="compact")
    producer.send(topic, key=b"k", value=b"v").get(timeout=10)
    observation = observe(kafka_bootstrap_servers, topic)
    found = findings_of(observation)
    assert "log-compaction" in found["integrations"].domain.all_of  # type: ignore[union-attr]
    assert "retention_hours" not in found
    assert "compression_ratio" not in found
    assert "kept_for_ever" in [gap.code for gap in observation.gaps]


def test_an_empty_topic_leaves_rates_open_and_the_rest_goes_on(
    kafka_bootstrap_servers: str, make_topic: MakeTopic
) -> None:
    observation = observe(kafka_bootstrap_servers, make_topic())
    found = findings_of(observation)
    assert [gap.code for gap in observation.gaps] == ["empty", "no_groups"], observation.gaps
    assert "messages_per_second_avg" not in found
    assert found["retention_hours"].domain == known(168.0)


def test_a_topic_that_is_not_there_is_one_line_and_is_not_made(
    kafka_bootstrap_servers: str, make_topic: MakeTopic
) -> None:
    access = KafkaAccess(bootstrap_servers=kafka_bootstrap_servers)
    gone, there = observing.observe_topics(access, ("nobody-made-this", make_topic()), QUICK)
    assert [gap.code for gap in gone.gaps] == ["gone"]
    assert there.findings
    assert "nobody-made-this" not in observing.list_topics(access, "")


def test_nothing_but_describing_listing_and_fetching_is_ever_asked(
    kafka_bootstrap_servers: str, make_topic: MakeTopic, producer: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    topic = make_topic()
    producer.send(topic, value=b"v").get(timeout=10)
    commit(kafka_bootstrap_servers, topic, f"{topic}-readers", 0)
    asked: list[Any] = []
    send = KafkaConnection._send_request

    def record(self: Any, request: Any, *arguments: Any, **named: Any) -> Any:
        if self.config["client_id"] == "broker-advisor-observe":
            asked.append(request)
        return send(self, request, *arguments, **named)

    monkeypatch.setattr(KafkaConnection, "_send_request", record)
    observe(kafka_bootstrap_servers, topic)
    names = {type(request).__name__ for request in asked}
    assert names >= {"FetchRequest", "ListOffsetsRequest", "OffsetFetchRequest", "DescribeLogDirsRequest"}
    assert names <= READING
    metadata = [request for request in asked if type(request).__name__ == "MetadataRequest"]
    assert not [request for request in metadata if request.allow_auto_topic_creation and request.topics]
    assert any(request.topics for request in metadata)


def test_a_cluster_that_nobody_runs_is_one_line() -> None:
    with pytest.raises(AnswersError) as caught:
        observe("127.0.0.1:9", "orders")
    assert [problem.code for problem in caught.value.problems] == ["unreachable"]
    assert "\n" not in str(caught.value)
    assert "refused. Check the address" in str(caught.value)


def test_tls_against_a_server_without_it_is_one_line_that_says_so(kafka_bootstrap_servers: str) -> None:
    access = KafkaAccess(bootstrap_servers=kafka_bootstrap_servers, security_protocol="SSL")
    with pytest.raises(AnswersError) as caught:
        next(observing.observe_topics(access, ("orders",), QUICK))
    assert [problem.code for problem in caught.value.problems] == ["tls_failed"]
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("address", ["orders", "127.0.0.1:x", "no-such-host.invalid:9092"])
def test_an_address_that_is_none_is_one_line(address: str) -> None:
    with pytest.raises(AnswersError) as caught:
        observe(address, "orders")
    assert [problem.code for problem in caught.value.problems] == ["unreachable"]


def test_a_certificate_file_that_is_not_there_is_one_line() -> None:
    access = KafkaAccess(bootstrap_servers="127.0.0.1:9", security_protocol="SSL", ca_file="/no/such/file.pem")
    with pytest.raises(AnswersError) as caught:
        next(observing.observe_topics(access, ("orders",), QUICK))
    assert [problem.code for problem in caught.value.problems] == ["tls_failed"]


def test_secrets_are_never_shown() -> None:
    access = KafkaAccess(bootstrap_servers="b:9092", password="swordfish", key_password="swordfish")
    assert "swordfish" not in repr(access)
