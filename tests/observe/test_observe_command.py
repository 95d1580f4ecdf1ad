"""`manage.py observe` from end to end: a file that recommend takes, the user's own answers kept, one line a problem."""

import io
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError
from kafka import KafkaAdminClient
from kafka.admin import NewTopic

from advisor import service
from advisor.render.observed import answers_yaml
from tests.observe.aws_stub import make_client


@pytest.fixture
def queue(sqs_endpoint_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setattr("advisor.observe.aws._TRIES", 1)  # the emulator has no CloudWatch, and says so slowly
    sqs = make_client("sqs", sqs_endpoint_url)
    settings = {"MessageRetentionPeriod": "172800"}
    url: str = sqs.create_queue(QueueName=f"orders-{uuid.uuid4().hex}", Attributes=settings)["QueueUrl"]
    yield url
    sqs.delete_queue(QueueUrl=url)


def run(*arguments: object) -> tuple[str, str]:
    out, err = io.StringIO(), io.StringIO()
    call_command("observe", *map(str, arguments), stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


@pytest.mark.broker
def test_an_observed_queue_is_a_file_that_recommend_takes(queue: str, sqs_endpoint_url: str, tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    _, err = run(
        "sqs", "--queue-url", queue, "--region", "us-east-1", "--endpoint-url", sqs_endpoint_url, "--output", file
    )
    given = service.read_answers_file(file).given
    assert given["retention_hours"] == {
        "value": 48, "grade": "measured", "window": "now", "source": "SQS MessageRetentionPeriod, as set"
    }  # fmt: skip
    assert "not observed: cloudwatch:GetMetricData" in err
    out = io.StringIO()
    call_command("recommend", str(file), "--format", "json", stdout=out)
    assert json.loads(out.getvalue())["outcome"]


@pytest.mark.broker
def test_your_own_answers_are_kept_and_the_difference_is_shown(
    queue: str, sqs_endpoint_url: str, tmp_path: Path
) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("option: sqs_fifo\nanswers:\n  retention_hours: 5\n  work_queue: true\nweights: {cost: 5}\n")
    before = mine.read_bytes()
    out, err = run(
        "sqs", "--queue-url", queue, "--region", "us-east-1", "--endpoint-url", sqs_endpoint_url, "--merge", mine
    )
    found = service.read_answers_text(out.encode(), "merged").given
    assert (found["retention_hours"], found["work_queue"], found["weight_cost"], found["option"]) == (
        5, True, 5, "sqs_fifo"
    )  # fmt: skip
    assert "differs: retention_hours: you stated" in err
    assert mine.read_bytes() == before


@pytest.mark.broker
def test_a_queue_that_is_not_there_ends_with_one_line(queue: str, sqs_endpoint_url: str) -> None:
    with pytest.raises(CommandError) as caught:
        run("sqs", "--queue-url", f"{queue}-gone", "--region", "us-east-1", "--endpoint-url", sqs_endpoint_url)
    assert caught.value.returncode == 2
    assert "does not exist" in str(caught.value)


def test_what_is_asked_beside_the_answers_stays_beside_them() -> None:
    given = {"cloud": "aws", "option": "sqs_fifo", "language": "go", "name": "orders", "weight_cost": 3}
    beside = {"option": "sqs_fifo", "language": "go", "name": "orders", "weights": {"cost": 3}}
    assert yaml.safe_load(answers_yaml("orders", given)) == {"about": "orders", **beside, "answers": {"cloud": "aws"}}


def test_the_policy_is_printed_without_any_call() -> None:
    address = "https://sqs.eu-west-1.amazonaws.com/123456789012/orders"
    out, _ = run("sqs", "--queue-url", address, "--region", "eu-west-1", "--iam-policy")
    policy: dict[str, Any] = json.loads(out)
    assert policy["Statement"][0]["Resource"] == "arn:aws:sqs:eu-west-1:123456789012:orders"


@pytest.mark.parametrize("hours", ["0", "x", "-3", "99999999"])
def test_a_window_is_whole_hours(hours: str) -> None:
    with pytest.raises(CommandError, match="whole hours"):
        run("sqs", "--queue-url", "http://q/1/q", "--region", "eu-west-1", f"--window={hours}")


@pytest.mark.parametrize("which", ["--topic=orders", "--all"])
def test_what_is_wrong_with_your_own_answers_is_said_before_anything_is_asked(tmp_path: Path, which: str) -> None:
    mine = tmp_path / "mine.yaml"
    mine.write_text("replay_needed: yes\nwork_queue: perhaps\n")
    with pytest.raises(CommandError, match=r"mine\.yaml:2: work_queue") as caught:
        run("kafka", "--bootstrap-servers", "127.0.0.1:9", which, "--merge", mine)
    assert caught.value.returncode == 2


@pytest.mark.broker
def test_queues_by_prefix_are_a_report(queue: str, sqs_endpoint_url: str, tmp_path: Path) -> None:
    prefix, state = queue.rpartition("/")[2][:20], tmp_path / "state.ndjson"
    common = ("sqs", "--prefix", prefix, "--region", "us-east-1", "--endpoint-url", sqs_endpoint_url)
    out, _ = run(*common, "--format", "json", "--state", state)
    (workload,) = json.loads(out)["workloads"]
    assert workload["subject"] == queue.rpartition("/")[2]
    assert workload["answers"]["retention_hours"]["value"] == 48
    assert len(state.read_text().splitlines()) == 2


@pytest.mark.broker
@pytest.mark.parametrize(("which", "said"), [("--prefix=none-", "or may be seen"), ("--topic=", "no such topic")])
def test_where_there_is_nothing_no_report_is_made(kafka_bootstrap_servers: str, which: str, said: str) -> None:
    with pytest.raises(CommandError, match=said) as caught:
        run("kafka", "--bootstrap-servers", kafka_bootstrap_servers, "--sample", "1", which)
    assert caught.value.returncode == 2


@pytest.mark.broker
def test_topics_by_prefix_are_a_report_and_one_is_a_file_that_recommend_takes(
    kafka_bootstrap_servers: str, tmp_path: Path
) -> None:
    admin = KafkaAdminClient(bootstrap_servers=kafka_bootstrap_servers)
    prefix = f"shop-{uuid.uuid4().hex}"
    admin.create_topics([NewTopic(f"{prefix}-{name}", 2, 1) for name in ("orders", "mails")])
    common = ("kafka", "--bootstrap-servers", kafka_bootstrap_servers, "--sample", "1", "--window", "1")
    out, _ = run(*common, "--prefix", prefix, "--format", "csv")
    assert sorted(line.split(",")[0] for line in out.splitlines()[1:]) == [f"{prefix}-mails", f"{prefix}-orders"]
    file = tmp_path / "answers.yaml"
    run(*common, "--topic", f"{prefix}-orders", "--output", file)
    call_command("recommend", str(file), "--format", "json", stdout=io.StringIO())
    with pytest.raises(CommandError, match="no such topic"):
        run(*common, "--topic", f"{prefix}-nothing")
    admin.delete_topics([f"{prefix}-orders", f"{prefix}-mails"])
    admin.close()
