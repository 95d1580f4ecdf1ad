"""What readings of a queue mean, without AWS: a queue younger than the window, and metrics that are not there."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from advisor.core.observation import Finding
from advisor.observe.queue import Readings, Window, interpret_queue
from advisor.observe.series import HOUR

WEEK = Window(start=0.0, end=168 * HOUR, period=60)


def findings(born: float, metrics: Mapping[str, Sequence[tuple[float, float]]], **settings: str) -> dict[str, Finding]:
    readings = Readings(
        name="orders",
        region="us-east-1",
        window=WEEK,
        attributes={"CreatedTimestamp": str(int(born)), "DelaySeconds": "0", **settings},
        tags={},
        subscriptions=None,
        metrics=metrics,
        long_poll_seconds=20.0,
    )
    return {finding.question: finding for finding in interpret_queue(readings, ()).findings}


def hourly(since: float, value: float) -> list[tuple[float, float]]:
    return [(at * HOUR, value) for at in range(int(since // HOUR), 168)]


@pytest.mark.parametrize("age_hours", [1.0, 3.0, 3.5, 167.0])
def test_a_young_queue_is_measured_over_its_life(age_hours: float) -> None:
    """10 messages a second, 40 in flight, an empty receive every 4 s; a queue of the same name was polled before."""
    born = WEEK.end - age_hours * HOUR
    part = 1 - born % HOUR / HOUR  # of the hour in which it was made
    counted = {
        "sent": [(born + at * 60, 600.0) for at in range(int(age_hours * 60))],
        "received": [(born // HOUR * HOUR, 36000.0 * part), *hourly(born, 36000.0)[1:]],
        "empty": [(born // HOUR * HOUR - HOUR, 99.0), (born // HOUR * HOUR, 900.0 * part), *hourly(born, 900.0)[1:]],
        "in_flight": hourly(born, 40.0),
        "size_max": [(born // HOUR * HOUR - HOUR, 99_000.0), *hourly(born, 2000.0)],
    }
    found = findings(born, counted)
    assert value(found, "messages_per_second_avg") == pytest.approx(10.0)
    assert value(found, "idle_pollers") == pytest.approx(5.0)
    assert value(found, "processing_seconds_avg") == pytest.approx(4.0)
    assert value(found, "message_size_bytes_max") == 2000.0
    assert {each.window for each in found.values() if each.window != "now"} == {f"{age_hours:g} h"}


@pytest.mark.parametrize(
    ("key", "is_own"),
    [
        ("alias/aws/sqs", False),
        ("arn:aws:kms:us-east-1:123456789012:alias/aws/sqs", False),
        ("alias/orders", True),
        ("arn:aws:kms:us-east-1:123456789012:key/1234abcd", True),
    ],
)
def test_a_key_that_aws_manages_is_none_of_ones_own(key: str, is_own: bool) -> None:
    assert ("compliance" in findings(0, {}, KmsMasterKeyId=key)) == is_own
    assert "compliance" not in findings(0, {})


def value(found: Mapping[str, Finding], question: str) -> Any:
    return found[question].domain.sole
