"""What the readings of one SQS queue mean: attributes, subscriptions and metrics into findings, figures and risks.

Pure: must not know how the readings were got.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from advisor.core.domains import Choices, Domain, known
from advisor.core.errors import Problem
from advisor.core.observation import Figure, Finding, Observation
from advisor.observe.series import DAY, HOUR, Rates, make_rates

Points = Sequence[tuple[float, float]]
_GAUGE_ERROR = 0.25  # CloudWatch samples what is in flight once a minute, and calls it approximate
_NOT_OWN = "alias/aws/sqs"  # the key that AWS manages
_SERVICES = {"s3.amazonaws.com": "s3", "events.amazonaws.com": "eventbridge", "sns.amazonaws.com": "sns"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From when to when, in seconds since 1970, and the period by which sends were counted."""

    start: float
    end: float
    period: int

    @property
    def seconds(self) -> float:
        return self.end - self.start

    @property
    def text(self) -> str:
        return f"{self.seconds / HOUR:g} h"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A topic that feeds the queue: how many readers it has in all, and whether it filters what comes here."""

    topic: str
    readers: int
    is_filtered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Readings:
    """Everything read about one queue; a metric that could not be read in full is absent from `metrics`."""

    name: str
    region: str
    window: Window
    attributes: Mapping[str, str]
    tags: Mapping[str, str]
    subscriptions: tuple[Subscription, ...] | None
    metrics: Mapping[str, Points]
    long_poll_seconds: float


def interpret_queue(readings: Readings, gaps: Sequence[Problem]) -> Observation:
    """The findings that the readings allow, and a line for what they do not."""
    own = list(gaps)
    findings = (*_from_attributes(readings), *_from_subscriptions(readings), *_from_metrics(readings, own))
    return Observation(
        subject=readings.name,
        option="sqs_fifo" if _is_fifo(readings) else "sqs_standard",
        findings=findings,
        figures=tuple(_figures(readings)),
        risks=tuple(_risks(readings)),
        gaps=tuple(own),
    )


def _is_fifo(readings: Readings) -> bool:
    return readings.name.endswith(".fifo")


def _set(question: str, domain: Domain, source: str) -> Finding:
    return Finding(question=question, domain=domain, window="now", source=source)


def _from_attributes(readings: Readings) -> Iterator[Finding]:
    given = readings.attributes
    yield _set("cloud", known("aws"), "the queue is in AWS")
    yield _set("region", known(readings.region), "the queue's Region")
    if not given:
        return
    if "MessageRetentionPeriod" in given:
        hours = float(given["MessageRetentionPeriod"]) / HOUR
        yield _set("retention_hours", known(hours), "SQS MessageRetentionPeriod, as set")
    if "DelaySeconds" in given:
        yield from _delay(readings, float(given["DelaySeconds"]))
    if "RedrivePolicy" in given:
        yield _set("per_message_retry_or_dlq", known(True), "SQS RedrivePolicy")
    yield from _order(readings)
    if not given.get("KmsMasterKeyId", _NOT_OWN).endswith(_NOT_OWN):
        yield _set("compliance", known(("encryption",)), "SQS KmsMasterKeyId")
    services = _services(given.get("Policy", ""))
    if services:
        yield _set("integrations", known(services), "the senders that SQS Policy lets in")


def _delay(readings: Readings, seconds: float) -> Iterator[Finding]:
    """A queue's own delay; messages that bring one of their own show in a metric only, which does not say how long."""
    delayed = readings.metrics.get("delayed")
    if seconds or (delayed is not None and not any(value > 0 for _, value in delayed)):
        yield _set("delay_seconds", known(seconds), "SQS DelaySeconds, as set")


def _order(readings: Readings) -> Iterator[Finding]:
    if not _is_fifo(readings):
        yield _set("ordering", known("none"), "a standard queue keeps no order")
        yield _set("delivery", Choices(values=("at-most-once", "at-least-once")), "a standard queue may deliver twice")
        return
    is_by_group = readings.attributes.get("FifoThroughputLimit") == "perMessageGroupId"
    domain = known("per-key") if is_by_group else Choices(values=("per-key", "global"))
    yield _set("ordering", domain, "a FIFO queue; FifoThroughputLimit")


def _services(policy: str) -> tuple[str, ...]:
    """Our names of the AWS services that a queue's policy lets in; nothing for a policy that cannot be read."""
    try:
        statements = json.loads(policy).get("Statement", [])
    except (ValueError, AttributeError):
        return ()
    text = json.dumps(statements)
    return tuple(sorted(name for service, name in _SERVICES.items() if f'"{service}"' in text))


def _from_subscriptions(readings: Readings) -> Iterator[Finding]:
    if not readings.subscriptions:
        return
    readers = max(each.readers for each in readings.subscriptions)
    yield _set("consumer_groups", known(float(max(1, readers))), "subscriptions of the SNS topic that feeds the queue")
    if any(each.is_filtered for each in readings.subscriptions):
        yield _set("content_routing", known(True), "an SNS FilterPolicy")


def _from_metrics(readings: Readings, gaps: list[Problem]) -> Iterator[Finding]:
    sent = readings.metrics.get("sent")
    if sent is None:
        return
    if not sent:
        message = f"No NumberOfMessagesSent in {readings.window.text}: nothing was sent, or the metric is not there."
        hint = "Rates stay unanswered; widen --window or state them."
        gaps.append(Problem(where=readings.name, code="no_metric", message=message, hint=hint))
        return
    rates = _rates(readings, sent)
    if rates.seconds < DAY:
        message = f"Its rates are those of {rates.seconds / HOUR:.3g} h; a day or a month may differ."
        gaps.append(Problem(where=readings.name, code="short_window", message=message, hint="Widen --window."))
    yield from _from_rates(readings, rates)
    yield from _from_sizes(readings)
    yield from _from_readers(readings)


def _rates(readings: Readings, points: Points) -> Rates:
    return make_rates(points, _start(readings), readings.window.end, readings.window.period)


def _start(readings: Readings) -> float:
    """Of the window, or of the queue's life where that is shorter."""
    window = readings.window
    born = float(readings.attributes.get("CreatedTimestamp", 0))
    start = window.start + max(0, (born - window.start) // window.period) * window.period
    return min(start, window.end - window.period)


def _seconds(readings: Readings) -> float:
    return readings.window.end - _start(readings)


def _find(readings: Readings, question: str, value: float | bool, metric: str, error: float = 0.0) -> Finding:
    text, source = f"{round(_seconds(readings) / HOUR, 1):g} h", f"CloudWatch {metric}"
    return Finding(question=question, domain=known(value), window=text, source=source, error=error)


def _from_rates(readings: Readings, rates: Rates) -> Iterator[Finding]:
    counted = f"NumberOfMessagesSent by {readings.window.period} s"
    yield _find(readings, "messages_per_second_avg", rates.average, "NumberOfMessagesSent")
    yield _find(readings, "messages_per_second_peak", rates.peak, f"{counted}; a single second may be busier")
    if rates.seconds >= DAY:
        yield _find(readings, "idle_or_bursty", rates.is_idle_or_bursty, counted)
        yield _find(readings, "peak_hours_per_day", rates.peak_hours_per_day, f"{counted}, at half the peak or more")


def _from_sizes(readings: Readings) -> Iterator[Finding]:
    messages, octets = _total(readings, "size_count"), _total(readings, "size_sum")
    if messages and octets:
        yield _find(readings, "message_size_bytes_avg", octets / messages, "SentMessageSize, average")
    largest = _highest(readings, "size_max")
    if largest:
        yield _find(readings, "message_size_bytes_max", largest, "SentMessageSize, maximum")


def _from_readers(readings: Readings) -> Iterator[Finding]:
    """Who reads, how long they hold a message (Little's law), and the empty receives that they pay for."""
    received = _total(readings, "received") / _seconds(readings)
    held = _average(readings, "in_flight")
    if received and held:
        source = "in flight over received: NotVisible / NumberOfMessagesReceived"
        yield _find(readings, "processing_seconds_avg", held / received, source, _GAUGE_ERROR)
    if "empty" in readings.metrics:
        empty = _total(readings, "empty") / _seconds(readings)
        source = f"NumberOfEmptyReceives, as pollers of {readings.long_poll_seconds:g} s"
        yield _find(readings, "idle_pollers", empty * readings.long_poll_seconds, source)


def _total(readings: Readings, metric: str) -> float:
    return sum(_values(readings, metric))


def _highest(readings: Readings, metric: str) -> float:
    return max(_values(readings, metric), default=0.0)


def _values(readings: Readings, metric: str) -> Iterator[float]:
    """Since the queue was made: one of the same name may have been there before."""
    start = _start(readings)
    return (value for time, value in readings.metrics.get(metric, ()) if time + HOUR > start)


def _average(readings: Readings, metric: str) -> float:
    """Of hourly averages, each for as long as the queue was there; an hour without one is one without messages."""
    start = _start(readings)
    spans = ((value, time + HOUR - max(time, start)) for time, value in readings.metrics.get(metric, ()))
    return sum(value * seconds for value, seconds in spans if seconds > 0) / _seconds(readings)


def _figures(readings: Readings) -> Iterator[Figure]:
    given = readings.attributes
    for name, unit in (("VisibilityTimeout", "seconds"), ("ReceiveMessageWaitTimeSeconds", "seconds")):
        if name in given:
            yield Figure(name=name, value=float(given[name]), unit=unit)
    if readings.metrics.get("sent"):
        yield Figure(name="burstiness, peak over average", value=_rates(readings, readings.metrics["sent"]).burstiness)
    received, empty = _total(readings, "received"), _total(readings, "empty")
    if empty and "received" in readings.metrics:
        yield Figure(name="empty receives of all", value=100 * empty / (empty + received), unit="percent")
    for metric, name, unit in _PEAKS:
        if metric in readings.metrics:
            yield Figure(name=name, value=_highest(readings, metric), unit=unit)
    for key, value in sorted(readings.tags.items()):
        yield Figure(name=f"tag {key}", value=value)
    for each in readings.subscriptions or ():
        yield Figure(name="fed by", value=each.topic)


_PEAKS = (
    ("waiting_max", "most messages waiting", "count"),
    ("in_flight_max", "most messages in flight", "count"),
    ("age", "age of the oldest message", "seconds"),
    ("dead", "most dead letters waiting", "count"),
)


def _risks(readings: Readings) -> Iterator[Figure]:
    """A message older than the retention is lost; dead letters mean that work is failing already."""
    kept = float(readings.attributes.get("MessageRetentionPeriod", 0))
    if kept and _highest(readings, "age"):
        yield Figure(name="oldest message over retention", value=100 * _highest(readings, "age") / kept, unit="percent")
    if _highest(readings, "dead"):
        yield Figure(name="dead letters waiting", value=100.0, unit="percent")
