"""Averages, peaks, idle spells and hours near the peak of counts that are worked out by hand here."""

from hypothesis import given
from hypothesis import strategies as st

from advisor.observe.series import HOUR, Rates, make_rates

DAY = 24 * HOUR


def hourly(*counts: float) -> Rates:
    return Rates(seconds=len(counts) * HOUR, period=HOUR, counts=counts)


def test_rates_are_per_second_of_the_whole_window() -> None:
    rates = make_rates([(HOUR, 7200.0), (0.0, 3600.0)], 0.0, 4 * HOUR, HOUR)
    assert rates.counts == (3600.0, 7200.0, 0.0, 0.0)
    assert (rates.average, rates.peak) == (0.75, 2.0)


def test_points_outside_the_window_do_not_count() -> None:
    assert make_rates([(-1.0, 9.0), (DAY, 9.0)], 0.0, DAY, HOUR).average == 0


def test_hours_without_anything_make_it_idle() -> None:
    assert hourly(*[5.0] * 21, 0, 0, 0).is_idle_or_bursty
    assert not hourly(*[5.0] * 21, 0, 0, 5.0).is_idle_or_bursty


def test_ten_times_the_average_makes_it_bursty() -> None:
    assert hourly(100.0, *[5.0] * 23).is_idle_or_bursty
    assert not hourly(20.0, *[5.0] * 23).is_idle_or_bursty


def test_hours_near_the_peak_are_those_of_half_of_it_or_more() -> None:
    assert hourly(*[10.0] * 2, *[5.0] * 3, *[4.9] * 19).peak_hours_per_day == 5


def test_nothing_at_all_is_no_division_by_zero() -> None:
    empty = make_rates([], 0.0, 0.0, 60.0)
    assert (empty.average, empty.peak, empty.burstiness) == (0.0, 0.0, 1.0)


@given(st.lists(st.integers(0, 10**6).map(float), min_size=1, max_size=200))
def test_no_average_is_above_its_peak(counts: list[float]) -> None:
    rates = hourly(*counts)
    assert rates.average <= rates.peak * (1 + 1e-9)
    assert 0 <= rates.peak_hours_per_day <= 24 + 1e-9
