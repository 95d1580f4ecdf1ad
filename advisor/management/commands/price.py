"""`manage.py price OPTION quantity=value… --region R`: what a bill of quantities costs at list price."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from advisor import service
from advisor.core.errors import AnswersError, Problem
from advisor.management.terminal import Asking
from advisor.render.bills import bill_plain, bill_text


class Command(Asking):
    """manage.py price."""

    help = (
        "Price a month's quantities at list price. For example: price msk_provisioned "
        "broker_hours:kafka.m7g.large=2190 --region us-east-1. A wrong name lists those that the option bills."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The option, its quantities of a month, and the Region whose prices count."""
        parser.add_argument("option", help="one of the options, for example sqs_standard")
        parser.add_argument("quantities", nargs="+", metavar="quantity=value", help="a size follows a colon")
        parser.add_argument("--region", required=True, help="nobody else chooses it for you, for example eu-west-1")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def ask(self, options: Mapping[str, Any]) -> None:
        region = options["region"]
        lines = service.price_bill(options["option"], read_quantities(options["quantities"]), region)
        text = bill_text(lines, region)
        self.stdout.write(json.dumps(bill_plain(lines, region), indent=2) if options["format"] == "json" else text)


def read_quantities(pairs: Iterable[str]) -> dict[str, float]:
    """`name=value` pairs; raises AnswersError with every one that is none."""
    pairs = list(pairs)
    problems = tuple(_problems(pairs))
    if problems:
        raise AnswersError(*problems)
    return {name: float(value) for name, _, value in (pair.partition("=") for pair in pairs)}


def _problems(pairs: list[str]) -> Iterator[Problem]:
    names = Counter(pair.partition("=")[0] for pair in pairs)
    for name in (name for name, count in names.items() if count > 1):
        yield Problem(where=name, code="duplicate_key", message="It is given more than once.", hint="Keep one of them.")
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            float(value)
        except ValueError:
            hint = "Write it as name=number, for example standard_requests=3000000."
            yield Problem(where=name, code="not_a_number", message=f"“{pair}” is no quantity.", hint=hint)
