"""Reads live SQS queues: attributes, tags, the SNS topics that feed them, and CloudWatch over a window. Read-only.

Many queues share their calls: one list of subscriptions, one request for the metrics of a chunk of queues.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from advisor.core.errors import AnswersError, Problem
from advisor.core.observation import Observation
from advisor.observe.aws import Aws, must_read, try_read
from advisor.observe.queue import Points, Readings, Subscription, Window, interpret_queue
from advisor.observe.series import HOUR

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch.type_defs import MetricDataQueryTypeDef, MetricDataResultTypeDef
    from mypy_boto3_sqs.type_defs import PaginatorConfigTypeDef

CHUNK = 41  # queues whose metrics fit into one GetMetricData, which takes 500 queries
_PAGES = 500  # of any list: an end to a list that has none
_LOST = frozenset({"gone", "no_credentials", "unreachable"})  # what leaves nothing more to ask about a queue

# Our name, the metric, the statistic. Only what is sent is read finely; the rest by the hour.
_METRICS = (
    ("sent", "NumberOfMessagesSent", "Sum"),
    ("received", "NumberOfMessagesReceived", "Sum"),
    ("empty", "NumberOfEmptyReceives", "Sum"),
    ("size_sum", "SentMessageSize", "Sum"),
    ("size_count", "SentMessageSize", "SampleCount"),
    ("size_max", "SentMessageSize", "Maximum"),
    ("age", "ApproximateAgeOfOldestMessage", "Maximum"),
    ("in_flight", "ApproximateNumberOfMessagesNotVisible", "Average"),
    ("in_flight_max", "ApproximateNumberOfMessagesNotVisible", "Maximum"),
    ("waiting_max", "ApproximateNumberOfMessagesVisible", "Maximum"),
    ("delayed", "ApproximateNumberOfMessagesDelayed", "Maximum"),
)
_DEAD = ("dead", "ApproximateNumberOfMessagesVisible", "Maximum")
_ALL = (*_METRICS, _DEAD)


def make_window(hours: int, now: datetime, kept_hours: tuple[float, float], *, is_fleet: bool = False) -> Window:
    """The last whole hours; counted by the minute for one queue, by five minutes for many, as far as these are kept.

    `kept_hours` is how long CloudWatch keeps the one and the other; the hour that has begun is not in the window.
    """
    end = now.timestamp() // HOUR * HOUR
    fine = 60 if hours < kept_hours[0] and not is_fleet else 300
    return Window(start=end - hours * HOUR, end=end, period=fine if hours < kept_hours[1] else int(HOUR))


def find_queues(aws: Aws, prefix: str) -> tuple[str, ...]:
    """The addresses of all queues whose names start so; raises AnswersError when they cannot be listed."""
    named = {"QueueNamePrefix": prefix} if prefix else {}
    limits: PaginatorConfigTypeDef = {"PageSize": 1000, "MaxItems": 1000 * _PAGES}
    pages = aws.sqs.get_paginator("list_queues").paginate(**named, PaginationConfig=limits)
    return must_read(
        "sqs:ListQueues", lambda: tuple(sorted(url for page in pages for url in page.get("QueueUrls", [])))
    )


def name_of(url: str) -> str:
    """The queue's name: the last part of its address."""
    return url.rstrip("/").rpartition("/")[2]


def observe_one(aws: Aws, url: str, window: Window, long_poll_seconds: float) -> Observation:
    """One queue; raises AnswersError when it is not there, or nothing about it can be read."""
    observed = next(observe_many(aws, (url,), window, long_poll_seconds))
    fatal = [gap for gap in observed.gaps if gap.code in _LOST]
    if fatal and not observed.findings:
        raise AnswersError(fatal[0])
    return observed


def observe_many(aws: Aws, urls: Sequence[str], window: Window, long_poll_seconds: float) -> Iterator[Observation]:
    """One observation for each queue, in order; what cannot be read is a gap in its own and stops no other."""
    topics = _Topics(aws=aws)
    for at in range(0, len(urls), CHUNK):
        chunk = [_read_settings(aws, url) for url in urls[at : at + CHUNK]]
        gaps: list[Problem] = []
        metrics = _read_metrics(aws, [settings for settings in chunk if settings.attributes is not None], window, gaps)
        for settings in chunk:
            found = metrics.get(settings.name, _Metrics())
            own = [*gaps, *found.explain(settings.name)]
            yield _observe(settings, found.points, topics, window, long_poll_seconds, own)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Settings:
    name: str
    attributes: Mapping[str, str] | None
    tags: Mapping[str, str]
    gaps: tuple[Problem, ...]

    @property
    def is_gone(self) -> bool:
        return any(gap.code in _LOST for gap in self.gaps)


def _read_settings(aws: Aws, url: str) -> _Settings:
    name, gaps = name_of(url), list[Problem]()
    what = f"{name}: sqs:GetQueueAttributes"
    found = try_read(gaps, what, lambda: aws.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"]))
    settings = _Settings(name=name, attributes=None, tags={}, gaps=tuple(gaps))
    if settings.is_gone:
        return settings
    tagged = try_read(gaps, f"{name}: sqs:ListQueueTags", lambda: aws.sqs.list_queue_tags(QueueUrl=url))
    return _Settings(
        name=name,
        attributes={str(key): value for key, value in found["Attributes"].items()} if found else {},
        tags=tagged.get("Tags", {}) if tagged else {},
        gaps=tuple(gaps),
    )


def _observe(
    settings: _Settings,
    metrics: Mapping[str, Points],
    topics: "_Topics",
    window: Window,
    long_poll_seconds: float,
    gaps: Sequence[Problem],
) -> Observation:
    if settings.attributes is None:
        return Observation(subject=settings.name, option="", gaps=settings.gaps)
    own = [*settings.gaps, *gaps]
    readings = Readings(
        name=settings.name,
        region=topics.aws.region,
        window=window,
        attributes=settings.attributes,
        tags=settings.tags,
        subscriptions=topics.feeding(settings.attributes.get("QueueArn", ""), own),
        metrics=metrics,
        long_poll_seconds=long_poll_seconds,
    )
    return interpret_queue(readings, own)


@dataclass(slots=True)
class _Topics:
    """Every SNS subscription of the Region, listed once, when the first queue asks."""

    aws: Aws
    listed: tuple[tuple[str, str, str], ...] | None = None  # topic, endpoint, subscription
    gaps: list[Problem] = field(default_factory=list)

    def feeding(self, queue_arn: str, gaps: list[Problem]) -> tuple[Subscription, ...]:
        if self.listed is None:
            self.listed = try_read(self.gaps, "sns:ListSubscriptions", self._list) or ()
        gaps.extend(self.gaps)
        mine = [(topic, own) for topic, endpoint, own in self.listed if endpoint == queue_arn and queue_arn]
        return tuple(self._read(topic, own, gaps) for topic, own in mine)

    def _list(self) -> tuple[tuple[str, str, str], ...]:
        pages = self.aws.sns.get_paginator("list_subscriptions").paginate(PaginationConfig={"MaxItems": 100 * _PAGES})
        return tuple(
            (each.get("TopicArn", ""), each.get("Endpoint", ""), each.get("SubscriptionArn", ""))
            for page in pages
            for each in page.get("Subscriptions", ())
            if each.get("SubscriptionArn", "").startswith("arn:")  # until it is confirmed it gets nothing
        )

    def _read(self, topic: str, own: str, gaps: list[Problem]) -> Subscription:
        what = "sns:GetSubscriptionAttributes"
        found = try_read(gaps, what, lambda: self.aws.sns.get_subscription_attributes(SubscriptionArn=own))
        readers = sum(1 for other, _, _ in self.listed or () if other == topic)
        is_filtered = bool(found and found["Attributes"].get("FilterPolicy"))
        return Subscription(topic=topic.rpartition(":")[2], readers=readers, is_filtered=is_filtered)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Metrics:
    """By our name of the metric: empty lists where nothing was counted; and what became of those that failed."""

    points: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)

    def add(self, own: str, result: "MetricDataResultTypeDef") -> None:
        """A part of the metric, whose last one says whether it is complete."""
        times = (time.timestamp() for time in result["Timestamps"])
        self.points.setdefault(own, []).extend(zip(times, result["Values"], strict=True))
        self.failed.pop(own, None)
        status = result.get("StatusCode", "Complete")
        if status != "Complete":
            said = (each.get("Value", "") for each in result.get("Messages", ()))
            self.failed[own] = ": ".join((status, *(" ".join(text.split())[:200] for text in said)))

    def whole(self) -> "_Metrics":
        """Without what failed: half a count reads as if nothing more had happened."""
        points = {own: points for own, points in self.points.items() if own not in self.failed}
        return _Metrics(points=points, failed=self.failed)

    def explain(self, name: str) -> Iterator[Problem]:
        if self.failed:
            metrics = ", ".join(sorted({metric for own, metric, _ in _ALL if own in self.failed}))
            message = f"CloudWatch could not read {metrics}: {min(self.failed.values()).rstrip('.')}."
            code = "denied" if message.partition(": ")[2].startswith("Forbidden") else "no_answer"
            hint = "Run it again; with --state only what is missing is read."
            yield Problem(where=f"{name}: cloudwatch:GetMetricData", code=code, message=message, hint=hint)


def _read_metrics(aws: Aws, queues: Sequence[_Settings], window: Window, gaps: list[Problem]) -> Mapping[str, _Metrics]:
    """By queue; none where nothing could be read."""
    asked: dict[str, tuple[str, str]] = {}
    queries: list[MetricDataQueryTypeDef] = []
    for number, queue in enumerate(queues):
        for own, metric, statistic, name in _wanted(queue):
            asked[f"q{number}_{own}"] = (queue.name, own)
            period = window.period if own == "sent" else int(HOUR)
            queries.append(_query(f"q{number}_{own}", metric, statistic, name, period))
    if not queries:
        return {}
    pages = aws.cloudwatch.get_paginator("get_metric_data").paginate(
        MetricDataQueries=queries,
        StartTime=datetime.fromtimestamp(window.start, UTC),
        EndTime=datetime.fromtimestamp(window.end, UTC),
        ScanBy="TimestampAscending",
    )
    results = try_read(
        gaps, "cloudwatch:GetMetricData", lambda: [each for page in pages for each in page["MetricDataResults"]]
    )
    if results is None:
        return {}
    found = {queue.name: _Metrics(points={own: [] for own, *_ in _wanted(queue)}) for queue in queues}
    for each in results:
        name, own = asked[each["Id"]]
        found[name].add(own, each)
    return {name: metrics.whole() for name, metrics in found.items()}


def _wanted(queue: _Settings) -> Iterator[tuple[str, str, str, str]]:
    """The metrics of the queue, and what waits in its dead-letter queue: moved messages are not counted as sent."""
    for own, metric, statistic in _METRICS:
        yield own, metric, statistic, queue.name
    dead = _dead_letter_queue(queue.attributes or {})
    if dead:
        yield *_DEAD, dead


def _dead_letter_queue(attributes: Mapping[str, str]) -> str:
    try:
        target = json.loads(attributes.get("RedrivePolicy", "{}")).get("deadLetterTargetArn", "")
    except (ValueError, AttributeError):
        return ""
    return str(target).rpartition(":")[2]


def _query(own_id: str, metric: str, statistic: str, queue: str, period: int) -> "MetricDataQueryTypeDef":
    return {
        "Id": own_id,
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/SQS",
                "MetricName": metric,
                "Dimensions": [{"Name": "QueueName", "Value": queue}],
            },
            "Period": period,
            "Stat": statistic,
        },
    }
