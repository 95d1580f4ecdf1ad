"""Does a broker bear what was assumed? Sends at the assumed rate and size, consumes it all, and compares.

In topics of its own, which it deletes again. Ends with 0 if the assumptions hold and with 1 if they do not.
"""

import argparse
import logging
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from kafka import KafkaAdminClient

from messaging.bench_report import Report, show_progress
from messaging.connection import connection, exit_where_missing
from messaging.consumer import consume
from messaging.create_topics import create_topics
from messaging.logs import set_up_logs
from messaging.message import Message
from messaging.producer import Producer
from messaging.settings import Settings, load_settings_or_exit

KEYS = 100
TICK_SECONDS = 0.01
BURST = 1000  # in one tick at most, so that a sender that falls behind looks at the clock
SETTLING_SECONDS = 0.5  # the last tick and its confirmations are not counted against the rate
PATIENCE_SECONDS = 60.0  # for the first message to come through, and for the last


class Seen:
    """What the consumer had, and how long after it was sent, in seconds."""

    def __init__(self) -> None:
        self.latencies: list[float] = []

    def handle(self, message: Message) -> None:
        self.latencies.append(time.time() - message.value["sent_at"])

    def wait_for(self, count: int) -> bool:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.latencies) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return len(self.latencies) >= count


def bench(settings: Settings, seconds: float) -> Report:
    topic = f"{settings.topic}.bench"
    ours = replace(
        settings,
        topic=topic,
        dead_letter_topic=f"{topic}.dead-letters",
        consumer_group=f"{settings.consumer_group}-bench",
    )
    create_topics(ours)
    seen, stop = Seen(), threading.Event()
    with ThreadPoolExecutor(1) as pool:
        consumer = pool.submit(consume, ours, seen.handle, stop)
        try:
            report = _measure(ours, seen, seconds)
        finally:
            stop.set()
            consumer.exception()
            _delete(ours)
        consumer.result()
    return report


def _measure(settings: Settings, seen: Seen, seconds: float) -> Report:
    producer = Producer(settings)
    producer.send("first", _body(settings))  # by the time it is through, the consumer has its partitions
    if not seen.wait_for(1):
        raise SystemExit(f"the first record did not come through within {PATIENCE_SECONDS:.0f} s")
    seen.latencies.clear()
    started = time.monotonic()
    sent = _send(producer, settings, seconds)
    producer.close()
    took, lag = time.monotonic() - started, sent - len(seen.latencies)
    return Report(
        settings=settings,
        sent=sent,
        seconds=max(seconds, took - SETTLING_SECONDS),
        waiting={"lag": lag},
        arrived=sent if seen.wait_for(sent) else len(seen.latencies),
        latencies=tuple(seen.latencies),
    )


def _send(producer: Producer, settings: Settings, seconds: float) -> int:
    """As many as are due by now, tick by tick."""
    started, sent, total = time.monotonic(), 0, max(1, round(settings.assumed_messages_per_second * seconds))
    while sent < total:
        passed = time.monotonic() - started
        if passed > 2 * seconds:
            break  # half the rate: it does not hold, and nobody need wait for more
        for _ in range(min(BURST, total - sent, int(passed * settings.assumed_messages_per_second) + 1 - sent)):
            producer.send(f"key-{sent % KEYS}", _body(settings))
            sent += 1
        show_progress(passed, seconds, sent)
        time.sleep(TICK_SECONDS)
    return sent


def _body(settings: Settings) -> dict[str, Any]:
    frame = 48  # what JSON and the time take of the assumed size
    return {"sent_at": time.time(), "padding": "x" * max(0, settings.assumed_message_bytes - frame)}


def _delete(settings: Settings) -> None:
    admin = KafkaAdminClient(**connection(settings))
    admin.delete_topics([settings.topic, settings.dead_letter_topic])
    admin.close()


@exit_where_missing()
def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30, help="how long to send")
    arguments = parser.parse_args()
    set_up_logs(logging.WARNING)
    report = bench(load_settings_or_exit(), arguments.seconds)
    print(report.text())
    return 0 if report.holds else 1


if __name__ == "__main__":
    sys.exit(main())
