"""Creates the topic and its dead-letter topic. Safe to run again; never changes a topic that is there."""

import logging
from typing import Any

from kafka import KafkaAdminClient
from kafka.errors import TopicAlreadyExistsError

from messaging.connection import connection
from messaging.logs import set_up_logs
from messaging.settings import Settings, load_settings_or_exit

log = logging.getLogger(__name__)


def create_topics(settings: Settings) -> None:
    admin = KafkaAdminClient(**connection(settings))
    try:
        copies = _possible_copies(admin, settings)
        _create(admin, settings.topic, settings.retention_ms, copies, settings)
        _create(admin, settings.dead_letter_topic, settings.dead_letter_retention_ms, copies, settings)
    finally:
        admin.close()


def _create(admin: Any, topic: str, retention_ms: int, copies: int, settings: Settings) -> None:
    options = {
        "num_partitions": settings.partitions,
        "replication_factor": copies,
        "configs": {
            "retention.ms": str(retention_ms),
            "min.insync.replicas": str(min(settings.min_insync_replicas, copies)),
        },
    }
    try:
        admin.create_topics({topic: options}, wait_for_metadata=True)
        log.info("created", extra={"fields": {"topic": topic, **options}})
    except TopicAlreadyExistsError:
        _compare(admin, topic, settings)


def _possible_copies(admin: Any, settings: Settings) -> int:
    brokers = len(admin.describe_cluster()["brokers"])
    if brokers >= settings.replication_factor:
        return settings.replication_factor
    fields = {"copies": brokers, "asked": settings.replication_factor}
    log.warning("fewer brokers than copies asked for", extra={"fields": fields})
    return brokers


def _compare(admin: Any, topic: str, settings: Settings) -> None:
    """Only say so: more partitions would send a key's next records to another partition, and so lose its order."""
    found = len(admin.describe_topics([topic])[0]["partitions"])
    level = logging.INFO if found == settings.partitions else logging.WARNING
    log.log(level, "there already", extra={"fields": {"topic": topic, "partitions": found}})


def require_topics(settings: Settings) -> None:
    """A consumer of a topic that is not there would wait for ever, and in silence."""
    admin = KafkaAdminClient(**connection(settings))
    missing = {settings.topic, settings.dead_letter_topic} - set(admin.list_topics())
    admin.close()
    if missing:
        raise SystemExit(f"no such topic: {', '.join(sorted(missing))} (python -m messaging.create_topics makes them)")


def main() -> None:
    set_up_logs()
    create_topics(load_settings_or_exit())


if __name__ == "__main__":
    main()
