"""The installed program `broker-advisor`: the commands of manage.py that are for people, and none of Django's own.

Must not know what a command does. Exit codes are those of the commands.
"""

import os
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from textwrap import fill

import django
from django.core.management import find_commands, load_command_class

from advisor import __version__
from advisor.management.terminal import BAD_ANSWERS, EXIT_CODES, OK

PROGRAM = "broker-advisor"
_WIDTH = 80


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command named first; what it raises or exits with is its own affair."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    match given:
        case ["--version"]:
            return _say(f"{PROGRAM} {__version__}\n")
        case [] | ["-h" | "--help" | "help"]:
            return _say(_help())
        case [name, *_] if name in _names():
            # Whatever project the shell was set up for, this program has settings of its own.
            os.environ["DJANGO_SETTINGS_MODULE"] = "advisor.settings"
            django.setup()
            load_command_class("advisor", name).run_from_argv([PROGRAM, *given])
            return OK
    close = get_close_matches(given[0], _names(), n=1)
    meant = f" Did you mean {close[0]}?" if close else ""
    sys.stderr.write(f"There is no command “{given[0][:60]}”.{meant} {PROGRAM} --help lists them.\n")
    return BAD_ANSWERS


def _names() -> list[str]:
    return sorted(find_commands(str(Path(__file__).parent)))


def _help() -> str:
    commands = "\n".join(
        fill(_summary(name), _WIDTH, initial_indent="  ", subsequent_indent=" " * 18) for name in _names()
    )
    return f"""{PROGRAM} {__version__}: Kafka or SQS?

{commands}

{PROGRAM} COMMAND --help says more, exit codes among it. Those of all:
{fill(EXIT_CODES, _WIDTH, initial_indent="  ", subsequent_indent="  ")}
"""


def _summary(name: str) -> str:
    """The command, and the first sentence of what it says of itself."""
    return f"{name:<15} {load_command_class('advisor', name).help.partition('. ')[0].rstrip('.')}."


def _say(text: str) -> int:
    sys.stdout.write(text)
    return OK
