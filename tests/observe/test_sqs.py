"""Live SQS queues on an emulator, CloudWatch by Stubber: what is found, what is missing, and no write."""

import json
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from advisor.core.domains import Choices, known
from advisor.core.errors import AnswersError
from advisor.core.observation import Observation
from advisor.observe.aws import READS, Aws, write_policy
from advisor.observe.queue import Window
from advisor.observe.sqs import make_window, observe_many, observe_one
from tests.observe.aws_stub import make_client, open_emulator, with_metrics

pytestmark = pytest.mark.broker
LATER = datetime.now(UTC) + timedelta(days=3)  # the queues of the tests are then older than the window
KEPT = (15 * 24.0, 63 * 24.0)
WINDOW = make_window(24, LATER, KEPT)
POLL = 20.0


@pytest.fixture
def aws(sqs_endpoint_url: str, monkeypatch: pytest.MonkeyPatch) -> Aws:
    return open_emulator(sqs_endpoint_url, monkeypatch)


@pytest.fixture
def sqs(sqs_endpoint_url: str) -> Any:
    return make_client("sqs", sqs_endpoint_url)


@pytest.fixture
def orders(sqs: Any) -> Iterator[str]:
    """A queue with a dead-letter queue, tags, and settings of its own."""
    name = f"orders-{uuid.uuid4().hex}"
    dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    settings = {
        "MessageRetentionPeriod": "172800",
        "DelaySeconds": "30",
        "VisibilityTimeout": "90",
        "RedrivePolicy": json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": "5"}),
    }
    url: str = sqs.create_queue(QueueName=name, Attributes=settings, tags={"team": "shop"})["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)
    sqs.delete_queue(QueueUrl=dead)


def busy(metric: str, statistic: str, time: float) -> float | None:
    """600 a minute by day, 60 by night, one minute of 3,000; 1,500 bytes each; 40 in flight; 2 in 12 receives empty."""
    hour = int((time - WINDOW.start) // 3600)
    by_minute = {
        "NumberOfMessagesSent": 3000.0 if time == WINDOW.start + 7200 else 600.0 if hour < 12 else 60.0,
    }
    by_hour = {
        ("NumberOfMessagesReceived", "Sum"): 36000.0,
        ("NumberOfEmptyReceives", "Sum"): 720.0,
        ("SentMessageSize", "Sum"): 54e6,
        ("SentMessageSize", "SampleCount"): 36000.0,
        ("SentMessageSize", "Maximum"): 9000.0,
        ("ApproximateAgeOfOldestMessage", "Maximum"): 86400.0 if hour == 3 else 5.0,
        ("ApproximateNumberOfMessagesNotVisible", "Average"): 40.0,
        ("ApproximateNumberOfMessagesNotVisible", "Maximum"): 70.0,
        ("ApproximateNumberOfMessagesVisible", "Maximum"): 12.0,
    }
    return by_minute.get(metric, by_hour.get((metric, statistic)))


def nothing(metric: str, statistic: str, time: float) -> float | None:
    return None


def answers_of(observation: Observation) -> dict[str, Any]:
    return {finding.question: finding.domain for finding in observation.findings}


def observe(aws: Aws, url: str, metric: Any = busy, window: Window = WINDOW) -> Observation:
    return observe_one(with_metrics(aws, window, metric), url, window, POLL)


def figures_of(observation: Observation) -> dict[str, Any]:
    return {figure.name: figure.value for figure in (*observation.figures, *observation.risks)}


def test_a_queue_answers_from_its_metrics(aws: Aws, orders: str) -> None:
    observation = observe(aws, orders)
    assert not observation.gaps
    found = answers_of(observation)
    sent = 12 * 60 * 600 + 12 * 60 * 60 + 2400
    assert found["messages_per_second_avg"].low == pytest.approx(sent / 86400)
    assert found["messages_per_second_peak"] == known(50.0)
    assert found["message_size_bytes_avg"] == known(1500.0)
    assert found["message_size_bytes_max"] == known(9000.0)
    assert found["processing_seconds_avg"] == known(4.0)  # 40 in flight, 10 received a second
    assert found["idle_pollers"] == known(4.0)  # an empty receive every 5 s, as of four that wait for 20 s each
    assert found["idle_or_bursty"] == known(False)
    assert found["peak_hours_per_day"].low == pytest.approx(1 / 60)


def test_a_queue_answers_from_its_settings(aws: Aws, orders: str) -> None:
    found = answers_of(observe(aws, orders))
    assert found["retention_hours"] == known(48.0)
    assert found["delay_seconds"] == known(30.0)
    assert found["per_message_retry_or_dlq"] == known(True)
    assert found["ordering"] == known("none")
    assert (found["cloud"], found["region"]) == (known("aws"), known("us-east-1"))


def test_every_finding_names_its_window_and_source(aws: Aws, orders: str) -> None:
    findings = {finding.question: finding for finding in observe(aws, orders).findings}
    assert findings["messages_per_second_avg"].window == "24 h"
    assert findings["messages_per_second_avg"].source == "CloudWatch NumberOfMessagesSent"
    assert findings["processing_seconds_avg"].error > 0
    assert all(finding.window and finding.source for finding in findings.values())


def test_figures_and_risks_are_told_apart_from_answers(aws: Aws, orders: str) -> None:
    observation = observe(aws, orders)
    figures = figures_of(observation)
    assert figures["VisibilityTimeout"] == 90
    assert figures["tag team"] == "shop"
    assert figures["most dead letters waiting"] == 12
    assert figures["empty receives of all"] == pytest.approx(100 * 720 / 36720)
    assert figures["oldest message over retention"] == pytest.approx(50.0)
    assert observation.option == "sqs_standard"


def test_a_fifo_queue_keeps_order_and_says_how_far_it_is_known(aws: Aws, sqs: Any) -> None:
    name = f"steps-{uuid.uuid4().hex}.fifo"
    url = sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})["QueueUrl"]
    observation = observe(aws, url)
    assert answers_of(observation)["ordering"] == Choices(values=("per-key", "global"))
    assert observation.option == "sqs_fifo"
    sqs.delete_queue(QueueUrl=url)


def test_topics_that_feed_a_queue_count_all_their_readers(
    aws: Aws, sqs: Any, orders: str, sqs_endpoint_url: str
) -> None:
    sns = make_client("sns", sqs_endpoint_url)
    topic = sns.create_topic(Name=f"placed-{uuid.uuid4().hex}")["TopicArn"]
    arn = sqs.get_queue_attributes(QueueUrl=orders, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = {"Attributes": {"FilterPolicy": json.dumps({"country": ["pt"]})}}
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, **policy)
    for other in ("one", "two"):
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=f"{arn}-{other}")
    found = answers_of(observe(aws, orders))
    assert found["consumer_groups"] == known(3.0)
    assert found["content_routing"] == known(True)


def test_missing_metrics_leave_rates_open_and_the_rest_goes_on(aws: Aws, orders: str) -> None:
    observation = observe(aws, orders, nothing)
    assert [gap.code for gap in observation.gaps] == ["no_metric"]
    assert "messages_per_second_avg" not in answers_of(observation)
    assert answers_of(observation)["retention_hours"] == known(48.0)


def test_a_denied_permission_is_one_line_and_the_rest_goes_on(aws: Aws, orders: str) -> None:
    observation = observe(aws, orders, "AccessDenied")
    assert [gap.code for gap in observation.gaps] == ["denied"]
    assert "--iam-policy" in observation.gaps[0].hint
    assert answers_of(observation)["retention_hours"] == known(48.0)


def test_a_queue_that_is_not_there_is_refused_in_one_line(aws: Aws, sqs_endpoint_url: str) -> None:
    with pytest.raises(AnswersError) as caught:
        observe(aws, f"{sqs_endpoint_url}/000000000000/nobody-made-this")
    assert [problem.code for problem in caught.value.problems] == ["gone"]


def test_a_queue_that_vanishes_among_others_stops_none_of_them(aws: Aws, orders: str, sqs_endpoint_url: str) -> None:
    gone = f"{sqs_endpoint_url}/000000000000/vanished"
    first, second = observe_many(with_metrics(aws, WINDOW, busy), (gone, orders), WINDOW, POLL)
    assert [gap.code for gap in first.gaps] == ["gone"]
    assert not first.findings
    assert answers_of(second)["messages_per_second_peak"] == known(50.0)


def test_an_address_where_nobody_listens_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.observe.aws._TRIES", 1)
    aws = open_emulator("http://127.0.0.1:9", monkeypatch)
    with pytest.raises(AnswersError) as caught:
        observe_one(aws, "http://127.0.0.1:9/1/orders", WINDOW, POLL)
    assert [problem.code for problem in caught.value.problems] == ["unreachable"]
    assert "\n" not in str(caught.value)


def test_nothing_but_reading_is_ever_asked(aws: Aws, orders: str) -> None:
    calls: list[tuple[str, str]] = []
    watched = with_metrics(aws, WINDOW, busy)
    for client in (watched.sqs, watched.sns, watched.cloudwatch):
        client.meta.events.register(
            "before-call", lambda model, **_: calls.append((str(model.service_model.service_name), str(model.name)))
        )
    observe_one(watched, orders, WINDOW, POLL)
    assert {service for service, _ in calls} >= {"sqs", "sns"}
    assert all(call in READS[service] for service, call in calls)


def test_a_call_that_writes_is_refused_before_it_is_made(aws: Aws, sqs: Any, orders: str) -> None:
    with pytest.raises(PermissionError, match="SendMessage"):
        aws.sqs.send_message(QueueUrl=orders, MessageBody="x")
    for call in (aws.sqs.receive_message, aws.sqs.purge_queue, aws.sqs.delete_queue):
        with pytest.raises(PermissionError):
            call(QueueUrl=orders)


def test_the_policy_allows_exactly_what_is_called() -> None:
    statements: Any = write_policy("eu-west-1", "123456789012", "orders")["Statement"]
    actions = sorted(action for statement in statements for action in statement["Action"])
    assert actions == sorted(f"{service}:{call}" for service, calls in READS.items() for call in calls)
    assert statements[0]["Resource"] == "arn:aws:sqs:eu-west-1:123456789012:orders"


def test_a_window_ends_with_the_last_whole_hour_and_counts_as_finely_as_is_kept() -> None:
    now = datetime(2026, 11, 23, 20, 41, tzinfo=UTC)
    assert make_window(24, now, KEPT).end == datetime(2026, 11, 23, 20, tzinfo=UTC).timestamp()
    assert [make_window(hours, now, KEPT).period for hours in (24, 24 * 20, 24 * 90)] == [60, 300, 3600]
    assert make_window(24, now, KEPT, is_fleet=True).period == 300
