"""One record until it is done, set aside, or a stop comes first."""

import logging
import threading
from typing import Any

from messaging.dead_letters import DeadLetters
from messaging.message import Handle, Unprocessable, decode
from messaging.metrics import count
from messaging.settings import Settings

log = logging.getLogger(__name__)


def finish(record: Any, handle: Handle, dead_letters: DeadLetters, settings: Settings, stop: threading.Event) -> bool:
    """True when the record needs no more work and may be committed."""
    for attempt in range(1, settings.max_attempts + 1):
        try:
            handle(decode(record))
            count("handled")
            return True
        except Exception as error:
            if isinstance(error, Unprocessable) or attempt == settings.max_attempts:
                dead_letters.add(record, error, attempt)
                return True
            count("retried")
            place = {"partition": record.partition, "offset": record.offset, "attempt": attempt, "error": repr(error)}
            log.warning("failed, will be tried again", extra={"fields": place})
        if stop.wait(settings.retry_backoff_ms * 2 ** (attempt - 1) / 1000):
            return False
    raise AssertionError("max_attempts is at least 1")
