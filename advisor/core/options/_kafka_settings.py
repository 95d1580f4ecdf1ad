"""What a Kafka project sets its topic, its producers and its consumers to, each with its reason.

Knows no price and no option.
"""

import math

from advisor.core.estimate import Setting
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options._deployed import stream_alarms
from advisor.core.options._kafka import COMPACTION, COPIES, LEAST_KEPT, Stream
from advisor.core.options._model import assumptions, say, setting, whole
from advisor.core.workload import Workload

FIRST_PAUSE_SECONDS = 0.2  # ours, doubled before each further attempt
HEADERS_BYTES = 65_536.0  # ours: room for key, headers and the frame of a batch
INTERVAL_SECONDS_MAX = (2**31 - 1) // 1000  # max.poll.interval.ms is an int of 32 bits


def topic_settings(workload: Workload, facts: Facts, stream: Stream, own: tuple[Setting, ...]) -> tuple[Setting, ...]:
    """What the project sets its topics and its consumers to; `own` is the option's: how clients sign in once deployed,
    and what its brokers want otherwise."""
    topic, checks = _settings(workload, facts, stream)
    taken = {each.id for each in own}
    return (*(each for each in topic if each.id not in taken), *own, *checks)


def record_sizes(workload: Workload, facts: Facts, most: float = math.inf) -> tuple[Setting, ...]:
    """How large a record the topics take, in bytes; `most` is what such brokers let a topic take."""
    usual, largest = facts.number("kafka_message_bytes_max_default"), whole(workload.message_size_bytes_max)
    needed = max(usual, largest + HEADERS_BYTES)
    size = min(needed, most - HEADERS_BYTES)
    because = f"your largest message of {say(largest)} bytes, and {say(HEADERS_BYTES)} for its key and headers"
    if needed == usual:
        because = "Kafka's own limit; your messages are smaller"
    if size < needed:
        because = f"as much as these brokers take, {say(most)}, less what headers add to a record that is set aside"
    more = f"{say(HEADERS_BYTES)} more: a record that is set aside carries its reason and origin in headers"
    return (
        setting("max_record_bytes", size, "bytes", because),
        setting("dead_letter_max_record_bytes", size + HEADERS_BYTES, "bytes", more),
    )


def fixed_min_insync(brokers: str) -> Setting:
    """For brokers that decide themselves how many copies confirm a write."""
    because = f"{brokers} decide it themselves and let no topic change it; 0 leaves it to the cluster"
    return setting("min_insync_replicas", 0.0, "count", because)


@once
def _settings(workload: Workload, facts: Facts, stream: Stream) -> tuple[tuple[Setting, ...], tuple[Setting, ...]]:
    """Those of the topics and of their consumers, and what is checked and watched: the same for every option."""
    kept = (
        f"the longest of {say(workload.retention_hours)} h retention, {say(workload.outage_hours)} h outage and "
        f"{say(facts.number(LEAST_KEPT))} h"
    )
    in_sync = facts.number("msk_standard_min_insync_replicas_default")
    dead = min(facts.number("plan_partitions_min"), float(stream.partitions))
    topic = (
        setting("partitions", float(stream.partitions), "count", "throughput and one consumer for each partition"),
        setting("dead_letter_partitions", dead, "count", "few records are set aside, and nobody waits for them"),
        setting("replication_factor", facts.number(COPIES), "count", "one copy in each of three zones"),
        setting("min_insync_replicas", in_sync, "count", "writes go on with one zone lost, and lose nothing"),
        setting("retention_ms", whole(stream.kept_hours * 3.6e6), "ms", kept),
        *_cleanup(workload),
        *record_sizes(workload, facts),
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


def _cleanup(workload: Workload) -> tuple[Setting, ...]:
    """Compaction where it was asked for; else records go by age, which is Kafka's own."""
    because = (
        "log compaction was asked for: the newest record of each key stays, however old, and older ones may go at any "
        "time; each record needs a key"
    )
    return (setting("cleanup_policy", "compact", "", because),) if COMPACTION in workload.integrations else ()


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
