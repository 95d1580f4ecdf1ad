"""`recommend`: answers in, the advice out; one workload, or a file of many. Parses, asks the service, renders."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from advisor import service
from advisor.core.errors import Problem, refuse_any
from advisor.management.batch import run_batch
from advisor.management.listing import list_questions
from advisor.management.stored import compare_stored
from advisor.management.terminal import Asking, add_answers, read_given
from advisor.management.writing import WRITERS
from advisor.render.document import to_document

_ANSWERING = (("file", "ANSWERS.yaml"), ("set", "--set"), ("as_of", "--as-of"), ("format", "--format"))


class Command(Asking):
    """manage.py recommend."""

    help = "Say which message broker suits a workload, and why. Answer what you know; leave out the rest."
    epilog = f"{Asking.epilog} · 3 with --check: the answer is no longer the stored one"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        add_answers(parser)
        parser.add_argument("--format", choices=WRITERS, help="default: text of 80 columns")
        other = parser.add_mutually_exclusive_group()
        other.add_argument("--check", type=Path, metavar="STORED.json", help="exit 3 when the answer differs from this")
        other.add_argument(
            "--batch",
            metavar="FILE",
            help="a workload a line (.ndjson, .jsonl; - is standard input), row (.csv) or item (.json); writes the "
            "same form with answers",
        )
        other.add_argument("--questions", action="store_true", help="list what can be answered, and answer nothing")
        parser.add_argument(
            "--explain", choices=("none", "summary"), help="of a batch: conclusions (default), or whole documents"
        )

    def ask(self, options: Mapping[str, Any]) -> None:
        _refuse_idle(options)
        if options["questions"]:
            self.say(list_questions(service.get_rulebook().questions.values()))
            return
        if options["batch"] is not None:
            run_batch(options["batch"], self.stdout, options)
            return
        document = to_document(service.recommend(read_given(options)), service.release())
        if options["check"]:
            compare_stored(document, options["check"], self.stdout)
            return
        self.say(WRITERS[options["format"] or "text"](document))


def _refuse_idle(options: Mapping[str, Any]) -> None:
    """What would have no effect is a slip; raises AnswersError for all of it."""
    is_batch, is_check = options["batch"] is not None, options["check"] is not None
    is_whole_row = options["explain"] == "summary" and is_batch and Path(options["batch"]).suffix.lower() == ".csv"
    idle = (
        (is_batch and options["file"], "ANSWERS.yaml", "Answers come from the batch file alone."),
        (is_batch and options["set"], "--set", "Answers come from the batch file alone."),
        (is_batch and options["format"], "--format", "A batch is written in the form in which it is read."),
        (is_check and options["format"], "--format", "With --check no answer is written."),
        (is_whole_row, "--explain", "A row has no room for a whole document."),
        *((options["questions"] and options[name], where, "Questions are listed alone.") for name, where in _ANSWERING),
        (not is_batch and options["explain"], "--explain", "It says what is written of a batch."),
    )
    refuse_any(
        Problem(where=where, code="no_effect", message=message, hint="Leave it out.")
        for given, where, message in idle
        if given
    )
