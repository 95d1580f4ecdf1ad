"""What the kinds of `observe` share: where answers go, what is kept of the user's own, what is said beside them.

Must not work out an answer or open a connection: it parses, and the service does the rest.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from advisor import observing, service
from advisor.core.errors import AnswersError, Problem
from advisor.core.observation import Observation
from advisor.render.observed import answers_yaml, difference_lines, figure_lines, gap_lines

_REMIND = (
    "Not to be observed: work_queue, and what you need that the system does not show. Add it to the file; then: "
    "manage.py recommend ANSWERS.yaml"
)


def add_output(parser: argparse.ArgumentParser) -> None:
    """Where the answers go, and which of the user's own they join."""
    parser.add_argument("--output", type=Path, metavar="FILE", help="write there instead of to standard output")
    parser.add_argument(
        "--merge",
        type=Path,
        metavar="ANSWERS.yaml",
        help="your answers: what you stated is kept, what differs is shown, the rest filled in; the file itself stays",
    )


def read_stated(path: Path | None) -> Mapping[str, object]:
    """The user's own answers; raises AnswersError with every problem, so that it is known before anything is asked."""
    if path is None:
        return {}
    file = service.read_answers_file(path)
    try:
        service.read_query(file.given)
    except AnswersError as error:
        raise AnswersError(*map(file.locate, error.problems)) from None
    return file.given


def write_answers(command: BaseCommand, observation: Observation, options: Mapping[str, Any]) -> None:
    """The file of answers, and on standard error what could not be observed, what differs, what else was seen."""
    given = options["stated"]
    for line in difference_lines(observing.find_observed_differences(observation, given)):
        command.stderr.write(line)
    for line in (*gap_lines(observation.gaps), *figure_lines(observation), _REMIND):
        command.stderr.write(line)
    about = f"Observed: {observation.subject}"
    save(command, answers_yaml(about, observing.merge_observed(observation, given)), options["output"])


def save(command: BaseCommand, text: str, path: Path | None) -> None:
    """To the file, else to standard output; raises AnswersError when the file cannot be written."""
    if path is None:
        command.stdout.write(text, ending="")
        return
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        command.stdout.write(text, ending="")
        message, hint = f"It cannot be written: {error.strerror}.", "What belongs into it is on standard output."
        raise AnswersError(Problem(where=str(path), code="not_written", message=message, hint=hint)) from None
