"""`manage.py check_examples FILE`: runs published worked examples through our own arithmetic."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError

from advisor import evidence
from advisor.management.terminal import BROKEN, Asking
from advisor.render.bills import examples_plain, examples_text


class Command(Asking):
    """manage.py check_examples."""

    help = "Print expected, got and the difference for each worked example, and which do not apply and why."
    epilog = f"{Asking.epilog} · 1 also when an example does not reproduce"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file of examples."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def ask(self, options: Mapping[str, Any]) -> None:
        report = evidence.check_examples(options["file"])
        is_json = options["format"] == "json"
        self.say(f"{json.dumps(examples_plain(report), indent=2)}\n" if is_json else examples_text(report))
        if report.count("fail"):
            raise CommandError(f"{report.count('fail')} examples do not reproduce.", returncode=BROKEN)
