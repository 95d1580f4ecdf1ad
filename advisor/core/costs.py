"""Remembers what each option costs a workload, for the many what-ifs that share it. Saves time, changes nothing."""

from collections.abc import Mapping
from operator import attrgetter

from advisor.core.facts import Facts
from advisor.core.options import OPTIONS, monthly_usd, today
from advisor.core.workload import Workload

# Every number and every choice that some bill reads; a what-if about anything else costs the same (tested).
NUMBERS = tuple(sorted({name for model in OPTIONS.values() for name in model.numbers}))
CHOICES = tuple(sorted({name for model in OPTIONS.values() for name in model.reads}))
_read_all = attrgetter(*NUMBERS, *CHOICES)
_READ = {option: attrgetter(*model.numbers, *model.reads) for option, model in OPTIONS.items()}
Usd = tuple[float, bool]  # dollars a month, and whether a price is missing


class Costs:
    """One set of facts, one memory."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._whole: dict[object, Mapping[str, Usd]] = {}
        self._seen: dict[object, Usd] = {}

    def all_usd(self, workload: Workload) -> Mapping[str, Usd]:
        """For every option the dollars that the cost criterion looks at, and whether a price is missing."""
        key = _read_all(workload)
        found = self._whole.get(key)
        if found is None:
            now = today(workload)
            found = self._whole[key] = {option: self.monthly_usd(option, now) for option in OPTIONS}
        return found

    def monthly_usd(self, option: str, workload: Workload) -> Usd:
        """The same for one option."""
        key = option, _READ[option](workload)
        found = self._seen.get(key)
        if found is None:
            found = self._seen[key] = monthly_usd(option, workload, self._facts)
        return found
