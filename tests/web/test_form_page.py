"""The questionnaire as a browser without JavaScript gets it."""

from collections import Counter
from urllib.parse import parse_qs

import pytest

from advisor import service
from advisor.core.answers import read_answers
from advisor.render.labels import describe_value
from advisor.render.questionnaire import EXAMPLES
from tests.web.page import Page, open_page


def test_every_question_is_asked_once_and_none_is_left_out(form_page: Page) -> None:
    asked = {each.attributes["name"] for each in form_page.all("input") if "name" in each.attributes}
    assert set(service.get_rulebook().questions) <= asked
    headings = [each.text for each in form_page.all("legend")]
    assert len(headings) == len(set(headings))


def test_every_input_has_a_label_or_a_legend(form_page: Page) -> None:
    labelled = {each.attributes["for"] for each in form_page.all("label") if "for" in each.attributes}
    for field in form_page.all("input"):
        wrapped = any(around.tag == "label" for around in field.inside)
        assert wrapped or field.attributes["id"] in labelled, field.attributes


def test_every_question_is_described_by_its_hint_and_its_problem(form_page: Page) -> None:
    wrong = open_page("/recommendation?ordering=sideways&messages_per_second_avg=lots")
    for page, bad in ((form_page, set()), (wrong, {"ordering", "messages_per_second_avg"})):
        ids = {each.attributes.get("id") for each in page.reading.elements}
        described = {
            each.attributes["id"].removeprefix("q-"): each.attributes["aria-describedby"].split()
            for each in (*page.all("fieldset"), *page.all("input", placeholder="I don’t know"))
            if "aria-describedby" in each.attributes
        }
        assert set(described) >= set(service.get_rulebook().questions)
        for name, parts in described.items():
            assert f"{name}-hint" in parts
            assert (f"{name}-problem" in parts) == (name in bad)
            assert set(parts) <= ids


def test_ids_are_unique(form_page: Page, jobs_page: Page) -> None:
    for page in (form_page, jobs_page):
        ids = [each.attributes["id"] for each in page.reading.elements if "id" in each.attributes]
        assert [name for name, times in Counter(ids).items() if times > 1] == []


def test_not_knowing_is_an_answer_like_the_others_and_taken_at_first(form_page: Page) -> None:
    radios = form_page.all("input", type="radio", name="work_queue")
    assert [each.attributes["value"] for each in radios] == ["true", "false", ""]
    assert [each for each in radios if "checked" in each.attributes] == [radios[-1]]


def test_every_question_says_why_it_is_asked_and_what_is_taken_otherwise(form_page: Page) -> None:
    for question in service.get_rulebook().questions.values():
        assert any(question.why_we_ask in each.text for each in form_page.all("details", class_="why"))
    assert "10 messages/s" in form_page.html


@pytest.mark.parametrize(
    "query",
    [
        "",
        "messages_per_second_peak=300",
        "messages_per_second_avg=4000&ordering_keys=10",
        "message_size_bytes_max=40KiB&processing_seconds_max=1..9",
        "processing_seconds_avg=1..2&nothing_else=true",
    ],
)
def test_what_the_form_says_is_taken_is_what_the_engine_takes(query: str) -> None:
    page = open_page(f"/?{query}")
    advice = service.recommend(service.read_query(service.read_pairs(parse_qs(query).items())))
    for each in advice.assumptions:
        words = describe_value(service.get_rulebook().questions[each.question], each.value)
        assert page.one("p", id=f"{each.question}-taken").text.startswith(f"Left open, we take {words} .")


def test_what_was_answered_says_what_would_be_taken_beside_the_other_answers() -> None:
    page = open_page("/?messages_per_second_peak=300&messages_per_second_avg=50&message_size_bytes_avg=lots")
    assert "we take 100 messages/s . Your answer to “How many" in page.one("p", id="messages_per_second_avg-taken").text
    assert "we take 150 messages/s ." in page.one("p", id="messages_per_second_peak-taken").text


@pytest.mark.parametrize(
    "name", [each.id for each in service.get_rulebook().questions.values() if each.unit in EXAMPLES]
)
def test_the_way_of_writing_that_is_shown_for_a_quantity_is_taken(name: str) -> None:
    question = service.get_rulebook().questions[name]
    assert getattr(read_answers({name: EXAMPLES[question.unit]}, {name: question}), name) > 0


def test_quantities_are_text_so_that_units_can_be_typed(form_page: Page) -> None:
    assert form_page.one("input", id="message_size_bytes_avg").attributes["inputmode"] == "text"
    assert form_page.one("input", id="consumer_groups").attributes["inputmode"] == "decimal"
    assert not form_page.all("input", type="number")


def test_what_was_typed_comes_back_with_how_it_was_read() -> None:
    page = open_page("/?messages_per_second_avg=5k/day&ordering=per-key&integrations=lambda&integrations=s3")
    assert page.one("input", id="messages_per_second_avg").attributes["value"] == "5k/day"
    assert "Read as 0.05787 messages/s" in page.html
    chosen = [each.attributes["value"] for each in page.all("input") if "checked" in each.attributes]
    assert {"per-key", "lambda", "s3"} <= set(chosen)


def test_a_range_comes_back_with_how_both_of_its_ends_were_read() -> None:
    assert "Read as 1 day to 2 days" in open_page("/?retention_hours=1..2 days").html
    assert "Read as" not in open_page("/?retention_hours=1..2 frogs").html


def test_a_range_is_offered_beside_every_number_and_one_with_words_is_read() -> None:
    page = open_page("/?message_size_bytes_avg=2+to+5+KiB")
    assert "2 KiB to 5 KiB" in page.one("p", id="message_size_bytes_avg-read").text
    for field in page.all("input", placeholder="I don’t know"):
        assert "a range, 2..5" in page.one("span", id=f"{field.attributes['id']}-unit").text


def test_a_choice_left_open_between_two_is_kept() -> None:
    page = open_page("/?ordering=none|per-key")
    chosen = [each for each in page.all("input", name="ordering") if "checked" in each.attributes]
    assert [each.attributes["value"] for each in chosen] == ["none|per-key"]
    assert "No order needed or In order per key" in page.one("fieldset", id="q-ordering").text


@pytest.mark.parametrize(("ticked", "words"), [("true", "yes 1 ON True"), ("false", "no 0 off False")])
def test_yes_and_no_come_back_ticked_however_they_were_written(ticked: str, words: str) -> None:
    for typed in words.split():
        page = open_page(f"/?work_queue={typed}")
        chosen = [each for each in page.all("input", name="work_queue") if "checked" in each.attributes]
        assert [each.attributes["value"] for each in chosen] == [ticked], typed


def test_of_a_list_none_can_be_answered_and_comes_back_ticked() -> None:
    lists = [question.id for question in service.get_rulebook().questions.values() if question.kind == "list"]
    untouched = open_page("/")
    for name in lists:
        assert untouched.all("input", name=name, type="checkbox")[-1].attributes["value"] == "none"
        assert not [each for each in untouched.all("input", name=name) if "checked" in each.attributes]
        page = open_page(f"/?{name}=none")
        ticked = [each.attributes["value"] for each in page.all("input", name=name) if "checked" in each.attributes]
        assert ticked == ["none"]
        assert "1 answered" in page.one("details", id="group-platform").text


def test_words_of_a_list_in_one_text_are_ticked_one_by_one() -> None:
    boxes = open_page("/?existing_platforms=kafka%3Bredis,zeromq").all("input", name="existing_platforms")
    ticked = [each.attributes["value"] for each in boxes if "checked" in each.attributes]
    assert ticked == ["kafka", "redis", "zeromq"]


def test_none_beside_other_words_is_refused_at_its_question() -> None:
    page = open_page("/recommendation?existing_platforms=kafka&existing_platforms=none")
    assert page.status == 422
    assert "None stands alone" in page.one("fieldset", id="q-existing_platforms").text


def test_a_group_with_an_answer_is_open_and_the_others_wait() -> None:
    page = open_page("/?region=eu-west-1")
    assert "open" in page.one("details", id="group-platform").attributes
    assert "open" not in page.one("details", id="group-money").attributes


def test_empty_fields_are_left_out_of_the_address() -> None:
    page = open_page("/recommendation?work_queue=&ordering=none&region=&existing_platforms=kafka&existing_platforms=")
    assert page.status == 302
    assert page.headers["Location"] == "/recommendation?ordering=none&existing_platforms=kafka"


def test_all_problems_stand_at_the_top_and_at_their_questions_and_nothing_is_lost() -> None:
    page = open_page("/recommendation?messages_per_second_avg=-4&ordering=sideways&retention_hours=14+days")
    assert page.status == 422
    assert page.title.startswith("Error:")
    summary = page.one("section", id="problems")
    assert "2 answers cannot be used" in summary.text
    targets = [each.attributes["href"] for each in page.all("a") if summary in each.inside]
    assert targets == ["#ordering", "#messages_per_second_avg"]  # as they stand on the page
    ids = {each.attributes.get("id") for each in page.reading.elements}
    assert {target.removeprefix("#") for target in targets} <= ids
    assert page.one("input", id="messages_per_second_avg").attributes["value"] == "-4"
    assert page.one("input", id="retention_hours").attributes["value"] == "14 days"


def test_a_contradiction_names_both_questions() -> None:
    page = open_page("/recommendation?messages_per_second_avg=100&messages_per_second_peak=10")
    assert page.status == 422
    average = "“How many messages arrive per second on average?”"
    peak = "“How many messages arrive in the busiest second?”"
    assert f"{average} (100 messages/s) is above {peak} (10 messages/s). Change it or {peak}." in page.html
    assert f"{peak} (10 messages/s) is below {average} (100 messages/s)." in page.one("section", id="problems").text


def test_a_bad_weight_or_day_is_refused_and_not_a_crash() -> None:
    page = open_page("/recommendation?weight_cost=77&as_of=soon")
    assert page.status == 422
    assert "Write 0 to 9" in page.html
    assert "no day" in page.html


@pytest.mark.parametrize(
    ("query", "name", "typed"),
    [
        ("as_of=2025-13-01", "as_of", "2025-13-01"),
        ("as_of=soon&as_of=late", "as_of", "soon, late"),
        ("language=cobol", "language", "cobol"),
        ("option=pigeon", "option", "pigeon"),
        ("name=A%20B", "name", "A B"),
        ("weight_cost=77", "weight_cost", "77"),
    ],
)
def test_what_is_wrong_beside_the_answers_has_a_field_that_its_problem_leads_to(
    query: str, name: str, typed: str
) -> None:
    page = open_page(f"/recommendation?work_queue=true&{query}")
    assert page.status == 422
    summary = page.one("section", id="problems")
    assert [each.attributes["href"] for each in page.all("a") if summary in each.inside] == [f"#{name}"]
    field = page.one("input", name=name)
    assert (field.attributes["id"], field.attributes["value"]) == (name, typed)
    assert page.one("label", for_=name).text in summary.text
    assert page.one("p", id=f"{name}-problem").text.startswith("Error:")
    assert f"{name}-problem" in field.attributes["aria-describedby"].split()
    assert all("open" in each.attributes for each in field.inside if each.tag == "details")


def test_a_day_is_in_sight_wherever_one_is_given_and_can_be_taken_out() -> None:
    assert not open_page("/?language=go").all("input", name="as_of")
    page = open_page("/?as_of=2025-07-01")
    field = page.one("input", name="as_of")
    assert field.attributes["value"] == "2025-07-01"
    assert field.attributes.get("type") != "hidden"
    assert page.one("label", for_="as_of").text


def test_the_language_the_name_and_the_option_of_the_project_are_kept() -> None:
    page = open_page("/?language=go&name=orders&option=sqs_fifo&work_queue=yes")
    kept = {each.attributes["name"]: each.attributes["value"] for each in page.all("input", type="hidden")}
    assert kept == {"language": "go", "name": "orders", "option": "sqs_fifo"}


def test_what_is_typed_cannot_become_markup() -> None:
    page = open_page("/?messages_per_second_avg=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&ordering=%3Cb%3E")
    assert not page.all("b")
    assert not [each for each in page.all("script") if not each.attributes.get("src")]


def test_presets_show_what_they_answer_before_they_are_applied(form_page: Page) -> None:
    cards = form_page.all("li", class_="card")
    assert len(cards) == len(service.get_presets()) >= 6
    assert "In order per key" in cards[0].text


def test_a_preset_fills_the_form_with_all_of_its_answers(form_page: Page) -> None:
    for preset, card in zip(service.get_presets(), form_page.all("li", class_="card"), strict=True):
        link = next(each for each in form_page.all("a") if card in each.inside)
        page = open_page(link.attributes["href"].partition("#")[0])
        filled = {
            each.attributes["name"]
            for each in page.all("input")
            if ("checked" in each.attributes or "inputmode" in each.attributes) and each.attributes.get("value")
        }
        assert filled == set(preset.answers)
