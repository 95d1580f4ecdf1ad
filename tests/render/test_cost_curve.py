"""The cost pictures: whole as XML, true to the curve, marked at each break-even, and legible without colour."""

import math
import re
from dataclasses import replace
from functools import cache

import pytest

from advisor import service
from advisor.core.breakeven import BreakEven
from advisor.render.charts.cost_curve import BOTTOM, LEFT, RIGHT, TOP, draw_by_rate, draw_by_readers, draw_by_size
from advisor.render.charts.cost_words import changes, describe_costs, say_cheaper
from advisor.render.charts.scales import LogScale, whole_decades
from advisor.render.charts.shapes import Chart, to_csv
from tests.render.pictures import SVG, root, words

LABELS: dict[str, str] = {"sqs_standard": "One & only <queue>"}
ONE = {
    "cloud": "aws", "region": "us-east-1", "work_queue": True, "consumer_groups": 1, "messages_per_second_avg": 20,
    "batch_size": 1, "message_size_bytes_avg": {"min": 500, "max": 60_000}, "growth_percent_per_month": 3,
}  # fmt: skip
MANY = {
    **ONE, "batch_size": 10, "message_size_bytes_avg": 26_000, "consumer_groups": 2, "retention_hours": 1,
    "outage_hours": 0, "availability_zones": 1, "growth_percent_per_month": 0, "work_queue": False,
}  # fmt: skip
UNPRICED = {**ONE, "region": "eu-west-1", "messages_per_second_avg": 800, "consumer_groups": 2}


@cache
def found(name: str) -> BreakEven:
    return service.find_break_even(service.read_query({"one": ONE, "many": MANY, "unpriced": UNPRICED}[name]))


def lines(chart: Chart, family: str) -> list[list[tuple[float, float]]]:
    paths = [each.attrib["d"] for each in root(chart).iter(f"{SVG}path") if each.get("class") == f"line {family}"]
    return [[(float(x), float(y)) for x, y in re.findall(r"([\d.]+) ([\d.]+)", path)] for path in paths]


@pytest.mark.parametrize("name", ["one", "many", "unpriced"])
@pytest.mark.parametrize("draw", [draw_by_rate, draw_by_size, draw_by_readers])
def test_a_picture_has_a_name_a_description_and_its_table(name: str, draw: object) -> None:
    chart = draw(found(name), LABELS)  # type: ignore[operator]
    assert root(chart).findtext(f"{SVG}title") == chart.title
    assert root(chart).findtext(f"{SVG}desc") == chart.says
    table = to_csv(chart).splitlines()
    assert len(table) == len(chart.rows) + 1
    assert {len(row) for row in chart.rows} == {len(chart.header)}


def test_the_lines_are_where_the_costs_are() -> None:
    costs, chart = found("one"), draw_by_rate(found("one"), LABELS)
    every = [usd for point in costs.curve for usd in (point.sqs_usd, point.kafka_usd)]
    every += [usd for span in costs.spans for end in (span.low, span.high) for usd in (end.sqs_usd, end.kafka_usd)]
    low, high = whole_decades(usd for usd in every if usd is not None)
    (line,) = lines(chart, "sqs")
    assert len(line) == len(costs.curve)
    for (x, y), point in zip(line, costs.curve, strict=True):
        rate = math.log10(point.at / 0.01) / 8
        dollars = math.log10((point.sqs_usd or math.nan) / low) / math.log10(high / low)
        assert x == pytest.approx(LEFT + rate * (RIGHT - LEFT), abs=0.06)
        assert y == pytest.approx(BOTTOM - dollars * (BOTTOM - TOP), abs=0.06)


def test_the_break_even_is_marked_where_the_lines_cross_and_named() -> None:
    chart, (change,) = draw_by_rate(found("one"), LABELS), changes(found("one"))
    (mark,) = [each for each in root(chart).iter(f"{SVG}circle") if each.get("class") == "mark"]
    sqs = dict(lines(chart, "sqs")[0])
    kafka = dict(lines(chart, "kafka")[0])
    x, y = float(mark.attrib["cx"]), float(mark.attrib["cy"])
    assert sqs[x] == pytest.approx(y, abs=0.2)
    assert kafka[x] == pytest.approx(y, abs=0.2)
    label = next(each for each in words(chart) if "cheaper from" in each)
    assert f"{change.at:.3g}" in label
    assert "months of growth" in label


def test_each_of_many_break_evens_has_a_mark_and_two_have_words() -> None:
    chart, turns = draw_by_rate(found("many"), LABELS), changes(found("many"))
    assert len(turns) >= 3
    assert len([each for each in root(chart).iter(f"{SVG}circle") if each.get("class") == "mark"]) == len(turns)
    assert len([each for each in words(chart) if "cheaper from" in each]) == 2
    assert f"changes {len(turns)} times" in chart.says


def test_both_ends_of_both_lines_have_their_value_and_each_line_its_name() -> None:
    costs, said = found("one"), words(draw_by_rate(found("one"), LABELS))
    for point in (costs.curve[0], costs.curve[-1]):
        for usd in (point.sqs_usd, point.kafka_usd):
            assert usd is not None
            assert (f"${usd:,.2f}" if usd < 1000 else f"${usd:,.0f}") in said
    assert {"SQS", "Kafka"} <= set(said)


def test_a_band_is_drawn_only_where_a_range_was_stated() -> None:
    assert draw_by_rate(found("one"), LABELS).svg.count("<pattern") == 2
    assert "<pattern" not in draw_by_rate(found("many"), LABELS).svg


def test_what_has_no_price_is_named_and_not_drawn() -> None:
    costs = found("unpriced")
    chart = draw_by_rate(costs, LABELS)
    assert "sqs_standard" in costs.not_priced or "msk_provisioned" in costs.not_priced
    assert "a price is missing in eu-west-1" in chart.says
    for family in ("sqs", "kafka"):
        known = any(getattr(point, f"{family}_usd") is not None for point in costs.curve)
        assert bool(lines(chart, family)) == known


def test_less_than_a_cent_is_no_nothing() -> None:
    query = service.read_query({"cloud": "aws", "work_queue": True, "batch_size": 10, "idle_pollers": 0})
    chart = draw_by_rate(service.find_break_even(query), LABELS)
    assert {"$0.001", "$0.0032"} <= set(words(chart))
    assert "$0.00" not in words(chart)
    assert not [row for row in chart.rows if "0.00" in row]


def test_a_line_that_ends_early_has_its_name_where_it_ends() -> None:
    costs = found("one")
    half = costs.curve[: len(costs.curve) // 2]
    cut = [*half, *(replace(point, kafka_usd=None) for point in costs.curve[len(half) :])]
    said = root(draw_by_rate(replace(costs, curve=tuple(cut)), LABELS)).iter(f"{SVG}text")
    names = [each for each in said if each.text == "Kafka" and "halo" in each.get("class", "")]
    assert [LEFT < float(each.attrib["x"]) < RIGHT - 50 for each in names] == [True]


def test_a_region_that_is_none_of_ours_is_called_another() -> None:
    costs = replace(found("unpriced"), region="other")
    assert "a price is missing in another Region" in draw_by_rate(costs, LABELS).says


def test_the_words_say_who_is_cheaper_on_which_side() -> None:
    (change,) = changes(found("one"))
    assert say_cheaper(found("one").intervals).startswith("Cheaper is Amazon SQS up to")
    assert f"{float(f'{change.at:.3g}'):g}" in say_cheaper(found("one").intervals)
    assert any("% growth a month the break-even comes in" in each for each in describe_costs(found("one"), LABELS))
    assert any("One & only <queue>" in each for each in describe_costs(found("one"), LABELS))


def test_an_axis_has_whole_ticks_and_keeps_what_lies_beyond_at_its_end() -> None:
    axis = LogScale(low=0.01, high=1000.0, start=0.0, end=100.0)
    assert axis.ticks() == (0.01, 0.1, 1, 10, 100, 1000)
    assert axis.at(0.0) == axis.at(0.01) == 0
    assert axis.at(1e9) == 100
    assert axis.at(1) == pytest.approx(40)
    assert LogScale(low=1, high=20, start=0, end=1).ticks() == (1, 2, 5, 10, 20)
    assert whole_decades([0.0, 0.3, 70.0]) == (0.1, 100.0)
    assert whole_decades([]) == (1.0, 10.0)
