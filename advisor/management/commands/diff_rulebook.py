"""`diff_rulebook`: what another version of rules/ decides differently, and which entry does it."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor import evidence
from advisor.management.terminal import Asking
from advisor.render.differences import to_lines


class Command(Asking):
    """manage.py diff_rulebook."""

    help = "Say which cases come out differently under another folder of rules, and because of which fact or rule."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("before", type=Path, metavar="FOLDER_A")
        parser.add_argument("after", type=Path, metavar="FOLDER_B")

    def ask(self, options: Mapping[str, Any]) -> None:
        for line in to_lines(evidence.diff_rulebooks(options["before"], options["after"])):
            self.stdout.write(line)
