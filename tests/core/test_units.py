"""Quantities as people type them: what is read, what is refused, and that nothing else ever happens."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from advisor.core.units import UnitError, format_number, format_quantity, parse_quantity

UNITS = ("messages/s", "bytes", "seconds", "hours", "ms", "months", "USD", "percent", "count")


def is_number_or_refused(text: str, unit: str) -> bool:
    try:
        return not math.isnan(parse_quantity(text, unit))
    except UnitError as error:
        return error.code in ("not_a_number", "ambiguous_unit", "unknown_unit")


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("5k msg/s", "messages/s", 5000),
        ("5k/s", "messages/s", 5000),
        ("1.5M messages per day", "messages/s", 1_500_000 / 86_400),
        ("200/min", "messages/s", 200 / 60),
        ("2 billion events/month", "messages/s", 2e9 / (730 * 3600)),
        ("7", "messages/s", 7),
        ("2 KiB", "bytes", 2048),
        ("2 kB", "bytes", 2000),
        ("256KiB", "bytes", 262_144),
        ("1 MiB", "bytes", 1_048_576),
        ("1 MB", "bytes", 1_000_000),
        ("500 bytes", "bytes", 500),
        ("14 d", "hours", 336),
        ("14 days", "hours", 336),
        ("1 week", "hours", 168),
        ("90 min", "hours", 1.5),
        ("250 ms", "seconds", 0.25),
        ("1.5 s", "ms", 1500),
        ("1 year", "months", 12),
        ("$1,200.50", "USD", 1200.5),
        ("2k USD", "USD", 2000),
        ("3 %", "percent", 3),
        ("1_000_000", "count", 1_000_000),
        ("12k", "count", 12_000),
        ("1e3", "count", 1000),
    ],
)
def test_a_quantity_is_read_as_its_writer_means_it(text: str, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "unit", "code"),
    [
        ("2 KB", "bytes", "ambiguous_unit"),
        ("2 K", "bytes", "ambiguous_unit"),
        ("2 k", "bytes", "ambiguous_unit"),
        ("1 M", "bytes", "ambiguous_unit"),
        ("1 mb", "bytes", "ambiguous_unit"),
        ("5 m", "hours", "ambiguous_unit"),
        ("5000 messages", "messages/s", "ambiguous_unit"),
        ("5 parsecs", "bytes", "unknown_unit"),
        ("5 parsecs", "hours", "unknown_unit"),
        ("5 frogs/s", "messages/s", "unknown_unit"),
        ("5 EUR", "USD", "unknown_unit"),
        ("many", "messages/s", "not_a_number"),
        ("", "bytes", "not_a_number"),
        ("-", "bytes", "not_a_number"),
        ("E0", "bytes", "not_a_number"),
        ("-e5", "messages/s", "not_a_number"),
        (".e1", "count", "not_a_number"),
        ("1e999", "count", "not_a_number"),
        ("nan", "count", "not_a_number"),
        ("inf", "count", "not_a_number"),
        ("1,00", "count", "unknown_unit"),
        ("9" * 100, "count", "not_a_number"),
    ],
)
def test_what_is_ambiguous_or_senseless_is_refused_with_its_code(text: str, unit: str, code: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity(text, unit)
    assert caught.value.code == code


@pytest.mark.parametrize(("text", "said"), [("5/", "“/” is no rate"), ("9" * 61, "is longer than any quantity")])
def test_what_is_said_of_it_is_true(text: str, said: str) -> None:
    with pytest.raises(UnitError, match=said):
        parse_quantity(text, "messages/s")


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize("text", ["1,5", "1 500", "1\N{NO-BREAK SPACE}500", "1.000.000", "1'500", "1 000 000/day"])
def test_digits_behind_a_number_are_told_how_numbers_are_written(text: str, unit: str) -> None:
    with pytest.raises(UnitError, match=r"decimals as 1\.5, thousands as 1500 or 1,500") as caught:
        parse_quantity(text, unit)
    assert caught.value.code == "unknown_unit"


@pytest.mark.parametrize("unit", UNITS)
@pytest.mark.parametrize(
    ("text", "said"), [("1.200", "1.2 or 1200"), (" 12.000", "12 or 12000"), ("2.500k", "2.5 or 2500")]
)
def test_a_point_that_may_part_thousands_is_refused(text: str, said: str, unit: str) -> None:
    with pytest.raises(UnitError, match=f"may be {said}; write the one that is meant") as caught:
        parse_quantity(text, unit)
    assert caught.value.code == "ambiguous_unit"


@pytest.mark.parametrize("text", ["0.500", "1.25", "1.235", "1200.500", "1,200.500", "1.2000", "1.200e3"])
def test_a_point_that_parts_no_thousands_is_a_decimal_one(text: str) -> None:
    assert parse_quantity(text, "USD") == float(text.replace(",", ""))


@given(text=st.text(max_size=80), unit=st.sampled_from(UNITS))
def test_any_text_is_a_number_or_a_unit_error(text: str, unit: str) -> None:
    assert is_number_or_refused(text, unit)


@given(
    number=st.floats(min_value=-1e12, max_value=1e12),
    magnitude=st.sampled_from(["", "k", "M", "bn", "kib", "s", "min", "d"]),
    rest=st.sampled_from(["", " msg", "/s", " per day", "B", "%", " per", "/", " / /"]),
    unit=st.sampled_from(UNITS),
)
def test_any_near_miss_is_a_number_or_a_unit_error(number: float, magnitude: str, rest: str, unit: str) -> None:
    assert is_number_or_refused(f"{number!r}{magnitude}{rest}", unit)


@given(value=st.floats(min_value=0.001, max_value=1e9), unit=st.sampled_from(UNITS))
def test_what_is_shown_can_be_typed_again(value: float, unit: str) -> None:
    shown = format_quantity(value, unit)
    rounding = 0.005 if unit == "USD" else 0.0
    assert parse_quantity(shown, unit) == pytest.approx(value, rel=1e-3, abs=rounding)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (2048, "bytes", "2 KiB"),
        (1_048_576, "bytes", "1 MiB"),
        (500, "bytes", "500 bytes"),
        (12_582_912, "bytes/s", "12 MiB/s"),
        (2000, "bytes", "2 kB"),
        (1536, "bytes", "1.5 KiB"),
        (10_000_000, "bytes/s", "10 MB/s"),
        (12_345, "bytes", "12.06 KiB"),
        (math.inf, "bytes", "unlimited bytes"),
        (1209600, "seconds", "14 days"),
        (96, "hours", "4 days"),
        (60, "seconds", "60 seconds"),
        (900, "seconds", "15 minutes"),
        (0, "seconds", "0 seconds"),
        (250, "ms", "250 ms"),
        (5, "USD", "$5.00"),
        (0, "USD", "$0.00"),
        (0.003_14, "USD", "$0.0031"),
        (1, "bytes", "1 byte"),
        (1, "months", "1 month"),
        (1, "calls/s", "1 call/s"),
        (1, "USD per million requests", "1 USD per million requests"),
        (1.5, "months", "1.5 months"),
        (12345.6, "USD", "$12,346"),
        (2.5, "percent", "2.5 %"),
        (3870, "messages/s", "3,870 messages/s"),
        (0.1, "messages/s", "0.1 messages/s"),
        (math.inf, "count", "unlimited"),
    ],
)
def test_quantities_are_shown_in_the_words_people_use(value: float, unit: str, shown: str) -> None:
    assert format_quantity(value, unit) == shown


@given(st.floats(min_value=1e-12, max_value=1e15))
def test_numbers_keep_four_figures_and_have_no_exponent(value: float) -> None:
    shown = format_number(value)
    assert "e" not in shown
    assert float(shown.replace(",", "")) == pytest.approx(value, rel=5e-4)
