"""Settings come from the file, are overridden by the environment, and are refused when they make no sense."""

import json
from pathlib import Path
from typing import Any

import pytest

from messaging.settings import SETTINGS_FILE, SettingsError, load_settings

# Not the settings of this project: what is tested here holds whatever they are.
SOUND: dict[str, Any] = {
    "assumed_latency_ms": 60000,
    "assumed_message_bytes": 2048,
    "assumed_messages_per_second": 20,
    "health_port": 0,
    "topic_name": None,
    "batch_size": 10,
    "content_based_deduplication": False,
    "dead_letter_queue_name": "invoice-jobs-dead-letters",
    "dead_letter_retention_seconds": 1209600,
    "delay_seconds": 0,
    "max_message_bytes": 262144,
    "endpoint_url": "http://127.0.0.1:4566",
    "fifo": False,
    "high_throughput_fifo": False,
    "max_receive_count": 5,
    "message_retention_seconds": 345600,
    "queue_name": "invoice-jobs",
    "region": "us-east-1",
    "visibility_timeout_seconds": 30,
    "wait_time_seconds": 20,
    "worker_count": 5,
}
DEPLOYED: dict[str, Any] = {"endpoint_url": None, "health_port": 8080}


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
    settings = load_settings({"WORKER_COUNT": "7", "FIFO": "false", "ENDPOINT_URL": ""}, sound)
    assert (settings.worker_count, settings.fifo, settings.endpoint_url) == (7, False, None)


def test_deployed_settings_stand_in_for_the_local_ones_and_the_environment_for_both(sound: Path) -> None:
    settings = load_settings({"DEPLOYED": "true", "HEALTH_PORT": "9000"}, sound)
    assert (settings.endpoint_url, settings.health_port) == (None, 9000)
    assert load_settings({"DEPLOYED": "false"}, sound).endpoint_url == SOUND["endpoint_url"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("QUEUE_NAME", "no/slash"),
        ("QUEUE_NAME", "jobs.fifo"),
        ("QUEUE_NAME", ""),
        ("DEAD_LETTER_QUEUE_NAME", "a" * 81),
        ("FIFO", "true"),
        ("FIFO", "perhaps"),
        ("WORKER_COUNT", "0"),
        ("WORKER_COUNT", "many"),
        ("BATCH_SIZE", "11"),
        ("WAIT_TIME_SECONDS", "21"),
        ("DEAD_LETTER_RETENTION_SECONDS", "60"),
        ("CONTENT_BASED_DEDUPLICATION", "true"),
        ("ENDPOINT_URL", "127.0.0.1:4566"),
        ("DEPLOYED", "yes"),
        ("HEALTH_PORT", "70000"),
        ("ASSUMED_LATENCY_MS", "0"),
        ("TOPIC_NAME", "events.fifo"),
    ],
)
def test_a_senseless_setting_is_refused(sound: Path, name: str, text: str) -> None:
    with pytest.raises(SettingsError):
        load_settings({name: text}, sound)


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    settings = {**SOUND, "batch_size": True, "colour": "red"}
    del settings["queue_name"]
    with pytest.raises(SettingsError) as caught:
        load_settings({}, written(tmp_path, settings))
    assert [line.partition(":")[0] for line in sorted(str(caught.value).splitlines())] == [
        "batch_size",
        "colour",
        "queue_name",
    ]
