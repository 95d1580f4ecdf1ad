"""The variables by which whoever runs the service runs it: how each is read, and everything that is wrong with them.

The README lists them. Must not know what is done with them.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

from advisor.core.errors import Problem

HOSTS, RATE = "ADVISOR_ALLOWED_HOSTS", "ADVISOR_RATE_LIMIT"
_SWITCHES = ("ADVISOR_DEBUG", "ADVISOR_BEHIND_TLS")
# Of what a folder must hold, this is what nothing else would miss before the first visitor.
_FOLDERS = {"ADVISOR_RULES_DIR": "", "ADVISOR_TEMPLATES_DIR": "pages"}
_KNOWN = (HOSTS, RATE, *_SWITCHES, *_FOLDERS, "ADVISOR_CACHE_DIR", "ADVISOR_SECRET_KEY")
_ON, _OFF = frozenset({"1", "true", "yes", "on"}), frozenset({"", "0", "false", "no", "off"})
_HOST = re.compile(r"\*|\.?[\w-]+(\.[\w-]+)*\.?|\[[0-9a-f:.]+\]", re.ASCII | re.IGNORECASE)
_RATE = re.compile(r"([1-9][0-9]{0,8}) */ *(second|minute|hour)")
_WINDOWS = {"second": 1, "minute": 60, "hour": 3600}
_LIKE = 0.9  # a slip and no more: orchestrators have names of their own, such as ADVISOR_PORT


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many requests in a window of so many seconds."""

    most: int
    window: int


def read_rate(text: str) -> Rate | None:
    """`60/minute`; nothing is no limit. A limit that cannot be read must not pass for none."""
    if not text:
        return None
    if (found := _RATE.fullmatch(text)) is None:
        raise ImproperlyConfigured(str(_refuse_rate(text)))
    return Rate(most=int(found[1]), window=_WINDOWS[found[2]])


def is_switched_on(name: str) -> bool:
    """Only a plain yes counts; what is neither yes nor no stops the start."""
    return _read_word(name) in _ON


def _read_word(name: str) -> str:
    return os.environ.get(name, "").strip().lower()


def read_list(name: str, otherwise: str) -> list[str]:
    """A comma-separated variable as a list without blanks."""
    return [item.strip() for item in (os.environ.get(name) or otherwise).split(",") if item.strip()]


def find_problems() -> Iterator[Problem]:
    """Each names the variable, its value and the way out."""
    for name in _SWITCHES:
        if _read_word(name) not in _ON | _OFF:
            yield _refuse(name, os.environ[name], "neither yes nor no", "Write 1 or 0.")
    hint = "Write names alone, without scheme and port, between commas."
    for host in read_list(HOSTS, "localhost") or [os.environ[HOSTS]]:
        if not _HOST.fullmatch(host):
            yield _refuse(HOSTS, host, "no name of a host", hint)
    rate = os.environ.get(RATE, "").strip()
    if rate and not _RATE.fullmatch(rate):
        yield _refuse_rate(rate)
    for name, held in _FOLDERS.items():
        if (folder := os.environ.get(name)) and not Path(folder, held).is_dir():
            what = f"no folder with {held}/ in it" if held else "no folder"
            yield _refuse(name, folder, what, "Name one that is there.")
    for name in sorted(each for each in os.environ if each.startswith("ADVISOR_") and each not in _KNOWN):
        if meant := get_close_matches(name, _KNOWN, 1, _LIKE):
            yield Problem(where=name, code="environment", message="Nothing reads it.", hint=f"Write {meant[0]}.")


def _refuse_rate(text: str) -> Problem:
    return _refuse(RATE, text, "no limit", "Write it as 60/minute (second, minute or hour), from 1 up.")


def _refuse(name: str, value: str, what: str, hint: str) -> Problem:
    return Problem(where=name, code="environment", message=f"“{value}” is {what}.", hint=f"{hint} Or leave it out.")
