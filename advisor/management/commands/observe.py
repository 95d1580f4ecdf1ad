"""`observe sqs|kafka`: a live queue or topic answers for its owner. Parses, asks the service, writes."""

import argparse
import json
import os
from collections.abc import Mapping
from functools import partial
from typing import Any

from django.utils import timezone

from advisor import observing
from advisor.core.errors import AnswersError
from advisor.management.fleet import add_fleet, run_fleet
from advisor.management.observing import add_output, read_stated, write_answers
from advisor.management.terminal import Asking

_LONGEST_SECONDS = 24 * 3600
_MOST_RECORDS = 100_000
_STEPS = 168  # looks back in time, one for each hour of a week
_FLEET_STEPS = 24


class Command(Asking):
    """manage.py observe."""

    help = "Read a live queue or topic, change nothing, and write what it answers as a file for recommend."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, metavar="sqs|kafka")
        _add_kafka(kinds.add_parser("kafka", help="Kafka topics, MSK among them"))
        _add_sqs(kinds.add_parser("sqs", help="Amazon SQS, with CloudWatch and SNS, by your own AWS credentials"))

    def ask(self, options: Mapping[str, Any]) -> None:
        asked = {**options, "stated": read_stated(options["merge"])}
        {"sqs": self._ask_sqs, "kafka": self._ask_kafka}[options["kind"]](asked)

    def _ask_sqs(self, options: Mapping[str, Any]) -> None:
        region, url, prefix = options["region"], options["queue_url"], options["prefix"] or ""
        hours, endpoint, now = options["window"], options["endpoint_url"], timezone.now()
        if options["iam_policy"]:
            self.stdout.write(json.dumps(observing.write_queue_policy(region, url or "", prefix), indent=2))
        elif url is not None:
            write_answers(self, observing.observe_queue(region, url, hours, now, endpoint), options)
        else:
            urls = {each.rpartition("/")[2]: each for each in observing.list_queues(region, prefix, endpoint)}
            header = {"observe": "sqs", "region": region, "endpoint": endpoint, "prefix": prefix, "hours": hours}
            observe = partial(observing.observe_queues, region, hours=hours, now=now, endpoint_url=endpoint)
            run_fleet(self, header, urls, observe, options)

    def _ask_kafka(self, options: Mapping[str, Any]) -> None:
        access, hours, prefix = _read_access(options), options["window"], options["prefix"] or ""
        steps = _STEPS if options["topic"] is not None else _FLEET_STEPS
        plan = observing.Plan(seconds=options["sample"], hours=hours, steps=steps, records=options["records"])
        if options["topic"] is None:
            names = {name: name for name in observing.list_topics(access, prefix)}
            header = {"observe": "kafka", "servers": access.bootstrap_servers, "prefix": prefix, "hours": hours}
            run_fleet(self, header, names, lambda left: observing.observe_topics(access, left, plan), options)
            return
        observation = next(observing.observe_topics(access, (options["topic"],), plan))
        if not observation.findings:
            raise AnswersError(*observation.gaps)
        write_answers(self, observation, options)


def _add_kafka(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--topic", metavar="NAME", help="one topic")
    add_fleet(parser, which, "topics")
    parser.add_argument("--bootstrap-servers", required=True, metavar="HOST:PORT,…", help="as your clients have it")
    parser.add_argument("--sample", type=_seconds, default=30, metavar="SECONDS", help="of live sampling; default: 30")
    parser.add_argument("--window", type=_hours, default=168, metavar="HOURS", help="back by record time; default: 168")
    parser.add_argument(
        "--records", type=_records, default=2000, metavar="N", help="looked at, never kept; default: 2000"
    )
    _add_security(parser)
    add_output(parser)


def _add_security(parser: argparse.ArgumentParser) -> None:
    protocols, mechanisms = ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"), (
        "PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512", "AWS_MSK_IAM"
    )  # fmt: skip
    parser.add_argument("--security-protocol", choices=protocols, default="PLAINTEXT")
    parser.add_argument("--sasl-mechanism", choices=mechanisms, help="AWS_MSK_IAM takes the AWS credentials and Region")
    parser.add_argument("--username", help="its password is taken from KAFKA_SASL_PASSWORD, out of sight")
    parser.add_argument("--ca-file", metavar="PEM", help="whom to trust, where it is not a public authority")
    parser.add_argument("--cert-file", metavar="PEM", help="your certificate, for mutual TLS")
    parser.add_argument("--key-file", metavar="PEM", help="its key; a password of it comes from KAFKA_SSL_KEY_PASSWORD")


def _read_access(options: Mapping[str, Any]) -> observing.KafkaAccess:
    return observing.KafkaAccess(
        bootstrap_servers=options["bootstrap_servers"],
        security_protocol=options["security_protocol"],
        sasl_mechanism=options["sasl_mechanism"],
        username=options["username"],
        password=os.environ.get("KAFKA_SASL_PASSWORD"),
        ca_file=options["ca_file"],
        certificate_file=options["cert_file"],
        key_file=options["key_file"],
        key_password=os.environ.get("KAFKA_SSL_KEY_PASSWORD"),
    )


def _add_sqs(parser: argparse.ArgumentParser) -> None:
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--queue-url", metavar="URL", help="one queue, by its address")
    add_fleet(parser, which, "queues")
    parser.add_argument("--region", required=True, help="nobody else chooses it for you, for example eu-west-1")
    parser.add_argument("--window", type=_hours, default=168, metavar="HOURS", help="default: 168, a week")
    parser.add_argument("--endpoint-url", metavar="URL", help="another address than AWS's own, for emulators")
    parser.add_argument("--iam-policy", action="store_true", help="print the permissions that this needs, and stop")
    add_output(parser)


def _whole(text: str, most: int, unit: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= most:
        raise argparse.ArgumentTypeError(f"write whole {unit}, 1 to {most}")
    return int(text)


def _hours(text: str) -> int:
    return _whole(text, observing.longest_window_hours(), "hours")


def _seconds(text: str) -> int:
    return _whole(text, _LONGEST_SECONDS, "seconds")


def _records(text: str) -> int:
    return _whole(text, _MOST_RECORDS, "records")
