"""What a kit says of itself parses in the official parsers, agrees with its settings, and renders."""

import json
import re
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from advisor import service
from advisor.kit.readme import MARK
from tests.papers.parsers import find_faults

OPTIONS = tuple(service.get_rulebook().options)
WORKLOADS: tuple[dict[str, object], ...] = (
    {"consumer_groups": 3, "ordering": "per-key", "cloud": "azure"},
    {"consumer_groups": 1, "ordering": "none", "cloud": "aws", "messages_per_second_avg": 50_000},
)


def kit_files(option: str, answers: Mapping[str, object]) -> Mapping[str, bytes]:
    return service.build_kit(service.read_query({**answers, "option": option, "name": "orders"})).files


def asyncapi(option: str, answers: Mapping[str, object] = WORKLOADS[0]) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load(kit_files(option, answers)["asyncapi.yaml"])
    return document


def picture(readme: str) -> str:
    (found,) = re.findall(r"```mermaid\n(.*?)```", readme, flags=re.DOTALL)
    return str(found)


@pytest.mark.parametrize("answers", [WORKLOADS[0], pytest.param(WORKLOADS[1], marks=pytest.mark.slow)])
def test_the_asyncapi_document_and_the_picture_of_every_option_parse(answers: dict[str, object]) -> None:
    kits = [kit_files(option, answers) for option in OPTIONS]
    papers = [("asyncapi", files["asyncapi.yaml"].decode()) for files in kits]
    papers += [("mermaid", picture(files["README.md"].decode())) for files in kits]
    assert find_faults(papers) == [[]] * len(papers)


def test_the_parsers_notice_a_fault() -> None:
    text = kit_files("sqs_fifo", WORKLOADS[0])["asyncapi.yaml"].decode()
    papers = [
        ("asyncapi", text.replace("#/channels/queue'", "#/channels/nowhere'")),
        ("asyncapi", text.replace("visibilityTimeout: ", "visibilityTimeout: long # ")),
        ("mermaid", "flowchart LR\n  a[one --> b"),
    ]
    assert all(find_faults(papers))


def test_the_bindings_say_what_the_settings_say() -> None:
    files = kit_files("sns_sqs", WORKLOADS[0])
    settings = json.loads(files["settings.json"])["settings"]
    channels = yaml.safe_load(files["asyncapi.yaml"])["channels"]
    queue = channels["queue"]["bindings"]["sqs"]["queue"]
    assert (queue["name"], queue["fifoQueue"]) == (settings["queue_name"], True)
    assert queue["visibilityTimeout"] == settings["visibility_timeout_seconds"]
    assert queue["redrivePolicy"]["maxReceiveCount"] == settings["max_receive_count"]
    assert channels["topicOfEvents"]["bindings"]["sns"]["name"] == settings["topic_name"]


def test_a_topic_names_each_queue_that_gets_a_copy() -> None:
    publish = asyncapi("sns_sqs")["operations"]["publishMessage"]["bindings"]["sns"]
    assert [each["endpoint"]["name"] for each in publish["consumers"]] == [
        "orders.fifo",
        "orders-2.fifo",
        "orders-3.fifo",
    ]


def test_a_kafka_document_says_partitions_key_group_and_sign_in() -> None:
    files = kit_files("msk_provisioned", WORKLOADS[0])
    written = json.loads(files["settings.json"])
    document = yaml.safe_load(files["asyncapi.yaml"])
    topic = document["channels"]["topic"]["bindings"]["kafka"]
    assert (topic["partitions"], topic["topic"]) == (written["settings"]["partitions"], "orders")
    group = document["operations"]["receiveRecord"]["bindings"]["kafka"]["groupId"]["enum"]
    assert group == [written["settings"]["consumer_group"]]
    assert document["servers"]["kafka"]["security"][0]["type"] == "scramSha512"
    assert document["servers"]["localKafka"]["host"] == written["settings"]["bootstrap_servers"]


@pytest.mark.parametrize("option", ["sqs_standard", "kafka_with_sqs"])
def test_the_readme_ends_with_the_picture_and_links_to_what_is_there(option: str) -> None:
    files = kit_files(option, WORKLOADS[1])
    written = files["README.md"].decode().partition(MARK)[2]
    links = re.findall(r"\]\((?!https:)([^)]+)\)", written)
    assert {"asyncapi.yaml", "DECISION.md", "infra/sqs/"} <= set(links)
    assert all(any(path.startswith(link) for path in files) for link in links)


def test_confluent_says_that_nothing_here_makes_its_cluster() -> None:
    assert "Nothing here makes the cluster" in kit_files("confluent_cloud", WORKLOADS[0])["README.md"].decode()
