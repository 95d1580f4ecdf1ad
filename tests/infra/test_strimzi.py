"""The resources for Strimzi hold to the schemas that Strimzi generates from its own model, down to each property."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from advisor import service
from tests.infra.crds import schema_of

WORKLOADS: dict[str, dict[str, object]] = {
    "small": {"messages_per_second_avg": 1, "consumer_groups": 1},
    "large": {"messages_per_second_avg": 200_000, "consumer_groups": 12, "retention_hours": 720},
}


def resources(answers: dict[str, object]) -> Iterator[Any]:
    files = service.build_kit(service.read_query({**answers, "option": "kafka_self_managed"})).files
    for path, content in files.items():
        if path.startswith("infra/strimzi/") and path.endswith(".yaml"):
            yield from yaml.safe_load_all(content)


def faults(resource: Any) -> list[str]:
    return [
        f"{fault.json_path}: {fault.message}"
        for fault in Draft7Validator(schema_of(resource["kind"])).iter_errors(resource)
    ]


@pytest.mark.parametrize("size", WORKLOADS)
def test_every_resource_holds_to_its_schema(size: str) -> None:
    found = list(resources(WORKLOADS[size]))
    assert {each["kind"] for each in found} == {"Kafka", "KafkaNodePool", "KafkaTopic", "KafkaUser"}
    assert {each["apiVersion"] for each in found} == {"kafka.strimzi.io/v1"}
    assert [fault for each in found for fault in faults(each)] == []


def test_the_schemas_notice_a_mistyped_property_and_a_wrong_type() -> None:
    topic = next(each for each in resources(WORKLOADS["small"]) if each["kind"] == "KafkaTopic")
    topic["spec"] |= {"replica": 3, "partitions": "many"}
    assert len(faults(topic)) == 2
