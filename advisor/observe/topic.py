"""What the readings of one Kafka topic mean: settings, rates, a sample of records and groups into findings.

Pure: must not know how the readings were got. Of a record only its size and a hash of its key come here.
"""

import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import fmean, pstdev

from advisor.core.domains import Choices, Interval, known
from advisor.core.errors import Problem
from advisor.core.observation import Figure, Finding, Observation
from advisor.observe.series import DAY, HOUR, Rates

_MS_PER_HOUR = 3_600_000.0
_Z = 1.96  # 95 % of a normal distribution
_COVERED = 0.9  # of the traffic, by the keys seen: from there on their number is known well enough
_MSK = re.compile(r"\.kafka(?:-serverless)?\.([a-z0-9-]+)\.amazonaws\.com(?::|$)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """A record's size and its key's hash; None for a record without a key."""

    octets: int
    key: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A consumer group that has committed offsets in the topic, and how far it is behind."""

    name: str
    lag: int
    is_empty: bool = False  # of members, now


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicReadings:
    """Everything read about one topic; None or empty for what could not be."""

    name: str
    bootstrap_servers: str
    partitions: int
    replicas: int
    in_sync: int
    racks: int
    config: Mapping[str, str]
    retained: tuple[int, ...] = ()  # records by partition, from the first kept to the last
    disk_bytes: float | None = None
    live: Rates | None = None
    past: Rates | None = None
    used_partitions: int = 0
    sample: tuple[Sampled, ...] = field(default=(), repr=False)
    record_share: float = 1.0  # of the offsets in the sample; the others mark the ends of transactions
    groups: tuple[Group, ...] | None = None
    unread_groups: int = 0  # of the cluster: each may have committed offsets here or not


def interpret_topic(readings: TopicReadings, gaps: Sequence[Problem]) -> Observation:
    """The findings that the readings allow, and a line for what they do not."""
    own = list(gaps)
    rates = list(_from_rates(readings, own))
    peak = max((each.peak for each in (readings.live, readings.past) if each), default=0.0) * _share(readings)
    findings = (
        *_from_place(readings),
        *_from_settings(readings, own),
        *rates,
        *_from_sample(readings),
        *_from_keys(readings, peak),
        *_from_groups(readings, own),
    )
    return Observation(
        subject=readings.name,
        option=_option(readings),
        findings=findings,
        figures=tuple(_figures(readings)),
        risks=tuple(_risks(readings)),
        gaps=tuple(own),
    )


def _share(readings: TopicReadings) -> float:
    """How much of what offsets count is records; all where records were taken out, which were counted rightly."""
    return 1.0 if "compact" in readings.config.get("cleanup.policy", "compact") else readings.record_share


def _option(readings: TopicReadings) -> str:
    return next(iter(_kinds(readings)), "kafka_self_managed")


def _kinds(readings: TopicReadings) -> tuple[str, ...]:
    """Which Kafka it may be, the likeliest first; nothing where the address says nothing: it may be anybody's."""
    if "kafka-serverless" in readings.bootstrap_servers:
        return ("msk_serverless",)
    if _MSK.search(readings.bootstrap_servers):
        return ("msk_provisioned", "msk_express")
    return ("confluent_cloud",) if ".confluent.cloud" in readings.bootstrap_servers else ()


def _finding(question: str, value: float | bool | str, window: str, source: str, error: float = 0.0) -> Finding:
    return Finding(question=question, domain=known(value), window=window, source=source, error=error)


def _from_place(readings: TopicReadings) -> Iterator[Finding]:
    msk = _MSK.search(readings.bootstrap_servers)
    if msk:
        yield _finding("cloud", "aws", "now", "the cluster's address is one of Amazon MSK")
        yield _finding("region", msk[1], "now", "the cluster's address")
    if kinds := _kinds(readings):
        where = "the cluster's address"
        yield Finding(question="existing_kafka", domain=Choices(values=kinds), window="now", source=where)
    if readings.racks > 1:
        yield _finding("availability_zones", float(readings.racks), "now", "Kafka broker.rack, distinct values")


def _from_settings(readings: TopicReadings, gaps: list[Problem]) -> Iterator[Finding]:
    retention, policy = readings.config.get("retention.ms", ""), readings.config.get("cleanup.policy", "")
    if "compact" in policy:
        compaction = ("log-compaction",)
        yield Finding(question="integrations", domain=known(compaction), window="now", source="Kafka cleanup.policy")
    is_sized = policy != "compact" and not readings.config.get("retention.bytes", "-").startswith("-")
    if retention.startswith("-") or policy == "compact":
        code, how = ("kept_by_size", "up to retention.bytes") if is_sized else ("kept_for_ever", "for ever")
        message = f"It keeps records {how}, which does not say how long you need them."
        gaps.append(_gap(readings, code, message, "State retention_hours."))
    elif retention:
        source = "Kafka retention.ms, as set" + ("; retention.bytes may end it sooner" if is_sized else "")
        yield _finding("retention_hours", float(retention) / _MS_PER_HOUR, "now", source)


def _gap(readings: TopicReadings, code: str, message: str, hint: str) -> Problem:
    return Problem(where=readings.name, code=code, message=message, hint=hint)


def _from_rates(readings: TopicReadings, gaps: list[Problem]) -> Iterator[Finding]:
    live, past, share = readings.live, readings.past, _share(readings)
    if not sum(readings.retained) and not (live and live.average):
        gaps.append(
            _gap(readings, "empty", "The topic is empty.", "Rates, sizes and keys stay unanswered; state them.")
        )
        return
    longest = max((each for each in (past, live) if each), key=lambda each: each.seconds, default=None)
    if longest is None:
        return
    if past is None and not longest.average:
        message = f"Nothing came in {_span(longest.seconds)}, which tells no rate."
        gaps.append(_gap(readings, "no_rates", message, "Sample for longer, or state the rates."))
        return
    how = "Kafka offsets by record time" if longest is past else "Kafka offsets, sampled"
    if longest.seconds < DAY:
        message = f"Its rates are those of {_span(longest.seconds)}; a day or a month may differ."
        gaps.append(_gap(readings, "short_window", message, "State them where you know better."))
    window = _span(longest.seconds)
    error = _counting_error(longest.average * longest.seconds) if longest is live else 0.0
    marks = f"; {100 * share:.3g} % of offsets are records, as in the sample" if share < 1 else ""
    yield _finding("messages_per_second_avg", longest.average * share, window, f"{how}{marks}", error)
    busiest = max((each for each in (past, live) if each), key=lambda each: each.peak)
    by = f"Kafka offsets by {_span(busiest.period)}; a shorter burst may be higher"
    error = _counting_error(busiest.peak * busiest.period)
    yield _finding("messages_per_second_peak", busiest.peak * share, _span(busiest.seconds), by, error)
    if past and past.seconds >= DAY:
        yield _finding("idle_or_bursty", past.is_idle_or_bursty, window, "Kafka offsets by record time")
        near = "Kafka offsets by record time, at half the peak or more"
        yield _finding("peak_hours_per_day", past.peak_hours_per_day, window, near)


def _span(seconds: float) -> str:
    return f"{seconds:.3g} s" if seconds < HOUR else f"{seconds / HOUR:.3g} h"


def _counting_error(count: float) -> float:
    """Of so many arrivals, as if they came at random."""
    return min(1.0, _Z / math.sqrt(count)) if count else 1.0


def _from_sample(readings: TopicReadings) -> Iterator[Finding]:
    sizes = [record.octets for record in readings.sample]
    if not sizes:
        return
    mean, number = max(1.0, fmean(sizes)), len(sizes)
    window = f"the last {number} records"
    error = _Z * pstdev(sizes) / math.sqrt(number) / mean
    yield _finding("message_size_bytes_avg", mean, window, "Kafka records: key, value and headers, uncompressed", error)
    larger = f"the largest of {number}; at most one record in {max(1, number // 3)} is larger"
    yield _finding("message_size_bytes_max", float(max(1, *sizes)), window, f"Kafka records: {larger}")
    ratio = _compression(readings, mean)
    if ratio:
        source = "Kafka log directories, bytes on the leaders' disks by record, against the sample"
        yield _finding("compression_ratio", max(1.0, ratio), "what is kept", source, 0.25)


def _compression(readings: TopicReadings, mean: float) -> float:
    """Uncompressed over stored bytes of a record; 0 where compaction may have taken records out of the count."""
    count = sum(readings.retained)
    if not count or not readings.disk_bytes or readings.config.get("cleanup.policy") != "delete":
        return 0.0
    return mean * count * _share(readings) / readings.disk_bytes


def _from_keys(readings: TopicReadings, peak: float) -> Iterator[Finding]:
    keys, number = _keys(readings), len(readings.sample)
    window, several = f"the last {number} records", readings.partitions > 1
    if number and not keys and several:
        yield _finding("ordering", "none", window, "no record has a key, and there are several partitions")
    if not keys:
        return
    if several:
        domain, source = Choices(values=("none", "per-key")), "records have keys, and there are several partitions"
        yield Finding(question="ordering", domain=domain, window=window, source=source)
    top = keys.most_common(1)[0][1] / number
    error = _Z * math.sqrt(top * (1 - top) / number) / top
    source = f"the commonest key's share of the sample, {100 * top:.3g} %, times the peak"
    yield _finding("hottest_key_messages_per_second", top * peak, window, source, min(1.0, error))
    count = _count_keys(keys)
    if count:
        error = count / len(keys) - 1 + 1 / math.sqrt(len(keys))
        yield _finding("ordering_keys", float(count), window, "distinct keys, with an estimate of those unseen", error)


def _keys(readings: TopicReadings) -> Counter[int]:
    return Counter(record.key for record in readings.sample if record.key is not None)


def _count_keys(keys: Counter[int]) -> int:
    """Chao's estimate, where the keys that were seen carry most of the traffic (Good and Turing); else 0."""
    once = sum(1 for count in keys.values() if count == 1)
    twice = sum(1 for count in keys.values() if count == 2)
    if 1 - once / keys.total() < _COVERED:
        return 0
    return round(len(keys) + once * (once - 1) / (2 * (twice + 1)))


def _from_groups(readings: TopicReadings, gaps: list[Problem]) -> Iterator[Finding]:
    groups, unread = readings.groups, readings.unread_groups
    if groups:
        empty = sum(group.is_empty for group in groups)
        doubts = ((unread, "could not be read"), (empty, "without members now"))
        source = "; ".join(
            ("Kafka consumer groups with committed offsets", *(f"{number} {how}" for number, how in doubts if number))
        )
        domain = Interval(low=max(1, len(groups) - empty), high=len(groups) + unread)
        yield Finding(question="consumer_groups", domain=domain, window="now", source=source)
    elif groups is not None and not unread:
        message = "No consumer group that you may see has committed offsets in it."
        gaps.append(_gap(readings, "no_groups", message, "State consumer_groups if readers keep offsets elsewhere."))


def _figures(readings: TopicReadings) -> Iterator[Figure]:
    yield Figure(name="partitions", value=float(readings.partitions), unit="count")
    yield Figure(name="copies", value=float(readings.replicas), unit="count")
    if readings.used_partitions and readings.partitions:
        used = 100 * readings.used_partitions / readings.partitions
        yield Figure(name="partitions that get records", value=used, unit="percent")
    if readings.disk_bytes is not None:
        yield Figure(name="bytes on disk, one copy", value=readings.disk_bytes, unit="bytes")
    keys = _keys(readings)
    if readings.sample:
        share = 100 * keys.total() / len(readings.sample)
        yield Figure(name="records with a key", value=share, unit="percent")
        yield Figure(name="distinct keys in the sample", value=float(len(keys)), unit="count")
    for group in readings.groups or ():
        yield Figure(name=f"lag of group {group.name}", value=float(group.lag), unit="count")


def _risks(readings: TopicReadings) -> Iterator[Figure]:
    """A group so far behind that the oldest kept records are next; copies that are missing."""
    lag = max((group.lag for group in readings.groups or ()), default=0)
    kept_seconds = float(readings.config.get("retention.ms", -1)) / 1000
    rate = readings.past.average if readings.past else 0.0
    if sum(readings.retained) and lag and kept_seconds > 0 and rate:
        yield Figure(name="lag over retention", value=100 * lag / rate / kept_seconds, unit="percent")
    if readings.in_sync < readings.replicas:
        yield Figure(name="copies out of step", value=100.0, unit="percent")
