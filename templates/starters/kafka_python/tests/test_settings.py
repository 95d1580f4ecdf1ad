"""Settings come from the file, are overridden by the environment, and are refused when they make no sense."""

import json
from pathlib import Path
from typing import Any

import pytest

from messaging.settings import SETTINGS_FILE, SettingsError, load_settings

# Not the settings of this project: what is tested here holds whatever they are.
SOUND: dict[str, Any] = {
    "assumed_latency_ms": 1000,
    "assumed_message_bytes": 1024,
    "assumed_messages_per_second": 100,
    "health_port": 0,
    "acks": "all",
    "bootstrap_servers": "127.0.0.1:9092",
    "compression_type": "gzip",
    "consumer_group": "order-events-consumer",
    "dead_letter_topic": "order-events.dead-letters",
    "enable_idempotence": True,
    "linger_ms": 20,
    "dead_letter_max_record_bytes": 1114124,
    "dead_letter_partitions": 3,
    "max_attempts": 5,
    "max_poll_interval_ms": 300000,
    "max_poll_records": 100,
    "max_record_bytes": 1048588,
    "min_insync_replicas": 2,
    "partitions": 12,
    "replication_factor": 3,
    "cleanup_policy": "delete",
    "retention_ms": 604800000,
    "dead_letter_retention_ms": 1209600000,
    "retry_backoff_ms": 200,
    "sasl_mechanism": None,
    "security_protocol": "PLAINTEXT",
    "topic": "order-events",
}
DEPLOYED: dict[str, Any] = {"security_protocol": "SASL_SSL", "sasl_mechanism": "PLAIN"}


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return written(tmp_path, SOUND)


def written(folder: Path, settings: dict[str, Any]) -> Path:
    file = folder / "settings.json"
    file.write_text(json.dumps({"settings": settings, "deployed": DEPLOYED}), encoding="utf-8")
    return file


def test_the_settings_of_this_project_are_sound_and_each_has_a_reason() -> None:
    load_settings({})
    load_settings({"DEPLOYED": "true"})
    document = json.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    assert document["settings"].keys() == document["reasons"].keys()


def test_the_environment_overrides_the_file(sound: Path) -> None:
    settings = load_settings({"PARTITIONS": "7", "ENABLE_IDEMPOTENCE": "false", "SASL_MECHANISM": ""}, sound)
    assert (settings.partitions, settings.enable_idempotence, settings.sasl_mechanism) == (7, False, None)


def test_deployed_settings_stand_in_for_the_local_ones_and_the_environment_for_both(sound: Path) -> None:
    settings = load_settings({"DEPLOYED": "true", "SASL_MECHANISM": "SCRAM-SHA-512"}, sound)
    assert (settings.security_protocol, settings.sasl_mechanism) == ("SASL_SSL", "SCRAM-SHA-512")
    assert load_settings({"DEPLOYED": "false"}, sound).security_protocol == "PLAINTEXT"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("TOPIC", "no/slash"),
        ("TOPIC", ".."),
        ("TOPIC", ""),
        ("DEAD_LETTER_TOPIC", "a" * 250),
        ("PARTITIONS", "0"),
        ("PARTITIONS", "many"),
        ("ENABLE_IDEMPOTENCE", "perhaps"),
        ("ACKS", "1"),
        ("COMPRESSION_TYPE", "zip"),
        ("CLEANUP_POLICY", "keep"),
        ("MIN_INSYNC_REPLICAS", "9"),
        ("MIN_INSYNC_REPLICAS", "-1"),
        ("DEAD_LETTER_PARTITIONS", "0"),
        ("MAX_RECORD_BYTES", "2000000"),
        ("SECURITY_PROTOCOL", "SASL_SSL"),
        ("RETRY_BACKOFF_MS", "100000"),
        ("DEPLOYED", "yes"),
        ("HEALTH_PORT", "70000"),
        ("ASSUMED_LATENCY_MS", "0"),
    ],
)
def test_a_senseless_setting_is_refused(sound: Path, name: str, text: str) -> None:
    with pytest.raises(SettingsError):
        load_settings({name: text}, sound)


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    settings = {**SOUND, "partitions": True, "colour": "red"}
    del settings["topic"]
    with pytest.raises(SettingsError) as caught:
        load_settings({}, written(tmp_path, settings))
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["colour", "partitions", "topic"]
