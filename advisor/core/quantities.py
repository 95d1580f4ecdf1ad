"""What each derived quantity is computed from, and which way answers push it. Knows no workload and no rule."""

import math
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Protocol

from advisor.core.domains import Domain, Interval

# An answer to one of these makes the same work lighter; any other number makes it heavier or leaves it as it is.
# Every derived quantity and every cost rises with the load (tested), so two corners bound it over any box of domains.
LIGHTENING = frozenset({"batch_size", "compression_ratio", "ordering_keys", "latency_ms_target", "team_size"})

# What one call to SQS takes today: the fact sqs_batch_bytes_max (tested), which quantities cannot ask for.
CALL_BYTES = 2.0**20
_LARGEST_BATCH = 100
RUNNING_KAFKA = frozenset({"existing_platforms", "existing_kafka"})
CALLS = frozenset({"busiest_sequence_calls_per_second", "send_calls_per_second_peak"})

# Quantities that also turn with a choice; over an open choice they are taken at each of its values.
VARYING: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "busiest_sequence_messages_per_second": ("ordering",),
        "busiest_sequence_calls_per_second": ("ordering",),
        "busiest_sequence_wire_bytes_per_second": ("ordering",),
        "busiest_sequence_read_wire_bytes_per_second": ("ordering",),
        "busiest_sequence_busy": ("ordering",),
        "busy_per_sequence": ("ordering",),
        "send_calls_per_second_peak": ("ordering",),
    }
)

# What each derived quantity is computed from: questions, or other quantities.
READS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "growth_factor": ("growth_percent_per_month", "planning_horizon_months"),
        "messages_per_second_avg_at_horizon": ("messages_per_second_avg", "growth_factor"),
        "messages_per_second_peak_at_horizon": ("messages_per_second_peak", "growth_factor"),
        "bytes_per_second_avg": ("messages_per_second_avg_at_horizon", "message_size_bytes_avg"),
        "bytes_per_second_peak": ("messages_per_second_peak_at_horizon", "message_size_bytes_avg"),
        "wire_bytes_per_second_peak": ("bytes_per_second_peak", "compression_ratio"),
        "read_wire_bytes_per_second_peak": ("wire_bytes_per_second_peak", "consumer_groups"),
        "retained_bytes": ("bytes_per_second_avg", "retention_hours"),
        "in_flight_messages": ("messages_per_second_peak_at_horizon", "processing_seconds_avg"),
        "busiest_sequence_messages_per_second": (
            "ordering",
            "messages_per_second_peak_at_horizon",
            "hottest_key_messages_per_second",
            "growth_factor",
        ),
        "busiest_sequence_calls_per_second": (
            "busiest_sequence_messages_per_second",
            "batch_size",
            "message_size_bytes_avg",
        ),
        "busiest_sequence_wire_bytes_per_second": (
            "busiest_sequence_messages_per_second",
            "message_size_bytes_avg",
            "compression_ratio",
        ),
        "busiest_sequence_read_wire_bytes_per_second": ("busiest_sequence_wire_bytes_per_second", "consumer_groups"),
        "busiest_sequence_busy": ("busiest_sequence_messages_per_second", "processing_seconds_avg"),
        "busy_per_sequence": (
            "ordering",
            "messages_per_second_avg_at_horizon",
            "processing_seconds_avg",
            "ordering_keys",
        ),
        "send_calls_per_second_peak": (
            "messages_per_second_peak_at_horizon",
            "batch_size",
            "message_size_bytes_avg",
            "ordering",
            "ordering_keys",
        ),
        "delete_calls_per_second_peak": ("messages_per_second_peak_at_horizon", "in_flight_messages"),
    }
)
QUANTITIES = tuple(sorted(READS))


class Sent(Protocol):
    """What is said of messages on their way to a queue."""

    @property
    def batch_size(self) -> float: ...

    @property
    def message_size_bytes_avg(self) -> float: ...

    @property
    def call_bytes(self) -> float: ...


class Ordered(Protocol):
    """What is said of the order of messages."""

    @property
    def ordering(self) -> str: ...

    @property
    def ordering_keys(self) -> float: ...


class Batched(Sent, Ordered, Protocol):
    """Both: what decides how many messages go into a call of a FIFO queue."""


def sequences_of(ordered: Ordered) -> float:
    """How many messages order lets be handled at once: one of everything, or one of each key."""
    return {"none": math.inf, "global": 1.0}.get(ordered.ordering, max(1.0, ordered.ordering_keys))


def open_ends(domains: Mapping[str, Domain], *, heavy: bool) -> dict[str, float]:
    """The end of each open number that makes the work heaviest, or lightest."""
    spans = {name: each for name, each in domains.items() if isinstance(each, Interval) and not each.is_known}
    return {name: span.high if heavy != (name in LIGHTENING) else span.low for name, span in spans.items()}


def messages_per_call(sent: Sent) -> float:
    """What one call to SQS takes: the stated batch, as far as its bytes fit."""
    return min(sent.batch_size, max(1.0, sent.call_bytes // max(1.0, sent.message_size_bytes_avg)))


def mean_batch(sent: Batched) -> float:
    """What one call to a FIFO queue takes on average, as the projects send."""
    return sent_together(messages_per_call(sent), sent)


def sent_together(batch: float, ordered: Ordered) -> float:
    """Of batches of this size what goes in one call on average."""
    return sum(chances_together(batch, sequences_of(ordered)))


@lru_cache(1000)
def chances_together(batch: float, sequences: float) -> tuple[float, ...]:
    """Of each message of a batch the chance that it is in a call that takes one of each sequence, all alike in rate.

    SQS may refuse the first of two and take the second, so that the projects send what is in hand when a second one
    comes: the n-th is in the call if the n - 1 before it are of other sequences, and all different. Of a batch that is
    no whole number, the last counts for the part that it is.
    """
    chances, chance = [], 1.0
    for place in range(math.ceil(batch)):
        chances.append(chance * min(1.0, batch - place))
        chance *= 1 - (place + 1) / sequences
        if chance <= 0:
            break
    return tuple(chances)


def batch_for(together: float, sequences: float) -> float:
    """The batch of which so many go together; infinite where none is large enough that anybody sends."""
    if math.isinf(sequences):
        return together
    found = 0.0
    for place, chance in enumerate(chances_together(_LARGEST_BATCH, sequences)):
        if found + chance >= together:
            return place + (together - found) / chance
        found += chance
    return math.inf


def sequences_for(together: float, batch: float) -> float:
    """Of how many sequences so many of a batch go together; infinite where no number is large enough."""
    low, high = 1.0, 1e9
    while together <= batch and high / low > 1 + 1e-12:
        middle = math.sqrt(low * high)
        low, high = (low, middle) if sum(chances_together(batch, middle)) >= together else (middle, high)
    return high if sum(chances_together(batch, high)) >= together else math.inf


@cache
def questions_behind(name: str) -> tuple[str, ...]:
    """The questions that a quantity is computed from; a question stands for itself."""
    if name not in READS:
        return (name,)
    return tuple(dict.fromkeys(question for read in READS[name] for question in questions_behind(read)))


def computed_from(question: str) -> tuple[str, ...]:
    """The quantities that hang on a question, or on what a call to SQS takes."""
    if question == "call_bytes":
        return tuple(sorted(CALLS))
    if question in RUNNING_KAFKA:
        return ("running_kafka",)
    return tuple(name for name in QUANTITIES if question in questions_behind(name))
