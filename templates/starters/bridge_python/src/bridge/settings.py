"""What the workload decided: settings.json, each key overridable by the environment variable of its upper-cased name.

With DEPLOYED=true the keys under `deployed` stand in for those of local work. Secrets are not settings.
"""

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

SETTINGS_FILE = Path(__file__).resolve().parents[2] / "settings.json"


class SettingsError(Exception):
    """Everything that is wrong with the settings, one problem a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    bootstrap_servers: str
    topic: str
    dead_letter_topic: str
    bridge_group: str
    max_poll_records: int
    max_poll_interval_ms: int
    security_protocol: str
    sasl_mechanism: str | None
    queue_name: str
    region: str
    endpoint_url: str | None
    health_port: int
    # How long a bridge that died keeps its partitions. Not decided by the workload: Kafka's own value.
    session_timeout_ms: int = 45_000


def load_settings(environment: Mapping[str, str] = os.environ, file: Path = SETTINGS_FILE) -> Settings:
    kinds = {field.name: field.type for field in fields(Settings)}
    values: dict[str, Any] = {}
    written, problems = _read(environment, file)
    problems += [f"{key}: unknown setting" for key in sorted(written.keys() - kinds.keys())]
    for name, kind in kinds.items():
        try:
            if name.upper() in environment:
                values[name] = _from_text(kind, environment[name.upper()])
            elif name in written:
                values[name] = _from_json(kind, written[name])
        except ValueError as error:
            problems.append(f"{name}: {error}")
    required = {field.name for field in fields(Settings) if field.name != "session_timeout_ms"}
    named = {problem.partition(":")[0] for problem in problems}
    problems += [f"{name}: missing" for name in sorted(required - values.keys() - named)]
    if problems:
        raise SettingsError("\n".join(problems))
    return _sound(Settings(**values))


def load_settings_or_exit() -> Settings:
    try:
        return load_settings()
    except SettingsError as error:
        print(error, file=sys.stderr)
        raise SystemExit(2) from None


def _read(environment: Mapping[str, str], file: Path) -> tuple[dict[str, Any], list[str]]:
    """The settings of local work, or with DEPLOYED=true of everywhere else; and what is wrong with DEPLOYED."""
    document: dict[str, dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    deployed = environment.get("DEPLOYED", "")
    if deployed.lower() not in ("", "true", "false"):
        return document["settings"], [f"deployed: {deployed!r} is neither true nor false"]
    return document["settings"] | (document.get("deployed", {}) if deployed.lower() == "true" else {}), []


def _from_text(kind: Any, text: str) -> object:
    if kind is int:
        return int(text)
    return text if kind is str else text or None


def _from_json(kind: Any, value: object) -> object:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{value!r} is not of the expected type ({getattr(kind, '__name__', kind)})")
    return value


def _sound(settings: Settings) -> Settings:
    is_sasl = settings.security_protocol in ("SASL_PLAINTEXT", "SASL_SSL")
    named = ("bootstrap_servers", "topic", "bridge_group", "queue_name")
    claims = [
        *((bool(getattr(settings, name)), f"{name}: must not be empty") for name in named),
        (settings.topic != settings.dead_letter_topic, "dead_letter_topic: must differ from topic"),
        (
            not settings.queue_name.endswith(".fifo"),
            "queue_name: the bridge keeps no order, so the queue is a standard one",
        ),
        (settings.max_poll_records >= 1, "max_poll_records: must be at least 1"),
        (0 <= settings.health_port <= 65_535, "health_port: must be a port, or 0 for none"),
        (is_sasl or settings.security_protocol in ("PLAINTEXT", "SSL"), "security_protocol: is not one that Kafka has"),
        (
            is_sasl == (settings.sasl_mechanism is not None),
            "sasl_mechanism: needed by the SASL protocols and by no other",
        ),
    ]
    problems = [message for holds, message in claims if not holds]
    if problems:
        raise SettingsError("\n".join(problems))
    return settings
