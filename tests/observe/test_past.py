"""Since when a partition has all of its records, as its settings and its size say it."""

from collections.abc import Mapping

import pytest

from advisor.observe.past import find_whole

HOUR, NOW = 3600.0, 1_000_000.0
AN_HOUR = {"retention.ms": "3600000"}


@pytest.mark.parametrize(
    ("first_hours_ago", "octets", "config", "whole_hours_ago"),
    [
        (2, 10.0, AN_HOUR, 2),  # a segment that is not full is kept for longer
        (0.1, 10.0, AN_HOUR, 1),  # nothing came before, or it would be there
        (None, 0.0, AN_HOUR, 1),
        (0.1, 10.0, AN_HOUR | {"retention.bytes": "10"}, 0.1),  # what came before may have been too much
        (0.1, 9.0, AN_HOUR | {"retention.bytes": "10"}, 1),
        (0.1, None, AN_HOUR | {"retention.bytes": "10"}, 0.1),
        (0.1, 10.0, {"retention.ms": "-1"}, 0.1),  # somebody deletes records
        (0.1, 10.0, {}, 0.1),
        (None, 10.0, {}, 0),
    ],
)
def test_a_partition_that_lost_records_is_whole_since(
    first_hours_ago: float | None, octets: float | None, config: Mapping[str, str], whole_hours_ago: float
) -> None:
    first = None if first_hours_ago is None else NOW - first_hours_ago * HOUR
    assert find_whole(first, octets, config, NOW) == pytest.approx(NOW - whole_hours_ago * HOUR)
