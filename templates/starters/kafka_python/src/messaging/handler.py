"""Your code: what is to be done with each message."""

import logging

from messaging.message import Message

log = logging.getLogger(__name__)


def handle(message: Message) -> None:
    """Do the work of one message. This is the function to edit.

    Return, and the message is done. Raise, and it is tried again with growing pauses, then set aside with the error as
    its reason. Raise messaging.message.Unprocessable to set it aside at once.
    A message can come twice (after a crash, for one), so doing it again must do no harm.
    """
    # Where it is, and not what is in it: logs are kept for long and read by many.
    log.info("handled", extra={"fields": {"partition": message.partition, "offset": message.offset}})
