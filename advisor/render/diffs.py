"""Two texts as a unified diff that `patch` takes. Knows neither files nor what the texts are of."""

import difflib
import re
from collections.abc import Iterator

_LINE = re.compile(r".*\n|.+")


def write_diff(before: str, after: str, old: str, new: str) -> str:
    """What differs; `old` and `new` are the names of the two, and a line ends at its newline and nowhere else."""
    return "".join(_write(_LINE.findall(before), _LINE.findall(after), old, new))


def _write(before: list[str], after: list[str], old: str, new: str) -> Iterator[str]:
    for line in difflib.unified_diff(before, after, old, new):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
