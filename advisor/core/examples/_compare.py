"""Whether what we get is what the source says: money to the cent, counts exactly, rounded figures within 2 %."""

import math
from collections.abc import Iterator, Mapping

from advisor.core.examples._values import Check, Checked, Example, Got, Outcome

ROUNDED = 0.02
CENT = 0.005 + 1e-9
SYNONYMS = (
    ("monthly_usd", "total_usd", "usd", "cost_usd", "monthly_total_usd"),
    ("billed_requests", "requests", "requests_per_month"),
    ("billed", "billed_deliveries"),
    ("workers", "consumers", "concurrency", "in_flight", "in_flight_messages"),
    ("storage_gb", "storage_gb_month", "storage_gb_months"),
    ("partitions", "partitions_min"),
)


def compare(example: Example, outcome: Outcome) -> Checked:
    """Every output that we compute against the source's; one that we should compute and do not is a failure."""
    checks: list[Check] = []
    skipped: list[str] = []
    for name, expected in _flat(example.outputs):
        if name in outcome.beyond:
            skipped.append(f"{name}: {outcome.beyond[name]}")
        elif not isinstance(expected, float | str | bool):
            skipped.append(f"{name}: no figure")
        else:
            checks.append(_check(name, expected, _find(outcome.got, name), example.tolerance))
    return Checked(
        example=example,
        status=_status(checks),
        reason=_reason(checks),
        checks=tuple(checks),
        not_compared=tuple(skipped),
        differs=outcome.differs,
    )


def _status(checks: list[Check]) -> str:
    if not checks:
        return "not_applicable"
    return "pass" if all(check.agrees for check in checks) else "fail"


def _reason(checks: list[Check]) -> str:
    if not checks:
        return "none of its outputs follows from its inputs"
    wrong = [check.output for check in checks if not check.agrees]
    return f"differs in {', '.join(wrong)}" if wrong else ""


def _flat(outputs: Mapping[str, object], before: str = "") -> Iterator[tuple[str, float | str | bool | None]]:
    """Outputs with their path; whole numbers as floats."""
    for name, value in outputs.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name}.")
        elif isinstance(value, bool | str):
            yield f"{before}{name}", value
        else:
            yield f"{before}{name}", float(value) if isinstance(value, int | float) else None


def _find(got: Got, name: str) -> float | str | bool | None:
    """What we get under this name, its exact form, or another name for the same thing."""
    plain = name.removesuffix("_approx")
    for words in ((name, plain), *(group for group in SYNONYMS if plain in group)):
        for word in words:
            if got.get(word) is not None:
                return got[word]
    return None


def _check(name: str, expected: float | str | bool, got: float | str | bool | None, tolerance: str) -> Check:
    if isinstance(expected, bool | str) or isinstance(got, bool | str) or got is None:
        return Check(output=name, expected=expected, got=got, difference=None, agrees=expected == got)
    difference = got - expected
    agrees = abs(difference) <= _allowed(name, expected, tolerance)
    return Check(output=name, expected=expected, got=got, difference=difference, agrees=agrees)


def _allowed(name: str, expected: float, tolerance: str) -> float:
    """How far off is still the same: as the source says, else a cent, a count, or its own last digit."""
    stated = _as_number(tolerance)
    if stated is not None:
        return stated + 1e-9
    last_digit = 0.5 * 10.0 ** -_decimals(expected) * (1 + 1e-9) if expected != int(expected) else 0.0
    exact = CENT if "usd" in name else 1e-9 * max(1.0, abs(expected))
    if name.endswith("_approx") or tolerance:
        return max(exact, last_digit, ROUNDED * abs(expected))
    return max(exact, last_digit)


def _as_number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _decimals(value: float) -> int:
    return len(f"{value:.10f}".rstrip("0").partition(".")[2])
