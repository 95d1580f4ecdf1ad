"""One message until it is done, set aside or given back."""

from __future__ import annotations

import itertools
import logging
import threading
from typing import TYPE_CHECKING

from messaging.dead_letters import DeadLetters
from messaging.hold import Hold
from messaging.message import Handle, Unprocessable, decode, receive_count
from messaging.metrics import count
from messaging.settings import Settings

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

log = logging.getLogger(__name__)


def finish(
    received: MessageTypeDef,
    handle: Handle,
    hold: Hold,
    dead_letters: DeadLetters,
    settings: Settings,
    stop: threading.Event,
) -> None:
    for attempt in itertools.count(1 if settings.fifo else receive_count(received)):
        try:
            handle(decode(received))
            count("handled")
            break
        except Exception as error:
            if isinstance(error, Unprocessable) or attempt >= settings.max_receive_count:
                dead_letters.add(received, error, attempt)
                break
            count("retried")
            fields = {"id": received["MessageId"], "attempt": attempt, "error": repr(error)}
            log.warning("failed, will be tried again", extra={"fields": fields})
        pause = min(2 ** (attempt - 1), settings.visibility_timeout_seconds)
        if not settings.fifo:
            hold.let_go(received, pause)
            return
        # Given back, it would keep its group waiting just the same, and use up the receives of those behind it.
        if stop.wait(pause):
            return
    hold.done(received)  # out here, as what goes wrong with it is no failure of the handler
