"""Does a server bear what was assumed? Sends at the assumed rate and size, consumes it all, and compares.

In queues of its own (and a topic, if there is one), which it deletes again. Ends with 0 if they hold, else with 1.
"""

from __future__ import annotations

import argparse
import logging
import math
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

from messaging.bench_report import Report, show_progress
from messaging.client import queue_url, sns_client, sqs_client, topic_arn
from messaging.consumer import consume
from messaging.create_queues import create_queues
from messaging.logs import set_up_logs
from messaging.message import Message
from messaging.producer import Producer
from messaging.settings import Settings, load_settings_or_exit

GROUPS = 100
TICK_SECONDS = 0.1  # what is due within one tick goes out together
BURST = 100  # and never more, so that a sender that falls behind looks at the clock
PER_SENDER = 100  # messages a second: one call of ten takes some ten milliseconds, and more where order is kept
SETTLING_SECONDS = 0.5  # the last tick and its confirmations are not counted against the rate
PATIENCE_SECONDS = 60.0  # for the first message to come through, and for the last


class Seen:
    """What the consumer had, and how long after it was sent, in seconds."""

    def __init__(self) -> None:
        self.latencies: list[float] = []

    def handle(self, message: Message) -> None:
        self.latencies.append(time.time() - message.body["sent_at"])

    def wait_for(self, count: int) -> bool:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while len(self.latencies) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        return len(self.latencies) >= count


def bench(settings: Settings, seconds: float) -> Report:
    ours = _apart(settings)
    create_queues(ours)
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


def _apart(settings: Settings) -> Settings:
    """Short polls, so that stopping takes no long one; no delay, since that is no latency of the server."""
    return replace(
        settings,
        queue_name=_suffixed(settings.queue_name),
        dead_letter_queue_name=_suffixed(settings.dead_letter_queue_name),
        topic_name=_suffixed(settings.topic_name) if settings.topic_name else None,
        delay_seconds=0,
        wait_time_seconds=min(2, settings.wait_time_seconds),
    )


def _suffixed(name: str) -> str:
    stem = name.removesuffix(".fifo")
    return f"{stem}-bench{name[len(stem) :]}"


def _measure(settings: Settings, seen: Seen, seconds: float) -> Report:
    first = Producer(settings)
    first.send(_body(settings), group="first")
    first.flush()
    if not seen.wait_for(1):
        raise SystemExit(f"the first message did not come through within {PATIENCE_SECONDS:.0f} s")
    seen.latencies.clear()
    started, total = time.monotonic(), max(1, round(settings.assumed_messages_per_second * seconds))
    senders = max(1, min(32, math.ceil(settings.assumed_messages_per_second / PER_SENDER)))
    with ThreadPoolExecutor(senders) as pool:
        sent = sum(pool.map(lambda number: _send(settings, seconds, total, number, senders), range(senders)))
    took, in_flight = time.monotonic() - started, sent - len(seen.latencies)
    return Report(
        settings=settings,
        sent=sent,
        seconds=max(seconds, took - SETTLING_SECONDS),
        waiting={"in flight": in_flight},
        arrived=sent if seen.wait_for(sent) else len(seen.latencies),
        latencies=tuple(seen.latencies),
    )


def _send(settings: Settings, seconds: float, total: int, number: int, senders: int) -> int:
    """One sender's share, as many as are due by now, tick by tick."""
    producer, started, sent = Producer(settings), time.monotonic(), 0
    share = total // senders + (number < total % senders)
    while sent < share:
        passed = time.monotonic() - started
        if passed > 2 * seconds:
            break  # half the rate: it does not hold, and nobody need wait for more
        for _ in range(min(BURST, share - sent, int(passed / seconds * share) + 1 - sent)):
            producer.send(_body(settings), group=f"group-{number}-{sent % GROUPS}")
            sent += 1
        producer.flush()
        if number == 0:
            show_progress(passed, seconds, sent * senders)
        time.sleep(TICK_SECONDS)
    return sent


def _body(settings: Settings) -> dict[str, Any]:
    frame = 48  # what JSON and the time take of the assumed size
    return {"sent_at": time.time(), "padding": "x" * max(0, settings.assumed_message_bytes - frame)}


def _delete(settings: Settings) -> None:
    client = sqs_client(settings)
    if settings.topic_name:
        sns_client(settings).delete_topic(TopicArn=topic_arn(client, settings))
    for queue in (settings.queue_name, settings.dead_letter_queue_name):
        client.delete_queue(QueueUrl=queue_url(client, queue))


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
