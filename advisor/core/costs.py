"""Remembers what each option costs a workload, for the many what-ifs that share it. Saves time, changes nothing."""

from collections.abc import Callable, Mapping
from operator import attrgetter

from advisor.core.facts import Facts, Found
from advisor.core.options import OPTIONS, monthly_usd
from advisor.core.quantities import RUNNING_KAFKA
from advisor.core.workload import Workload

# Every number and every choice that some bill reads; a what-if about anything else costs the same (tested).
NUMBERS = tuple(sorted({name for model in OPTIONS.values() for name in model.numbers}))
CHOICES = tuple(sorted({name for model in OPTIONS.values() for name in model.reads}))
REMEMBERED = 5_000  # rows of bills, some 4 MB
_KEYS = dict.fromkeys(RUNNING_KAFKA, "running_kafka")  # of the platforms a bill looks for Kafka only (tested)
_read_all = attrgetter(*NUMBERS, *sorted({_KEYS.get(name, name) for name in CHOICES}))
Usd = tuple[float, int]  # dollars a month, and how they are known: PRICED, ELSEWHERE or UNPRICED
Bills = dict[str, Usd]


def _group() -> tuple[tuple[Callable[[Workload], object], ...], dict[str, int]]:
    """What is read for the options whose bills read the same numbers, and the number of each option's group."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for option, model in OPTIONS.items():
        groups.setdefault(tuple(sorted(model.numbers)), []).append(option)
    read = tuple(
        attrgetter(*numbers, *sorted({_KEYS.get(name, name) for option in options for name in OPTIONS[option].reads}))
        for numbers, options in groups.items()
    )
    return read, {option: place for place, options in enumerate(groups.values()) for option in options}


_READ, _GROUP = _group()


class Costs:
    """One set of facts. What a bill came to is remembered with them, since the next question about a workload most
    often changes no bill; what all options cost is remembered here."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._whole: dict[object, Found[str, Usd]] = {}
        self._seen = facts.remember("bills", dict[object, Bills])

    def all_usd(self, workload: Workload) -> Mapping[str, Usd]:
        """By option the dollars that the cost criterion looks at, and whether a price is missing: to ask, not to
        walk through."""
        key = _read_all(workload)
        found = self._whole.get(key)
        if found is None:
            found = self._whole[key] = Found(lambda option: self.monthly_usd(option, workload))
        return found

    def monthly_usd(self, option: str, workload: Workload) -> Usd:
        """The same for one option."""
        row = self._row(_GROUP[option], workload)
        found = row.get(option)
        if found is None:
            found = row[option] = monthly_usd(option, workload, self._facts)
        return found

    def _row(self, place: int, workload: Workload) -> Bills:
        """What is known of one group's bills."""
        key = place, _READ[place](workload)
        found = self._seen.get(key)
        if found is None:
            if len(self._seen) >= REMEMBERED:
                self.forget()
            found = self._seen[key] = {}
        return found

    def forget(self) -> None:
        """Begin anew: at the bound, and where time is measured."""
        self._whole.clear()
        self._seen.clear()
