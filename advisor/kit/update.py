"""What a newer kit means for a folder that an older one was unpacked into, file by file. Touches no disk.

A file is the user's own as soon as it differs from what the kit's checksums say: it is never written over.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from advisor.core.errors import AnswersError, Problem, refuse_any
from advisor.core.recommendation import Recommendation
from advisor.kit.build import CHECKSUMS
from advisor.kit.starters import Kit

ADDED, REPLACED, BESIDE, DELETED, DROPPED = "added", "replaced", "beside", "deleted by you", "no longer part of it"
WRITTEN = (ADDED, REPLACED, BESIDE)
_LINE = re.compile(r"([0-9a-f]{64}) [ *](.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What becomes of one file; files that stay as they are have no step."""

    path: str
    fate: str

    @property
    def target(self) -> str:
        """Where it is written."""
        return write_beside(self.path) if self.fate == BESIDE else self.path


def write_beside(path: str) -> str:
    """The name of what stands beside a file that was edited."""
    return f"{path}.new"


def read_checksums(text: str) -> Mapping[str, str]:
    """Digest by path; raises AnswersError for what `sha256sum` would not have written."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LINE.fullmatch(line)
        if match is None:
            where, message = f"{CHECKSUMS}:{number}", "It is no line of checksums."
            hint = "Delete the file: then every file that differs counts as edited."
            raise AnswersError(Problem(where=where, code="wrong_form", message=message, hint=hint))
        found[match[2]] = match[1]
    return found


def plan_update(kit: Kit, before: Mapping[str, str], present: Mapping[str, str]) -> tuple[Step, ...]:
    """Steps by path: `before` are the digests that the old kit had, `present` those of the files that are there.

    Raises AnswersError where something of the user's own stands where a file would be put beside an edited one.
    """
    steps = []
    for path, part in kit.parts.items():
        fate = _fate(part.sha256, before.get(path), present.get(path), is_ours=path == CHECKSUMS)
        if fate:
            steps.append(Step(path=path, fate=fate))
    refuse_any(
        _in_the_way(step.target)
        for step in steps
        if step.fate == BESIDE
        and present.get(step.target) not in (None, kit.parts[step.path].sha256, before.get(step.path))
    )
    dropped = sorted((before.keys() & present.keys()) - kit.parts.keys())
    return (*steps, *(Step(path=path, fate=DROPPED) for path in dropped))


def _fate(wanted: str, before: str | None, present: str | None, *, is_ours: bool) -> str:
    if present == wanted:
        return ""
    if present is None:
        return DELETED if before else ADDED
    if is_ours or present == before:
        return REPLACED
    return "" if before == wanted else BESIDE  # where the kit's own is as it was, there is nothing new to show


def _in_the_way(path: str) -> Problem:
    message, hint = "Something else is there already.", "Rename it or delete it; nothing was written."
    return Problem(where=path, code="not_empty", message=message, hint=hint)


def compare_verdict(option: str, now: Recommendation, before: Mapping[str, str]) -> str:
    """Whether what the kit was made for still stands, and whether its own option is ruled out by now.

    `before` has option and state, as the old decision record says them; what it lacks is not compared.
    """
    pairs = {"option": now.option or now.outcome, "state": now.state}
    changed = [f"{before[name]} to {word}" for name, word in pairs.items() if before.get(name, word) != word]
    said = f"The verdict has changed, {', '.join(changed)}" if changed else "The verdict still stands"
    ruled_out = bool(option) and now.verdict(option).is_excluded
    more = f"\nThe project's own option, {option}, is ruled out now." if ruled_out else ""
    return f"{said}: {now.headline}{more}"
