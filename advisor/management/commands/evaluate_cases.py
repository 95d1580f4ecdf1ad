"""`evaluate_cases`: the advice held against decisions that teams published. Parses, asks the service, renders."""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from advisor import evidence
from advisor.management.terminal import Asking
from advisor.render.agreement import to_plain, to_table


class Command(Asking):
    """manage.py evaluate_cases."""

    help = "Hold the advice against published decisions: each case, then how many agree and how many were wrong."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="default: the cases that ship with us")
        parser.add_argument("--format", choices=("table", "json"), default="table")
        parser.add_argument("--complete", action="store_true", help="answer also that nothing else is needed")

    def ask(self, options: Mapping[str, Any]) -> None:
        cases = evidence.get_published_cases(options["file"])
        bar = tqdm(cases, unit="case", file=sys.stderr, disable=None, leave=False)
        agreements = [evidence.score_published(case, complete=options["complete"]) for case in bar]
        if options["format"] == "json":
            self.stdout.write(json.dumps(to_plain(agreements), ensure_ascii=False, sort_keys=True, indent=2))
        else:
            self.say(to_table(agreements))
