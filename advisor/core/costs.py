"""Remembers what each option costs a workload, for the many what-ifs that share it. Saves time, changes nothing."""

from advisor.core.facts import Facts
from advisor.core.options import OPTIONS, monthly_usd
from advisor.core.workload import Workload

# Every number that some bill reads; a what-if about anything else costs the same (tested by recording what is read).
NUMBERS = (
    "availability_zones",
    "batch_size",
    "compression_ratio",
    "consumer_groups",
    "idle_pollers",
    "isolation_units",
    "message_size_bytes_avg",
    "messages_per_second_avg",
    "messages_per_second_peak",
    "outage_hours",
    "processing_seconds_avg",
    "retention_hours",
)


class Costs:
    """One set of facts, one memory."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._seen: dict[tuple[object, ...], tuple[float, bool]] = {}

    def monthly_usd(self, option: str, workload: Workload) -> tuple[float, bool]:
        """The dollars that the cost criterion looks at, and whether a price is missing."""
        key = (option, *(getattr(workload, name) for name in (*NUMBERS, *OPTIONS[option].reads)))
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = monthly_usd(option, workload, self._facts)
        return found
