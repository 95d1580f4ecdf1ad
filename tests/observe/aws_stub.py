"""A CloudWatch that answers from given counts by botocore's Stubber, beside SQS and SNS of a real emulator."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.stub import ANY, Stubber

from advisor.observe.aws import Aws, open_aws
from advisor.observe.queue import Window

Metric = Callable[[str, str, float], float | None]  # metric, statistic, time: what CloudWatch has of that period
KEYS = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}


def make_client(service: Any, endpoint_url: str | None = None) -> Any:
    """A client of the tests' own, without the guard."""
    open_client: Any = boto3.client
    return open_client(service, endpoint_url=endpoint_url, **KEYS)


def answer_metrics(queries: list[dict[str, Any]], window: Window, metric: Metric) -> list[dict[str, Any]]:
    """Every query's data points, as GetMetricData has them."""
    results = []
    for query in queries:
        asked = query["MetricStat"]
        times = [window.start + at for at in range(0, int(window.seconds), asked["Period"])]
        found = [(time, metric(asked["Metric"]["MetricName"], asked["Stat"], time)) for time in times]
        kept = [(time, value) for time, value in found if value is not None]
        stamps = [datetime.fromtimestamp(time, UTC) for time, _ in kept]
        values = [value for _, value in kept]
        results.append(
            {"Id": query["Id"], "Label": "-", "Timestamps": stamps, "Values": values, "StatusCode": "Complete"}
        )
    return results


def with_metrics(aws: Aws, window: Window, metric: Metric | str) -> Aws:
    """The same clients with a CloudWatch that answers so once, in two pages; a text is the error that it answers."""
    client = make_client("cloudwatch")
    stubber = Stubber(client)
    stubber.activate()
    if isinstance(metric, str):
        stubber.add_client_error("get_metric_data", metric, "no such right", 403)
    else:
        client.meta.events.register("provide-client-params.cloudwatch.GetMetricData", _keep(stubber, window, metric))
    return Aws(region=aws.region, sqs=aws.sqs, sns=aws.sns, cloudwatch=client)


def _keep(stubber: Stubber, window: Window, metric: Metric) -> Callable[..., None]:
    """Queues the answer when the request is known."""

    def answer(params: Mapping[str, Any], **_: object) -> None:
        queries = params["MetricDataQueries"]
        half = len(queries) // 2
        page: dict[str, Any]
        if "NextToken" in params:
            page = {"MetricDataResults": answer_metrics(queries[half:], window, metric)}
            stubber.add_response("get_metric_data", page, {**params, "NextToken": "more"})
        else:
            page = {"MetricDataResults": answer_metrics(queries[:half], window, metric), "NextToken": "more"}
            expected = {"MetricDataQueries": ANY, "StartTime": ANY, "EndTime": ANY, "ScanBy": "TimestampAscending"}
            stubber.add_response("get_metric_data", page, expected)

    return answer


def open_emulator(endpoint_url: str, monkeypatch: Any) -> Aws:
    """Our own clients, with their guard, against the emulator."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    return open_aws("us-east-1", endpoint_url)
