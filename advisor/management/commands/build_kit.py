"""`build_kit`: answers in, a project out, as a folder or an archive. Parses, asks the service, writes."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor import service
from advisor.core.errors import read_all
from advisor.management.terminal import Asking, add_answers, read_given
from advisor.management.unpacking import find_kind, write_archive, write_folder


class Command(Asking):
    """manage.py build_kit."""

    help = "Make the project for a workload: producer, consumer, settings and the decision record."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_answers(parser)
        parser.add_argument("--output", type=Path, required=True, metavar="DIR|FILE.zip|FILE.tgz|FILE.tar.gz")
        parser.add_argument("--option", default="", help="build for this option, whatever is recommended")
        parser.add_argument("--language", default="", choices=("", *service.LANGUAGES))
        parser.add_argument("--name", default="", help="the project's name; queues and topics are named after it")
        parser.add_argument("--dry-run", action="store_true", help="list the files and write nothing")

    def ask(self, options: Mapping[str, Any]) -> None:
        named = {name: options[name] for name in ("option", "language", "name") if options[name]}
        settings = [f"{name}={value}" for name, value in named.items()]
        output: Path = options["output"]
        query, kind = read_all(
            lambda: read_given({**options, "set": [*options["set"], *settings]}, service.read_kit_query),
            lambda: find_kind(output),
        )
        kit = service.build_kit(query)
        if options["dry_run"]:
            for path, content in kit.files.items():
                self.stdout.write(f"{len(content):>8}  {path}")
            return
        if kind:
            write_archive(service.archive_kit(kit, kind).content, output)
        else:
            write_folder(kit.files, kit.executables, output)
        self.stdout.write(f"{output}: {len(kit.files)} files. Its README says how to run it.")
