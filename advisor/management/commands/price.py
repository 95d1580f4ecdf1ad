"""`manage.py price OPTION quantity=value… --region R`: what a bill of quantities costs at list price."""

import json
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from advisor import service
from advisor.core.errors import Problem, read_all, refuse_any
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
        option, region = options["option"], options["region"]
        quantities, wrong = read_quantities(options["quantities"])
        lines, _ = read_all(lambda: service.price_bill(option, quantities, region), lambda: refuse_any(wrong))
        is_json = options["format"] == "json"
        self.stdout.write(json.dumps(bill_plain(lines, region), indent=2) if is_json else bill_text(lines, region))


def read_quantities(pairs: Sequence[str]) -> tuple[dict[str, float], tuple[Problem, ...]]:
    """`name=value` pairs, and what is wrong with others: those count as 0, so that their names are looked at too."""
    names = Counter(pair.partition("=")[0] for pair in pairs)
    problems = [
        Problem(where=name, code="duplicate_key", message="It is given more than once.", hint="Keep one of them.")
        for name, count in names.items()
        if count > 1
    ]
    quantities = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        try:
            quantities[name] = float(value)
        except ValueError:
            quantities[name] = 0.0
            hint = "Write it as name=number, for example standard_requests=3000000."
            problems.append(Problem(where=name, code="not_a_number", message=f"“{pair}” is no quantity.", hint=hint))
    return quantities, tuple(problems)
