"""The Terraform that kits carry: formatted, valid, and applied to an AWS emulator on which the starter then runs.

MSK has no emulator; folders bring tests of their own, which `terraform test` runs against a stand-in for AWS.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from advisor import service
from advisor.management.unpacking import write_folder
from tests.brokers.localstack import open_client, start_localstack
from tests.infra.terraform import find_terraform, lay, lay_for_emulator
from tests.starters.projects import set_up
from tests.starters.streams import groups_out_of_order, missing, numbered

INFRA = Path(__file__).resolve().parents[2] / "templates" / "infra"
QUEUES = {
    name: {"queue_name": f"{name}.fifo", "dead_letter_queue_name": f"{name}-dead.fifo"} for name in ("bills", "mails")
}
KEY = "arn:aws:kms:us-east-1:000000000000:key/yours"
FANNED_OUT = {
    "fifo": True,
    "high_throughput_fifo": True,
    "topic_name": "events.fifo",
    "queues": QUEUES,
    "max_receive_count": 2,
    "wait_time_seconds": 1,
    "delay_seconds": 1,
}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """SQS, SNS, IAM and CloudWatch on loopback; IAM is not enforced there."""
    find_terraform()
    server, endpoint = start_localstack(
        tmp_path_factory.mktemp("aws"), services="sqs,sns,iam,sts,cloudwatch", addresses="off"
    )
    yield endpoint
    server.stop()


def attributes(endpoint: str, url: str) -> dict[str, str]:
    answer = open_client("sqs", endpoint).get_queue_attributes(QueueUrl=url, AttributeNames=["All"])
    found: dict[str, str] = answer["Attributes"]
    return found


def test_the_terraform_is_formatted(tmp_path: Path) -> None:
    lay(INFRA, tmp_path / "infra").run("fmt", "-check", "-recursive", "-diff")


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("msk", "kafka_with_sqs"),
        ("sqs", "sns_sqs"),
        pytest.param("msk_serverless", "msk_serverless", marks=pytest.mark.slow),
    ],
)
def test_a_folder_makes_what_its_own_tests_say_whatever_the_kit(tmp_path: Path, name: str, option: str) -> None:
    asked = {"replay_needed": True, "consumer_groups": 2, "compliance": ["encryption"]}
    kit = service.build_kit(service.read_query({**asked, "option": option}))
    write_folder(kit.files, kit.executables, tmp_path / "kit")
    tested = lay(tmp_path / "kit" / "infra" / name, tmp_path / name).start().run("test")
    assert "0 failed" in tested
    assert " 0 passed" not in tested


@pytest.mark.slow
@pytest.mark.parametrize(
    "broken",
    [{"queues": QUEUES}, {"dead_letter_retention_seconds": 60}, {"own_key": True}],
    ids=["no topic", "short memory", "no key"],
)
def test_senseless_values_are_refused_before_anything_is_made(tmp_path: Path, aws: str, broken: dict[str, Any]) -> None:
    laid = lay_for_emulator(INFRA / "sqs", tmp_path / "sqs", aws, **broken)
    laid.run("plan", "-input=false", expected=(1,))
    assert not open_client("sqs", aws).list_queues(QueueNamePrefix="invoice-jobs").get("QueueUrls")


@pytest.mark.slow  # the provider waits for half a minute after each queue and policy
def test_fanned_out_queues_are_made_as_written_and_each_reader_gets_every_message_in_order(
    tmp_path: Path, aws: str
) -> None:
    laid = lay_for_emulator(INFRA / "sqs", tmp_path / "sqs", aws, name="events", **FANNED_OUT)
    laid.run("apply", "-input=false", "-auto-approve")
    made = laid.outputs()

    main, dead = (attributes(aws, made[kind]["bills"]) for kind in ("queue_urls", "dead_letter_queue_urls"))
    assert json.loads(main["RedrivePolicy"]) == {"deadLetterTargetArn": dead["QueueArn"], "maxReceiveCount": 2}
    assert json.loads(dead["RedriveAllowPolicy"])["sourceQueueArns"] == [main["QueueArn"]]
    assert main["SqsManagedSseEnabled"] == dead["SqsManagedSseEnabled"] == "true"
    assert (main["DeduplicationScope"], main["FifoThroughputLimit"]) == ("messageGroup", "perMessageGroupId")
    assert main["DelaySeconds"] == "1"
    assert json.loads(main["Policy"])["Statement"][0]["Condition"]["ArnEquals"]["aws:SourceArn"] == made["topic_arn"]
    assert _watched(aws, "bills.fifo") == {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesNotVisible"}
    assert _watched(aws, "bills-dead.fifo") == {"ApproximateNumberOfMessagesVisible"}
    assert _watched(aws, "events.fifo", "TopicName") == {"NumberOfNotificationsFailed"}

    for group, number in numbered(20):
        open_client("sns", aws).publish(
            TopicArn=made["topic_arn"], Message=str(number), MessageGroupId=group, MessageDeduplicationId=str(number)
        )
    for reader in QUEUES.values():
        handled = _consume(tmp_path / reader["queue_name"], aws, reader)
        assert not groups_out_of_order(handled)

    open_client("sqs", aws).delete_queue(QueueUrl=made["queue_urls"]["mails"])
    open_client("sns", aws).publish(
        TopicArn=made["topic_arn"], Message="undelivered", MessageGroupId="a", MessageDeduplicationId="undelivered"
    )
    dead = made["dead_letter_queue_urls"]["mails"]
    (message,) = open_client("sqs", aws).receive_message(QueueUrl=dead, WaitTimeSeconds=20)["Messages"]
    assert message["Body"] == "undelivered"


@pytest.mark.slow
def test_a_made_queue_needs_no_change_and_sets_aside_what_fails(tmp_path: Path, aws: str) -> None:
    values = {"max_receive_count": 2, "wait_time_seconds": 1, "delay_seconds": 900}
    laid = lay_for_emulator(INFRA / "sqs", tmp_path / "sqs", aws, **values)
    laid.run("apply", "-input=false", "-auto-approve")
    laid.run("plan", "-input=false", "-detailed-exitcode")  # 2 would mean that a change is planned

    project = set_up("sqs", "python", tmp_path / "project")
    project.environment |= {"ENDPOINT_URL": aws, "WAIT_TIME_SECONDS": "1", "MAX_RECEIVE_COUNT": "2"}
    project.run("send", "--stdin", lines=[{"body": body} for body in (1, "poison", 2)])
    made = laid.outputs()
    assert attributes(aws, made["queue_urls"]["reader-1"])["DelaySeconds"] == "0"  # single messages are delayed
    dead = made["dead_letter_queue_urls"]["reader-1"]
    with project.running("consume") as consumer:
        consumer.wait_until(lambda: attributes(aws, dead)["ApproximateNumberOfMessages"] == "1")
        consumer.stop()
    assert sorted(line["content"] for line in project.handled) == [1, 2]


@pytest.mark.slow
def test_the_policies_name_what_the_project_does_and_nothing_else(tmp_path: Path, aws: str) -> None:
    queue = {"queue_name": "policed", "dead_letter_queue_name": "policed-dead"}
    values = {"queues": {"one": queue}, "own_key": True, "kms_key_arn": KEY}
    laid = lay_for_emulator(INFRA / "sqs", tmp_path / "sqs", aws, name="policed", **values)
    laid.run("apply", "-input=false", "-auto-approve")
    laid.run("plan", "-input=false", "-detailed-exitcode")  # 2 would mean that a change is planned
    made = laid.outputs()

    urls = (made["queue_urls"]["one"], made["dead_letter_queue_urls"]["one"])
    assert [attributes(aws, url)["KmsMasterKeyId"] for url in urls] == [KEY, KEY]
    use_of_key = {"key/yours": {"kms:GenerateDataKey", "kms:Decrypt"}}
    sending = {"policed": {"sqs:SendMessage", "sqs:GetQueueUrl"}}
    assert _allowed(aws, made["producer_policy_arn"]) == {**sending, **use_of_key}
    assert _allowed(aws, made["consumer_policy_arns"]["one"]) == {
        "policed": {
            "sqs:ReceiveMessage",
            "sqs:DeleteMessage",
            "sqs:ChangeMessageVisibility",
            "sqs:GetQueueUrl",
            "sqs:GetQueueAttributes",
        },
        "policed-dead": {"sqs:SendMessage", "sqs:GetQueueUrl"},
        **use_of_key,
    }


def _consume(folder: Path, endpoint: str, reader: dict[str, str]) -> list[dict[str, Any]]:
    """What the starter handles as this reader, once all has come."""
    project = set_up("sqs", "python", folder)
    project.environment |= {name.upper(): value for name, value in reader.items()}
    project.environment |= {"ENDPOINT_URL": endpoint, "FIFO": "true", "WAIT_TIME_SECONDS": "1"}
    with project.running("consume") as consumer:
        consumer.wait_until(lambda: not missing(20, project.handled))
        consumer.stop()
    return project.handled


def _watched(endpoint: str, name: str, dimension: str = "QueueName") -> set[str]:
    alarms = open_client("cloudwatch", endpoint).describe_alarms()["MetricAlarms"]
    return {alarm["MetricName"] for alarm in alarms if {"Name": dimension, "Value": name} in alarm["Dimensions"]}


def _allowed(endpoint: str, arn: str) -> dict[str, set[str]]:
    """Actions by the last part of the one resource that they are allowed on."""
    iam = open_client("iam", endpoint)
    version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
    document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
    assert all(statement["Effect"] == "Allow" for statement in document["Statement"])
    return {each["Resource"].rsplit(":", 1)[-1]: set(each["Action"]) for each in document["Statement"]}
