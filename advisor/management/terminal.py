"""What the commands share: exit codes, problems on stderr, answers from a file, from standard input and from --set.

Must not work out an answer: it parses, and the service does the rest.
"""

import argparse
import errno
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from io import BufferedWriter, RawIOBase, StringIO, TextIOWrapper
from pathlib import Path
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from advisor import service
from advisor.core.errors import AdvisorError, AnswersError, Problem, read_all, refuse_any
from advisor.management.stopping import STOPPED

OK, BROKEN, BAD_ANSWERS, DIFFERS = 0, 1, 2, 3
STANDARD_INPUT = "standard input"
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO})  # what a disk says that takes no more
EXIT_CODES = (
    "exit codes: 0 fine · 1 the rulebook or a starter is broken · 2 the answers cannot be used, "
    "every problem is on standard error"
)
ReadQuery = Callable[[Mapping[str, object]], service.Query]


class Asking(BaseCommand):
    """A command that people ask with. `ask` does the work; what it raises becomes an exit code."""

    epilog = EXIT_CODES

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """What is written is UTF-8 whatever the locale, as it is over HTTP; of a name it may hold what is no text."""
        if isinstance(sys.stdout, TextIOWrapper):
            if sys.stdout is sys.__stdout__ and isinstance(sys.stdout.buffer, RawIOBase):
                # So it is by PYTHONUNBUFFERED, and what a full disk cuts off a write is lost without a word.
                sys.stdout = TextIOWrapper(BufferedWriter(sys.stdout.buffer), line_buffering=True)
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
        if sys.stderr is None:  # the shell closed it: a complaint goes nowhere, and the exit code still says its kind
            sys.stderr = StringIO()
        super().__init__(*args, **kwargs)

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        kwargs.setdefault("epilog", self.epilog)
        return super().create_parser(prog_name, subcommand, **kwargs)

    def handle(self, *_args: Any, **options: Any) -> None:
        if sys.stdout is None:
            raise CommandError("Standard output is closed.", returncode=BAD_ANSWERS)
        try:
            self.ask_and_flush(options)
        except AnswersError as error:
            raise failed("The answers cannot be used:", error, BAD_ANSWERS) from None
        except AdvisorError as error:  # the rulebook's or a starter's fault, not the asker's
            raise failed("The rulebook or a starter is broken:", error, BROKEN) from None
        except BrokenPipeError:  # the reader, such as head, has enough of a batch
            _give_up_output()
        except OSError as error:
            if error.errno not in _FULL:
                raise
            _give_up_output()
            raise CommandError(f"The output cannot be written: {error.strerror}.", returncode=BAD_ANSWERS) from None
        except KeyboardInterrupt:
            raise CommandError("Stopped.", returncode=STOPPED) from None

    def ask_and_flush(self, options: Mapping[str, Any]) -> None:
        """What is still held is written while somebody can say why it cannot be."""
        try:
            self.ask(options)
        finally:
            with _until_enough():
                self.stdout.flush()

    def ask(self, options: Mapping[str, Any]) -> None:
        """Parse, call the service, write."""
        raise NotImplementedError

    def say(self, text: str) -> None:
        """Text that brings its own line ends. Whether anybody reads on changes nothing of how the command ends."""
        with _until_enough():
            self.stdout.write(text, ending="")


@contextmanager
def _until_enough() -> Iterator[None]:
    """What is written when the reader, such as head, has enough goes nowhere."""
    try:
        yield
    except BrokenPipeError:
        _give_up_output()


def _give_up_output() -> None:
    """What Python would flush at exit goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def failed(summary: str, error: AdvisorError, code: int) -> CommandError:
    """Every problem on its line."""
    return CommandError("\n  ".join((summary, *map(str, error.problems))), returncode=code)


def add_answers(parser: argparse.ArgumentParser) -> None:
    """The arguments by which answers come in."""
    parser.add_argument("file", nargs="?", metavar="ANSWERS.yaml", help="a YAML or JSON file of answers; - is stdin")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an answer, as in an address: 100..500, a|b for either; repeat it for a list. It replaces the file's",
    )
    parser.add_argument("--as-of", metavar="DAY", help="decide by the facts of that day, such as 2025-07-01")


def read_given(options: Mapping[str, Any], read: ReadQuery = service.read_query) -> service.Query:
    """The query that file, settings and day make; a problem in the file has its line. Raises AnswersError."""
    _, query = read_all(lambda: refuse_any(_problems(options["set"])), lambda: _read(options, read))
    return query


def _read(options: Mapping[str, Any], read: ReadQuery) -> service.Query:
    file = options["file"]
    if file is None:
        found = service.read_answers_text(b"", "")
    elif file == "-":
        found = service.read_answers_text(_read_input(), STANDARD_INPUT)
    else:
        found = service.read_answers_file(Path(file))
    said = _read_settings(options["set"])
    if options["as_of"]:
        said["as_of"] = options["as_of"]
    lines = {name: line for name, line in found.lines.items() if name not in said}  # what is replaced has none
    found = replace(found, given={**found.given, **said}, lines=lines)
    try:
        query = read(found.given)
        if gone := service.say_gone(query):
            raise AnswersError(Problem(where="rulebook", code="rulebook_gone", message=gone))
    except AnswersError as error:
        raise AnswersError(*map(found.locate, error.problems)) from None
    return query


def _read_input() -> bytes:
    try:
        return open_input().read()
    except OSError as error:
        message = f"It cannot be read: {error.strerror or error}."
        raise AnswersError(Problem(where=STANDARD_INPUT, code="missing_file", message=message)) from None


def open_input() -> BinaryIO:
    """Standard input; raises OSError where the shell closed it."""
    if sys.stdin is None:
        raise OSError(errno.EBADF, "it is closed")
    return sys.stdin.buffer


def read_file(path: Path) -> service.Query:
    """The query that a file makes."""
    return read_given({"file": str(path), "set": [], "as_of": None})


def _problems(settings: list[str]) -> Iterator[Problem]:
    for text in settings:
        if not service.is_text(text):
            message = "A setting holds bytes that are no UTF-8."
            yield Problem(where="--set", code="not_text", message=message, hint="Write whole characters.")
        elif not _is_setting(text):
            message = f"“{text[:60]}” is no answer."
            yield Problem(where="--set", code="wrong_form", message=message, hint="Write NAME=VALUE.")


def _is_setting(text: str) -> bool:
    return "=" in text and bool(text.partition("=")[0].strip()) and service.is_text(text)


def _read_settings(settings: list[str]) -> dict[str, object]:
    values: dict[str, list[str]] = {}
    for text in filter(_is_setting, settings):
        name, _, value = text.partition("=")
        values.setdefault(name.strip(), []).append(value.strip())
    return service.read_pairs(values.items())
