"""The data that infrastructure is made with says what the workload decided, as the project's own settings do."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
import yaml

from advisor import service
from advisor.kit.readme import MARK

JOBS = {"work_queue": True, "cloud": "aws", "messages_per_second_peak": 40}
EVENTS = {"work_queue": False, "replay_needed": True, "consumer_groups": 3, "cloud": "aws", "retention_hours": 72}


def kit_files(option: str, answers: Mapping[str, object]) -> Mapping[str, bytes]:
    return service.build_kit(service.read_query({"name": "orders", **answers, "option": option})).files


def tfvars(folder: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(files[f"infra/{folder}/terraform.tfvars.json"])
    return values


def written_for_you(files: Mapping[str, bytes]) -> str:
    return files["README.md"].decode().partition(MARK)[2]


def resources(files: Mapping[str, bytes]) -> dict[str, Any]:
    """Strimzi's resources by kind and name."""
    documents = [each for path in ("kafka", "topics", "users") for each in _read(files[f"infra/strimzi/{path}.yaml"])]
    return {f"{each['kind']}/{each['metadata']['name']}": each["spec"] for each in documents}


def _read(content: bytes) -> list[Any]:
    return list(yaml.safe_load_all(content))


@pytest.mark.parametrize("option", ["sqs_standard", "sqs_fifo", "sns_sqs"])
def test_queues_are_made_with_the_settings_of_the_project(option: str) -> None:
    files = kit_files(option, JOBS)
    settings, values = json.loads(files["settings.json"])["settings"], tfvars("sqs", files)
    shared = settings.keys() & values.keys()
    assert {"visibility_timeout_seconds", "fifo", "max_receive_count", "delay_seconds", "topic_name"} <= shared
    assert {key: values[key] for key in shared} == {key: settings[key] for key in shared}
    names = {key: settings[key] for key in ("queue_name", "dead_letter_queue_name")}
    assert values["queues"] == {"reader-1": names}


@pytest.mark.parametrize(
    ("option", "of_every_message"), [("sqs_standard", 0), ("sqs_fifo", 600), ("sns_sqs", 600), ("kafka_with_sqs", 0)]
)
def test_the_longest_delay_delays_all_only_where_single_messages_cannot_be_delayed(
    option: str, of_every_message: int
) -> None:
    files = kit_files(option, {**JOBS, "delay_seconds": 600})
    written = json.loads(files["settings.json" if "settings.json" in files else "sqs/settings.json"])
    assert written["settings"]["delay_seconds"] == tfvars("sqs", files)["delay_seconds"] == 600
    assert ("of every message" in written["reasons"]["delay_seconds"]) is (option == "sqs_fifo")
    channels = yaml.safe_load(files["asyncapi.yaml"])["channels"]
    assert channels["queue"]["bindings"]["sqs"]["queue"]["deliveryDelay"] == of_every_message


def test_a_topic_gets_a_queue_for_each_reader_whose_names_differ_and_still_end_in_fifo() -> None:
    values = tfvars("sqs", kit_files("sns_sqs", {**JOBS, "consumer_groups": 3, "ordering": "per-key"}))
    assert values["topic_name"] == "orders.fifo"
    assert [queue["queue_name"] for queue in values["queues"].values()] == [
        "orders.fifo",
        "orders-2.fifo",
        "orders-3.fifo",
    ]
    assert values["queues"]["reader-3"]["dead_letter_queue_name"] == "orders-dead-letters-3.fifo"


def test_a_topic_keeps_what_readers_are_to_replay_and_else_nothing() -> None:
    kept, longest, unasked = (
        tfvars("sqs", kit_files("sns_sqs", {**EVENTS, **more}))["topic_archive_days"]
        for more in ({}, {"retention_hours": 24 * 400}, {"replay_needed": False})
    )
    assert (kept, longest, unasked) == (3, 365, None)


def test_a_queue_without_a_topic_is_one_however_many_read() -> None:
    assert len(tfvars("sqs", kit_files("sqs_standard", {**JOBS, "consumer_groups": 3}))["queues"]) == 1


def test_large_messages_raise_the_limit_that_terraform_would_set() -> None:
    usual, large = (
        tfvars("sqs", kit_files("sqs_standard", {**JOBS, "message_size_bytes_max": size}))["max_message_bytes"]
        for size in (262_144 - 4096, 262_144)  # the attributes of a dead letter count toward the size
    )
    assert (usual, large) == (262_144, 1_048_576)


def test_a_topic_of_large_messages_is_raised_by_the_project_that_makes_it() -> None:
    files = kit_files("sns_sqs", {**JOBS, "consumer_groups": 3, "message_size_bytes_max": 600 * 1024})
    settings = json.loads(files["settings.json"])["settings"]
    assert settings["max_message_bytes"] == tfvars("sqs", files)["max_message_bytes"] == 1_048_576


@pytest.mark.parametrize(("cloud", "mechanism"), [("aws", "AWS_MSK_IAM"), ("azure", "SCRAM-SHA-512")])
def test_a_cluster_lets_clients_sign_in_as_the_project_does_when_deployed(cloud: str, mechanism: str) -> None:
    files = kit_files("msk_provisioned", {**EVENTS, "cloud": cloud})
    deployed, values = json.loads(files["settings.json"])["deployed"], tfvars("msk", files)
    assert values["sasl_mechanism"] == deployed["sasl_mechanism"] == mechanism
    assert values["security_protocol"] == deployed["security_protocol"] == "SASL_SSL"


def test_standard_brokers_have_disks_and_express_brokers_none() -> None:
    standard, express = (tfvars("msk", kit_files(option, EVENTS)) for option in ("msk_provisioned", "msk_express"))
    assert standard["broker_type"].startswith("kafka.")
    assert standard["broker_volume_gib"] > 0
    assert express["broker_type"].startswith("express.")
    assert express["broker_volume_gib"] is express["alarm_disk_percent"] is None


def test_the_disks_of_large_brokers_have_the_throughput_that_the_bill_has_as_provisioned() -> None:
    large = {**EVENTS, "messages_per_second_peak": 1_000_000, "messages_per_second_avg": 500_000}
    sizing = service.recommend(service.read_query(large)).verdict("msk_provisioned").estimate.sizing
    values = tfvars("msk", kit_files("msk_provisioned", large))
    billed = dict(sizing.quantities)["throughput_mib_months"]
    assert values["broker_volume_mib_per_second"] * values["broker_count"] == billed > 0
    unpaid = [tfvars("msk", kit_files(option, EVENTS)) for option in ("msk_provisioned", "msk_express")]
    assert [each["broker_volume_mib_per_second"] for each in unpaid] == [None, None]


def test_the_lag_that_wakes_somebody_leaves_time_for_the_slowest_message() -> None:
    calm, slow = (
        tfvars("msk", kit_files("msk_provisioned", {**EVENTS, "processing_seconds_max": longest}))["alarm_lag_messages"]
        for longest in (60, 3540)
    )
    assert slow == pytest.approx(30 * calm, rel=0.01)


def test_what_only_the_user_knows_has_no_value() -> None:
    values = tfvars("msk", kit_files("msk_provisioned", EVENTS))
    assert not {"subnet_ids", "scram_secret_arns", "certificate_authority_arns"} & values.keys()


@pytest.mark.parametrize(
    ("option", "folder"), [("sns_sqs", "sqs"), ("sqs_fifo", "sqs"), ("msk_provisioned", "msk"), ("msk_express", "msk")]
)
def test_a_key_of_your_own_that_was_asked_for_must_be_given(option: str, folder: str) -> None:
    asked, unasked = (kit_files(option, {**JOBS, "compliance": rules}) for rules in (["gdpr", "encryption"], ["gdpr"]))
    assert [tfvars(folder, files)["own_key"] for files in (asked, unasked)] == [True, False]
    assert "kms_key_arn" not in tfvars(folder, asked)
    assert "kms_key_arn" in written_for_you(asked)
    assert "key of your own" not in written_for_you(unasked)


@pytest.mark.parametrize("option", ["msk_serverless", "kafka_self_managed", "confluent_cloud"])
def test_where_nothing_here_takes_a_key_the_readme_says_so(option: str) -> None:
    assert "key of your own" in written_for_you(kit_files(option, {**EVENTS, "compliance": ["encryption"]}))


def test_strimzi_resources_follow_the_sizing_and_belong_to_one_cluster() -> None:
    files = kit_files("kafka_self_managed", EVENTS)
    settings, found = json.loads(files["settings.json"])["settings"], resources(files)

    for name, of in (("orders", ""), ("orders.dead-letters", "dead_letter_")):
        topic = found[f"KafkaTopic/{name}"]
        assert topic["partitions"] == settings[f"{of}partitions"]
        assert topic["config"]["retention.ms"] == settings[f"{of}retention_ms"]
        assert topic["config"]["max.message.bytes"] == settings[f"{of}max_record_bytes"]
        assert topic["config"]["retention.bytes"] == -1
    assert found["Kafka/orders"]["kafka"]["config"]["min.insync.replicas"] == settings["min_insync_replicas"]
    (brokers,) = (spec for name, spec in found.items() if name.startswith("KafkaNodePool/brokers"))
    assert brokers["replicas"] % 3 == 0
    named = {rule["resource"]["name"] for rule in found["KafkaUser/orders-consumer"]["authorization"]["acls"]}
    assert named == {"orders", "orders-consumer", "orders.dead-letters"}
    documents = [each for path in ("kafka", "topics", "users") for each in _read(files[f"infra/strimzi/{path}.yaml"])]
    labels = {each["metadata"]["labels"]["strimzi.io/cluster"] for each in documents if "labels" in each["metadata"]}
    assert labels == {"orders"}


def test_two_clusters_of_one_namespace_have_no_pool_in_common_and_pods_whose_names_fit_a_label() -> None:
    names = ("orders", "a" * 40)
    clusters = [resources(kit_files("kafka_self_managed", {**EVENTS, "name": name})) for name in names]
    pools = [{kind.split("/")[1] for kind in found if kind.startswith("KafkaNodePool/")} for found in clusters]

    assert [len(each) for each in (*pools, pools[0] | pools[1])] == [2, 2, 4]
    for name, found, own in zip(names, clusters, pools, strict=True):
        assert max(len(f"{name}-{pool}-999") for pool in own) <= 63
        for pool in own:  # a zone that goes takes neither most copies nor most controllers with it
            (spread,) = found[f"KafkaNodePool/{pool}"]["template"]["pod"]["topologySpreadConstraints"]
            assert spread["topologyKey"] == "topology.kubernetes.io/zone"
            assert spread["whenUnsatisfiable"] == "DoNotSchedule"
            labels = {"strimzi.io/cluster": name, "strimzi.io/pool-name": pool}
            assert spread["labelSelector"]["matchLabels"] == labels


def test_dead_letters_are_kept_for_a_fortnight_however_short_the_topic_is() -> None:
    files = kit_files("kafka_self_managed", {**EVENTS, "retention_hours": 1})
    settings, kept = json.loads(files["settings.json"])["settings"], 14 * 24 * 3_600_000
    described = yaml.safe_load(files["asyncapi.yaml"])["channels"]
    assert settings["dead_letter_retention_ms"] == kept > settings["retention_ms"]
    assert resources(files)["KafkaTopic/orders.dead-letters"]["config"]["retention.ms"] == kept
    assert described["deadLetterTopic"]["bindings"]["kafka"]["topicConfiguration"] == {"retention.ms": kept}


@pytest.mark.parametrize(("integrations", "policy"), [((), "delete"), (("log-compaction",), "compact")])
def test_a_topic_keeps_the_newest_of_each_key_where_that_was_asked_for(
    integrations: tuple[str, ...], policy: str
) -> None:
    files = kit_files("kafka_self_managed", {**EVENTS, "integrations": integrations})
    topics = {name: each["config"]["cleanup.policy"] for name, each in resources(files).items() if "Topic/" in name}
    described = yaml.safe_load(files["asyncapi.yaml"])["channels"]["topic"]["bindings"]["kafka"]
    assert json.loads(files["settings.json"])["settings"]["cleanup_policy"] == policy
    assert topics == {"KafkaTopic/orders": policy, "KafkaTopic/orders.dead-letters": "delete"}
    assert described["topicConfiguration"]["cleanup.policy"] == [policy]
    assert ("partitions, compacted" in written_for_you(files)) is (policy == "compact")


def test_only_a_project_with_a_bridge_names_its_group_and_its_queue() -> None:
    files = kit_files("kafka_with_sqs", EVENTS)
    settings = json.loads(files["bridge/settings.json"])["settings"]
    names = {"group": settings["bridge_group"], "queue_name": settings["queue_name"]}
    assert tfvars("msk", files)["bridge"] == names == {"group": "orders-bridge", "queue_name": "orders"}
    assert tfvars("msk", kit_files("msk_provisioned", EVENTS))["bridge"] is None


RUNNING = {**EVENTS, "existing_platforms": ["kafka"]}


@pytest.mark.parametrize(
    ("option", "running", "folders"),
    [
        ("kafka_with_sqs", "kafka_self_managed", {"sqs"}),
        ("kafka_with_sqs", "confluent_cloud", {"sqs"}),
        ("kafka_with_sqs", "msk_serverless", {"sqs"}),
        ("kafka_with_sqs", "other", {"sqs"}),
        ("kafka_self_managed", "kafka_self_managed", set()),
        ("kafka_self_managed", "msk_provisioned", {"strimzi"}),
    ],
)
def test_no_cluster_is_made_beside_the_one_that_the_load_is_added_to(
    option: str, running: str, folders: set[str]
) -> None:
    files = kit_files(option, {**RUNNING, "existing_kafka": running})
    assert {path.split("/")[1] for path in files if path.startswith("infra/")} == folders


@pytest.mark.parametrize(
    ("option", "folder", "running", "runs_already"),
    [
        ("kafka_with_sqs", "msk", "msk_express", True),
        ("msk_provisioned", "msk", "msk_provisioned", True),
        ("msk_serverless", "msk_serverless", "msk_serverless", True),
        ("msk_provisioned", "msk", None, True),
        ("msk_provisioned", "msk", "confluent_cloud", False),
    ],
)
def test_a_cluster_of_msk_that_runs_must_be_given_where_the_load_is_added_to_it(
    option: str, folder: str, running: str | None, runs_already: bool
) -> None:
    files = kit_files(option, {**RUNNING, "existing_kafka": running})
    assert tfvars(folder, files)["runs_already"] is runs_already
    assert ("`cluster_arn`" in written_for_you(files)) is runs_already


@pytest.mark.parametrize(
    ("running", "signs_in", "in_sync"),
    [
        ("kafka_self_managed", ("SSL", None), 2),
        ("msk_serverless", ("SASL_SSL", "AWS_MSK_IAM"), 0),
        ("confluent_cloud", ("SASL_SSL", "PLAIN"), 2),
    ],
)
def test_events_beside_jobs_go_to_the_cluster_that_runs_as_it_wants_them(
    running: str, signs_in: tuple[str, str | None], in_sync: int
) -> None:
    files = kit_files("kafka_with_sqs", {**RUNNING, "existing_kafka": running})
    for part in ("kafka", "bridge"):
        written = json.loads(files[f"{part}/settings.json"])
        deployed = written["deployed"]
        assert (deployed["security_protocol"], deployed["sasl_mechanism"]) == signs_in
    assert json.loads(files["kafka/settings.json"])["settings"]["min_insync_replicas"] == in_sync


def test_both_brokers_bring_both_and_confluent_brings_none() -> None:
    both = {path.split("/")[1] for path in kit_files("kafka_with_sqs", EVENTS) if path.startswith("infra/")}
    assert both == {"msk", "sqs"}
    assert not [path for path in kit_files("confluent_cloud", EVENTS) if path.startswith("infra/")]


@pytest.mark.parametrize(
    ("option", "folder", "rights"),
    [
        ("sqs_fifo", "sqs", ("sqs:CreateQueue", "sqs:SetQueueAttributes", "sqs:DeleteQueue", "sqs:ReceiveMessage")),
        ("sns_sqs", "sqs", ("sns:CreateTopic", "sns:Subscribe", "sns:Publish", "sns:DeleteTopic", "-bench*")),
        ("msk_express", "msk", ("kafka-cluster:CreateTopic", "kafka-cluster:DeleteTopic", "*bench*")),
        ("msk_serverless", "msk_serverless", ("kafka-cluster:CreateTopic", "kafka-cluster:DeleteTopic", "*bench*")),
        ("kafka_self_managed", "strimzi", ("`Create`", "`Delete`", "`<topic>.bench`")),
    ],
)
def test_each_folder_says_which_rights_the_bench_needs_besides(
    option: str, folder: str, rights: tuple[str, ...]
) -> None:
    told = kit_files(option, EVENTS)[f"infra/{folder}/README.md"].decode()
    (about,) = (part for part in told.split("\n* ") if part.startswith("`make bench`"))
    assert [right for right in rights if right not in about] == []
