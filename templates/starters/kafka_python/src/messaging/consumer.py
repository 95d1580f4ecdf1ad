"""Consumes records: handles, then commits, and commits exactly what was handled."""

import logging
import threading
import time
from typing import Any

from kafka import KafkaConsumer
from kafka.errors import CommitFailedError, KafkaTimeoutError
from kafka.structs import OffsetAndMetadata

from messaging.attempts import finish
from messaging.connection import connection, exit_where_missing
from messaging.create_topics import require_topics
from messaging.dead_letters import DeadLetters
from messaging.handler import handle
from messaging.health import Health, serve_health
from messaging.logs import set_up_logs
from messaging.message import Handle
from messaging.metrics import count
from messaging.settings import Settings, load_settings_or_exit
from messaging.stopping import stop_on_signals

log = logging.getLogger(__name__)
POLL_MS = 500  # kafka-python has no wakeup(): a stop is noticed within this time
COMMIT_MS = 5_000  # no longer, so that a stop does not wait for brokers that are away


def consume(settings: Settings, handle: Handle, stop: threading.Event, health: Health | None = None) -> None:
    consumer = KafkaConsumer(
        settings.topic,
        **connection(settings),
        group_id=settings.consumer_group,
        auto_offset_reset="earliest",
        enable_auto_commit=False,
        isolation_level="read_committed",  # what a transaction took back was never sent
        allow_auto_create_topics=False,
        max_poll_records=settings.max_poll_records,
        max_partition_fetch_bytes=max(1_048_576, settings.max_record_bytes),
        max_poll_interval_ms=settings.max_poll_interval_ms,
        session_timeout_ms=settings.session_timeout_ms,
        heartbeat_interval_ms=min(3_000, settings.session_timeout_ms // 3),
    )
    dead_letters = DeadLetters(settings)
    try:
        while not stop.is_set():
            batch = consumer.poll(timeout_ms=POLL_MS)
            if health:
                health.polled()
            count("received", sum(map(len, batch.values())))
            too_late = time.monotonic() + settings.max_poll_interval_ms / 2000
            try:
                for partition, records in batch.items():
                    done = 0
                    while done < len(records) and not stop.is_set() and time.monotonic() < too_late:
                        if not finish(records[done], handle, dead_letters, settings, stop):
                            break
                        done += 1
                    if done > 0:
                        _commit(consumer, partition, records[done - 1].offset + 1)
                    if done < len(records):
                        consumer.seek(partition, records[done].offset)
            except CommitFailedError:
                log.warning("this consumer lost its partitions; what it handled last will be handled again")
    finally:
        consumer.close(autocommit=False, timeout_ms=5_000)
        dead_letters.close()


def _commit(consumer: Any, partition: Any, offset: int) -> None:
    try:
        consumer.commit({partition: OffsetAndMetadata(offset, "", -1)}, timeout_ms=COMMIT_MS)
    except KafkaTimeoutError:
        log.warning("no answer, so not committed; will be with what comes next in the partition")


@exit_where_missing()
def main() -> None:
    set_up_logs()
    settings = load_settings_or_exit()
    require_topics(settings, settings.topic, settings.dead_letter_topic)
    stop = stop_on_signals()  # until here a signal ends it at once, as nothing is in hand
    log.info("consuming", extra={"fields": {"topic": settings.topic, "group": settings.consumer_group}})
    health = Health(settings.max_poll_interval_ms / 1000)  # beyond that the broker gives the consumer up as well
    serve_health(health, settings.health_port)
    consume(settings, handle, stop, health)
    log.info("stopped")


if __name__ == "__main__":
    main()
