"""What infrastructure and the people on call need beyond the project's own settings: machines, and when to wake up.

Knows no price and no tool.
"""

import math

from advisor.core.estimate import Setting
from advisor.core.facts import Facts
from advisor.core.options._kafka import Stream
from advisor.core.options._lambda_shown import function_visibility
from advisor.core.options._model import GIB, say, setting, whole
from advisor.core.options._sqs import receive_batch
from advisor.core.workload import Workload

MINUTE = 60.0  # what a watch is averaged over; a burst within it is no alarm
SEGMENTS = 4.0  # ours: what is kept lies in so many, and one more waits to be deleted
DEAD_LETTER_BYTES = 4096.0  # what the kits' attributes of a dead letter may take: 500 letters of a reason, ids, names


def queue_alarms(workload: Workload, facts: Facts, in_flight_fact: str) -> tuple[Setting, ...]:
    """When a message waits too long, and when too many are in hand."""
    wait, batch = max(workload.latency_ms_target / 1000, MINUTE), receive_batch(workload, facts).batch
    longest = max(workload.processing_seconds_max, workload.processing_seconds_avg)
    behind = (batch - 1) * workload.processing_seconds_avg
    age = wait + behind + longest + min(workload.delay_seconds, facts.number("sqs_delay_seconds_max"))
    because = (
        f"{say(wait)} s for the latency target, a minute at least, {say(behind)} s for those before it in a batch, "
        f"{say(longest)} s of work and the stated delay"
    )
    if workload.consumer_runtime == "lambda":  # what fails once is hidden for so long, and late for no other reason
        hidden = float(function_visibility(workload, facts, batch).value)
        age, because = age + hidden, f"{because}, and {say(hidden)} s until what failed once comes again"
    return (
        setting("alarm_age_seconds", whole(age), "seconds", because),
        _share_of("alarm_in_flight_messages", facts.number(in_flight_fact), "in flight at most", facts),
    )


def _share_of(name: str, limit: float, what: str, facts: Facts) -> Setting:
    share = facts.number("plan_alarm_share")
    return setting(name, float(math.floor(share * limit)), "count", f"{say(share)} x {say(limit)} {what}")


def queue_size(workload: Workload, facts: Facts) -> Setting:
    """A queue made by Terraform takes less than SQS would, unless it is told to."""
    usual, most = facts.number("terraform_queue_message_bytes"), facts.number("sqs_message_bytes_max")
    if workload.message_size_bytes_max + DEAD_LETTER_BYTES <= usual:
        because = "what Terraform sets by itself; your messages fit, with the reason of a dead letter"
        return setting("max_message_bytes", usual, "bytes", because)
    because = f"the most that SQS takes, for messages of {say(workload.message_size_bytes_max)} bytes"
    return setting("max_message_bytes", most, "bytes", because)


def stream_alarms(workload: Workload, stream: Stream) -> tuple[Setting, ...]:
    """When the worst partition is too far behind."""
    wait = max(workload.latency_ms_target / 1000, MINUTE)
    longest = max(workload.processing_seconds_max, workload.processing_seconds_avg)
    rate = workload.messages_per_second_peak_at_horizon / stream.partitions
    because = (
        f"{say(rate)} messages/s of one partition at the peak x {say(wait + longest)} s: the latency target, at least "
        f"a minute, and {say(longest)} s of work"
    )
    return (setting("alarm_lag_messages", whole(rate * (wait + longest), least=1), "count", because),)


def broker_settings(size: str, brokers: int) -> tuple[Setting, ...]:
    """The machines of a cluster."""
    return (
        setting("broker_type", size, "", "the cheapest that fits, as the sizing has it"),
        setting("broker_count", float(brokers), "count", "the largest need of the sizing, in whole zones"),
    )


def disk_settings(stream: Stream, disk_bytes: float, brokers: int, facts: Facts) -> tuple[Setting, ...]:
    """The disk of one broker, when there is just time enough to enlarge it, and that what is over leaves it."""
    share, full = whole(disk_bytes / GIB / brokers, least=1), facts.number("msk_standard_disk_percent_alarm")
    because = f"{say(disk_bytes / GIB)} GiB for all brokers ÷ {say(brokers)}"
    return (
        setting("broker_volume_gib", share, "GiB", because),
        setting("alarm_disk_percent", full, "percent", "a broker whose disk is full stops"),
        _roll(stream.kept_hours, facts),
    )


def _roll(kept_hours: float, facts: Facts) -> Setting:
    """Left to itself, a segment of a slow partition grows for a week, and then waits for the retention to be over."""
    usual = facts.number("kafka_segment_hours_default")
    hours = min(usual, kept_hours / SEGMENTS)
    because = (
        f"a new segment each {say(hours)} h ({say(kept_hours)} h ÷ {say(SEGMENTS)}, {say(usual)} h at most): Kafka "
        "deletes whole segments, and large ones would keep more than the disk was sized for"
    )
    return setting("log_roll_ms", whole(hours * 3.6e6), "ms", because)


def no_disk_settings() -> tuple[Setting, ...]:
    """No value stands for none."""
    because = "storage grows by itself"
    return tuple(setting(each, "", "", because) for each in ("broker_volume_gib", "alarm_disk_percent", "log_roll_ms"))


def msk_settings(versions: str, facts: Facts) -> tuple[Setting, ...]:
    """The newest Kafka that the fact `versions` names, in KRaft mode as MSK spells it, and how busy brokers may be."""
    known = facts[versions].cells[()].value
    newest = known[-1] if isinstance(known, tuple) else known
    busy = facts.number("msk_standard_cpu_percent_target")
    return (
        setting("kafka_version", f"{newest}.x.kraft", "", "the newest that was seen for such brokers"),
        setting("alarm_cpu_percent", busy, "percent", "above it the loss of a zone cannot be borne"),
    )
