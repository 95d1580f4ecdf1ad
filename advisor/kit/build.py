"""starter + recommendation → kit: code is copied byte for byte, data files are written by serialisers.

Settings that the sizing decides replace the starter's own; every other file stays as it lies. Knows no archive format.
"""

import json
import re
from collections.abc import Mapping
from types import MappingProxyType

import yaml

from advisor.core.answers import write_answers
from advisor.core.errors import AnswersError, KitError, Problem
from advisor.core.estimate import Setting, Sizing
from advisor.core.recommendation import Recommendation
from advisor.kit.starters import Kit

SETTINGS, DECISION, ANSWERS = "settings.json", "DECISION.md", "answers.yaml"
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")  # short enough for the names made of it, on every broker
_REMARK = "# The workload that this project was made for; the advisor rebuilds the project from it.\n"


def build_kit(
    recommendation: Recommendation,
    option: str,
    starters: Mapping[str, Kit],
    wanted: tuple[str, ...],
    *,
    name: str,
    release: str,
    decision: str,
) -> Kit:
    """The project for one option. `wanted` are the starters it needs: one lies at the root, several in folders.

    `name` becomes queue and topic names; `decision` is the text of the decision record. Raises AnswersError for a bad
    name, KitError where a starter is missing or lacks its data files.
    """
    if not _NAME.fullmatch(name):
        hint = "Use up to 40 lower-case letters, digits and dashes, a letter first."
        raise AnswersError(Problem(where="name", code="bad_name", message=f"“{name[:60]}” is no name.", hint=hint))
    sizing = recommendation.verdict(option).estimate.sizing
    files: dict[str, bytes] = {}
    executables: set[str] = set()
    for starter in wanted:
        folder = f"{starter}/" if len(wanted) > 1 else ""
        made = _fill(_find(starter, starters), sizing, name, recommendation)
        files.update({folder + path: content for path, content in made.items()})
        executables.update(folder + path for path in starters[starter].executables)
    answers = _write_answers(recommendation, option, wanted, name, release)
    files |= {DECISION: decision.encode(), ANSWERS: answers.encode()}
    return Kit(name=name, files=MappingProxyType(dict(sorted(files.items()))), executables=frozenset(executables))


def _find(starter: str, starters: Mapping[str, Kit]) -> Kit:
    found = starters.get(starter)
    if found is None or SETTINGS not in found.files:
        message = f"There is no starter {starter} with {SETTINGS}."
        raise KitError(Problem(where=starter, code="missing_starter", message=message))
    return found


def _fill(starter: Kit, sizing: Sizing, name: str, recommendation: Recommendation) -> dict[str, bytes]:
    files = {path: content for path, content in starter.files.items() if path not in (DECISION, ANSWERS)}
    written = json.loads(files[SETTINGS])
    decided = {setting.id: setting for setting in (*sizing.settings, *_names(name, sizing, recommendation))}
    for key in written["settings"]:
        setting = decided.get(key)
        if setting is not None:
            written["settings"][key] = _whole(setting)
            written["reasons"][key] = setting.because
    files[SETTINGS] = (json.dumps(written, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()
    return files


def _whole(setting: Setting) -> float | int | str | bool:
    value = setting.value
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _names(name: str, sizing: Sizing, recommendation: Recommendation) -> tuple[Setting, ...]:
    """Queue, topic and group names; a FIFO queue's name must end in .fifo."""
    fifo = any(setting.id == "fifo" and setting.value is True for setting in sizing.settings)
    ending = ".fifo" if fifo else ""
    because = "Named after the project" + ("; the name of a FIFO queue ends in .fifo." if fifo else ".")
    given = {
        "topic": name,
        "dead_letter_topic": f"{name}.dead-letters",
        "consumer_group": f"{name}-consumer",
        "queue_name": f"{name}{ending}",
        "dead_letter_queue_name": f"{name}-dead-letters{ending}",
    }
    named = [Setting(id=key, value=value, unit="text", because=because) for key, value in given.items()]
    region = Setting(id="region", value=recommendation.workload.region, unit="text", because=_region(recommendation))
    return (*named, region)


def _region(recommendation: Recommendation) -> str:
    stated = recommendation.workload.grades["region"] != "assumed"
    return "The Region you named." if stated else "Assumed: no Region was named; change it before you deploy."


def _write_answers(
    recommendation: Recommendation, option: str, wanted: tuple[str, ...], name: str, release: str
) -> str:
    content = {
        "release": release,
        "rulebook": recommendation.rulebook_version,
        "option": option,
        "starters": list(wanted),
        "name": name,
        "answers": write_answers(recommendation.workload),
    }
    return _REMARK + yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=120)
