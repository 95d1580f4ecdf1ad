"""starter + recommendation → kit: code is copied byte for byte, data files are written by serialisers.

Settings that the sizing decides replace the starter's own; every other file stays as it lies. Knows no archive format.
"""

import json
import math
import re
from collections.abc import Mapping, Set
from types import MappingProxyType
from typing import Any

from advisor.core.answers import write_answers
from advisor.core.assume import ASSUMED
from advisor.core.errors import AnswersError, KitError, Problem
from advisor.core.estimate import Setting, Sizing
from advisor.core.recommendation import Recommendation
from advisor.core.workload import Workload
from advisor.kit.as_yaml import write_yaml
from advisor.kit.asyncapi import write_asyncapi
from advisor.kit.infrastructure import lay_infrastructure, leave_out_running, queues_of
from advisor.kit.parts import Part, pack
from advisor.kit.readme import write_readme
from advisor.kit.starters import Kit

SETTINGS, DECISION, ANSWERS, CHECKSUMS = "settings.json", "DECISION.md", "answers.yaml", "kit.sha256"
README, ASYNCAPI = "README.md", "asyncapi.yaml"
FANNED_OUT = "sns_sqs"
ROOT = "both"  # the starter of what lies above the folders of a kit of several, in no language
_NAME = re.compile(r"[a-z]([a-z0-9-]{0,38}[a-z0-9])?")  # short enough for the names made of it, on every broker
BRIDGE = "bridge"
_NEEDS = ("content_routing", "priority_needed", "transactional_outbox", "schema_contracts")
# A consumer's, worked out from how long its handler takes; a bridge handles nothing and keeps its starter's own.
_OF_HANDLING = frozenset({"max_poll_records", "max_poll_interval_ms"})
# What a cluster that runs already says of these goes before what the option has of a log of any kind.
_OF_CLUSTER = frozenset({"security_protocol", "sasl_mechanism", "min_insync_replicas"})
_REMARK = "# The workload that this project was made for; the advisor rebuilds the project from it.\n"


def build_kit(
    recommendation: Recommendation,
    option: str,
    starters: Mapping[str, Kit],
    brokers: tuple[str, ...],
    infrastructure: Mapping[str, Kit],
    *,
    language: str,
    name: str,
    release: str,
    decision: Part,
) -> Kit:
    """The project for one option and its brokers: one starter lies at the root, several lie in folders.

    `infrastructure` are the folders that its cluster or queues are made with.

    `name` becomes queue and topic names; `decision` is the decision record. Raises AnswersError for a bad
    name, KitError where a starter is missing or lacks its data files.
    """
    check_name(name)
    sizing, running = recommendation.verdict(option).estimate.sizing, _running(recommendation, option)
    own = (*_of_running(recommendation, running), *_names(name, option, sizing, recommendation))
    settings = (*sizing.settings, *own)
    decided = {each.id: each for each in settings}
    infrastructure = leave_out_running(infrastructure, running)
    parts: dict[str, Part] = {}
    executables: set[str] = set()
    for broker in brokers:
        folder = f"{broker}/" if len(brokers) > 1 else ""
        starter, kept = _find(broker, language, starters), _OF_HANDLING if broker == BRIDGE else frozenset()
        parts.update({folder + path: part for path, part in _fill(starter, decided, kept).items()})
        executables.update(folder + path for path in starter.executables)
    if len(brokers) > 1:
        parts |= starters[ROOT].parts
    shape = {"name": name, "has_bridge": BRIDGE in brokers, "running": running, **_asked(recommendation.workload)}
    shape |= {"broker_volume_mib_per_second": _provisioned(sizing, decided)}
    more = {**shape, **{key: _plain(each) for key, each in decided.items()}}
    parts |= _describe(parts, brokers, infrastructure, more)
    answers = _write_answers(recommendation, option, language, name, release)
    parts |= {DECISION: decision, ANSWERS: pack(answers.encode())}
    parts[CHECKSUMS] = pack(_write_checksums(parts).encode())
    return Kit(name=name, parts=MappingProxyType(dict(sorted(parts.items()))), executables=frozenset(executables))


def check_name(name: str) -> None:
    """Raises AnswersError where queues and topics cannot be named so."""
    if not _NAME.fullmatch(name):
        hint = "Use up to 40 lower-case letters, digits and dashes, a letter first and no dash last."
        raise AnswersError(Problem(where="name", code="bad_name", message=f"“{name[:60]}” is no name.", hint=hint))


def _find(broker: str, language: str, starters: Mapping[str, Kit]) -> Kit:
    starter = f"{broker}_{language}"
    found = starters.get(starter)
    if found is None or SETTINGS not in found.parts:
        message = f"There is no starter {starter} with {SETTINGS}."
        raise KitError(Problem(where=starter, code="missing_starter", message=message))
    return found


def _fill(starter: Kit, decided: Mapping[str, Setting], kept: Set[str]) -> dict[str, Part]:
    """Settings that are `kept` stay the starter's own.

    What stands under `deployed` differs from local work, which the starter knows and the workload does not.
    """
    parts = {path: part for path, part in starter.parts.items() if path not in (DECISION, ANSWERS)}
    written = json.loads(parts[SETTINGS].content)
    for key in (written["settings"].keys() & decided.keys()) - kept:
        place = "deployed" if key in written["deployed"] else "settings"
        written[place][key] = _plain(decided[key])
        written["reasons"][key] = decided[key].because
    parts[SETTINGS] = pack((json.dumps(written, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode())
    return parts


def _describe(
    parts: Mapping[str, Part], brokers: tuple[str, ...], infrastructure: Mapping[str, Kit], more: Mapping[str, Any]
) -> dict[str, Part]:
    """What is written from the settings of all the kit's projects: infrastructure, AsyncAPI, the end of the README."""
    written = [json.loads(part.content) for path, part in parts.items() if path.rsplit("/", 1)[-1] == SETTINGS]
    local = {key: value for each in written for key, value in each["settings"].items()}
    deployed = {**local, **more, **{key: value for each in written for key, value in each["deployed"].items()}}
    queues = queues_of(deployed)
    own = parts[README].content.decode()
    return {
        **lay_infrastructure(infrastructure, deployed),
        ASYNCAPI: pack(write_asyncapi(brokers, local, deployed, queues).encode()),
        README: pack(write_readme(own, brokers, tuple(infrastructure), deployed, queues).encode()),
    }


def _asked(workload: Workload) -> dict[str, Any]:
    """What infrastructure and README are written for and no setting says."""
    return {
        "readers": math.ceil(workload.consumer_groups),
        "own_key": "encryption" in workload.compliance,
        "delivery": workload.delivery,
        "consumer_runtime": workload.consumer_runtime,
        "integrations": workload.integrations,
        "asked_delay_seconds": workload.delay_seconds,
        "at_most_once": workload.delivery == "at-most-once",
        "multi_region": workload.multi_region != "none",
        **{name: getattr(workload, name) for name in _NEEDS},
    }


def _provisioned(sizing: Sizing, decided: Mapping[str, Setting]) -> int | None:
    """The throughput of one broker's disk that the bill has as provisioned, as Terraform takes it: in whole MiB/s."""
    billed = dict(sizing.quantities).get("throughput_mib_months")
    return math.floor(billed / float(decided["broker_count"].value)) if billed else None


def _running(recommendation: Recommendation, option: str) -> str:
    """Which Kafka runs that the option's bill counts on, and adds to; empty where it does not."""
    is_added = recommendation.verdict(option).estimate.is_added
    return recommendation.workload.running_kafka if is_added else ""


def _of_running(recommendation: Recommendation, running: str) -> tuple[Setting, ...]:
    """What the cluster that runs decides, where its kind is one of the options."""
    verdicts = (each for each in recommendation.verdicts if each.option == running)
    return tuple(each for verdict in verdicts for each in verdict.estimate.sizing.settings if each.id in _OF_CLUSTER)


def _plain(setting: Setting) -> float | int | str | bool | None:
    """As the environment has it, an empty text is null."""
    value = setting.value
    return int(value) if isinstance(value, float) and value.is_integer() else None if value == "" else value


def _names(name: str, option: str, sizing: Sizing, recommendation: Recommendation) -> tuple[Setting, ...]:
    """Queue, topic and group names; a FIFO queue's name must end in .fifo."""
    fifo = any(setting.id == "fifo" and setting.value is True for setting in sizing.settings)
    ending = ".fifo" if fifo else ""
    because = "Named after the project" + ("; the name of a FIFO queue ends in .fifo." if fifo else ".")
    given = {
        "topic": name,
        "dead_letter_topic": f"{name}.dead-letters",
        "consumer_group": f"{name}-consumer",
        "bridge_group": f"{name}-bridge",
        "queue_name": f"{name}{ending}",
        "dead_letter_queue_name": f"{name}-dead-letters{ending}",
    }
    if option == FANNED_OUT:
        given["topic_name"] = f"{name}{ending}"
    named = [Setting(id=key, value=value, unit="text", because=because) for key, value in given.items()]
    region = Setting(id="region", value=recommendation.workload.region, unit="text", because=_region(recommendation))
    return (*named, region)


def _region(recommendation: Recommendation) -> str:
    if recommendation.workload.region == "other":
        return "You named none that is known here: write its name before you deploy."
    stated = recommendation.workload.grades["region"] != ASSUMED
    return "The Region you named." if stated else "Assumed: no Region was named; change it before you deploy."


def _write_checksums(parts: Mapping[str, Part]) -> str:
    """As `sha256sum --check` reads it; what was edited since can be told by it."""
    return "".join(f"{parts[path].sha256}  {path}\n" for path in sorted(parts))


def _write_answers(recommendation: Recommendation, option: str, language: str, name: str, release: str) -> str:
    content = {
        "release": release,
        "rulebook": recommendation.rulebook_version,
        "option": option,
        "language": language,
        "name": name,
        **({"as_of": recommendation.as_of.isoformat()} if recommendation.as_of else {}),
        **({"weights": dict(recommendation.weights)} if recommendation.weights else {}),
        "answers": write_answers(recommendation.workload),
    }
    return _REMARK + write_yaml(content, sort_keys=False)
