"""What the workload decided: settings.json, each key overridable by the environment variable of its upper-cased name.

With DEPLOYED=true the keys under `deployed` stand in for those of local work.

Secrets are not settings: connection.py takes them from the environment only.
"""

import json
import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

SETTINGS_FILE = Path(__file__).resolve().parents[2] / "settings.json"
TOPIC_NAME = re.compile(r"[a-zA-Z0-9._-]{1,249}")


class SettingsError(Exception):
    """Everything that is wrong with the settings, one problem a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    bootstrap_servers: str
    topic: str
    dead_letter_topic: str
    partitions: int
    dead_letter_partitions: int
    replication_factor: int
    min_insync_replicas: int
    cleanup_policy: str
    retention_ms: int
    dead_letter_retention_ms: int
    max_record_bytes: int
    dead_letter_max_record_bytes: int
    consumer_group: str
    acks: str
    enable_idempotence: bool
    linger_ms: int
    compression_type: str
    max_poll_records: int
    max_poll_interval_ms: int
    max_attempts: int
    retry_backoff_ms: int
    security_protocol: str
    sasl_mechanism: str | None
    health_port: int
    assumed_messages_per_second: int
    assumed_message_bytes: int
    assumed_latency_ms: int
    # How long a consumer that died keeps its partitions. Not decided by the workload: Kafka's own value.
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
    problems += [f"{name}: missing" for name in sorted(required - values.keys() - _named_in(problems))]
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


def _named_in(problems: list[str]) -> set[str]:
    return {problem.partition(":")[0] for problem in problems}


def _from_text(kind: Any, text: str) -> object:
    if kind is bool:
        if text.lower() not in ("true", "false"):
            raise ValueError(f"{text!r} is neither true nor false")
        return text.lower() == "true"
    if kind is int:
        return int(text)
    return text if kind is str else text or None


def _from_json(kind: Any, value: object) -> object:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise ValueError(f"{value!r} is not of the expected type ({getattr(kind, '__name__', kind)})")
    return value


def _sound(settings: Settings) -> Settings:
    problems = [message for holds, message in _claims(settings) if not holds]
    if problems:
        raise SettingsError("\n".join(problems))
    return settings


def _claims(settings: Settings) -> list[tuple[bool, str]]:
    """Pairs of a claim about the settings and what to say when it does not hold."""
    counts = ("partitions", "dead_letter_partitions", "replication_factor", "max_poll_records", "max_attempts")
    assumed = ("assumed_messages_per_second", "assumed_message_bytes", "assumed_latency_ms")
    at_least_one = (*counts, "max_record_bytes", *assumed)
    pauses_ms = settings.retry_backoff_ms * (2 ** (settings.max_attempts - 1) - 1)
    return [
        *((getattr(settings, name) >= 1, f"{name}: must be at least 1") for name in at_least_one),
        *(
            (bool(TOPIC_NAME.fullmatch(name)) and name not in (".", ".."), f"{name!r} is not a topic name")
            for name in (settings.topic, settings.dead_letter_topic)
        ),
        *(
            (bool(getattr(settings, name)), f"{name}: must not be empty")
            for name in ("bootstrap_servers", "consumer_group")
        ),
        (settings.topic != settings.dead_letter_topic, "dead_letter_topic: must differ from topic"),
        *(
            (getattr(settings, name) >= -1, f"{name}: must be a duration, or -1 for ever")
            for name in ("retention_ms", "dead_letter_retention_ms")
        ),
        (min(settings.linger_ms, settings.retry_backoff_ms) >= 0, "linger_ms, retry_backoff_ms: must not be negative"),
        (
            0 <= settings.min_insync_replicas <= settings.replication_factor,
            "min_insync_replicas: must be between 0, which leaves it to the cluster, and replication_factor",
        ),
        (
            settings.dead_letter_max_record_bytes >= settings.max_record_bytes,
            "dead_letter_max_record_bytes: below max_record_bytes",
        ),
        (
            settings.cleanup_policy in ("delete", "compact", "compact,delete"),
            "cleanup_policy: must be delete, compact or compact,delete",
        ),
        (settings.acks in ("all", "0", "1"), "acks: must be all, 1 or 0"),
        (settings.acks == "all" or not settings.enable_idempotence, "enable_idempotence: needs acks to be all"),
        (settings.compression_type in ("gzip", "none"), "compression_type: must be gzip or none"),
        (0 <= settings.health_port <= 65_535, "health_port: must be a port, or 0 for none"),
        (
            settings.security_protocol in ("PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"),
            "security_protocol: must be PLAINTEXT, SSL, SASL_PLAINTEXT or SASL_SSL",
        ),
        (
            settings.security_protocol.startswith("SASL") == (settings.sasl_mechanism is not None),
            "sasl_mechanism: needed by the SASL protocols and by no other",
        ),
        (
            settings.sasl_mechanism in (None, "PLAIN", "SCRAM-SHA-512", "AWS_MSK_IAM"),
            "sasl_mechanism: must be PLAIN, SCRAM-SHA-512 or AWS_MSK_IAM",
        ),
        (
            pauses_ms <= settings.max_poll_interval_ms / 2,
            f"retry_backoff_ms: the pauses add up to {pauses_ms} ms, more than half of max_poll_interval_ms",
        ),
    ]
