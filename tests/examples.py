"""On how many examples a property is tried: some with `make test`, six times as many with `make verify`."""

import os

_TIMES = 6 if os.environ.get("WIDE") else 1


def tries(usual: int) -> int:
    """For `settings(max_examples=…)`, which would set the profile's number aside."""
    return usual * _TIMES
