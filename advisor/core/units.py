"""Reads quantities as people type them ("5k msg/s", "2 KiB", "14 d") and refuses what is ambiguous.

Sizes: KiB is 1,024 bytes and kB is 1,000; KB and K are refused for sizes, because they mean either. Knows no question.
"""

import math
import re

SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3600.0, 86400.0
MONTH = 730 * HOUR  # the month that AWS bills

_TIMES = {
    "ms": 0.001, "millisecond": 0.001, "s": SECOND, "sec": SECOND, "second": SECOND, "min": MINUTE, "minute": MINUTE,
    "h": HOUR, "hour": HOUR, "hr": HOUR, "d": DAY, "day": DAY, "w": 7 * DAY, "week": 7 * DAY, "month": MONTH,
    "y": 365 * DAY, "year": 365 * DAY,
}  # fmt: skip
_BINARY = {"TiB": 1024.0**4, "GiB": 1024.0**3, "MiB": 1024.0**2, "KiB": 1024.0}
_DECIMAL = {"TB": 1e12, "GB": 1e9, "MB": 1e6, "kB": 1e3}
_SIZES = {"b": 1.0, "byte": 1.0, **_DECIMAL, **{name.lower(): size for name, size in _BINARY.items()}}
MAGNITUDES = {"": 1.0, "k": 1e3, "K": 1e3, "m": 1e6, "M": 1e6, "bn": 1e9, "B": 1e9, "million": 1e6, "billion": 1e9}
_COUNTED = {"message", "msg", "event", "record", "request", ""}
_DIGITS = r"(?:(?:\d{1,3}(?:[,_]\d{3})+|\d+)(?:\.\d+)?|\.\d+)"
_NUMBER = re.compile(rf"^\s*([+-]?{_DIGITS}(?:[eE][+-]?\d+)?)\s*(.*?)\s*$", re.DOTALL)
_EITHER = re.compile(r"\s*[+-]?([1-9]\d{0,2})\.(\d\d0)(?![\d.,eE])")  # 1.200 is 1,200 in half of Europe
_MORE_DIGITS = re.compile(r"[.,'’]?\d")  # behind a number: a decimal comma, or thousands parted otherwise
_LONGEST = 60  # nobody types a quantity longer than this


class UnitError(ValueError):
    """The text is no quantity of the wanted unit; `code` is stable, the message says the way out."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse_quantity(text: str, unit: str) -> float:
    """The number in the canonical `unit`: messages/s, bytes, seconds, hours, ms, months, USD, percent or count.

    A bare number is taken to be in `unit` already. Raises UnitError.
    """
    number, rest = split_quantity(text, unit)
    if not rest:
        return number
    if _MORE_DIGITS.match(rest):
        raise UnitError("unknown_unit", f"“{rest}” is no unit; write decimals as 1.5, thousands as 1500 or 1,500.")
    return number * _factor(rest, unit)


def split_quantity(text: str, unit: str) -> tuple[float, str]:
    """The number as it is written, and what stands behind it. Raises UnitError."""
    text = text.strip().removeprefix("$") if unit == "USD" else text
    if len(text) > _LONGEST:
        raise UnitError("not_a_number", f"“{text[:_LONGEST]}…” is longer than any quantity.")
    match = _NUMBER.match(text)
    if match is None:
        raise UnitError("not_a_number", f"“{text}” does not start with a number.")
    if either := _EITHER.match(text):
        whole, decimal = "".join(either.groups()), format_number(float(match[1]))
        raise UnitError("ambiguous_unit", f"“{match[1]}” may be {decimal} or {whole}; write the one that is meant.")
    number = float(match[1].replace(",", "").replace("_", ""))
    if not math.isfinite(number):
        raise UnitError("not_a_number", f"“{text}” is no finite number.")
    return number, match[2]


def _factor(rest: str, unit: str) -> float:
    match unit:
        case "messages/s":
            return _rate(rest)
        case "bytes":
            return _size(rest)
        case "seconds" | "hours" | "ms" | "months":
            return _time(rest) / {"seconds": SECOND, "hours": HOUR, "ms": 0.001, "months": MONTH}[unit]
        case "USD":
            return _plain(rest.removesuffix("$"), unit, ("usd", "dollar", "dollars", "$", "usd/month"))
        case "percent":
            return _plain(rest, unit, ("%", "percent", "pct"))
        case _:
            return _plain(rest, unit, (unit, unit.removesuffix("s"), f"{unit}s"))


def _plain(rest: str, unit: str, words: tuple[str, ...]) -> float:
    for magnitude, factor in MAGNITUDES.items():
        tail = rest.removeprefix(magnitude).strip()
        if rest.startswith(magnitude) and tail.lower() in ("", *words):
            return factor
    way_out = "here; write the number alone" if unit == "count" else f"of {unit}; write the number in {unit}"
    raise UnitError("unknown_unit", f"“{rest}” is no unit {way_out}.")


def _time(rest: str) -> float:
    word = rest.lower()
    if rest == "m":
        raise UnitError("ambiguous_unit", "“m” may be minutes or months; write min or month.")
    if known := _TIMES.get(word) or _TIMES.get(word.removesuffix("s")):
        return known
    raise UnitError("unknown_unit", f"“{rest}” is no unit of time; use ms, s, min, h, d, week, month or year.")


def _size(rest: str) -> float:
    word = rest.lower()
    if word in ("kb", "k") and rest != "kB":
        raise UnitError("ambiguous_unit", f"“{rest}” may be 1,000 or 1,024 bytes; write kB or KiB.")
    if known := _SIZES.get(rest) or _SIZES.get(word) or _SIZES.get(word.removesuffix("s")):
        return known
    if rest in ("M", "G", "m", "g") or word in ("mb", "gb", "tb"):
        raise UnitError("ambiguous_unit", f"“{rest}” is not clear; write MB (1,000,000) or MiB (1,048,576).")
    raise UnitError("unknown_unit", f"“{rest}” is no unit of size; use B, kB, KiB, MB, MiB, GB or GiB.")


def _rate(rest: str) -> float:
    head, slash, per = re.sub(r"\s*\bper\s+", "/", rest).partition("/")
    magnitude, known = _magnitude(head)
    if not slash:
        if known and head.strip() in MAGNITUDES:
            return magnitude
        raise UnitError("ambiguous_unit", f"“{rest}” lacks “per second”, “per day” or such; write for example 5k/s.")
    if not known or not per.strip():
        raise UnitError("unknown_unit", f"“{rest}” is no rate of messages; write for example 5k msg/s.")
    return magnitude / _time(per.strip())


def _magnitude(head: str) -> tuple[float, bool]:
    words = head.split()
    counted = words[-1].lower().removesuffix("s") if words else ""
    if words and counted in _COUNTED:
        words = words[:-1]
    elif len(words) == 1 and words[0] not in MAGNITUDES:
        words = [words[0].removesuffix("msg").removesuffix("messages")]
    name = words[0] if words else ""
    return (MAGNITUDES.get(name, 1.0), len(words) <= 1 and name in MAGNITUDES)


def format_quantity(value: float, unit: str, *, in_binary: bool = False) -> str:
    """The value in words people read: 2 KiB, 14 days, 5,000 messages/s. Rounded to four figures; for display only."""
    match unit:
        case "bytes":
            return _scaled(value, "bytes", in_binary=in_binary)
        case "bytes/s":
            return _scaled(value, "bytes/s", "/s", in_binary=in_binary)
        case "seconds":
            return _time_words(value)
        case "hours":
            return _time_words(value * HOUR)
        case "ms":
            return _time_words(value / 1000)
        case "USD":
            if 0 < value < 0.01:
                return f"${format_number(float(f'{value:.2g}'))}"
            return f"${value:,.2f}" if value < 1000 else f"${value:,.0f}"
        case "percent":
            return f"{format_number(value)} %"
        case "count" | "text" | "boolean" | "":
            return format_number(value)
        case _:
            return _counted(value, unit)


def format_number(value: float) -> str:
    """Four significant figures, thousands separated, no exponent."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "unlimited"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    digits = max(0, 3 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{digits}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _scaled(value: float, small: str, per: str = "", *, in_binary: bool) -> str:
    """In binary units; in decimal ones where four figures say all of it there and not here: 2 kB, not 1.953 KiB."""
    if abs(value) < _BINARY["KiB"] or math.isinf(value):
        return _counted(value, small)
    binary, decimal = (
        next((value / size, name) for name, size in units.items() if abs(value) >= size)
        for units in (_BINARY, _DECIMAL)
    )
    is_binary = in_binary or _is_short(binary[0]) or not _is_short(decimal[0])
    number, name = binary if is_binary else decimal
    return f"{format_number(number)} {name}{per}"


def _is_short(number: float) -> bool:
    return number == float(f"{number:.4g}")


def _counted(value: float, unit: str) -> str:
    """1 byte, 2 bytes; 1 message/s."""
    number, (word, slash, per) = format_number(value), unit.partition("/")
    is_one = number == "1" and " per " not in unit
    return f"{number} {word.removesuffix('s') if is_one else word}{slash}{per}"


def _time_words(seconds: float) -> str:
    for size, name in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute"), (1.0, "second")):
        if seconds >= size * (1 if name != "minute" else 2):
            number = format_number(seconds / size)
            return f"{number} {name}" + ("" if number == "1" else "s")
    return f"{format_number(seconds * 1000)} ms" if seconds else "0 seconds"
