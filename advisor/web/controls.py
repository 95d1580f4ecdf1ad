"""What is asked beside the answers (day, option, language, name), for the form: kept, and a field where one is due.

Must not know what any of them does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor import service
from advisor.core.errors import Problem
from advisor.core.query import UNNAMED
from advisor.web.form import words_of

AS_OF = "as_of"
PROJECT = ("option", "language", "name")  # what the answer does not depend on, and the project does
_ASKED = {
    AS_OF: ("Facts as of which day?", "Written as 2025-07-01; left empty, the facts of today count."),
    "option": ("A project for which option?", "Left empty, for the one that is recommended."),
    "language": ("A project in which language?", f"Left empty, {service.LANGUAGES[0]}."),
    "name": ("What is the project called?", f"Left empty, {UNNAMED}."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One thing that is asked beside the answers, as it was written, and what is wrong with it."""

    name: str
    label: str
    hint: str
    words: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def is_shown(self) -> bool:
        """What is wrong must be there to be mended; and a day changes every answer, so it is never out of sight."""
        return bool(self.problems or (self.name == AS_OF and self.words))

    @property
    def typed(self) -> str:
        return ", ".join(self.words)


def list_controls(given: Mapping[str, object], problems: Sequence[Problem] = ()) -> tuple[Control, ...]:
    """Each of them, given or not, with its problems."""
    return tuple(
        Control(
            name=name,
            label=label,
            hint=hint,
            words=words_of(given.get(name)),
            problems=tuple(problem for problem in problems if problem.where == name),
        )
        for name, (label, hint) in _ASKED.items()
    )
