"""A logarithmic axis: where a value stands, and which values are written on it. Knows no picture."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

_FEW_DECADES = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class LogScale:
    """From `low` at `start` to `high` at `end`, in pixels; what lies beyond an end stands at that end."""

    low: float
    high: float
    start: float
    end: float

    def at(self, value: float) -> float:
        """Where a value stands. Zero has no place on such an axis and stands at its low end."""
        kept = min(max(value, self.low), self.high)
        share = math.log(kept / self.low) / math.log(self.high / self.low)
        return self.start + share * (self.end - self.start)

    def ticks(self) -> tuple[float, ...]:
        """Each power of ten; where there are few, 2 and 5 times it as well."""
        decades = range(math.floor(math.log10(self.low)), math.ceil(math.log10(self.high)) + 1)
        steps = (1, 2, 5) if len(decades) <= _FEW_DECADES + 1 else (1,)
        # Divided where it is below one: 10**-2 as a float is not the 0.01 that people write.
        values = (step * 10**power if power >= 0 else step / 10**-power for power in decades for step in steps)
        return tuple(value for value in values if self.low * (1 - 1e-9) <= value <= self.high * (1 + 1e-9))


def whole_decades(values: Iterable[float]) -> tuple[float, float]:
    """The powers of ten around all values above zero; one decade at least."""
    above = [value for value in values if value > 0] or [1.0]
    low, high = math.floor(math.log10(min(above))), math.ceil(math.log10(max(above)))
    return _power(low), _power(max(high, low + 1))


def _power(exponent: int) -> float:
    return float(10**exponent) if exponent >= 0 else 1 / 10**-exponent
