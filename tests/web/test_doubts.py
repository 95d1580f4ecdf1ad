"""Unusual numbers: asked about, with the reading that was perhaps meant, and never altered."""

from urllib.parse import parse_qsl

import pytest

from advisor import service
from advisor.render.document import to_document
from advisor.web.doubts import find_doubt
from tests.web.page import open_page

QUESTIONS = service.get_rulebook().questions


def test_a_rate_that_nobody_has_is_asked_about_with_the_units_that_would_be_usual() -> None:
    doubt = find_doubt(QUESTIONS["messages_per_second_avg"], "3000000")
    assert doubt is not None
    assert doubt.words == "3,000,000 messages/s"
    assert ("3000000/day", "34.72 messages/s") in [(meant.typed, meant.words) for meant in doubt.meant]


@pytest.mark.parametrize(
    ("typed", "words", "meant"),
    [
        ("3000000..6000000", "3,000,000 messages/s to 6,000,000 messages/s", "34.72 messages/s to 69.44 messages/s"),
        ("2..3000000", "2 messages/s to 3,000,000 messages/s", ""),
        ("50/s..3000000", "50 messages/s to 3,000,000 messages/s", "50 messages/s to 833.3 messages/s"),
    ],
)
def test_a_range_is_doubted_as_a_number_is_with_no_reading_that_is_none(typed: str, words: str, meant: str) -> None:
    doubt = find_doubt(QUESTIONS["messages_per_second_avg"], typed)
    assert doubt is not None
    assert doubt.words == words
    assert [each.words for each in doubt.meant][-1:] == ([meant] if meant else [])


@pytest.mark.parametrize("typed", ["20", "20..40", "5k/day", "lots", "40..", ""])
def test_what_is_usual_or_cannot_be_read_is_not_doubted(typed: str) -> None:
    assert find_doubt(QUESTIONS["messages_per_second_avg"], typed) is None


@pytest.mark.parametrize(("name", "typed"), [("retention_hours", "60 days"), ("messages_per_second_avg", "3000k")])
def test_a_unit_that_was_written_is_not_questioned(name: str, typed: str) -> None:
    doubt = find_doubt(QUESTIONS[name], typed)
    assert doubt is not None
    assert doubt.meant == ()


@pytest.mark.parametrize(("digits", "units"), [(56, ["/day"]), (57, []), (60, [])])
def test_digits_that_leave_no_room_for_a_unit_are_doubted_without_that_reading(digits: int, units: list[str]) -> None:
    typed = "9000000".rjust(digits, "0")
    doubt = find_doubt(QUESTIONS["messages_per_second_avg"], typed)
    assert doubt is not None
    assert doubt.words == "9,000,000 messages/s"
    assert [meant.typed.removeprefix(typed) for meant in doubt.meant] == units


@pytest.mark.parametrize("path", ["/", "/start", "/recommendation", "/recommendation/live"])
def test_no_page_breaks_at_the_longest_answer(path: str) -> None:
    assert open_page(f"{path}?messages_per_second_avg={'9000000'.rjust(60, '0')}").status == 200


def test_the_answer_asks_beside_the_outcome_and_each_other_reading_is_a_link() -> None:
    page = open_page("/recommendation?work_queue=true&messages_per_second_avg=3000000")
    section = page.one("section", id="doubts")
    assert "It is taken as you wrote it." in section.text
    assert "it is taken as you wrote it" not in page.html  # as a warning has it: it would be said twice
    links = [each.attributes["href"] for each in page.all("a") if section in each.inside]
    assert any(
        link.startswith("/recommendation?") and "messages_per_second_avg=3000000%2Fday" in link for link in links
    )
    assert "3,000,000 messages/s" in page.one("section", id="assumptions").text


def test_each_doubt_of_the_document_stands_on_its_page_and_at_its_field() -> None:
    query = "work_queue=false&messages_per_second_avg=1M..5M&team_size=200..300&retention_hours=60%20days"
    document = to_document(service.recommend(service.read_query(dict(parse_qsl(query)))), service.release())
    doubted = {each["where"] for each in document["warnings"] if each["code"] == "implausible"}
    assert doubted >= {"messages_per_second_avg", "team_size", "retention_hours"}
    page, form = open_page(f"/recommendation?{query}"), open_page(f"/?{query}")
    section = page.one("section", id="doubts")
    asked = {each.attributes["href"].partition("#")[2] for each in page.all("a") if section in each.inside}
    assert asked - {""} == doubted
    said = {each.attributes["id"] for each in form.all("p", class_="understood") if "outside the usual" in each.text}
    assert said == {f"{name}-read" for name in doubted}


def test_the_form_asks_below_the_field() -> None:
    page = open_page("/?messages_per_second_avg=3000000")
    read = page.one("p", id="messages_per_second_avg-read").text
    assert read.startswith("Read as 3,000,000 messages/s, which is outside the usual")
    assert "did you mean 3000000/h" in read
    page = open_page("/?processing_seconds_avg=3")
    assert "did you mean 3 ms?" in page.one("p", id="processing_seconds_avg-read").text


def test_the_live_fragment_echoes_each_quantity_for_its_field_and_names_the_nearest_changes() -> None:
    page = open_page("/recommendation/live?work_queue=true&messages_per_second_avg=5k/day&ops_tolerance=none")
    echo = [each for each in page.all("p") if each.attributes.get("data-echo") == "messages_per_second_avg-read"]
    assert [each.text for each in echo] == ["Read as 0.05787 messages/s"]
    recommendation = service.recommend(
        service.read_query({"work_queue": "true", "messages_per_second_avg": "5k/day", "ops_tolerance": "none"})
    )
    near = list(dict.fromkeys(flip.question for flip in recommendation.flips if flip.within_domain))
    links = [link for link in page.links if link.startswith("/recommendation?")]
    assert len(near) > 3
    assert all(f"{name}=" in link for name, link in zip(near[:3], links, strict=True))
