"""Handlers as a user would write them into a project, here to leave a record of what was done.

One line is one write to a file opened for appending, so that several processes may share it.
"""

_RECORDING = '''\
"""Records what it has done, in a file that outlives the process."""

import json
import os
import time

from messaging.message import Message


def handle(message: Message) -> None:
    if message.{content} == "poison":
        raise ValueError("cannot be done")
    time.sleep(float(os.environ.get("HANDLER_SECONDS", "0")))
    line = {{"group": message.{group}, "content": message.{content}, "pid": os.getpid()}}
    file = os.open("handled.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    os.write(file, (json.dumps(line) + "\\n").encode())
    os.close(file)
'''

RECORDING_KAFKA = _RECORDING.format(content="value", group="key")
RECORDING_SQS = _RECORDING.format(content="body", group="group")
