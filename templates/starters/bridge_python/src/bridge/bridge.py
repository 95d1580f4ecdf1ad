"""The loop: poll records, send each as a job, and commit exactly what SQS took."""

import logging
import threading
from typing import Any

from kafka import KafkaConsumer
from kafka.errors import CommitFailedError, KafkaTimeoutError
from kafka.structs import OffsetAndMetadata

from bridge.dead_letters import DeadLetters
from bridge.health import Health, serve_health
from bridge.jobs import Jobs
from bridge.kafka_connection import connection, exit_where_missing
from bridge.logs import set_up_logs
from bridge.metrics import count
from bridge.settings import Settings, load_settings_or_exit
from bridge.stopping import stop_on_signals
from bridge.topics import require_topics

log = logging.getLogger(__name__)
POLL_MS = 500  # kafka-python has no wakeup(): a stop is noticed within this time
COMMIT_MS = 5_000  # no longer, so that a stop does not wait for brokers that are away
PAUSES_SECONDS = (0.2, 0.5, 1, 2, 5)  # while SQS does not answer; the last one again and again


def bridge(settings: Settings, stop: threading.Event, health: Health | None = None) -> None:
    consumer = _consumer(settings)
    failures = 0
    with Jobs(settings) as jobs, DeadLetters(settings) as dead_letters:
        try:
            while not stop.is_set():
                batch = consumer.poll(timeout_ms=POLL_MS)
                if health:
                    health.polled()
                left = [
                    _pass_on(consumer, partition, records, jobs, dead_letters) for partition, records in batch.items()
                ]
                failures = failures + 1 if any(left) else 0
                if failures:  # polling goes on meanwhile, so that the partitions are kept
                    count("retried", sum(left))
                    stop.wait(PAUSES_SECONDS[min(failures, len(PAUSES_SECONDS)) - 1])
        finally:
            consumer.close(autocommit=False, timeout_ms=5_000)


def _consumer(settings: Settings) -> Any:
    return KafkaConsumer(
        settings.topic,
        **connection(settings),
        group_id=settings.bridge_group,
        auto_offset_reset="earliest",
        isolation_level="read_committed",  # what a transaction took back was never sent
        enable_auto_commit=False,
        allow_auto_create_topics=False,
        max_poll_records=settings.max_poll_records,
        max_poll_interval_ms=settings.max_poll_interval_ms,
        session_timeout_ms=settings.session_timeout_ms,
        heartbeat_interval_ms=min(3_000, settings.session_timeout_ms // 3),
    )


def _pass_on(consumer: Any, partition: Any, records: list[Any], jobs: Jobs, dead_letters: DeadLetters) -> int:
    """How many are left; the first of them is read again, and with it what came after, which is not sent twice."""
    count("received", len(records))
    done = jobs.send(records, dead_letters)
    try:
        if done:
            _commit(consumer, partition, records[done - 1].offset + 1)
        if done < len(records):
            consumer.seek(partition, records[done].offset)
    except CommitFailedError:
        log.warning("this bridge lost its partitions; what it sent last will be sent again")
    return len(records) - done


def _commit(consumer: Any, partition: Any, offset: int) -> None:
    try:
        consumer.commit({partition: OffsetAndMetadata(offset, "", -1)}, timeout_ms=COMMIT_MS)
    except KafkaTimeoutError:
        log.warning("no answer, so not committed; will be with what comes next in the partition")


@exit_where_missing()
def main() -> None:
    set_up_logs()
    settings = load_settings_or_exit()
    require_topics(settings)
    stop = stop_on_signals()  # until here a signal ends it at once, as nothing is in hand
    health = Health(settings.max_poll_interval_ms / 1000)  # beyond that the broker gives the bridge up as well
    serve_health(health, settings.health_port)
    log.info("consuming", extra={"fields": {"topic": settings.topic, "queue": settings.queue_name}})
    bridge(settings, stop, health)
    log.info("stopped")


if __name__ == "__main__":
    main()
