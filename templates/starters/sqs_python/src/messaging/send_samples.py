"""Sends sample messages, or with --stdin the lines it is given; ends with an error if one was not taken."""

import argparse
import json
import logging
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from messaging.client import exit_where_missing
from messaging.logs import set_up_logs
from messaging.producer import Producer
from messaging.settings import load_settings_or_exit

log = logging.getLogger(__name__)


@exit_where_missing()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10, help="how many sample messages")
    parser.add_argument(
        "--stdin",
        action="store_true",
        help='read {"body": ..., "group": ..., "deduplication_id": ..., "delay_seconds": ...} lines instead',
    )
    arguments = parser.parse_args()
    set_up_logs()
    lines: Iterable[dict[str, Any]] = map(json.loads, sys.stdin) if arguments.stdin else samples(arguments.count)
    producer, sent = Producer(load_settings_or_exit()), 0
    for line in lines:
        producer.send(**line)
        sent += 1
    producer.flush()
    log.info("sent", extra={"fields": {"messages": sent}})


def samples(count: int) -> Iterable[dict[str, Any]]:
    now = datetime.now(UTC).isoformat()  # no two runs alike: content-based de-duplication would drop the second
    return ({"body": {"sequence": n, "sent_at": now}, "group": f"group-{n % 5}"} for n in range(count))


if __name__ == "__main__":
    main()
