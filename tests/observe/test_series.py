"""Averages, peaks, idle spells and hours near the peak of counts that are worked out by hand here."""

import random

import pytest
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


def test_one_message_every_quarter_of_an_hour_is_no_burst() -> None:
    rates = make_rates([(at * 900.0, 1.0) for at in range(7 * 96)], 0.0, 7 * DAY, 60.0)
    assert (rates.burstiness, rates.is_idle_or_bursty, rates.peak_hours_per_day) == (1.0, False, 24.0)
    assert rates.peak == 1 / 60


@pytest.mark.parametrize("per_second", [0.005, 0.01, 0.05, 0.5, 2.0])
def test_what_comes_at_random_and_evenly_is_no_burst_and_near_its_peak_for_most_of_the_day(per_second: float) -> None:
    chance, time, points = random.Random(7), 0.0, []
    while (time := time + chance.expovariate(per_second)) < 2 * DAY:
        points.append((time, 1.0))
    rates = make_rates(points, 0.0, 2 * DAY, 60.0)
    assert not rates.is_idle_or_bursty
    assert rates.peak_hours_per_day > 12


def test_a_burst_of_many_within_a_minute_is_one_by_the_minute() -> None:
    rates = make_rates([(hour * HOUR, 1000.0) for hour in range(24)], 0.0, DAY, 60.0)
    assert rates.is_idle_or_bursty
    assert rates.peak_hours_per_day == pytest.approx(24 / 60)


def test_few_messages_that_jump_tenfold_by_the_hour_are_a_burst() -> None:
    points = [(at * 1200.0, 1.0) for at in range(24 * 3)] + [(6 * HOUR + at * 15.0, 1.0) for at in range(240)]
    assert make_rates(points, 0.0, DAY, 60.0).is_idle_or_bursty


def test_where_there_is_no_peak_nothing_is_near_it() -> None:
    assert hourly(*[0.0] * 24).peak_hours_per_day == 0


def test_nothing_at_all_is_no_division_by_zero() -> None:
    empty = make_rates([], 0.0, 0.0, 60.0)
    assert (empty.average, empty.peak, empty.burstiness) == (0.0, 0.0, 1.0)


@given(
    st.sampled_from((60.0, 300.0, 514.3, HOUR, 7 * HOUR)),
    st.lists(st.integers(0, 10**6).map(float), min_size=1, max_size=200),
)
def test_no_average_is_above_its_peak(period: float, counts: list[float]) -> None:
    rates = Rates(seconds=len(counts) * period, period=period, counts=tuple(counts))
    assert rates.average <= rates.peak * (1 + 1e-9)
    assert 0 <= rates.peak_hours_per_day <= 24 + 1e-9
