"""In a real browser, how pages look: axe in both colour schemes, 320 pixels, print, pictures, weight, motion."""

import re
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.test import Client
from playwright.sync_api import Page, expect

from advisor import service
from advisor.web import links
from tests.web.browser import OpenTab, Watch, visit
from tests.web.conftest import EVENTS, JOBS

pytestmark = pytest.mark.browser
PAGES = (
    "/",
    "/start?work_queue=true",
    f"/recommendation?{EVENTS}",
    "/recommendation?messages_per_second_avg=-4&ordering=sideways",
    "/rulebook/",
    "/facts/sqs_message_bytes_max",
    "/rules/job_done_once",
    "/questions/ordering",
    "/options/sqs_fifo",
    "/private",
    "/api/reference",
    "/evidence",
    f"/compare?a={quote(JOBS)}&b={quote(EVENTS)}",
    f"/charts/map?{JOBS}",
    f"/charts/unknowns?{JOBS}",
    f"/kit?{JOBS}",
    f"/kit/difference?{JOBS}",
)
BRIEF = {"resultTypes": ["violations"]}  # else axe describes thousands of nodes that are as they should be
OF_COLOUR = {**BRIEF, "runOnly": ["color-contrast", "link-in-text-block"]}  # what a colour scheme can break

WHERE_FOCUS_IS = """(() => {
    const focused = document.activeElement;
    const [at, send] = [focused, document.querySelector(".send")].map((each) => each.getBoundingClientRect());
    return [focused.id || focused.textContent, at.bottom, Math.min(send.top, innerHeight)];
})()"""


@pytest.mark.parametrize("address", PAGES)
def test_axe_finds_nothing_in_either_scheme_and_nothing_spills_over_at_320_pixels(
    open_tab: OpenTab, watch: Watch, address: str
) -> None:
    watch.expected_status = "422"
    page = open_tab()
    visit(page, address)
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    assert _violations(page, BRIEF) == []
    page.emulate_media(color_scheme="dark")
    assert _violations(page, OF_COLOUR) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_long_words_of_the_asker_are_broken_at_320_pixels(open_tab: OpenTab, watch: Watch) -> None:
    watch.expected_status = "422"
    page = open_tab(script=False)
    page.set_viewport_size({"width": 320, "height": 800})
    platform = f"existing_platforms={'x' * 58}"
    for address in (f"/?{platform}", f"/recommendation?{platform}", f"/start?messages_per_second_avg={'9' * 200}"):
        visit(page, address)
        page.wait_for_load_state()  # without scripts nothing else waits for the stylesheet
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


def test_in_large_letters_the_questions_fit_a_phone(open_tab: OpenTab) -> None:
    page = open_tab()
    page.set_viewport_size({"width": 390, "height": 800})
    visit(page, "/")
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    page.evaluate("document.documentElement.style.fontSize = '150%'")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("width", [768, 1024])
@pytest.mark.parametrize("answers", [JOBS, EVENTS], ids=["jobs", "events"])
def test_between_phone_and_desk_no_table_is_cut_and_reasons_have_most_room(
    open_tab: OpenTab, answers: str, width: int
) -> None:
    page = open_tab()
    page.set_viewport_size({"width": width, "height": 800})
    visit(page, f"/recommendation?{answers}")
    cut = "[...document.querySelectorAll('.scroll')].map((each) => each.scrollWidth - each.clientWidth)"
    assert max(page.evaluate(cut)) <= 0
    widths = "['tbody td:last-child', 'table'].map((each) => document.querySelector(`#points ${each}`).offsetWidth)"
    reasons, table = page.evaluate(widths)
    assert reasons > table / 2


@pytest.mark.parametrize("address", ["/recommendation", f"/recommendation?{EVENTS}", "/facts/price_msk_broker_hour"])
def test_no_table_of_an_answer_or_a_fact_is_cut_at_320_pixels(open_tab: OpenTab, address: str) -> None:
    page = open_tab()
    page.set_viewport_size({"width": 320, "height": 800})
    visit(page, address)
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
    cut = "[...document.querySelectorAll('.scroll')].map((each) => each.scrollWidth - each.clientWidth)"
    assert max(page.evaluate(cut)) <= 0
    amounts = "[...document.querySelectorAll('.bill td:last-child a, td time')]"
    assert page.evaluate(f"{amounts}.every((each) => each.getClientRects().length === 1)")


def test_at_320_pixels_each_statement_says_of_which_side_it_is(open_tab: OpenTab) -> None:
    page = open_tab()
    page.set_viewport_size({"width": 320, "height": 800})
    visit(page, "/recommendation")
    said = "(each) => each.map((cell) => getComputedStyle(cell, '::before').content)"
    sides = page.locator("#side-by-side td:not([colspan])").evaluate_all(said)
    assert sides == ['"Apache Kafka"', '"Amazon SQS"'] * 6


def _violations(page: Page, options: dict[str, list[str]]) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=options).response["violations"]
    return [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in found]


def test_no_picture_is_asked_for_twice_and_its_page_takes_it_from_the_cache(open_tab: OpenTab) -> None:
    page = open_tab()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if ".svg?" in request.url else None)
    visit(page, f"/recommendation?{EVENTS}")
    page.evaluate("document.querySelectorAll('img').forEach((each) => (each.loading = 'eager'))")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("[...document.images].every((each) => each.complete && each.naturalWidth)")
    assert len(asked) == len(set(asked)) == page.locator("img").count()
    visit(page, f"/charts/map?{EVENTS}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("[...document.images].every((each) => each.complete && each.naturalWidth)")
    sent = "performance.getEntriesByType('resource').filter((each) => each.name.includes('map.svg'))[0].transferSize"
    assert page.evaluate(sent) == 0


@pytest.mark.parametrize("height", [700, 420], ids=["phone", "lying phone"])
def test_no_field_that_has_the_focus_is_behind_the_advice_at_the_bottom(open_tab: OpenTab, height: int) -> None:
    """On the way down by Tab, with the advice there; on a wide screen it stands beside the questions."""
    page = open_tab()
    page.emulate_media(reduced_motion="reduce")
    page.set_viewport_size({"width": 390, "height": height})
    visit(page, "/?replay_needed=true&consumer_groups=4")
    expect(page.locator("#live")).to_contain_text("Kafka")
    page.locator("#questions > section input").first.focus()
    seen, behind = 0, []
    while page.evaluate("document.activeElement.closest('#questions > section') !== null"):
        seen += 1
        name, bottom, limit = page.evaluate(WHERE_FOCUS_IS)
        if bottom > limit + 1:
            behind.append((name, bottom, limit))
        page.keyboard.press("Tab")
    assert seen > 20
    assert behind == []


def test_the_field_that_is_being_answered_stays_in_sight_when_the_advice_grows_over_it(open_tab: OpenTab) -> None:
    page = open_tab()
    page.set_viewport_size({"width": 390, "height": 700})
    visit(page, "/")
    rate = page.locator("#messages_per_second_avg")
    rate.evaluate("(each) => scrollBy(0, each.getBoundingClientRect().bottom - innerHeight + 140)")
    rate.press_sequentially("0.001")
    _, bottom, limit = page.evaluate(WHERE_FOCUS_IS)
    assert limit - 60 < bottom < limit
    expect(page.locator("#live .verdict")).to_be_visible()
    expect(page.locator("#messages_per_second_avg-read")).to_contain_text("outside the usual")
    said = "document.querySelector('#messages_per_second_avg-read').getBoundingClientRect().bottom"
    assert page.evaluate(said) < page.evaluate(WHERE_FOCUS_IS)[2]


def test_the_first_visit_is_light(open_tab: OpenTab) -> None:
    page = open_tab()
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    visit(page, "/")
    page.wait_for_load_state("networkidle")
    assert sum(sizes) <= 200 * 1024
    assert page.context.cookies() == []


def test_who_wants_no_motion_gets_none(open_tab: OpenTab) -> None:
    page = open_tab()
    visit(page, f"/recommendation?{JOBS}")
    scrolls = "getComputedStyle(document.documentElement).scrollBehavior"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(scrolls) == "auto"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(scrolls) == "smooth"
    assert page.evaluate("document.getAnimations().length") == 0


def _answer_all(query: str) -> str:
    """The same workload from somebody who answers every question, by what was assumed."""
    document = Client().get(f"/api/v1/recommendations?{query}", headers={"host": "localhost"}).json()
    assumed = {each["question"]: each["value"] for each in document["assumptions"] if each["value"] is not None}
    return links.encode(document["answers"] | assumed)


@pytest.mark.parametrize(
    ("name", "is_whole"),
    [("events", False), ("clickstream", False), ("clickstream", True), ("image_jobs", True), ("telemetry", True)],
)
def test_printed_it_is_a_decision_record_of_two_pages(open_tab: OpenTab, name: str, is_whole: bool) -> None:
    presets = {preset.id: links.encode(preset.answers) for preset in service.get_presets()}
    query = presets.get(name, EVENTS)
    page = open_tab()
    visit(page, f"/recommendation?{_answer_all(query) if is_whole else query}")
    page.wait_for_load_state("networkidle")
    page.emulate_media(media="print")
    foot = "getComputedStyle(document.querySelector('#points tfoot')).display"
    assert page.evaluate(foot) == "table-row-group"  # else the sum is repeated where a table is split
    assert page.locator("#changes tr:nth-child(9):visible").count() == 0
    left_out = page.locator("#changes .scroll:visible:has(tr:nth-child(9))")
    assert page.locator(".on-paper:visible").count() == left_out.count()  # what is left out is said to be
    assert page.get_by_text("Prices checked 20").filter(has_text="Not included: ", visible=True).count() == 2
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 2
