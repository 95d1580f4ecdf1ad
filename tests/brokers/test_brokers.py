"""The brokers of the tests behave as the real ones where our starters rely on it."""

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import NewTopic
from kafka.errors import UnknownTopicOrPartitionError
from kafka.structs import OffsetAndMetadata

from tests.brokers.localstack import open_client

pytestmark = pytest.mark.broker
GROUP_TIMEOUTS = {"session_timeout_ms": 6000, "heartbeat_interval_ms": 1000}


@pytest.fixture
def topic(kafka_bootstrap_servers: str) -> str:
    name = f"round-trip-{uuid.uuid4().hex}"
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    admin.create_topics([NewTopic(name, num_partitions=3, replication_factor=1)])
    admin.close()
    return name


@pytest.fixture
def sqs(sqs_endpoint_url: str) -> Any:
    return open_client("sqs", sqs_endpoint_url)


@pytest.fixture
def queue(sqs: Any) -> Iterator[str]:
    url: str = sqs.create_queue(QueueName=f"round-trip-{uuid.uuid4().hex}")["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def _read(bootstrap: str, topic: str, group: str, *, commit: bool) -> list[bytes]:
    consumer = KafkaConsumer(
        topic,
        bootstrap_servers=bootstrap,
        group_id=group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        consumer_timeout_ms=3000,
        **GROUP_TIMEOUTS,
    )
    seen = []
    for record in consumer:
        seen.append(record.value)
        if commit:
            at = TopicPartition(record.topic, record.partition)
            consumer.commit({at: OffsetAndMetadata(record.offset + 1, "", -1)})
    consumer.close(autocommit=False)
    return seen


def _produce(bootstrap: str, topic: str, values: list[bytes], key: bytes = b"one key") -> list[Any]:
    producer = KafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True)
    futures = [producer.send(topic, value=value, key=key) for value in values]
    metadata = [future.get(timeout=10) for future in futures]
    producer.close()
    return metadata


def test_kafka_gives_back_what_was_produced_in_order_of_its_key(kafka_bootstrap_servers: str, topic: str) -> None:
    values = [f"message {number}".encode() for number in range(20)]
    metadata = _produce(kafka_bootstrap_servers, topic, values)
    assert len({record.partition for record in metadata}) == 1
    assert _read(kafka_bootstrap_servers, topic, f"{topic}-readers", commit=True) == values


def test_kafka_redelivers_what_was_not_committed_and_nothing_else(kafka_bootstrap_servers: str, topic: str) -> None:
    _produce(kafka_bootstrap_servers, topic, [b"a", b"b"])
    assert _read(kafka_bootstrap_servers, topic, f"{topic}-readers", commit=False) == [b"a", b"b"]
    assert _read(kafka_bootstrap_servers, topic, f"{topic}-readers", commit=True) == [b"a", b"b"]
    assert _read(kafka_bootstrap_servers, topic, f"{topic}-readers", commit=True) == []


def test_kafka_lets_a_second_group_read_the_same_records_again(kafka_bootstrap_servers: str, topic: str) -> None:
    _produce(kafka_bootstrap_servers, topic, [b"a", b"b"])
    assert _read(kafka_bootstrap_servers, topic, f"{topic}-first", commit=True) == [b"a", b"b"]
    assert _read(kafka_bootstrap_servers, topic, f"{topic}-second", commit=True) == [b"a", b"b"]


def test_kafka_knows_no_topic_that_nobody_created(kafka_bootstrap_servers: str) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    with pytest.raises(UnknownTopicOrPartitionError):
        admin.delete_topics([f"nobody-created-{uuid.uuid4().hex}"])
    admin.close()


def test_sqs_gives_back_what_was_sent_until_it_is_deleted(sqs: Any, queue: str) -> None:
    sqs.send_message(QueueUrl=queue, MessageBody="hello")
    received = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5, VisibilityTimeout=1)["Messages"]
    assert [message["Body"] for message in received] == ["hello"]
    again = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5, VisibilityTimeout=30)["Messages"]
    assert [message["MessageId"] for message in again] == [received[0]["MessageId"]]
    sqs.delete_message(QueueUrl=queue, ReceiptHandle=again[0]["ReceiptHandle"])
    assert _count(sqs, queue) == 0


def test_sqs_fifo_drops_a_duplicate_even_after_the_first_was_deleted(sqs: Any) -> None:
    url = sqs.create_queue(QueueName=f"dedup-{uuid.uuid4().hex}.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    message = {"QueueUrl": url, "MessageBody": "pay", "MessageGroupId": "g", "MessageDeduplicationId": "payment-1"}
    first = sqs.send_message(**message)
    received = sqs.receive_message(QueueUrl=url, WaitTimeSeconds=5)["Messages"]
    sqs.delete_message(QueueUrl=url, ReceiptHandle=received[0]["ReceiptHandle"])
    second = sqs.send_message(**message)
    assert second["MessageId"] == first["MessageId"]
    assert "Messages" not in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1)
    sqs.delete_queue(QueueUrl=url)


def test_sqs_fifo_withholds_a_group_while_one_of_its_messages_is_in_flight(sqs: Any) -> None:
    url = sqs.create_queue(
        QueueName=f"order-{uuid.uuid4().hex}.fifo",
        Attributes={"FifoQueue": "true", "ContentBasedDeduplication": "true"},
    )["QueueUrl"]
    for group, body in (("a", "a1"), ("a", "a2"), ("b", "b1")):
        sqs.send_message(QueueUrl=url, MessageBody=body, MessageGroupId=group)
    bodies = [
        message["Body"]
        for _ in range(3)
        for message in sqs.receive_message(QueueUrl=url, WaitTimeSeconds=1, MaxNumberOfMessages=1).get("Messages", ())
    ]
    assert bodies == ["a1", "b1"]
    sqs.delete_queue(QueueUrl=url)


def test_sqs_moves_a_message_to_the_dead_letter_queue_after_its_receives(sqs: Any, queue: str) -> None:
    name = f"work-{uuid.uuid4().hex}"
    dead_letter_arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = f'{{"deadLetterTargetArn": "{dead_letter_arn}", "maxReceiveCount": "2"}}'
    work = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": redrive, "VisibilityTimeout": "0"})["QueueUrl"]
    sqs.send_message(QueueUrl=work, MessageBody="poison")
    receives = [sqs.receive_message(QueueUrl=work, WaitTimeSeconds=1).get("Messages", []) for _ in range(3)]
    assert [len(messages) for messages in receives] == [1, 1, 0]
    dead = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=5)["Messages"]
    assert [message["Body"] for message in dead] == ["poison"]
    sqs.delete_queue(QueueUrl=work)


def _count(sqs: Any, queue: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    attributes = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"]
    return sum(int(attributes[name]) for name in names)
