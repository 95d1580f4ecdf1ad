"""Parts a range as people type it ("1..2 days", "1 to 2 days") into its ends, each with its unit. Knows no question.

A unit at the upper end is meant for both. A magnitude, the k of 5k, belongs to its number; where it may
be meant for both, the range is refused.
"""

import re

from advisor.core.units import MAGNITUDES, UnitError, format_number, parse_quantity, split_quantity

_WITHOUT_MAGNITUDES = ("bytes", "seconds", "hours", "ms", "months")

# Between two numbers; a hyphen is none of these, since it may be a minus sign.
_SPOKEN = re.compile(r"^\s*(\$?[+-]?\.?\d.*?)(?:\s+to\s+|\s*–\s*)(\$?\+?\.?\d.*)$", re.DOTALL)
_DASHED = re.compile(r"(?<=[\w%])(?<![eE]) ?- ?(?=[$.\d])")
_LONGEST = 130  # two quantities


def is_range(text: str) -> bool:
    """Whether two ends are meant: "2..5", "2 to 5", "2–5"; also where one of them is missing."""
    return ".." in text or (len(text) <= _LONGEST and _SPOKEN.match(text) is not None)


def _cut(text: str) -> tuple[str, str]:
    spoken = _SPOKEN.match(text) if ".." not in text else None
    low, high = spoken.groups() if spoken else text.split("..", 1)
    return low.strip(), high.strip()


def split_range(text: str, unit: str) -> tuple[str, str]:
    """Both ends as quantities: "1 days" and "2 days" of "1..2 days". Raises UnitError.

    "100..5k" begins at 100; "1..2k" may begin at 1 or at 1,000.
    """
    low, high = _cut(text)
    for end, name in ((low, "lower"), (high, "upper")):
        if not end:
            raise UnitError("not_a_number", f"“{low}..{high}” lacks its {name} end.")
    (least, own), (most, rest) = split_quantity(low, unit), split_quantity(high, unit)
    if own and not (unit == "messages/s" and own in MAGNITUDES):
        return low, high
    many, word = _part_unit(high, rest, unit)
    if many and least and not own and parse_quantity(f"{low}{many}{word}", unit) <= parse_quantity(high, unit):
        in_full = f"{low}..{format_number(most * MAGNITUDES[many.strip()])}{word}"
        message = f"“{low}..{high}” may be {in_full} or {low}{many}..{high}; write the one that is meant."
        raise UnitError("ambiguous_unit", message)
    return f"{low}{word}", high


def say_way_out(text: str, code: str) -> str:
    """How a number or a range is written, where that is what went wrong; else nothing."""
    if ".." not in text and len(text) <= _LONGEST and _DASHED.search(text):
        return f"For a range write {_DASHED.sub('..', text.strip(), count=1)}."
    return "Write a number such as 40, or a range such as 2..5." if code == "not_a_number" else ""


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
