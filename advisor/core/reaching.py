"""At which answer to a question a quantity reaches a bound. Knows no rule and no option."""

import math

from advisor.core.quantities import (
    CALLS,
    LIGHTENING,
    READS,
    batch_for,
    chances_together,
    messages_per_call,
    sequences_for,
    sequences_of,
)
from advisor.core.workload import Workload

_STEEP = 30.0  # e to this growth in a month is no answer


def answer_for(name: str, quantity: str, bound: float, workload: Workload) -> float | None:
    """The answer to a question at which a quantity reaches the bound, all other answers as they are.

    Quantities are proportional to most of their questions, inversely to the lightening ones, and grow by compounding;
    calls follow the batches, and deletes the time that a message takes while that is below a second.
    """
    now, value = float(getattr(workload, name)), float(getattr(workload, quantity))
    factor = bound / value if value > 0 else 0.0
    if not 0 < factor < math.inf:
        return None
    if quantity in CALLS and name in ("batch_size", "message_size_bytes_avg", "ordering_keys"):
        return _batched_for(name, quantity, factor, workload)
    if name in READS["growth_factor"]:
        return _growth_for(name, workload.growth_factor * factor, workload)
    if quantity == "delete_calls_per_second_peak" and name == "processing_seconds_avg":
        return bound / peak if bound <= (peak := workload.messages_per_second_peak_at_horizon) else None
    if now <= 0:
        return None
    return now / factor if name in LIGHTENING else now * factor


def _batched_for(name: str, quantity: str, factor: float, workload: Workload) -> float | None:
    """Calls rise in steps with the size of a message, where one less fits into each; those to a queue bring one message
    of each key at most."""
    batch = messages_per_call(workload)
    keys = sequences_of(workload) if quantity == "send_calls_per_second_peak" else math.inf
    together = sum(chances_together(batch, keys)) / factor
    if name == "ordering_keys":
        found = sequences_for(together, batch) if workload.ordering == "per-key" else math.inf
    else:
        found = batch_for(together, keys)
    if math.isinf(found):
        return None
    return float(workload.call_bytes // math.ceil(found)) if name == "message_size_bytes_avg" else found


def _growth_for(name: str, factor: float, workload: Workload) -> float | None:
    """The months, or the percent a month, that make this growth factor; None where there are none."""
    monthly, months = 1 + workload.growth_percent_per_month / 100, workload.planning_horizon_months
    if name == "planning_horizon_months":
        return math.log(factor) / math.log(monthly) if monthly not in (0, 1) else None
    exponent = math.log(factor) / months if months else math.inf
    return 100 * math.expm1(exponent) if abs(exponent) < _STEEP else None
