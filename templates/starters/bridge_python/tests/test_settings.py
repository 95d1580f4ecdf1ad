"""Settings come from the file, are overridden by the environment, and are refused when they make no sense."""

import json

import pytest

from bridge.settings import SETTINGS_FILE, SettingsError, load_settings


def test_the_settings_of_this_project_are_sound_and_each_has_a_reason() -> None:
    load_settings({})
    assert load_settings({"DEPLOYED": "true"}).endpoint_url is None
    document = json.loads(SETTINGS_FILE.read_text(encoding="utf-8"))
    assert document["settings"].keys() == document["reasons"].keys()


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("BOOTSTRAP_SERVERS", ""),
        ("BRIDGE_GROUP", ""),
        ("TOPIC", ""),
        ("QUEUE_NAME", "jobs.fifo"),
        ("MAX_POLL_RECORDS", "0"),
        ("MAX_POLL_RECORDS", "many"),
        ("SECURITY_PROTOCOL", "SASL_SSL"),
        ("SECURITY_PROTOCOL", "none"),
        ("HEALTH_PORT", "-1"),
        ("DEPLOYED", "perhaps"),
    ],
)
def test_a_senseless_setting_is_refused(name: str, text: str) -> None:
    with pytest.raises(SettingsError):
        load_settings({name: text})
