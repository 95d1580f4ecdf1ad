"""What the workload decided: settings.json, each key overridable by the environment variable of its upper-cased name.

With DEPLOYED=true the keys under `deployed` stand in for those of local work.

AWS credentials are not settings: boto3 finds them where it always does.
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
STANDARD_NAME = re.compile(r"[A-Za-z0-9_-]{1,80}")
FIFO_NAME = re.compile(r"(?=.{1,80}$)[A-Za-z0-9_-]+\.fifo")
STANDARD_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,256}")
FIFO_TOPIC = re.compile(r"(?=.{1,256}$)[A-Za-z0-9_-]+\.fifo")

# What SQS accepts: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SetQueueAttributes.html
# and .../API_ReceiveMessage.html
BOUNDS = {
    "visibility_timeout_seconds": (1, 43_200),
    "message_retention_seconds": (60, 1_209_600),
    "dead_letter_retention_seconds": (60, 1_209_600),
    "wait_time_seconds": (0, 20),
    "batch_size": (1, 10),
    "max_receive_count": (1, 1_000),
    "delay_seconds": (0, 900),
    "max_message_bytes": (1_024, 1_048_576),
    "worker_count": (1, 1_000),
    "health_port": (0, 65_535),
    "assumed_messages_per_second": (1, 10**9),
    "assumed_message_bytes": (1, 1_048_576),
    "assumed_latency_ms": (1, 10**9),
}


class SettingsError(Exception):
    """Everything that is wrong with the settings, one problem a line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    queue_name: str
    dead_letter_queue_name: str
    region: str
    endpoint_url: str | None
    fifo: bool
    visibility_timeout_seconds: int
    message_retention_seconds: int
    dead_letter_retention_seconds: int
    wait_time_seconds: int
    batch_size: int
    max_receive_count: int
    delay_seconds: int
    max_message_bytes: int
    content_based_deduplication: bool
    high_throughput_fifo: bool
    worker_count: int
    topic_name: str | None
    health_port: int
    assumed_messages_per_second: int
    assumed_message_bytes: int
    assumed_latency_ms: int

    @property
    def queue_delay_seconds(self) -> int:
        """By how much every message is delayed: only a standard queue sent to directly delays each by what is asked."""
        return self.delay_seconds if self.fifo or self.topic_name else 0

    @property
    def message_delay_seconds_max(self) -> int:
        """The most that may be asked for one message."""
        return self.delay_seconds - self.queue_delay_seconds


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
    problems += [f"{name}: missing" for name in sorted(kinds.keys() - values.keys() - _named_in(problems))]
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
    pattern, shape = (FIFO_NAME, "ending in .fifo") if settings.fifo else (STANDARD_NAME, "without .fifo")
    topic = FIFO_TOPIC if settings.fifo else STANDARD_TOPIC
    names = (settings.queue_name, settings.dead_letter_queue_name)
    return [
        *((bool(pattern.fullmatch(name)), f"{name!r} is not a queue name {shape}") for name in names),
        (
            settings.topic_name is None or bool(topic.fullmatch(settings.topic_name)),
            f"topic_name: {settings.topic_name!r} is not a topic name {shape}",
        ),
        *(
            (low <= getattr(settings, name) <= high, f"{name}: must be between {low} and {high}")
            for name, (low, high) in BOUNDS.items()
        ),
        (names[0] != names[1], "dead_letter_queue_name: must differ from queue_name"),
        (
            settings.fifo or not (settings.content_based_deduplication or settings.high_throughput_fifo),
            "content_based_deduplication, high_throughput_fifo: for FIFO queues only",
        ),
        (
            settings.message_retention_seconds <= settings.dead_letter_retention_seconds,
            "dead_letter_retention_seconds: below message_retention_seconds (the age counts from the first sending)",
        ),
        (
            settings.endpoint_url is None or settings.endpoint_url.startswith(("http://", "https://")),
            "endpoint_url: must be a URL, or null for AWS",
        ),
    ]
