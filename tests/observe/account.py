"""An AWS account of thousands of queues, answered inside botocore, before anything is sent: no network, no emulator."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from advisor.observe.aws import Aws
from tests.observe.aws_stub import make_client

BORN = datetime(2026, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 3, 1, tzinfo=UTC)
_PREFIX = "https://sqs.us-east-1.amazonaws.com/123456789012/"


def _response(status: int) -> AWSResponse:
    return AWSResponse("", status, HTTPHeaders(), None)


class Account:
    """Queues with a rate each; names with "gone" have vanished, those with "denied" may not be read."""

    def __init__(self, rates: Mapping[str, float], page: int = 1000) -> None:
        self.rates, self.page = dict(rates), page
        self.calls: Counter[str] = Counter()
        self._asked: dict[str, Any] = {}

    @property
    def urls(self) -> dict[str, str]:
        return {name: _PREFIX + name for name in self.rates}

    def open(self) -> Aws:
        clients = {service: make_client(service) for service in ("sqs", "sns", "cloudwatch")}
        for client in clients.values():
            client.meta.events.register("provide-client-params", self._note)
            client.meta.events.register("before-call", self._answer)
        return Aws(region="us-east-1", **clients)

    def _note(self, params: dict[str, Any], model: Any, **_: Any) -> None:
        self._asked[model.name] = params

    def _answer(self, model: Any, **_: Any) -> tuple[Any, Any]:
        self.calls[model.name] += 1
        asked = self._asked[model.name]
        error = self._error(asked.get("QueueUrl", ""))
        if error:
            return _response(400), {"Error": {"Code": error, "Message": "no"}, "ResponseMetadata": {}}
        parsed = getattr(self, f"_{model.name}")(asked)
        return _response(200), {**parsed, "ResponseMetadata": {}}

    def _error(self, url: str) -> str:
        if "gone" in url:
            return "AWS.SimpleQueueService.NonExistentQueue"
        return "AccessDenied" if "denied" in url else ""

    def _ListQueues(self, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as AWS names its calls
        found = [url for name, url in self.urls.items() if name.startswith(asked.get("QueueNamePrefix", ""))]
        start = int(asked.get("NextToken", 0))
        more = {"NextToken": str(start + self.page)} if start + self.page < len(found) else {}
        return {"QueueUrls": found[start : start + self.page], **more}

    def _GetQueueAttributes(self, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = asked["QueueUrl"].removeprefix(_PREFIX)
        arn = f"arn:aws:sqs:us-east-1:123456789012:{name}"
        born = str(int(BORN.timestamp()))
        return {
            "Attributes": {
                "QueueArn": arn,
                "CreatedTimestamp": born,
                "MessageRetentionPeriod": "345600",
                "DelaySeconds": "0",
            }
        }

    def _ListQueueTags(self, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {}

    def _ListSubscriptions(self, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"Subscriptions": []}

    def _GetMetricData(self, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        assert len(asked["MetricDataQueries"]) <= 500
        return {"MetricDataResults": [self._points(query, asked["StartTime"]) for query in asked["MetricDataQueries"]]}

    def _points(self, query: Mapping[str, Any], start: datetime) -> dict[str, Any]:
        """As much sent in every period, of 1,000 bytes each."""
        metric, period = query["MetricStat"]["Metric"], query["MetricStat"]["Period"]
        sent = self.rates[metric["Dimensions"][0]["Value"]] * period
        size = {"Sum": sent * 1000, "SampleCount": sent, "Maximum": 1000.0}.get(query["MetricStat"]["Stat"], 0.0)
        value = {"NumberOfMessagesSent": sent, "SentMessageSize": size if sent else 0.0}.get(metric["MetricName"])
        times = [start + timedelta(seconds=at) for at in range(0, 86400, period)] if value else []
        return {"Id": query["Id"], "Timestamps": times, "Values": [value] * len(times)}
