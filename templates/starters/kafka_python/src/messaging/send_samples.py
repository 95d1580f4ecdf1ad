"""Sends sample records, or with --stdin the lines it is given; ends with an error if one was not confirmed."""

import argparse
import json
import logging
import sys
from collections.abc import Iterable
from typing import Any

from messaging.connection import exit_where_missing
from messaging.create_topics import require_topics
from messaging.logs import set_up_logs
from messaging.producer import Producer
from messaging.settings import load_settings_or_exit

log = logging.getLogger(__name__)


@exit_where_missing()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10, help="how many sample records")
    parser.add_argument("--stdin", action="store_true", help='read {"key": ..., "value": ...} lines instead')
    arguments = parser.parse_args()
    set_up_logs()
    lines: Iterable[dict[str, Any]] = map(json.loads, sys.stdin) if arguments.stdin else samples(arguments.count)
    settings = load_settings_or_exit()
    require_topics(settings, settings.topic)
    producer, sent = Producer(settings), 0
    try:
        for line in lines:
            producer.send(line["key"], line["value"])
            sent += 1
    finally:
        producer.close()
    log.info("sent", extra={"fields": {"records": sent}})


def samples(count: int) -> Iterable[dict[str, Any]]:
    return ({"key": f"key-{number % 5}", "value": {"sequence": number}} for number in range(count))


if __name__ == "__main__":
    main()
