"""Runs commands as people do and gives back what they print and how they end."""

import io
from dataclasses import dataclass
from typing import Any

from django.core.management import CommandError, call_command


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """What a command wrote, what it complained of, and its exit code."""

    out: str
    error: str
    code: int


def run(command: str, *arguments: object, **options: Any) -> Ended:
    """The command in this process; a complaint is what would stand on standard error."""
    out = io.StringIO()
    try:
        call_command(command, *map(str, arguments), stdout=out, stderr=io.StringIO(), **options)
    except CommandError as error:
        return Ended(out=out.getvalue(), error=str(error), code=error.returncode)
    return Ended(out=out.getvalue(), error="", code=0)
