"""`update_kit`: the kit in a folder made anew from its own answers; what was edited since stays. Asks the service."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor import service
from advisor.management.terminal import Asking
from advisor.management.updating import read_folder, read_query, read_verdict, update_folder


class Command(Asking):
    """manage.py update_kit."""

    help = (
        "Make a project anew from its answers.yaml; untouched files are replaced, edited ones get FILE.new beside them."
    )

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR", help="where a kit was unpacked")
        parser.add_argument("--dry-run", action="store_true", help="say what would be done and write nothing")

    def ask(self, options: Mapping[str, Any]) -> None:
        folder: Path = options["folder"]
        query = read_query(folder)
        recommendation = service.recommend(query)
        self.say(f"{service.compare_verdict(query.option, recommendation, read_verdict(folder))}\n")
        kit = service.build_kit(query, recommendation)
        steps = service.plan_update(kit, *read_folder(folder, kit))
        if not options["dry_run"]:
            update_folder(folder, kit, steps)
        for step in steps:
            self.stdout.write(f"{step.fate:>20}  {step.target}")
        done = "nothing was written" if options["dry_run"] else "done"
        self.stdout.write(f"{len(kit.parts) - len(steps)} files are as they were; {done}.")
