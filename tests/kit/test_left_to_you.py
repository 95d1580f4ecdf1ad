"""What the answers ask for and a project does not do by itself stands at the end of its README."""

import json
import re
from collections.abc import Mapping

import pytest

from advisor import service
from advisor.kit.readme import MARK

KAFKA = ("msk_provisioned", "msk_express", "msk_serverless", "confluent_cloud", "kafka_self_managed")
HEADING = "## What is left to you"


def files_of(option: str, **answers: object) -> Mapping[str, bytes]:
    return service.build_kit(service.read_query({"name": "orders", **answers, "option": option})).files


def left_of(files: Mapping[str, bytes]) -> str:
    return files["README.md"].decode().partition(MARK)[2].partition(HEADING)[2]


@pytest.mark.parametrize("option", [*KAFKA, "sqs_standard", "sns_sqs", "kafka_with_sqs"])
def test_nothing_is_left_where_nothing_more_was_asked(option: str) -> None:
    assert HEADING.encode() not in files_of(option)["README.md"]


@pytest.mark.parametrize("option", KAFKA)
def test_a_project_that_is_to_deliver_exactly_once_says_that_it_does_so_at_least_once(option: str) -> None:
    files = files_of(option, delivery="exactly-once")
    (line,) = left_of(files).strip().splitlines()
    assert "at least once with an idempotent producer" in line
    assert "transactions" in line

    written = json.loads(files["settings.json"])
    assert written["settings"]["enable_idempotence"]
    assert "at least once" in written["reasons"]["acks"]


@pytest.mark.parametrize(
    ("option", "told"),
    [
        ("msk_express", "named in `more_groups` of `infra/msk`"),
        ("msk_serverless", "named in `more_groups` of `infra/msk_serverless`"),
        ("kafka_with_sqs", "named in `more_groups` of `infra/msk`"),
        ("confluent_cloud", "watched as well"),
        ("kafka_self_managed", "watched as well"),
    ],
)
def test_the_lag_of_each_further_reader_is_to_be_watched(option: str, told: str) -> None:
    left = left_of(files_of(option, consumer_groups=3))
    assert "each of the other 2 consumes as a `CONSUMER_GROUP` of its own that begins with `orders-consumer`" in left
    assert told in left


def test_queues_that_suppress_duplicates_leave_nothing() -> None:
    assert not left_of(files_of("sqs_fifo", delivery="exactly-once"))


@pytest.mark.parametrize("option", ["msk_provisioned", "confluent_cloud", "kafka_with_sqs"])
def test_consumers_on_lambda_need_an_adapter_and_the_readme_says_what_it_does(option: str) -> None:
    left = left_of(files_of(option, consumer_runtime="lambda"))
    assert "cannot run in AWS Lambda" in left
    assert 'function_response_types = ["ReportBatchItemFailures"]' in left
    assert "`batchItemFailures`" in left


@pytest.mark.parametrize("language", ["python", "typescript", "java", "go"])
@pytest.mark.parametrize(("option", "folder"), [("sqs_fifo", ""), ("sns_sqs", ""), ("kafka_with_sqs", "sqs/")])
def test_the_consumer_of_a_queue_is_packed_as_a_function_and_terraform_hands_it_the_queue(
    option: str, folder: str, language: str
) -> None:
    asked = {"consumer_runtime": "lambda", "processing_seconds_avg": 6, "processing_seconds_max": 20}
    files = files_of(option, **asked, language=language)
    left = left_of(files)
    assert f"packs the consumer{' in `sqs/`' if folder else ''} as a function" in left
    assert ("cannot run in AWS Lambda" in left) is bool(folder)
    assert b"\nfunction:" in files[f"{folder}Makefile"]
    (name,) = re.findall(r"functions.auto.tfvars`, `(\w+) = ", left)
    assert f'variable "{name}"'.encode() in files["infra/sqs/variables.tf"]
    settings = json.loads(files[f"{folder}settings.json"])["settings"]
    assert json.loads(files["infra/sqs/terraform.tfvars.json"])["batch_size"] == settings["batch_size"] == 5


@pytest.mark.parametrize("option", ["sqs_standard", "kafka_with_sqs"])
def test_of_functions_is_spoken_where_consumers_run_on_lambda_alone(option: str) -> None:
    assert b"Lambda" not in files_of(option)["README.md"]


def test_the_queues_of_a_function_hide_messages_for_six_times_its_timeout() -> None:
    files = files_of("sqs_standard", consumer_runtime="lambda", processing_seconds_max=20)
    seconds = json.loads(files["settings.json"])["settings"]["visibility_timeout_seconds"]
    assert f"({seconds} s) must be at least six times the function's timeout" in left_of(files)
    assert "visibility" not in left_of(files_of("msk_provisioned", consumer_runtime="lambda"))


@pytest.mark.parametrize(
    ("option", "answers", "told"),
    [
        ("sns_sqs", {}, ("send to the topic", "No AWS service can use the AWS managed key", "`kms_key_arn`")),
        ("sns_sqs", {"compliance": ["encryption"]}, ("send to the topic", "The policy of your key")),
        ("sqs_standard", {"compliance": ["encryption"]}, ("send to the queue", "The policy of your key")),
        ("sqs_standard", {}, ("send to the queue",)),
    ],
)
def test_aws_services_that_are_to_send_must_be_let_and_need_a_key_that_they_may_use(
    option: str, answers: Mapping[str, object], told: tuple[str, ...]
) -> None:
    left = left_of(files_of(option, **answers, integrations=["s3", "eventbridge", "lambda"]))
    lines = [line for line in left.splitlines() if line.startswith("* Events of")]
    assert [name in line for name, line in zip(("`s3.", "`events."), lines, strict=True)] == [True, True]
    assert all(word in line for word in told for line in lines)
    assert ("kms:" in lines[0]) is (len(told) > 1)
    assert "amazonaws.com" not in left_of(files_of("kafka_with_sqs", **answers, integrations="s3"))


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ({"delivery": "at-most-once"}, "at least once"),
        ({"content_routing": True}, "gets every message"),
        ({"multi_region": "active-active"}, "Several Regions"),
        ({"priority_needed": True}, "a queue or topic for each"),
        ({"transactional_outbox": True}, "database transaction"),
        ({"schema_contracts": True}, "registry is yours"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@pytest.mark.parametrize("option", ["sqs_fifo", "msk_provisioned"])
def test_what_is_asked_of_a_broker_and_no_project_does_is_left(
    option: str, answers: Mapping[str, object], told: str
) -> None:
    (line,) = left_of(files_of(option, **answers)).strip().splitlines()
    assert told in line


@pytest.mark.parametrize(
    ("option", "seconds", "told"),
    [
        ("sqs_standard", 900, ""),
        ("sqs_standard", 86_400, "900 s at most, and some are to wait for 86,400 s"),
        ("kafka_self_managed", 60, "Kafka hands out each record at once;"),
        ("kafka_with_sqs", 60, "the bridge asks for no delay of a job"),
    ],
)
def test_delays_that_nothing_here_makes_are_left(option: str, seconds: int, told: str) -> None:
    left = left_of(files_of(option, delay_seconds=seconds))
    assert told in left
    assert bool(left) is bool(told)


@pytest.mark.parametrize("option", ["sqs_standard", "msk_express", "msk_serverless"])
def test_a_region_that_is_not_known_here_is_yours_to_name(option: str) -> None:
    files = files_of(option, region="other")
    assert "Write its name" in left_of(files)
    reasons = json.loads(files["settings.json"])["reasons"]
    assert "before you deploy" in reasons.get("region", "before you deploy")


@pytest.mark.parametrize(
    ("running", "told"),
    [("confluent_cloud", "nothing here makes another"), (None, "`infra/msk` makes another, unless")],
)
def test_what_the_owners_of_a_running_cluster_must_grant_is_written_down(running: str | None, told: str) -> None:
    left = left_of(files_of("kafka_with_sqs", existing_platforms=["kafka"], existing_kafka=running))
    for word in (
        told,
        "`orders`",
        "`orders.dead-letters`",
        "`orders-consumer`",
        "`orders-bridge`",
        "BOOTSTRAP_SERVERS",
    ):
        assert word in left


@pytest.mark.parametrize("running", [{}, {"existing_platforms": ["kafka"], "existing_kafka": "confluent_cloud"}])
def test_where_nothing_here_watches_the_cluster_the_readme_says_what_to_watch(running: Mapping[str, object]) -> None:
    written = files_of("confluent_cloud", **running)["README.md"].decode().partition(MARK)[2]
    assert "Nothing here watches it" in written
    assert "when the topic `orders.dead-letters` gets a record" in written


def test_a_cluster_that_runs_has_its_key_already() -> None:
    running = {"existing_platforms": ["kafka"], "existing_kafka": "msk_provisioned", "compliance": ["encryption"]}
    assert left_of(files_of("kafka_with_sqs", **running)).count("key of your own") == 1, "the queue's"


def test_a_cluster_of_ones_own_has_no_region() -> None:
    assert not left_of(files_of("kafka_self_managed", region="other"))


@pytest.mark.parametrize("option", ["sqs_fifo", "kafka_with_sqs"])
def test_a_project_says_that_its_owner_may_do_with_it_as_they_like(option: str) -> None:
    assert "as you like" in files_of(option)["README.md"].decode().partition(MARK)[2]
