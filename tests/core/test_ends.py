"""Ranges as people type them: which unit each end has, and that what may mean two ranges is refused with both."""

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.ends import is_range, say_way_out, split_range
from advisor.core.units import UnitError, parse_quantity

UNITS = ("messages/s", "bytes", "seconds", "hours", "ms", "months", "USD", "percent", "count")
WORDS = {
    "messages/s": ("/min", " msg/s", " messages per day", "/month"),
    "bytes": (" KiB", "kB", " bytes", " GB"),
    "seconds": (" min", "ms"),
    "hours": (" days", "d", " weeks"),
    "USD": (" USD", "$"),
    "percent": ("%", " pct"),
}
NUMBERS = st.integers(0, 10**6) | st.floats(0, 1e6).map(lambda number: round(number, 3))


def ends_of(text: str, unit: str) -> tuple[float, float]:
    low, high = split_range(text, unit)
    return parse_quantity(low, unit), parse_quantity(high, unit)


def are_numbers_or_refused(text: str, unit: str) -> bool:
    try:
        return not any(math.isnan(end) for end in ends_of(text, unit))
    except UnitError as error:
        return error.code in ("not_a_number", "ambiguous_unit", "unknown_unit")


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("100..500", "messages/s", 100, 500),
        ("1..2 days", "hours", 24, 48),
        ("1.5 .. 2.5d", "hours", 36, 60),
        ("1..2 min", "seconds", 60, 120),
        ("64..256 KiB", "bytes", 65_536, 262_144),
        ("1..2kB", "bytes", 1000, 2000),
        ("100..200/min", "messages/s", 100 / 60, 200 / 60),
        ("100..200 msg per minute", "messages/s", 100 / 60, 200 / 60),
        ("1,000..2,000/min", "messages/s", 1000 / 60, 2000 / 60),
        ("10..20 USD", "USD", 10, 20),
        ("1..5 %", "percent", 1, 5),
    ],
)
def test_a_unit_at_the_upper_end_is_meant_for_both(text: str, unit: str, low: float, high: float) -> None:
    assert ends_of(text, unit) == pytest.approx((low, high))


@pytest.mark.parametrize("between", [" to ", "–", " – ", "  to "])
def test_a_range_is_also_written_with_to_or_a_dash_between_its_numbers(between: str) -> None:
    for low, high, unit in (("2", "5 KiB", "bytes"), ("$1k", "$2k", "USD"), (".5", "2 days", "hours")):
        assert is_range(f"{low}{between}{high}")
        assert ends_of(f"{low}{between}{high}", unit) == ends_of(f"{low}..{high}", unit)


@pytest.mark.parametrize("text", ["2-5", "-5", "–5", "up to 5", "5 to", "to 5", "2 tons", f"{10**90}–{10**90}"])
def test_a_minus_sign_or_a_number_alone_is_no_range(text: str) -> None:
    assert not is_range(text)


@pytest.mark.parametrize(
    ("text", "code", "way_out"),
    [
        ("2-5 KiB", "unknown_unit", "For a range write 2..5 KiB."),
        ("2 - 5", "ambiguous_unit", "For a range write 2..5."),
        ("maybe", "not_a_number", "Write a number such as 40, or a range such as 2..5."),
        ("1e-5x", "unknown_unit", ""),
        ("1..2k", "ambiguous_unit", ""),
    ],
)
def test_what_is_no_number_or_range_is_told_how_one_is_written(text: str, code: str, way_out: str) -> None:
    assert say_way_out(text, code) == way_out


@pytest.mark.parametrize(("text", "missing"), [("10..", "upper"), ("..2 days", "lower"), ("..", "lower")])
def test_a_range_that_lacks_an_end_says_which(text: str, missing: str) -> None:
    with pytest.raises(UnitError, match=f"lacks its {missing} end"):
        split_range(text, "hours")


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("1 hour..2 days", "hours", 1, 48),
        ("1 h..2", "hours", 1, 2),
        ("500 B..2 KiB", "bytes", 500, 2048),
        ("1/s..2k/min", "messages/s", 1, 2000 / 60),
        ("1/s..2k/s", "messages/s", 1, 2000),
        ("$1k..$2k", "USD", 1000, 2000),
    ],
)
def test_a_unit_at_the_lower_end_stays(text: str, unit: str, low: float, high: float) -> None:
    assert ends_of(text, unit) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("100..5k", "messages/s", 100, 5000),
        ("100..2k msg/min", "messages/s", 100 / 60, 2000 / 60),
        ("1k..2k/min", "messages/s", 1000 / 60, 2000 / 60),
        ("0..2k", "messages/s", 0, 2000),
        ("$500..$2k", "USD", 500, 2000),
        ("100..12k", "count", 100, 12_000),
    ],
)
def test_a_magnitude_belongs_to_its_number(text: str, unit: str, low: float, high: float) -> None:
    assert ends_of(text, unit) == pytest.approx((low, high))


@pytest.mark.parametrize(
    ("text", "unit", "with_one", "with_both"),
    [
        ("1..2k", "messages/s", "1..2,000", "1k..2k"),
        ("1.5..2k/min", "messages/s", "1.5..2,000/min", "1.5k..2k/min"),
        ("1..2M messages per day", "messages/s", "1..2,000,000 messages per day", "1M..2M messages per day"),
        ("1..2 million/h", "messages/s", "1..2,000,000/h", "1 million..2 million/h"),
        ("1..2k", "count", "1..2,000", "1k..2k"),
        ("$1..$2k", "USD", "$1..2,000", "$1k..$2k"),
        ("2..2k USD", "USD", "2..2,000 USD", "2k..2k USD"),
    ],
)
def test_a_magnitude_that_may_be_meant_for_both_is_refused_with_both_ranges(
    text: str, unit: str, with_one: str, with_both: str
) -> None:
    with pytest.raises(UnitError) as caught:
        split_range(text, unit)
    assert caught.value.code == "ambiguous_unit"
    said = re.fullmatch(r"“(.*)” may be (.*) or (.*); write the one that is meant\.", str(caught.value))
    assert said is not None
    assert said.groups() == (text, with_one, with_both)
    (one_low, one_high), (both_low, both_high) = ends_of(with_one, unit), ends_of(with_both, unit)
    assert one_low < both_low <= both_high == pytest.approx(one_high)


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("..2 days", "hours", "not_a_number"),
        ("1..", "hours", "not_a_number"),
        ("..", "count", "not_a_number"),
        ("1..2..3", "hours", "unknown_unit"),
        ("1..2 m", "hours", "ambiguous_unit"),
        ("1..2 KB", "bytes", "ambiguous_unit"),
        ("1..2k", "bytes", "ambiguous_unit"),
        ("1..2 parsecs", "hours", "unknown_unit"),
        ("1..5k messages", "messages/s", "ambiguous_unit"),
    ],
)
def test_what_no_quantity_may_be_no_end_may_be(text: str, unit: str, code: str) -> None:
    with pytest.raises(UnitError) as caught:
        ends_of(text, unit)
    assert caught.value.code == code


@given(low=NUMBERS, high=NUMBERS, unit=st.sampled_from(sorted(WORDS)), data=st.data())
def test_ends_are_read_as_if_each_had_the_unit(low: float, high: float, unit: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(WORDS[unit]))
    both = parse_quantity(f"{low}{word}", unit), parse_quantity(f"{high}{word}", unit)
    assert ends_of(f"{low}..{high}{word}", unit) == both


@given(low=st.text(max_size=40), high=st.text(max_size=40), unit=st.sampled_from(UNITS))
def test_any_text_is_two_quantities_or_a_unit_error(low: str, high: str, unit: str) -> None:
    assert are_numbers_or_refused(f"{low}..{high}", unit)


@given(
    low=st.sampled_from(["1", "0", "-2", ".5", "1k", "3 d", "$2", "1e3", "1" * 60]),
    number=st.sampled_from(["1", "2,000", "2e300", "1e308", "7 ", "$3"]),
    magnitude=st.sampled_from(["", "k", "M", "bn", "million", "kk", "m", "B"]),
    rest=st.sampled_from(["", " msg", "/s", " per day", "iB", "%", " per", "/", "e5", " / /", "$"]),
    unit=st.sampled_from(UNITS),
)
def test_any_near_miss_is_two_quantities_or_a_unit_error(
    low: str, number: str, magnitude: str, rest: str, unit: str
) -> None:
    assert are_numbers_or_refused(f"{low}..{number}{magnitude}{rest}", unit)
