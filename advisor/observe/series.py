"""Counts over time, whoever measured them: average, peak, burstiness, hours near the peak, idle spells. Pure.

A period without a value is one in which nothing happened.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HOUR = 3600.0
DAY = 24 * HOUR
_IDLE_SECONDS = 3 * HOUR  # "nothing arrives for hours"
_JUMP = 10.0  # "load jumps tenfold"
_NEAR = 0.5  # at least half the peak counts as near it
_TELLING = 100  # messages in the busiest period; with fewer, chance says which period is busy


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Messages a second over a window, from a count for each of its periods."""

    seconds: float
    period: float
    counts: tuple[float, ...]

    @property
    def average(self) -> float:
        return sum(self.counts) / self.seconds if self.seconds else 0.0

    @property
    def peak(self) -> float:
        return max(self.counts, default=0.0) / self.period

    @property
    def burstiness(self) -> float:
        """The peak over the average, by the hour where that is few messages; 1 for an even stream or none."""
        return self._telling().peak / self.average if self.average else 1.0

    def _telling(self) -> "Rates":
        """The same counts, by the hour where the busiest period holds too few to tell it from others."""
        size = round(HOUR / self.period)
        if size <= 1 or max(self.counts, default=0.0) >= _TELLING:
            return self
        sums = tuple(sum(self.counts[at : at + size]) for at in range(0, len(self.counts), size))
        return Rates(seconds=self.seconds, period=size * self.period, counts=sums)

    @property
    def longest_idle_seconds(self) -> float:
        longest = idle = 0
        for count in self.counts:
            idle = 0 if count else idle + 1
            longest = max(longest, idle)
        return longest * self.period

    @property
    def peak_hours_per_day(self) -> float:
        """Hours at half the peak or more, by the hour where the peak is few messages; none where there is no peak."""
        if not self.peak or not self.seconds:
            return 0.0
        rates = self._telling()
        near = sum(1 for count in rates.counts if count >= _NEAR * rates.peak * rates.period)
        return min(24.0, 24 * near * rates.period / rates.seconds)

    @property
    def is_idle_or_bursty(self) -> bool:
        return self.longest_idle_seconds >= _IDLE_SECONDS or self.burstiness >= _JUMP


def make_rates(points: Sequence[tuple[float, float]], start: float, end: float, period: float) -> Rates:
    """Rates from (time, count) pairs, which may come in any order and leave out quiet periods."""
    slots = [0.0] * max(1, round((end - start) / period))
    for time, count in points:
        at = int((time - start) // period)
        if 0 <= at < len(slots):
            slots[at] += count
    return Rates(seconds=end - start, period=period, counts=tuple(slots))
