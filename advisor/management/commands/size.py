"""`manage.py size OPTION ANSWERS.yaml`: each constraint's arithmetic with the numbers filled in, and the bill."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor import service
from advisor.core.errors import read_all
from advisor.management.terminal import Asking, read_file
from advisor.render.bills import sizing_text
from advisor.render.plain import write_estimate


class Command(Asking):
    """manage.py size."""

    help = "Size and price one option for the answers in a file; what is not answered is assumed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The option and the file of answers."""
        parser.add_argument("option", help="one of the options, for example msk_provisioned")
        parser.add_argument("answers", type=Path, metavar="ANSWERS.yaml")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def ask(self, options: Mapping[str, Any]) -> None:
        option = options["option"]
        _, query = read_all(lambda: service.check_option(option), lambda: read_file(options["answers"]))
        estimate = service.size_option(option, query)
        is_json = options["format"] == "json"
        self.stdout.write(json.dumps(write_estimate(estimate), indent=2) if is_json else sizing_text(estimate))
