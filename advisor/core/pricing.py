"""What a bill of quantities comes to, as cost lines or as dollars alone.

Knows no option and no workload. A price that is missing or not verified stays missing; it is never 0.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from operator import add

from advisor.core.estimate import CostLine, Quantity
from advisor.core.facts import Facts, Found, Quote, Tier
from advisor.core.tariffs import TARIFFS, Tariff

REFERENCE_REGION = "us-east-1"  # every option is priced there
PRICED, ELSEWHERE, UNPRICED = range(3)  # here; some only in REFERENCE_REGION; some in neither


def cost_lines(quantities: Iterable[Quantity], region: str, facts: Facts) -> tuple[CostLine, ...]:
    """One line per quantity and price tier; nothing is billed for nothing."""
    rates = _rates(region, facts)
    lines: list[CostLine] = []
    for name, amount in quantities:
        if amount > 0:
            lines += _lines(name, amount, rates[name], region)
    return tuple(lines)


def is_sold(price: str, facts: Facts, region: str, size: str = "") -> bool:
    """Whether a verified price is known for this size in this Region."""
    return _price(price, facts, region, size) is not None


def total_usd(lines: Iterable[CostLine]) -> float:
    """What is priced; ask `is_partial` whether that is all. Added one by one, as `price_usd` does: from Python 3.12 on
    `sum` rounds otherwise, and the two would differ in the last bit."""
    return reduce(add, (line.amount_usd for line in lines if line.amount_usd is not None), 0.0)


def is_partial(lines: Iterable[CostLine]) -> bool:
    """Whether a price is missing."""
    return any(line.amount_usd is None for line in lines)


def _price(price: str, facts: Facts, region: str, size: str) -> Quote | None:
    keys = {"region": region, "size": size}
    quote = facts.quote(price, *(keys[key] for key in facts[price].by))
    return None if quote is None or quote.source.kind == "unverified" else quote


def price_usd(quantities: Iterable[Quantity], region: str, facts: Facts) -> tuple[float, bool]:
    """`total_usd` and `is_partial` of the cost lines, without making them: all that a what-if asks."""
    usd, partial, rates = 0.0, False, _rates(region, facts)
    for name, value in quantities:
        if value > 0:
            rate = rates[name]
            if rate.flat is not None:
                usd += value / rate.per * rate.flat
                continue
            partial = partial or rate.quote is None
            for start, end, price in rate.tiers:
                if value > start:
                    usd += (min(value, end) - start) / rate.per * price
    return usd, partial


def comparable_usd(quantities: tuple[Quantity, ...], region: str, facts: Facts) -> tuple[float, int]:
    """What options are compared by, and how it is known: where this Region has no price, that of REFERENCE_REGION
    counts. Without it, an option would win because the others' prices are not known here. What is UNPRICED
    counts as dearer than anything: it never wins by silence."""
    usd, has_gap = price_usd(quantities, region, facts)
    if not has_gap:
        return usd, PRICED
    rates = _rates(region, facts)
    gaps = [(name, value) for name, value in quantities if value > 0 and rates[name].quote is None]
    elsewhere, is_unknown = price_usd(gaps, REFERENCE_REGION, facts)
    return (math.inf, UNPRICED) if is_unknown else (usd + elsewhere, ELSEWHERE)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rate:
    """The price of one billed quantity in one Region: where each tier starts and ends, and its price. `flat` is that of
    a quantity without tiers."""

    tariff: Tariff
    label: str
    per: float
    quote: Quote | None
    tiers: tuple[tuple[float, float, float], ...]
    flat: float | None


def _rates(region: str, facts: Facts) -> Found[str, _Rate]:
    """Those of one Region."""
    return facts.remember(("rates", region), lambda: Found(lambda quantity: _find_rate(quantity, region, facts)))


def _find_rate(quantity: str, region: str, facts: Facts) -> _Rate:
    name, _, size = quantity.partition(":")
    quote = _price(TARIFFS[name].price, facts, region, size)
    cell = () if quote is None else quote.value
    if isinstance(cell, tuple):
        tiers = [tier for tier in cell if isinstance(tier, Tier)]
    else:
        tiers = [Tier(start=0, value=float(cell))]
    ends = (*(tier.start for tier in tiers[1:]), math.inf)
    steps = tuple((tier.start, end, tier.value) for tier, end in zip(tiers, ends, strict=False))
    tariff = TARIFFS[name]
    label = f"{tariff.label}, {size}" if size else tariff.label
    flat = steps[0][2] if len(steps) == 1 and steps[0][0] == 0 else None
    return _Rate(tariff=tariff, label=label, per=tariff.per, quote=quote, tiers=steps, flat=flat)


def _lines(name: str, amount: float, rate: _Rate, region: str) -> list[CostLine]:
    """One for each tier that the quantity reaches."""
    if rate.quote is None:
        return [_line(name, rate, region, amount / rate.per, None, note="not priced")]
    return [
        _line(
            f"{name}_tier_{number + 1}" if number else name,
            rate,
            region,
            (min(amount, end) - start) / rate.per,
            price,
            note=f"from {start:,.0f}" if start else "",
        )
        for number, (start, end, price) in enumerate(rate.tiers)
        if amount > start
    ]


def _line(line_id: str, rate: _Rate, region: str, value: float, price: float | None, *, note: str) -> CostLine:
    tariff, quote = rate.tariff, rate.quote
    return CostLine(
        id=line_id,
        label=rate.label,
        quantity=value,
        unit=tariff.unit,
        unit_price_usd=price,
        amount_usd=None if price is None else value * price,
        fact=tariff.price,
        region=region,
        checked=None if quote is None else quote.source.checked,
        note=note,
    )
