"""Kits: code is copied byte for byte, data is written, names are checked, and no path escapes."""

import json
import subprocess
from pathlib import Path, PurePosixPath

import pytest
import yaml

from advisor import service
from advisor.core.errors import AnswersError, KitError
from advisor.kit.build import build_kit
from advisor.kit.parts import pack
from advisor.kit.starters import Kit, load_starters
from advisor.management.unpacking import write_folder
from tests.kit.write_starters import starters, written_files, written_infrastructure

STARTERS = load_starters(service.find_folder("templates") / "starters")
INFRASTRUCTURE = load_starters(service.find_folder("templates") / "infra")
JOBS = {"work_queue": True, "cloud": "aws", "processing_seconds_avg": 2, "messages_per_second_peak": 40}
ORDERED = {**JOBS, "ordering": "per-key", "ordering_keys": 500}
EVENTS = {"work_queue": False, "replay_needed": True, "consumer_groups": 4, "cloud": "aws", "retention_hours": 72}


def make_kit(answers: dict[str, object], option: str = "", name: str = "orders") -> Kit:
    recommendation = service.recommend(service.read_query(answers))
    option = option or recommendation.option
    chosen = service.get_rulebook().options[option]
    infrastructure = {folder: INFRASTRUCTURE[folder] for folder in chosen.infrastructure}
    return build_kit(
        recommendation,
        option,
        STARTERS,
        chosen.starters,
        infrastructure,
        language="python",
        name=name,
        release="1",
        decision=pack(b"# Why\n"),
    )


def settings_of(kit: Kit, folder: str = "") -> dict[str, object]:
    written = json.loads(kit.files[f"{folder}settings.json"])
    assert written["settings"].keys() == written["reasons"].keys()
    settings: dict[str, object] = written["settings"]
    return settings


def test_code_is_copied_and_only_the_data_files_are_written() -> None:
    kit, starter = make_kit(JOBS), STARTERS["sqs_python"]

    data = {
        "settings.json",
        "DECISION.md",
        "answers.yaml",
        "kit.sha256",
        "infra/sqs/terraform.tfvars.json",
        "asyncapi.yaml",
        "README.md",
    }

    copied = {**starter.files, **{f"infra/sqs/{path}": file for path, file in INFRASTRUCTURE["sqs"].files.items()}}
    assert kit.files.keys() == copied.keys() | data
    for path in copied.keys() - data:
        assert kit.files[path] == copied[path], path
    assert kit.files["README.md"].startswith(copied["README.md"].rstrip() + b"\n\n<!--")


def test_a_fifo_queue_gets_a_name_that_ends_in_fifo() -> None:
    settings = settings_of(make_kit(ORDERED, option="sqs_fifo"))

    assert settings["fifo"] is True
    assert settings["queue_name"] == "orders.fifo"
    assert settings["dead_letter_queue_name"] == "orders-dead-letters.fifo"


def test_the_workload_decides_retention_and_the_reason_says_how() -> None:
    kit = make_kit(EVENTS, option="msk_provisioned")
    reasons = json.loads(kit.files["settings.json"])["reasons"]

    assert settings_of(kit)["retention_ms"] == 72 * 3600 * 1000
    assert "72" in reasons["retention_ms"]


def test_a_kit_for_both_holds_both_projects_in_folders() -> None:
    kit = make_kit(EVENTS, option="kafka_with_sqs")

    assert settings_of(kit, "kafka/")["topic"] == "orders"
    assert settings_of(kit, "sqs/")["queue_name"] == "orders"
    bridge = settings_of(kit, "bridge/")
    assert (bridge["topic"], bridge["queue_name"], bridge["bridge_group"]) == ("orders", "orders", "orders-bridge")
    assert {"README.md", "Makefile", "DECISION.md"} <= kit.parts.keys()


def test_a_bridge_polls_as_many_records_as_ever_however_slow_the_jobs_are() -> None:
    """It handles none of them: one record at a time would be one call to SQS for each."""
    kit = make_kit({**EVENTS, "processing_seconds_avg": 200, "processing_seconds_max": 900}, option="kafka_with_sqs")
    ours, theirs = settings_of(kit, "bridge/"), settings_of(kit, "kafka/")

    assert (ours["max_poll_records"], ours["max_poll_interval_ms"]) == (500, 300_000)
    assert theirs["max_poll_interval_ms"] != 300_000


def test_the_checksums_are_what_sha256sum_reads_and_cover_every_other_file(tmp_path: Path) -> None:
    kit = make_kit(JOBS)
    write_folder(kit.files, kit.executables, tmp_path)

    listed = subprocess.run(
        ["sha256sum", "--check", "--strict", "kit.sha256"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert {line.removesuffix(": OK") for line in listed.stdout.splitlines()} == kit.parts.keys() - {"kit.sha256"}


def test_the_answers_rebuild_the_same_kit() -> None:
    kit = make_kit(EVENTS, option="msk_provisioned")
    written = yaml.safe_load(kit.files["answers.yaml"])

    again = make_kit(written["answers"], option=written["option"], name=written["name"])
    assert again.files == kit.files
    assert written["rulebook"] == service.get_rulebook().version


@pytest.mark.parametrize("name", ["../escape", "Orders", "", "a" * 41, "a/b", "orders\n", "-a", "orders-", "a-", "été"])
def test_a_name_that_is_no_name_is_refused_with_the_way_out(name: str) -> None:
    with pytest.raises(AnswersError) as refused:
        make_kit(JOBS, name=name)

    assert [problem.code for problem in refused.value.problems] == ["bad_name"]
    assert refused.value.problems[0].hint


@pytest.mark.parametrize("option", sorted(service.get_rulebook().options))
def test_no_path_of_a_kit_escapes(option: str) -> None:
    for path in make_kit(EVENTS, option=option).files:
        pure = PurePosixPath(path)
        assert not pure.is_absolute()
        assert ".." not in pure.parts


def test_a_starter_that_is_missing_is_the_authors_fault() -> None:
    recommendation = service.recommend(service.read_query(JOBS))

    with pytest.raises(KitError):
        build_kit(
            recommendation,
            "sqs_standard",
            STARTERS,
            ("none",),
            {},
            language="python",
            name="a",
            release="1",
            decision=pack(b""),
        )


@pytest.mark.parametrize("language", service.LANGUAGES)
def test_a_language_is_offered_only_with_a_starter_for_every_option(language: str) -> None:
    brokers = {broker for option in service.get_rulebook().options.values() for broker in option.starters}

    assert {f"{broker}_{language}" for broker in brokers} <= STARTERS.keys()


def test_what_differs_once_deployed_is_written_apart_from_local_work() -> None:
    kits = {
        option: json.loads(make_kit(EVENTS, option=option).files["settings.json"])
        for option in ("msk_provisioned", "msk_serverless", "confluent_cloud", "kafka_self_managed")
    }

    assert {kit["settings"]["security_protocol"] for kit in kits.values()} == {"PLAINTEXT"}
    assert {
        option: (kit["deployed"]["security_protocol"], kit["deployed"]["sasl_mechanism"])
        for option, kit in kits.items()
    } == {
        "msk_provisioned": ("SASL_SSL", "AWS_MSK_IAM"),
        "msk_serverless": ("SASL_SSL", "AWS_MSK_IAM"),
        "confluent_cloud": ("SASL_SSL", "PLAIN"),
        "kafka_self_managed": ("SSL", None),
    }
    assert "IAM only" in kits["msk_serverless"]["reasons"]["sasl_mechanism"]


def test_clients_outside_aws_sign_in_to_msk_with_a_password() -> None:
    kit = json.loads(make_kit({**EVENTS, "cloud": "gcp"}, option="msk_express").files["settings.json"])

    assert kit["deployed"]["sasl_mechanism"] == "SCRAM-SHA-512"


def test_only_fan_out_has_a_topic_to_publish_to() -> None:
    fanned, alone = (make_kit(ORDERED, option=option) for option in ("sns_sqs", "sqs_fifo"))

    assert settings_of(fanned)["topic_name"] == "orders.fifo"
    assert settings_of(alone)["topic_name"] is None


HEAVY = {
    **JOBS,
    "messages_per_second_peak": 5000,
    "compression_ratio": 3,
    "latency_ms_target": 25,
    "delay_seconds": 0.5,
}


@pytest.mark.parametrize("option", ["sqs_standard", "kafka_self_managed"])
def test_settings_are_what_clients_take(option: str) -> None:
    """Whole numbers, a compression that each client has, and no more workers than one process bears."""
    settings = settings_of(make_kit(HEAVY, option=option))

    assert [name for name, value in settings.items() if isinstance(value, float)] == []
    assert settings.get("compression_type", "gzip") == "gzip"
    assert settings.get("worker_count", 1) in range(1, 51)


def test_an_empty_folder_of_starters_is_the_authors_fault(tmp_path: Path) -> None:
    with pytest.raises(KitError):
        load_starters(tmp_path)


def test_executable_bits_and_only_real_files_are_kept(tmp_path: Path) -> None:
    starter = tmp_path / "some_starter"
    (starter / "__pycache__").mkdir(parents=True)
    (starter / "__pycache__" / "left.pyc").write_bytes(b"x")
    (starter / "run").write_text("#!/bin/sh\n")
    (starter / "run").chmod(0o755)
    (starter / "link").symlink_to("/etc/passwd")

    kit = load_starters(tmp_path)["some_starter"]

    assert set(kit.files) == {"run"}
    assert kit.executables == {"run"}
    write_folder(kit.files, kit.executables, tmp_path / "written")
    assert (tmp_path / "written" / "run").stat().st_mode & 0o111


@pytest.mark.parametrize("starter", starters(), ids=lambda path: path.name)
def test_making_a_starters_data_files_anew_changes_nothing(starter: Path) -> None:
    """After a change of the rules: `make starters`."""
    for name, content in written_files(starter).items():
        assert (starter / name).read_bytes() == content, name


@pytest.mark.parametrize("folder", sorted(INFRASTRUCTURE))
def test_filling_the_infrastructure_anew_changes_nothing(folder: str) -> None:
    """After a change of the rules: `make starters`."""
    written = written_infrastructure(folder)
    assert written.keys() == INFRASTRUCTURE[folder].files.keys()
    for name, content in written.items():
        assert INFRASTRUCTURE[folder].files[name] == content, name
