"""Remembers what each option costs a workload, for the many what-ifs that share it. Saves time, changes nothing."""

from collections.abc import Mapping
from operator import attrgetter

from advisor.core.facts import Facts, Found
from advisor.core.options import OPTIONS, monthly_usd, today
from advisor.core.workload import Workload

# Every number and every choice that some bill reads; a what-if about anything else costs the same (tested).
NUMBERS = tuple(sorted({name for model in OPTIONS.values() for name in model.numbers}))
CHOICES = tuple(sorted({name for model in OPTIONS.values() for name in model.reads}))
REMEMBERED = 20_000  # bills, some 13 MB
_read_all = attrgetter(*NUMBERS, *CHOICES)
_READ = {option: attrgetter(*model.numbers, *model.reads) for option, model in OPTIONS.items()}
Usd = tuple[float, bool]  # dollars a month, and whether a price is missing


class Costs:
    """One set of facts. What a bill came to is remembered with them, since the next question about a workload most
    often changes no bill; what all options cost is remembered here."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._whole: dict[object, Found[Usd]] = {}
        self._seen = facts.remember("bills", dict[object, Usd])

    def all_usd(self, workload: Workload) -> Mapping[str, Usd]:
        """By option the dollars that the cost criterion looks at, and whether a price is missing: to ask, not to
        walk through."""
        key = _read_all(workload)
        found = self._whole.get(key)
        if found is None:
            now = today(workload)
            found = self._whole[key] = Found(lambda option: self.monthly_usd(option, now))
        return found

    def monthly_usd(self, option: str, workload: Workload) -> Usd:
        """The same for one option."""
        key = option, _READ[option](workload)
        found = self._seen.get(key)
        if found is None:
            if len(self._seen) >= REMEMBERED:
                self.forget()
            found = self._seen[key] = monthly_usd(option, workload, self._facts)
        return found

    def forget(self) -> None:
        """Begin anew: at the bound, and where time is measured."""
        self._whole.clear()
        self._seen.clear()
