"""`manage.py size OPTION ANSWERS.yaml`: each constraint's arithmetic with the numbers filled in, and the bill."""

import json
from argparse import ArgumentParser
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from advisor import service
from advisor.core.errors import AnswersError
from advisor.render.bills import sizing_text
from advisor.render.plain import write_estimate


class Command(BaseCommand):
    """Exit 0 with the sizing, 2 with every problem on stderr."""

    help = "Sizes and prices one option for the answers in a file; what is not answered is assumed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The option and the file of answers."""
        parser.add_argument("option", help="one of the options, for example msk_provisioned")
        parser.add_argument("answers", type=Path, metavar="ANSWERS.yaml")
        parser.add_argument("--format", choices=("text", "json"), default="text")

    def handle(self, *_: object, **options: object) -> None:
        """Parse, ask, show."""
        path = options["answers"]
        assert isinstance(path, Path)
        try:
            estimate = service.size_option(str(options["option"]), path)
        except AnswersError as error:
            raise CommandError(str(error), returncode=2) from error
        is_json = options["format"] == "json"
        self.stdout.write(json.dumps(write_estimate(estimate), indent=2) if is_json else sizing_text(estimate))
