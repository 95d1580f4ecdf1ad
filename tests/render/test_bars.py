"""Bars, gauges and the map: whole as XML, true to their values, and legible without colour."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from advisor.render.charts.bars import Swing, draw_points, draw_swings
from advisor.render.charts.gauges import Limit, draw_limits, draw_months
from advisor.render.charts.outcomes import Axis, draw_outcomes
from advisor.render.charts.shapes import STYLE, WIDTH, Chart, wrap
from tests.render.pictures import SVG, root, words

LIMITS = (
    Limit(label="Rate <of> one & all", option="SQS", used_percent=35.0, months=30.0, words="7 of 20 calls/s"),
    Limit(label="Size", option="Kafka", used_percent=140.0, months=0.0, words="14 of 10 MiB"),
    Limit(label="Delay", option="SQS", used_percent=0.0, months=None, words="0 of 15 minutes"),
    Limit(label="Partitions", option="Kafka", used_percent=2.0, months=400.0, words="2 of 100"),
)
SWINGS = (
    Swing(label="Narrow?", low="no", high="yes", lead_low=40.0, lead_high=60.0),
    Swing(label="Wide?", low="none", high="a platform team", lead_low=-20.0, lead_high=80.0),
)
ACROSS = Axis(label="Rate?", values=("1/s", "10/s", "100/s"), here=1)
UP = Axis(label="Size?", values=("1 KiB", "2 KiB"), here=0)
GRID = (("sqs", "sqs", "kafka"), ("sqs", "", "both"))


def bars(chart: Chart, kind: str) -> list[ET.Element]:
    return [each for each in root(chart).iter(f"{SVG}rect") if each.get("class") == kind]


def width(bar: ET.Element) -> float:
    return float(bar.attrib["width"])


EVERY = {
    "limits": draw_limits(LIMITS),
    "months": draw_months(LIMITS),
    "points": draw_points(("One", "Two"), (("Cost", 30, -10), ("Order", 0, 20))),
    "swings": draw_swings(SWINGS, 50, 3),
    "map": draw_outcomes(ACROSS, UP, GRID),
    "no limits": draw_limits(()),
    "no months": draw_months(()),
    "no swings": draw_swings(()),
}


@pytest.mark.parametrize("name", EVERY)
def test_a_picture_says_what_it_is_and_every_style_it_uses_exists(name: str) -> None:
    chart = EVERY[name]
    assert words(chart)[0] == chart.title == root(chart).findtext(f"{SVG}title")
    assert root(chart).findtext(f"{SVG}desc") == chart.says
    assert {len(row) for row in chart.rows} <= {len(chart.header)}
    used = {kind for each in root(chart).iter() for kind in each.get("class", "").split()}
    assert {kind for kind in used if not re.search(rf"\.{kind}\b", STYLE)} == set()
    named = {each.attrib["fill"][5:-1] for each in root(chart).iter() if each.get("fill", "").startswith("url(#")}
    assert named <= {each.attrib["id"] for each in root(chart).iter(f"{SVG}pattern")}


@pytest.mark.parametrize("name", EVERY)
def test_no_word_stands_out_of_the_picture(name: str) -> None:
    for each in root(EVERY[name]).iter(f"{SVG}text"):
        length, x = 7.2 * len(each.text or ""), float(each.attrib["x"])
        kinds = each.get("class", "")
        left = x - length if "end" in kinds else x - length / 2 if "mid" in kinds else x
        assert left >= 0, each.text
        assert left + length <= WIDTH, each.text


def test_a_gauge_is_as_long_as_its_share_and_what_is_over_says_so() -> None:
    chart = EVERY["limits"]
    assert [row[0] for row in chart.rows] == ["Size", "Rate <of> one & all", "Partitions", "Delay"]
    full = width(bars(chart, "track")[0])
    assert [round(width(bar) / full, 2) for bar in bars(chart, "first")] == [1.0, 0.35, 0.02]
    assert len(bars(chart, "over")) == 1
    assert "140 %, over" in words(chart)
    assert "7 of 20 calls/s" in words(chart)


def test_months_are_a_line_of_time_that_ends_after_ten_years() -> None:
    chart = EVERY["months"]
    assert [row[2] for row in chart.rows] == ["now", "30 months", "400 months", "never"]
    assert len(list(root(chart).iter(f"{SVG}circle"))) == 2
    assert "more than ten years" in words(chart)
    assert "Delay" not in words(chart)


@pytest.mark.parametrize("months", [0.0, 0.4, 1.0, 3.0, 11.0, 13.0, 36.0, 60.0, 119.0, 400.0])
def test_no_two_words_of_the_line_of_time_lie_upon_each_other(months: float) -> None:
    chart = draw_months([Limit(label="Size", option="SQS", used_percent=50.0, months=months)])
    marks = [each for each in root(chart).iter(f"{SVG}text") if each.get("class") == "soft mid"]
    ends = [(float(each.attrib["x"]), 3.6 * len(each.text or "")) for each in marks]
    assert ends
    for (left, half), (right, other) in pairwise(ends):
        assert left + half < right - other


def test_a_share_of_many_digits_or_next_to_nothing_has_no_exponent() -> None:
    chart = draw_limits([Limit(label="Size", option="SQS", used_percent=111_111.1, months=None)])
    assert chart.rows[0][2] == "111100"
    assert "111,111 %, over" in words(chart)
    chart = draw_limits([Limit(label="Size", option="SQS", used_percent=0.000012345, months=None)])
    assert chart.rows[0][2] == "0.00001234"
    assert "0.00001234 %" in words(chart)


def test_points_are_drawn_in_proportion_on_their_side_and_summed() -> None:
    chart = EVERY["points"]
    first, second = bars(chart, "first")[:-1], bars(chart, "second")[:-1]  # the last ones are the legend
    assert width(first[0]) == pytest.approx(3 * width(second[0]), abs=0.2)
    assert float(second[0].attrib["x"]) < float(first[0].attrib["x"])
    assert chart.rows[-1] == ("sum", "30", "10")
    assert "One +30 · Two +10" in words(chart)


def test_a_swing_is_hatched_where_the_outcome_would_be_another() -> None:
    chart = EVERY["swings"]
    assert [row[0] for row in chart.rows] == ["Wide?", "Narrow?"]
    (over,) = bars(chart, "over")
    assert width(over) == pytest.approx(width(bars(chart, "first")[0]) / 4, abs=0.1)
    assert {"even", "as assumed +50", "none", "−20", "a platform team", "+80"} <= set(words(chart))


def test_of_swings_those_are_counted_that_turn_the_outcome_drawn_or_not() -> None:
    assert EVERY["swings"].says.startswith("3 open questions can turn the outcome alone. Drawn are the widest")
    unopposed = draw_swings((), None, 1)
    assert unopposed.says.startswith("1 open question can turn the outcome alone. Only one kind of option is left")
    assert not any("moves the lead" in each for each in words(unopposed))
    assert draw_swings((), 50).says.startswith("No open question can")


def test_the_map_has_borders_where_outcomes_differ_and_strokes_for_each_of_them() -> None:
    chart = EVERY["map"]
    drawn = root(chart)
    assert len([each for each in drawn.iter(f"{SVG}line") if each.get("class") == "border"]) == 5
    assert {each.attrib["id"] for each in drawn.iter(f"{SVG}pattern")} == {"p-sqs", "p-kafka", "p-both"}
    assert len([each for each in drawn.iter(f"{SVG}rect") if each.get("class") == "ring"]) == 1
    assert {"you are here", "10/s", "1 KiB", "Amazon SQS", "Apache Kafka", "both brokers", "not possible"} <= set(
        words(chart)
    )
    assert chart.says.endswith("You are at 10/s and 1 KiB: Amazon SQS.")
    assert chart.rows[1] == ("2 KiB", "sqs", "not possible", "both")


def test_long_words_take_two_lines_and_end_in_an_ellipsis() -> None:
    assert wrap("short", 10) == ("short",)
    assert wrap("one two three four", 10) == ("one two", "three four")
    assert wrap("one two three four five six seven", 10) == ("one two", "three…")
