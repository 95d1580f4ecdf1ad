"""Settings come from the file, are overridden by the environment, and are refused when they make no sense."""

import json
from pathlib import Path

import pytest

from messaging.settings import SETTINGS_FILE, SettingsError, load_settings


def test_each_setting_has_a_reason() -> None:
    document = json.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    assert document["settings"].keys() == document["reasons"].keys()


def test_the_environment_overrides_the_file() -> None:
    settings = load_settings({"PARTITIONS": "7", "ENABLE_IDEMPOTENCE": "false", "SASL_MECHANISM": ""})
    assert (settings.partitions, settings.enable_idempotence, settings.sasl_mechanism) == (7, False, None)


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
        ("MIN_INSYNC_REPLICAS", "9"),
        ("SECURITY_PROTOCOL", "SASL_SSL"),
        ("RETRY_BACKOFF_MS", "100000"),
    ],
)
def test_a_senseless_setting_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingsError):
        load_settings({name: text})


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    document = json.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    del document["settings"]["topic"]
    document["settings"] |= {"partitions": True, "colour": "red"}
    file = tmp_path / "settings.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(SettingsError) as caught:
        load_settings({}, file)
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == ["colour", "partitions", "topic"]
