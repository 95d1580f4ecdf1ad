"""What a Kafka project sets its topic, its producers and its consumers to, each with its reason.

Knows no price and no option.
"""

import math

from advisor.core.estimate import Setting
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options._deployed import stream_alarms
from advisor.core.options._kafka import COPIES, Stream
from advisor.core.options._model import assumptions, say, setting, whole
from advisor.core.workload import Workload

FIRST_PAUSE_SECONDS = 0.2  # ours, doubled before each further attempt
INTERVAL_SECONDS_MAX = (2**31 - 1) // 1000  # max.poll.interval.ms is an int of 32 bits


def topic_settings(
    workload: Workload, facts: Facts, stream: Stream, security: tuple[Setting, ...]
) -> tuple[Setting, ...]:
    """What the project sets its topic and its consumers to; `security` is how they sign in once deployed."""
    topic, checks = _settings(workload, facts, stream)
    return (*topic, *security, *checks)


@once
def _settings(workload: Workload, facts: Facts, stream: Stream) -> tuple[tuple[Setting, ...], tuple[Setting, ...]]:
    """Those of the topics and of their consumers, and what is checked and watched: the same for every option."""
    kept = f"the longer of {say(workload.retention_hours)} h retention and {say(workload.outage_hours)} h outage"
    in_sync = facts.number("msk_standard_min_insync_replicas_default")
    topic = (
        setting("partitions", float(stream.partitions), "count", "throughput and one consumer for each partition"),
        setting("replication_factor", facts.number(COPIES), "count", "one copy in each of three zones"),
        setting("min_insync_replicas", in_sync, "count", "writes go on with one zone lost, and lose nothing"),
        setting("retention_ms", whole(stream.kept_hours * 3.6e6), "ms", kept),
        *_poll_settings(workload, facts),
        _linger(workload, facts),
        setting(
            "compression_type",
            "gzip" if workload.compression_ratio > 1 else "none",
            "",
            f"compression by {say(workload.compression_ratio)} is reckoned with; each client has gzip built in",
        ),
    )
    return topic, (*assumptions(workload), *stream_alarms(workload, stream))


def _poll_settings(workload: Workload, facts: Facts) -> tuple[Setting, ...]:
    """So long between polls that even the slowest message may fail at every attempt, and a batch that takes half."""
    longest = max(workload.processing_seconds_max, workload.processing_seconds_avg)
    attempts, least = (
        facts.number(each) for each in ("plan_max_receive_count", "kafka_max_poll_interval_seconds_default")
    )
    pauses = FIRST_PAUSE_SECONDS * (2 ** (attempts - 1) - 1)
    interval = min(INTERVAL_SECONDS_MAX, max(least, math.ceil(2 * (attempts * longest + pauses))))
    failing = f"{say(attempts)} attempts of {say(longest)} s with pauses of {say(pauses)} s"
    return (
        *_batch(workload, facts, interval),
        setting("max_poll_interval_ms", interval * 1000.0, "ms", f"at least {say(least)} s, and twice {failing}"),
        setting("max_attempts", attempts, "count", "outlast a short outage of what the handler calls; then set aside"),
        setting("retry_backoff_ms", FIRST_PAUSE_SECONDS * 1000, "ms", f"doubled each time: {say(pauses)} s in all"),
    )


def _batch(workload: Workload, facts: Facts, interval: float) -> tuple[Setting, ...]:
    """By the average: a rare slow message must not make every batch small."""
    average, most = workload.processing_seconds_avg, facts.number("kafka_max_poll_records_default")
    records = max(1.0, min(most, interval / 4 // average)) if average > 0 else most
    because = f"{say(records)} x {say(average)} s on average is at most a quarter of {say(interval)} s"
    return (setting("max_poll_records", records, "count", because),)


def _linger(workload: Workload, facts: Facts) -> Setting:
    default = facts.number("kafka_linger_seconds_default") * 1000
    value = math.floor(min(default, workload.latency_ms_target / 10))
    return setting("linger_ms", float(value), "ms", "the default, or a tenth of the latency target if that is less")
