"""Old and odd links: what this release cannot use is left out, and every such thing is said.

Only names are judged here; a wrong value for a known question is the asker's to mend, and read_answers says so.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from advisor import service
from advisor.core.answers import find_near
from advisor.core.rulebook import Rulebook

_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapted:
    """Raw answers that can be asked, and a sentence for each thing that was not as it is now."""

    given: Mapping[str, object]
    notes: tuple[str, ...]


def adapt(given: Mapping[str, object], rulebook: Rulebook) -> Adapted:
    """Parts what can be asked today from what cannot."""
    kept: dict[str, object] = {}
    notes: list[str] = []
    unknown: list[str] = []
    current = {alias: question.id for question in rulebook.questions.values() for alias in question.aliases}
    for name, answer in given.items():
        if name in current:
            kept[current[name]] = answer
            notes.append(f"“{name}” is now called “{current[name]}”.")
        elif name in rulebook.questions or name in service.CONTROLS or name.startswith(service.WEIGHT):
            kept[name] = answer
        else:
            unknown.append(name)
    notes.extend(_unknown(unknown, rulebook))
    notes.extend(_made_elsewhere(kept, rulebook))
    return Adapted(given={name: answer for name, answer in kept.items() if name not in _PINS}, notes=tuple(notes))


_PINS = ("release", "rulebook")


def _unknown(names: Sequence[str], rulebook: Rulebook) -> Iterator[str]:
    """A sentence for each name; the first few with the question that was perhaps meant."""
    for at, name in enumerate(names):
        shown = name[:_SHOWN]
        near = find_near(shown, rulebook.questions, at)
        meant = f" Did you mean “{near}”?" if near else ""
        yield f"“{shown}” is no question of ours and was left out.{meant}"


def _made_elsewhere(given: Mapping[str, object], rulebook: Rulebook) -> list[str]:
    """A link names the release and rulebook it was made with; other ones may answer differently."""
    now = {"release": service.release(), "rulebook": rulebook.version}
    made = {name: str(given[name])[:_SHOWN] for name in _PINS if name in given}
    return [
        f"This link was made with {name} {then}; the answer below is by {name} {now[name]}."
        for name, then in made.items()
        if then != now[name]
    ]
