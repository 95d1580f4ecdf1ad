"""The exception tree; it knows no door.

AdvisorError
├─ AnswersError    the asker's fault    problems per question    form errors · HTTP 422 · exit 2
├─ RulebookError   the author's fault   problems with file:line  manage.py check fails
└─ KitError        the author's fault   starter and rulebook disagree
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar, overload

One = TypeVar("One")
Other = TypeVar("Other")
Third = TypeVar("Third")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing wrong: `where` (question id or file:line), a stable `code`, what is wrong, and the way out."""

    where: str
    code: str
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" + (f" {self.hint}" if self.hint else "")


def problem_at(where: str, code: str, message: str, hint: str = "") -> Problem:
    """The same in short, for those who name many."""
    return Problem(where=where, code=code, message=message, hint=hint)


class AdvisorError(Exception):
    """Carries every problem found, never only the first."""

    def __init__(self, *problems: Problem) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


class AnswersError(AdvisorError):
    """The answers cannot be read; each problem names its question."""


class RulebookError(AdvisorError):
    """The rulebook cannot be used; each problem names its file and line."""


class KitError(AdvisorError):
    """A starter and the rulebook disagree."""


@overload
def read_all(one: Callable[[], One], other: Callable[[], Other], /) -> tuple[One, Other]: ...
@overload
def read_all(
    one: Callable[[], One], other: Callable[[], Other], third: Callable[[], Third], /
) -> tuple[One, Other, Third]: ...
def read_all(*reads: Callable[[], object]) -> tuple[object, ...]:
    """What each of them gives; raises one AnswersError with the problems of all."""
    found: list[object] = []
    problems: list[Problem] = []
    for read in reads:
        try:
            found.append(read())
        except AnswersError as error:
            problems.extend(error.problems)
    refuse_any(problems)
    return tuple(found)


def refuse_any(problems: Iterable[Problem]) -> None:
    """Raises AnswersError where there are any."""
    if found := tuple(problems):
        raise AnswersError(*found)
