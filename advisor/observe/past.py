"""How many records of a topic came before, counted by their own dates, as far back as all of them are still there.

Asks for offsets by time, and for nothing else.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from advisor.observe.groups import Offsets
from advisor.observe.series import Rates, make_rates

_ASTRAY = 0.1  # of what was counted; clocks that differ by seconds move fewer


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """Counts by record time, and how many records are dated later than now."""

    rates: Rates
    later: float

    def is_misdated(self, live: Rates | None) -> bool:
        """Whether records are dated by something else than when they are sent: then these are no rates."""
        counted = sum(self.rates.counts)
        return self.later > _ASTRAY * counted or bool(not counted and live and live.average)


def read_past(
    consumer: Any, ends: Offsets, cut: Mapping[Any, float | None], config: Mapping[str, str], longest: float, steps: int
) -> Past | None:
    """Counts at evenly spaced times of so many seconds at most; None where there is nothing to count.

    `cut` are the partitions that have lost their oldest records, each with its bytes on disk where these are known.
    """
    now = time.time()
    oldest = consumer.offsets_for_times(dict.fromkeys(ends, 0))
    firsts = {each: found.timestamp / 1000 for each, found in oldest.items() if found and found.timestamp > 0}
    if not firsts:
        return None
    whole = (find_whole(firsts.get(each), octets, config, now) for each, octets in cut.items())
    start = max(now - longest, max(whole, default=min(firsts.values())))
    number = min(steps, int(now - start))
    if number < 1:
        return None
    period = (now - start) / number
    totals = [_total_at(consumer, ends, start + at * period) for at in range(number + 1)]
    points = [(start + (at + 0.5) * period, after - before) for at, (before, after) in enumerate(pairwise(totals))]
    return Past(rates=make_rates(points, start, now, period), later=sum(ends.values()) - totals[-1])


def find_whole(first: float | None, octets: float | None, config: Mapping[str, str], now: float) -> float:
    """Since when a partition that has lost records has all of them: since its first, or for as long as its settings
    keep them. Age alone ends them where it is smaller than retention.bytes."""
    kept, most = float(config.get("retention.ms", -1)) / 1000, float(config.get("retention.bytes", -1))
    is_by_age = kept > 0 and (most < 0 or (octets is not None and octets < most))
    ages = now - kept if is_by_age else now
    return ages if first is None else min(first, ages)


def _total_at(consumer: Any, ends: Offsets, at: float) -> float:
    found = consumer.offsets_for_times(dict.fromkeys(ends, int(at * 1000)))
    return float(sum(end if found.get(each) is None else found[each].offset for each, end in ends.items()))
