"""Parts a range as people type it ("1..2 days") into its ends, each with its unit. Knows no question.

A unit at the upper end is meant for both. A magnitude, the k of 5k, belongs to its number; where it may
be meant for both, the range is refused.
"""

from advisor.core.units import MAGNITUDES, UnitError, format_number, parse_quantity, split_quantity

_WITHOUT_MAGNITUDES = ("bytes", "seconds", "hours", "ms", "months")


def split_range(text: str, unit: str) -> tuple[str, str]:
    """Both ends as quantities: "1 days" and "2 days" of "1..2 days". Raises UnitError.

    "100..5k" begins at 100; "1..2k" may begin at 1 or at 1,000.
    """
    low, _, high = (end.strip() for end in text.partition(".."))
    (least, own), (most, rest) = split_quantity(low, unit), split_quantity(high, unit)
    if own and not (unit == "messages/s" and own in MAGNITUDES):
        return low, high
    many, word = _part_unit(high, rest, unit)
    if many and least and not own and parse_quantity(f"{low}{many}{word}", unit) <= parse_quantity(high, unit):
        in_full = f"{low}..{format_number(most * MAGNITUDES[many.strip()])}{word}"
        message = f"“{low}..{high}” may be {in_full} or {low}{many}..{high}; write the one that is meant."
        raise UnitError("ambiguous_unit", message)
    return f"{low}{word}", high


def _part_unit(high: str, rest: str, unit: str) -> tuple[str, str]:
    """The magnitude, if there is one, and the unit, as they were typed: "k" and " msg/s" of "2k msg/s"."""
    typed = high[len(high.removesuffix(rest).rstrip()) :]
    names = () if unit in _WITHOUT_MAGNITUDES else (name for name in MAGNITUDES if name and rest.startswith(name))
    magnitude = next((name for name in names if _is_unit(rest.removeprefix(name), unit)), "")
    end = typed.index(magnitude) + len(magnitude)
    return typed[:end], typed[end:]


def _is_unit(word: str, unit: str) -> bool:
    try:
        return parse_quantity(f"1{word}", unit) > 0
    except UnitError:
        return False
