"""Reads live Kafka topics: settings, offsets over time, a bounded sample of records, groups and their lag. Read-only.

All topics share one stretch of sampling and one look at the groups. Records are looked at and never kept.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from advisor.core.errors import AnswersError, Problem
from advisor.core.observation import Observation
from advisor.observe.groups import Offsets, read_groups
from advisor.observe.kafka_access import Cluster, explain, try_read
from advisor.observe.past import Past, read_past
from advisor.observe.series import HOUR, Rates
from advisor.observe.topic import Group, Sampled, TopicReadings, interpret_topic

_SAMPLE_SECONDS = 10.0
_MISDATED = "Its records are dated otherwise than they arrive, so only what came while it was sampled is counted."
_STATE_RATES = "Sample for longer, or state the rates."


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is looked at: seconds of sampling, hours back by record time in so many steps, records of a topic."""

    seconds: float
    hours: int
    steps: int
    records: int
    interval: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
    """What is known of all topics before each is told for itself."""

    cluster: Cluster
    plan: Plan
    bootstrap_servers: str
    topics: Mapping[str, Mapping[str, Any]]
    configs: Mapping[str, Mapping[str, str]]
    disk: Mapping[Any, float]
    racks: int
    begins: Offsets
    ticks: tuple[tuple[float, Offsets], ...]
    committed: Mapping[str, Offsets] | None
    unread_groups: int
    empty_groups: frozenset[str]
    gaps: tuple[Problem, ...]


def find_topics(cluster: Cluster, prefix: str) -> tuple[str, ...]:
    """The names of the topics that start so, without Kafka's own; raises AnswersError when they cannot be listed."""
    gaps: list[Problem] = []
    names = try_read(gaps, "list topics", cluster.admin.list_topics)
    if names is None:
        raise AnswersError(*gaps)
    return tuple(sorted(name for name in names if name.startswith(prefix) and not name.startswith("__")))


def observe_topics(cluster: Cluster, names: Sequence[str], plan: Plan, bootstrap_servers: str) -> Iterator[Observation]:
    """One observation for each topic, in order; what cannot be read is a gap in its own and stops no other."""
    look = _look(cluster, names, plan, bootstrap_servers)
    for name in names:
        topic = look.topics.get(name)
        problem = _problem(name, topic)
        if problem is not None or topic is None:
            yield Observation(subject=name, option="", gaps=(problem,) if problem else look.gaps)
        else:
            yield _observe(look, name, topic)


def _look(cluster: Cluster, names: Sequence[str], plan: Plan, bootstrap_servers: str) -> _Look:
    gaps: list[Problem] = []
    found = try_read(gaps, "describe topics", lambda: cluster.admin.describe_topics(list(names))) or []
    topics = {str(topic["name"]): topic for topic in found}
    good = [name for name, topic in topics.items() if not topic["error_code"]]
    partitions = [partition for name in good for partition in _partitions(name, topics[name])]
    begins = try_read(gaps, "list offsets", lambda: cluster.consumer.beginning_offsets(partitions)) or {}
    ticks = tuple(_tick(cluster, partitions, plan, gaps)) if begins else ()
    committed, unread, empty = read_groups(cluster, gaps)
    return _Look(
        cluster=cluster,
        plan=plan,
        bootstrap_servers=bootstrap_servers,
        topics=topics,
        configs=_read_configs(cluster, good, gaps),
        disk=_read_disk(cluster, good, topics, gaps),
        racks=_count_racks(cluster, gaps),
        begins=begins,
        ticks=ticks,
        committed=committed,
        unread_groups=unread,
        empty_groups=empty,
        gaps=tuple(gaps),
    )


def _problem(name: str, topic: Mapping[str, Any] | None) -> Problem | None:
    from kafka.errors import for_code  # noqa: PLC0415

    if topic is None or not topic["error_code"]:
        return None
    return explain(name, for_code(topic["error_code"])())


def _partitions(name: str, topic: Mapping[str, Any]) -> list[Any]:
    from kafka import TopicPartition  # noqa: PLC0415

    return [TopicPartition(name, partition["partition_index"]) for partition in topic["partitions"]]


def _tick(cluster: Cluster, partitions: list[Any], plan: Plan, gaps: list[Problem]) -> Iterator[tuple[float, Offsets]]:
    """End offsets now and at every interval; a tick that fails ends the sampling with what there is."""
    start = time.monotonic()
    for number in range(round(plan.seconds / plan.interval) + 1):
        time.sleep(max(0.0, start + number * plan.interval - time.monotonic()))
        ends = try_read(gaps, "list offsets", lambda: cluster.consumer.end_offsets(partitions))
        if ends is None:
            return
        yield time.monotonic(), ends


def _read_configs(cluster: Cluster, names: list[str], gaps: list[Problem]) -> dict[str, dict[str, str]]:
    from kafka.admin import ConfigResource, ConfigResourceType  # noqa: PLC0415

    asked = [ConfigResource(ConfigResourceType.TOPIC, name) for name in names]
    what = "describe configs"
    found = try_read(gaps, what, lambda: cluster.admin.describe_configs(asked, config_filter="all")) if asked else None
    topics = (found or {}).get("topic", {})
    untold = [name for name in names if found is not None and not topics.get(name)]  # the client hides the refusal
    if untold:
        message = f"No settings are told of {', '.join(untold)[:200]}."
        gaps.append(Problem(where=what, code="denied", message=message, hint="Allow DESCRIBE_CONFIGS."))
    return {
        name: {key: str(entry["value"]) for key, entry in config.items() if entry.get("value") is not None}
        for name, config in topics.items()
    }


def _read_disk(
    cluster: Cluster, names: list[str], topics: Mapping[str, Mapping[str, Any]], gaps: list[Problem]
) -> dict[Any, float]:
    """The bytes of each partition on its leader's disk."""
    from kafka import TopicPartition  # noqa: PLC0415

    leaders = {
        (name, each["partition_index"]): each["leader_id"] for name in names for each in topics[name]["partitions"]
    }
    found = try_read(gaps, "describe log dirs", lambda: cluster.admin.describe_log_dirs(names)) if names else None
    return {
        TopicPartition(topic["name"], each["partition_index"]): float(each["partition_size"])
        for broker in found or ()
        for folder in broker["log_dirs"]
        for topic in folder["topics"]
        for each in topic["partitions"]
        if leaders.get((topic["name"], each["partition_index"])) == broker["broker"]
    }


def _count_racks(cluster: Cluster, gaps: list[Problem]) -> int:
    found = try_read(gaps, "describe cluster", cluster.admin.describe_cluster) or {"brokers": ()}
    return len({broker.get("rack") for broker in found["brokers"] if broker.get("rack")})


def _observe(look: _Look, name: str, topic: Mapping[str, Any]) -> Observation:
    partitions, gaps = _partitions(name, topic), list(look.gaps)
    ends = look.ticks[-1][1] if look.ticks else {}
    retained = tuple(ends[each] - look.begins[each] for each in partitions if each in ends and each in look.begins)
    config, live, what = look.configs.get(name, {}), _live(look, partitions), f"{name}: offsets by time"
    disk = find_disk(look.disk, partitions, config)
    past = try_read(gaps, what, lambda: _read_past(look, partitions, ends, disk, config)) if ends else None
    if past is not None and past.is_misdated(live):
        gaps.append(Problem(where=name, code="misdated", message=_MISDATED, hint=_STATE_RATES))
        past = None
    sample = try_read(gaps, f"{name}: fetch", lambda: _sample(look, partitions, ends)) if sum(retained) else None
    first = look.ticks[0][1] if look.ticks else {}
    moved = sum(1 for each in partitions if ends.get(each, 0) > first.get(each, 0))
    readings = TopicReadings(
        name=name,
        bootstrap_servers=look.bootstrap_servers,
        partitions=len(partitions),
        replicas=max((len(each["replica_nodes"]) for each in topic["partitions"]), default=0),
        in_sync=min((len(each["isr_nodes"]) for each in topic["partitions"]), default=0),
        racks=look.racks,
        config=config,
        retained=retained,
        disk_bytes=sum(disk.values()) if disk else None,
        live=live,
        past=past.rates if past else None,
        used_partitions=max(moved, sum(1 for count in retained if count)),
        sample=sample[0] if sample else (),
        record_share=sample[1] if sample else 1.0,
        groups=_groups(look, partitions, ends),
        unread_groups=look.unread_groups,
    )
    return interpret_topic(readings, gaps)


def _live(look: _Look, partitions: list[Any]) -> Rates | None:
    """Counts between ticks; a tick that came late spreads over the time it took."""
    totals = [(at, sum(ends[each] for each in partitions)) for at, ends in look.ticks]
    if len(totals) < 2:
        return None
    start, end = totals[0][0], totals[-1][0]
    steps = pairwise(totals)
    rates = [(after[1] - before[1]) / (after[0] - before[0]) for before, after in steps]
    interval = (end - start) / len(rates)
    return Rates(seconds=end - start, period=interval, counts=tuple(rate * interval for rate in rates))


def find_disk(disk: Mapping[Any, float], partitions: list[Any], config: Mapping[str, str]) -> Mapping[Any, float]:
    """The bytes of each partition; none where one is missing, or older records lie elsewhere (tiered storage)."""
    found = {each: disk[each] for each in partitions if each in disk}
    return found if len(found) == len(partitions) and config.get("remote.storage.enable") != "true" else {}


def _read_past(
    look: _Look, partitions: list[Any], ends: Offsets, disk: Mapping[Any, float], config: Mapping[str, str]
) -> Past | None:
    cut = {each: disk.get(each) for each in partitions if look.begins.get(each)}
    mine = {each: ends[each] for each in partitions}
    return read_past(look.cluster.consumer, mine, cut, config, look.plan.hours * HOUR, look.plan.steps)


def _sample(look: _Look, partitions: list[Any], ends: Offsets) -> tuple[tuple[Sampled, ...], float]:
    """The newest records, from each partition as many as its share of the records kept; and how many of the offsets
    passed were records."""
    consumer, total = look.cluster.consumer, sum(ends[each] - look.begins[each] for each in partitions)
    filled = [each for each in partitions if ends[each] > look.begins[each]]
    consumer.assign(filled)
    starts: dict[Any, int] = {}
    for each in filled:
        share = -(-look.plan.records * (ends[each] - look.begins[each]) // total)
        starts[each] = max(look.begins[each], ends[each] - share)
        consumer.seek(each, starts[each])
    taken: list[Sampled] = []
    deadline = time.monotonic() + _SAMPLE_SECONDS
    while len(taken) < look.plan.records and time.monotonic() < deadline and not _is_done(consumer, filled, ends):
        for partition, records in consumer.poll(timeout_ms=500, max_records=look.plan.records - len(taken)).items():
            taken.extend(_reduce(record) for record in records if record.offset < ends[partition])
    passed = sum(min(consumer.position(each), ends[each]) - start for each, start in starts.items())
    consumer.assign([])
    return tuple(taken), len(taken) / passed if passed else 1.0


def _is_done(consumer: Any, partitions: list[Any], ends: Offsets) -> bool:
    return all(consumer.position(each) >= ends[each] for each in partitions)


def _reduce(record: Any) -> Sampled:
    """Nothing of the record but its size and a hash of its key leaves this function."""
    sizes = (record.serialized_key_size, record.serialized_value_size, record.serialized_header_size)
    return Sampled(
        octets=sum(max(0, size or 0) for size in sizes), key=None if record.key is None else hash(record.key)
    )


def _groups(look: _Look, partitions: list[Any], ends: Offsets) -> tuple[Group, ...] | None:
    if look.committed is None:
        return None
    mine = {
        name: {each: offsets[each] for each in partitions if each in offsets}
        for name, offsets in look.committed.items()
    }
    return tuple(
        Group(
            name=name,
            lag=sum(max(0, ends.get(each, at) - at) for each, at in offsets.items()),
            is_empty=name in look.empty_groups,
        )
        for name, offsets in mine.items()
        if offsets
    )
