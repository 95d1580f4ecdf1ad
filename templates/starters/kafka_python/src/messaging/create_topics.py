"""Creates the topic and its dead-letter topic. Safe to run again; never changes a topic that is there."""

import logging
from dataclasses import dataclass
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError

from messaging.connection import MissingError, connection, exit_where_missing
from messaging.logs import set_up_logs
from messaging.settings import Settings, load_settings_or_exit

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    name: str
    partitions: int
    cleanup_policy: str
    retention_ms: int
    max_record_bytes: int


def _wanted(settings: Settings) -> tuple[Topic, Topic]:
    main = Topic(
        name=settings.topic,
        partitions=settings.partitions,
        cleanup_policy=settings.cleanup_policy,
        retention_ms=settings.retention_ms,
        max_record_bytes=settings.max_record_bytes,
    )
    dead = Topic(
        name=settings.dead_letter_topic,
        partitions=settings.dead_letter_partitions,
        cleanup_policy="delete",  # each is a failure of its own, whatever its key
        retention_ms=settings.dead_letter_retention_ms,
        max_record_bytes=settings.dead_letter_max_record_bytes,
    )
    return main, dead


def create_topics(settings: Settings) -> None:
    admin = KafkaAdminClient(**connection(settings))
    try:
        copies = _possible_copies(admin, settings)
        for topic in _wanted(settings):
            _create(admin, topic, copies, settings)
    finally:
        admin.close()


def _create(admin: Any, topic: Topic, copies: int, settings: Settings) -> None:
    configs = {
        "cleanup.policy": topic.cleanup_policy,
        "retention.ms": str(topic.retention_ms),
        "retention.bytes": "-1",  # by time alone: some clusters cut partitions at a size of their own
        "max.message.bytes": str(topic.max_record_bytes),
    }
    if settings.min_insync_replicas > 0:  # some clusters decide it, and let no topic do so
        configs["min.insync.replicas"] = str(min(settings.min_insync_replicas, copies))
    options = {"num_partitions": topic.partitions, "replication_factor": copies, "configs": configs}
    try:
        admin.create_topics({topic.name: options}, wait_for_metadata=True)
        log.info("created", extra={"fields": {"topic": topic.name, **options}})
    except TopicAlreadyExistsError:
        _compare(admin, topic)


def _possible_copies(admin: Any, settings: Settings) -> int:
    brokers = len(admin.describe_cluster()["brokers"])
    if brokers >= settings.replication_factor:
        return settings.replication_factor
    fields = {"copies": brokers, "asked": settings.replication_factor}
    log.warning("fewer brokers than copies asked for", extra={"fields": fields})
    return brokers


def _compare(admin: Any, topic: Topic) -> None:
    """Only say so: more partitions would send a key's next records to another partition, and so lose its order."""
    found = len(admin.describe_topics([topic.name])[0]["partitions"])
    level = logging.INFO if found == topic.partitions else logging.WARNING
    log.log(level, "there already", extra={"fields": {"topic": topic.name, "partitions": found}})


def require_topics(settings: Settings, *topics: str) -> None:
    """A consumer of a topic that is not there would wait for ever, a producer for long, and in silence."""
    admin = KafkaAdminClient(**connection(settings))
    missing = set(topics) - set(admin.list_topics())
    admin.close()
    if missing:
        raise MissingError(
            f"no such topic: {', '.join(sorted(missing))} (python -m messaging.create_topics makes them)"
        )


@exit_where_missing()
def main() -> None:
    set_up_logs()
    create_topics(load_settings_or_exit())


if __name__ == "__main__":
    main()
