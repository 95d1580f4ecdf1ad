"""`manage.py check_examples FILE`: runs published worked examples through our own arithmetic."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from advisor import service
from advisor.core.errors import AnswersError
from advisor.render.bills import examples_plain, examples_text


class Command(BaseCommand):
    """Exit 0 when no example fails, 1 when one does, 2 when the file cannot be read."""

    help = "Prints expected, got and the difference for each example, and which do not apply and why."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file of examples."""
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *_: object, **options: object) -> None:
        """Parse, ask, show."""
        path = options["file"]
        assert isinstance(path, Path)
        try:
            report = service.check_examples(path)
        except AnswersError as error:
            raise CommandError(str(error), returncode=2) from error
        is_json = options["format"] == "json"
        self.stdout.write(json.dumps(examples_plain(report), indent=2) if is_json else examples_text(report))
        if report.count("fail"):
            raise CommandError(f"{report.count('fail')} examples do not reproduce.", returncode=1)
