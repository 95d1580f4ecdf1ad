"""Who reads in a Kafka cluster: the offsets that its groups have committed, of all topics at once. Read-only.

A share group commits none: it is counted, and what it reads stays open.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from advisor.core.errors import Problem
from advisor.observe.kafka_access import Cluster, try_read

Offsets = Mapping[Any, int]  # by kafka.TopicPartition
_GROUPS = 2000  # an end to a list that has none
_GROUPS_AT_ONCE = 50
_TOOLS = ("console-consumer-",)  # groups that people leave behind when they look
_SHARE, _EMPTY = "share", "Empty"


def read_groups(cluster: Cluster, gaps: list[Problem]) -> tuple[dict[str, Offsets] | None, int, frozenset[str]]:
    """What each group has committed, where that may be read, how many groups are there unread, and which of all have
    no members now: it may be one that reads at night, or one that is no more."""
    listed = try_read(gaps, "list groups", cluster.admin.list_groups)
    if listed is None:
        return None, 0, frozenset()
    groups = [group for group in listed if not str(group["group_id"]).startswith(_TOOLS)]
    names = sorted(str(group["group_id"]) for group in groups if group.get("group_type") != _SHARE)
    shared = len(groups) - len(names)
    if shared:
        message = f"Share groups, {shared} of {len(groups)} groups, do not tell this client what they read."
        hint = "State consumer_groups if they read it."
        gaps.append(Problem(where="list groups", code="share_groups", message=message, hint=hint))
    if len(names) > _GROUPS:
        message = f"Only the first {_GROUPS} of {len(names)} groups were looked at."
        gaps.append(Problem(where="list groups", code="too_many", message=message))
    committed: dict[str, Offsets] = {}
    failed: list[Problem] = []
    for at in range(0, min(len(names), _GROUPS), _GROUPS_AT_ONCE):
        committed |= _read_committed(cluster, names[at : min(at + _GROUPS_AT_ONCE, _GROUPS)], failed)
    unread = len(names) - len(committed)
    for problem in failed[:1]:
        gaps.append(replace(problem, message=f"Of {len(names)} groups {unread} could not be read. {problem.message}"))
    empty = frozenset(str(group["group_id"]) for group in groups if group.get("group_state") == _EMPTY)
    return committed, unread + shared, empty


def _read_committed(cluster: Cluster, names: list[str], failed: list[Problem]) -> dict[str, Offsets]:
    """One that may not be read spoils the answer for all of them, so that each is asked for then."""
    gaps: list[Problem] = []
    found = try_read(gaps, "list group offsets", lambda: cluster.admin.list_group_offsets(names))
    if found is None and (len(names) == 1 or gaps[0].code == "no_answer"):  # who does not answer takes its time
        failed.extend(gaps)
    elif found is None:
        alone = (_read_committed(cluster, [name], failed) for name in names)
        return {name: offsets for each in alone for name, offsets in each.items()}
    return {
        name: {partition: each.offset for partition, each in offsets.items() if each.offset >= 0}
        for name, offsets in (found or {}).items()
    }
