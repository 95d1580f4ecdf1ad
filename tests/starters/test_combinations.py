"""Every language, option and notable workload: the kit is whole, and the project itself accepts its settings.

Code is the same in every kit of a language, settings.json is not. So each project is set up and built once, and
asked with the settings of each kit. `make test` has every pair of option and workload, `make verify` every combination.
"""

import json
import tempfile
from collections.abc import Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from advisor import service
from advisor.core.recommendation import Recommendation
from tests.starters.projects import LANGUAGES, Project, set_up

WORKLOADS: Mapping[str, Mapping[str, object]] = {
    "nothing said": {},
    "order per key": {"ordering": "per-key", "ordering_keys": 500, "messages_per_second_avg": 800},
    "order over everything": {"ordering": "global", "messages_per_second_avg": 5},
    "fan-out": {"consumer_groups": 5, "work_queue": False},
    "outside AWS": {"cloud": "gcp"},
    "delayed": {"delay_seconds": 900.5, "processing_seconds_avg": 40, "processing_seconds_max": 20_000},
    "tight and compressed": {"latency_ms_target": 15, "compression_ratio": 4},
    "large and kept": {
        "message_size_bytes_avg": 900_000,
        "message_size_bytes_max": 1_000_000,
        "retention_hours": 8760.3,
    },
    "larger than a queue takes": {"message_size_bytes_avg": 2_000_000},
    "heavy": {"messages_per_second_avg": 30_000, "processing_seconds_avg": 0.5, "growth_percent_per_month": 7.3},
    "next to nothing": {"messages_per_second_avg": 0.001, "message_size_bytes_avg": 1, "retention_hours": 0},
}
OPTIONS = tuple(service.get_rulebook().options)
# By the last of an option's starters, since to build a project takes longest; `make verify` tries all.
ALWAYS = {"sqs": ("python", "go"), "kafka": ("java", "typescript"), "bridge": ("java",)}
REFUSED = 2  # how a project ends that does not take its settings


def _combinations() -> list[Any]:
    """All of them; in `make test` each pair of option and workload, in some languages by turns."""
    options, found = service.get_rulebook().options, []
    for (turn, option), (offset, workload), language in product(enumerate(OPTIONS), enumerate(WORKLOADS), LANGUAGES):
        always = ALWAYS[options[option].starters[-1]]
        marks = () if language == always[(turn + offset) % len(always)] else (pytest.mark.slow,)
        found.append(pytest.param(language, option, workload, marks=marks, id=f"{language}-{option}-{workload}"))
    return found


@cache
def _recommend(workload: str) -> tuple[service.Query, Recommendation]:
    query = service.read_query(WORKLOADS[workload])
    return query, service.recommend(query)


@cache
def _project(broker: str, language: str) -> Project:
    return set_up(broker, language, Path(tempfile.mkdtemp(prefix=f"{broker}-{language}-")) / "project", records=False)


def _make(language: str, option: str, workload: str) -> service.Kit:
    _, recommendation = _recommend(workload)
    asked = {**WORKLOADS[workload], "option": option, "language": language, "name": "orders"}
    return service.build_kit(service.read_query(asked), recommendation)


@pytest.mark.parametrize(("language", "option", "workload"), _combinations())
def test_a_kit_is_whole_and_its_project_takes_its_settings(language: str, option: str, workload: str) -> None:
    LANGUAGES[language].require_tools()
    kit, brokers = _make(language, option, workload), service.get_rulebook().options[option].starters
    for broker in brokers:
        written = kit.parts[f"{broker}/settings.json" if len(brokers) > 1 else "settings.json"].content
        document = json.loads(written)
        assert document["settings"].keys() == document["reasons"].keys() >= document["deployed"].keys()
        assert all(document["reasons"].values())
        project = _project(broker, language)
        (project.folder / "settings.json").write_bytes(written)
        ended = project.end("reachable", DEPLOYED="true")
        assert ended.returncode != REFUSED, ended.stderr


def test_the_sample_has_every_pair_of_option_and_workload_and_every_language() -> None:
    sample = [each.values for each in _combinations() if not each.marks]
    assert {each[1:] for each in sample} == set(product(OPTIONS, WORKLOADS))
    assert {each[0] for each in sample} == set(LANGUAGES)
