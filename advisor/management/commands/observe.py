"""`observe sqs|kafka`: a live queue or topic answers for its owner. Parses, asks the service, writes."""

import argparse
import json
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from advisor import observing
from advisor.management.observing import add_output, write_answers
from advisor.management.terminal import Asking


class Command(Asking):
    """manage.py observe."""

    help = "Read a live queue or topic, change nothing, and write what it answers as a file for recommend."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="sqs|kafka")
        _add_sqs(kinds.add_parser("sqs", help="Amazon SQS, with CloudWatch and SNS, by your own AWS credentials"))

    def ask(self, options: Mapping[str, Any]) -> None:
        {"sqs": self._ask_sqs}[options["kind"]](options)

    def _ask_sqs(self, options: Mapping[str, Any]) -> None:
        region, url = options["region"], options["queue_url"]
        if options["iam_policy"]:
            self.stdout.write(json.dumps(observing.write_queue_policy(region, url), indent=2))
            return
        observation = observing.observe_queue(region, url, options["window"], timezone.now(), options["endpoint_url"])
        write_answers(self, observation, options)


def _add_sqs(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--queue-url", metavar="URL", help="one queue, by its address")
    parser.add_argument("--region", required=True, help="nobody else chooses it for you, for example eu-west-1")
    parser.add_argument("--window", type=_hours, default=168, metavar="HOURS", help="default: 168, a week")
    parser.add_argument("--endpoint-url", metavar="URL", help="another address than AWS's own, for emulators")
    parser.add_argument("--iam-policy", action="store_true", help="print the permissions that this needs, and stop")
    add_output(parser)


def _hours(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:5]) <= _LONGEST_HOURS:
        raise argparse.ArgumentTypeError(f"write whole hours, 1 to {_LONGEST_HOURS}")
    return int(text)


_LONGEST_HOURS = 455 * 24  # CloudWatch keeps no count for longer
