"""The pictures: each an image at its own address, with its table, its ETag and no more rights than it needs."""

import csv
import io
import re
import xml.etree.ElementTree as ET
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from django.test import Client

from advisor import service
from advisor.core.recommend import recommend
from advisor.core.recommendation import Recommendation
from advisor.core.workload import Workload
from advisor.web import maps
from advisor.web.answer import MOST_BARS
from advisor.web.charts import CHARTS
from tests.web.conftest import EVENTS, JOBS
from tests.web.page import Page, open_page

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("name", CHARTS)
def test_a_picture_has_a_title_a_description_a_table_and_a_page(name: str) -> None:
    drawn = open_page(f"/charts/{name}.svg?{EVENTS}")
    assert drawn.headers["Content-Type"].startswith("image/svg+xml")
    root = ET.fromstring(drawn.html)
    assert root.findtext(f"{SVG}title")
    said = root.findtext(f"{SVG}desc")
    rows = list(csv.reader(io.StringIO(open_page(f"/charts/{name}.csv?{EVENTS}").html)))
    assert len({len(row) for row in rows}) == 1
    assert len(rows) > 1
    page = open_page(f"/charts/{name}?{EVENTS}")
    assert said == page.one("p", class_="lead").text
    assert page.one("img").attributes["height"] == root.get("height")  # so that nothing moves when it arrives
    assert len(page.all("tr")) == len(rows)


def test_a_limit_that_is_reached_is_reached_now_and_not_in_0_months() -> None:
    query = "work_queue=false&consumer_groups=3&ordering=per-key&replay_needed=true&messages_per_second_peak=40k"
    chart = open_page(f"/charts/months?{query}&growth_percent_per_month=2")
    assert re.search(r"The first is “[^”]+” \([^)]+\), now\.", chart.one("p", class_="lead").text)
    answer = open_page(f"/recommendation?{query}&growth_percent_per_month=2")
    for page in (chart, answer):
        assert "now" in {each.text for each in page.all("td")}
        assert "0 months" not in {each.text for each in page.all("td")}


@pytest.mark.parametrize(("name", "column"), [("limits", "In use"), ("months", "Reached in")])
def test_a_gauge_has_the_figures_of_the_table_below_it(name: str, column: str, events_page: Page) -> None:
    (limits,) = [
        each for each in events_page.all("table") if each.attributes.get("aria-label", "").endswith("compared")
    ]
    cells = events_page.all("td", data_label=column)
    shown = [cell.text for cell in cells if limits in cell.inside][:MOST_BARS]
    drawn = ET.fromstring(open_page(f"/charts/{name}.svg?{EVENTS}").html)
    words = {each.text for each in drawn.iter(f"{SVG}text")}
    figures = (each for each in shown if each != "never" and not each.startswith("0 "))
    seen = [each for each in figures if float(each.split()[0]) < 120]  # months beyond are “more than ten years” there
    assert len(seen) > 3
    assert {each for each in seen if each in words or f"{each}, over" in words} == set(seen)


@pytest.mark.parametrize(
    ("name", "unit"),
    [("cost", "messages/s"), ("cost-by-size", "bytes a message"), ("cost-by-readers", "consumer groups")],
)
def test_the_table_of_a_cost_curve_has_its_unit_and_no_ids(name: str, unit: str) -> None:
    page = open_page(f"/charts/{name}?{JOBS}")
    assert page.all("th")[0].text == unit
    assert {"sqs", "kafka"}.isdisjoint(each.text for each in page.all("td"))
    assert page.all("td")[0].text == "Amazon SQS"


def test_the_table_of_a_cost_curve_has_no_exponent() -> None:
    page = open_page("/charts/cost-by-size?message_size_bytes_avg=25000000")
    (row,) = [each for each in page.all("th", scope="row") if each.text.startswith("25")][-1:]
    assert row.text == "25000000"


def test_a_picture_that_is_known_is_not_drawn_again() -> None:
    address = f"/charts/points.svg?{JOBS}"
    first = Client().get(address, headers={"host": "localhost"})
    again = Client().get(address, headers={"host": "localhost", "if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]
    assert "max-age=300" in first.headers["Cache-Control"]
    other = Client().get(f"{address}&cloud=aws", headers={"host": "localhost"})
    assert other.headers["ETag"] != first.headers["ETag"]


def test_each_form_and_each_side_of_a_map_is_a_picture_of_its_own() -> None:
    forms = ("map", "map.svg", "map.csv", "map.svg?across=consumer_groups", "map.svg?up=consumer_groups")
    asked = [Client().get(f"/charts/{form}", headers={"host": "localhost"}) for form in forms]
    assert len({each.headers["ETag"] for each in asked}) == len(forms)


@pytest.mark.parametrize("address", ["/charts/points.svg?ordering=sideways", "/charts/nothing.svg"])
def test_a_picture_that_is_refused_is_not_kept(address: str) -> None:
    response = Client().get(address, headers={"host": "localhost"})
    assert response.status_code in {404, 422}
    assert "Cache-Control" not in response.headers


def test_an_answer_and_its_pictures_work_out_one_recommendation(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    real = recommend

    def counted(workload: Workload, *rest: Any) -> Recommendation:
        asked.append(workload)
        return real(workload, *rest)

    monkeypatch.setattr("advisor.service.recommend_workload", counted)
    query = EVENTS.replace("=800", "=801")  # of this test alone
    for address in ("recommendation", *(f"charts/{name}.svg" for name in CHARTS), "recommendation.md", "kit"):
        assert open_page(f"/{address}?{query}").status == 200
    assert len(asked) == 1


def test_its_style_is_allowed_by_digest_and_nothing_else_is() -> None:
    policy = open_page(f"/charts/limits.svg?{JOBS}").headers["Content-Security-Policy"]
    assert "style-src 'self' 'sha256-" in policy
    assert "unsafe-inline" not in policy


def test_the_points_drawn_add_up_to_the_scores() -> None:
    rows = list(csv.reader(io.StringIO(open_page(f"/charts/points.csv?{JOBS}").html)))
    recommendation = service.recommend(service.read_query(service.read_pairs(_pairs(JOBS))))
    assert rows[-1][0] == "sum"
    for column in (1, 2):
        assert sum(int(row[column]) for row in rows[1:-1]) == int(rows[-1][column])
    assert int(rows[-1][1]) == recommendation.verdict(recommendation.option).score


def test_each_rate_of_the_map_is_written_alike() -> None:
    drawn = open_page("/charts/map.svg?work_queue=true&messages_per_second_avg=1").html
    assert ">1/s<" in drawn
    assert "message/s" not in drawn.partition("<text")[2]


def test_the_map_shows_the_asker_the_outcome_of_the_answer() -> None:
    recommendation = service.recommend(service.read_query(service.read_pairs(_pairs(JOBS))))
    said = ET.fromstring(open_page(f"/charts/map.svg?{JOBS}").html).findtext(f"{SVG}desc") or ""
    assert said.endswith("Amazon SQS.")
    assert recommendation.outcome == "sqs"
    rows = list(csv.reader(io.StringIO(open_page(f"/charts/map.csv?{JOBS}").html)))
    assert len(rows) <= 21
    assert len(rows[0]) <= 21
    assert {"sqs", "neither"} <= {cell for row in rows[1:] for cell in row[1:]}


@pytest.mark.parametrize(
    "asked",
    [
        "work_queue=true&message_size_bytes_max=5MiB",
        "work_queue=true&messages_per_second_peak=40000",
        "ordering=global&messages_per_second_peak=9000",
        "ordering=per-key&hottest_key_messages_per_second=4000&messages_per_second_peak=5000",
        "work_queue=true&processing_seconds_max=1 day&across=processing_seconds_avg&up=consumer_groups",
        "messages_per_second_avg=50..500&messages_per_second_peak=100..40000&work_queue=true",
        JOBS,
        EVENTS,
    ],
)
def test_the_map_has_the_asker_where_the_answer_says(asked: str) -> None:
    given = service.read_pairs(_pairs(asked))
    sides = maps.read_sides(QueryDict(asked))
    query = service.read_query({name: answer for name, answer in given.items() if name not in maps.SIDES})
    said = maps.draw_map(query, *sides).says
    meant = {"sqs": "Amazon SQS", "kafka": "Apache Kafka", "both": "both brokers", "neither": "neither"}[
        service.recommend(query).outcome
    ]
    assert said.endswith(f": {meant}.")


def test_on_the_map_a_biggest_message_holds_wherever_it_can() -> None:
    rows = list(csv.reader(io.StringIO(open_page("/charts/map.csv?work_queue=true&message_size_bytes_max=64KiB").html)))
    assert all(cell != "not possible" for row in rows[1:] for cell in row[1:])


def test_without_a_rival_no_lead_is_drawn_and_the_count_is_that_of_the_answer() -> None:
    query = "work_queue=true&message_size_bytes_max=5MiB&existing_platforms=kafka"
    answer = open_page(f"/recommendation?{query}")
    assert not [each for each in answer.all("img") if "/unknowns" in each.attributes["src"]]
    turning = re.search(r"(\d+) open questions", answer.one("dl", class_="glance").text)
    assert turning is not None
    said = open_page(f"/charts/unknowns?{query}").one("p", class_="lead").text
    assert said.startswith(f"{turning[1]} open questions can turn the outcome alone. Only one kind of option is left")
    opposed = open_page("/recommendation?work_queue=true")
    assert [each for each in opposed.all("img") if "/unknowns" in each.attributes["src"]]


def test_below_nought_another_outcome_leads_by_as_much() -> None:
    rows = list(csv.reader(io.StringIO(open_page("/charts/unknowns.csv?work_queue=true").html)))
    drawn = {row[0]: row[1:] for row in rows}
    kept = service.recommend(service.read_query({"work_queue": True}))
    turned = service.recommend(service.read_query({"work_queue": True, "replay_needed": True}))
    asked = service.get_rulebook().questions
    assert turned.outcome != kept.outcome
    assert drawn[asked["replay_needed"].text] == ["yes", f"{-turned.margin}", "no", f"{kept.margin}"]
    (unopposed,) = (float(row[2]) for row in rows if row[0] == asked["cloud"].text)
    assert unopposed < 0  # elsewhere than on AWS only one kind is left, which leads by nothing that could be drawn


def test_growth_that_reaches_a_limit_is_drawn_in_months() -> None:
    rows = list(csv.reader(io.StringIO(open_page(f"/charts/months.csv?{EVENTS}").html)))
    assert any(row[2].endswith("months") for row in rows[1:])
    assert any(row[2] == "never" for row in rows[1:])


def test_bad_answers_and_unknown_pictures_are_refused() -> None:
    assert open_page("/charts/points.svg?ordering=sideways").status == 422
    assert open_page(f"/charts/radar.svg?{JOBS}").status == 404
    assert open_page(f"/charts/points.gif?{JOBS}").status == 404


def test_the_answer_shows_its_pictures_with_words_and_links_to_their_tables(events_page: Page) -> None:
    shown = events_page.all("img")
    names = {each.attributes["src"].split("/")[-1].split(".")[0] for each in shown}
    assert {"map", "points", "limits", "months"} <= names
    assert all(each.attributes["alt"] for each in shown)


def _pairs(query: str) -> list[tuple[str, list[str]]]:
    return list(parse_qs(query).items())


def test_the_map_is_drawn_over_two_chosen_questions() -> None:
    page = open_page(f"/charts/map?{JOBS}&across=consumer_groups&up=retention_hours")
    assert page.status == 200
    chosen = [each.attributes["value"] for each in page.all("option") if "selected" in each.attributes]
    assert chosen == ["consumer_groups", "retention_hours"]
    assert "across=consumer_groups" in page.one("img").attributes["src"]
    hidden = {each.attributes["name"] for each in page.all("input", type="hidden")}
    assert hidden == set(parse_qs(JOBS))
    rows = list(
        csv.reader(io.StringIO(open_page(f"/charts/map.csv?{JOBS}&across=consumer_groups&up=retention_hours").html))
    )
    assert rows[0][1:3] == ["1", "2"]


def test_a_map_over_what_cannot_be_drawn_falls_back_to_rate_and_size() -> None:
    for chosen in ("across=colour&up=smell", "across=messages_per_second_avg&up=messages_per_second_avg"):
        page = open_page(f"/charts/map?{JOBS}&{chosen}")
        sides = [each.attributes["value"] for each in page.all("option") if "selected" in each.attributes]
        assert sides == ["messages_per_second_avg", "message_size_bytes_avg"]
