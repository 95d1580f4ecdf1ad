"""Consumes messages: handles, then deletes, in several threads that poll for long."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

from messaging.attempts import finish
from messaging.client import exit_where_missing, queue_url, sqs_client
from messaging.dead_letters import DeadLetters
from messaging.handler import handle
from messaging.health import Health, serve_health
from messaging.hold import Hold
from messaging.logs import set_up_logs
from messaging.message import Handle
from messaging.metrics import count
from messaging.settings import Settings, load_settings_or_exit
from messaging.stopping import stop_on_signals

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient

log = logging.getLogger(__name__)


def consume(settings: Settings, handle: Handle, stop: threading.Event, health: Health | None = None) -> None:
    """Return after a stop; raise what ended a worker, after stopping the others."""
    client = sqs_client(settings)
    with ThreadPoolExecutor(settings.worker_count) as pool:
        workers = [pool.submit(_work, client, settings, handle, stop, health) for _ in range(settings.worker_count)]
        for worker in as_completed(workers):
            if worker.exception():
                stop.set()
    for worker in workers:
        worker.result()


def _work(client: SQSClient, settings: Settings, handle: Handle, stop: threading.Event, health: Health | None) -> None:
    url = queue_url(client, settings.queue_name)
    dead_letters = DeadLetters(client, settings)
    while not stop.is_set():
        messages = client.receive_message(
            QueueUrl=url,
            MaxNumberOfMessages=settings.batch_size,
            WaitTimeSeconds=settings.wait_time_seconds,
            VisibilityTimeout=settings.visibility_timeout_seconds,
            MessageSystemAttributeNames=["ApproximateReceiveCount", "MessageGroupId"],
            MessageAttributeNames=["All"],
        ).get("Messages", [])
        if health:
            health.beat()
        if not messages:
            continue
        count("received", len(messages))
        with Hold(client, url, messages, settings.visibility_timeout_seconds, health) as hold:
            for message in messages:
                if stop.is_set():
                    break  # leaving the block gives back what was not handled
                finish(message, handle, hold, dead_letters, settings, stop)


@exit_where_missing()
def main() -> None:
    set_up_logs()
    settings, stop = load_settings_or_exit(), stop_on_signals()
    log.info("consuming", extra={"fields": {"queue": settings.queue_name, "workers": settings.worker_count}})
    health = Health(settings.wait_time_seconds + settings.visibility_timeout_seconds + 10)
    serve_health(health, settings.health_port)
    consume(settings, handle, stop, health)
    log.info("stopped")


if __name__ == "__main__":
    main()
