"""The page in a real browser: with and without JavaScript, by keyboard, light and dark, narrow and wide."""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

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
    "/evidence",
    f"/compare?a={quote(JOBS)}&b={quote(EVENTS)}",
    f"/charts/map?{JOBS}",
    f"/charts/unknowns?{JOBS}",
    f"/kit?{JOBS}",
    f"/kit/difference?{JOBS}",
)
DEADLINE_MS = 120_000  # two shared cores, and other tests on them
expect.set_options(timeout=DEADLINE_MS)  # else five seconds, whatever a page's own deadline


@dataclass(slots=True)
class Watch:
    """What a page must not do: complain on the console, or ask anybody but us."""

    origin: str
    complaints: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    refusals_expected: bool = False

    def listen(self, page: Page) -> None:
        page.on("console", lambda message: self.complaints.append(message.text) if message.type != "log" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._note(request.url))

    def _note(self, url: str) -> None:
        if not url.startswith(self.origin) and urlsplit(url).scheme != "data":
            self.strangers.append(url)

    def check(self) -> None:
        assert self.strangers == []
        refused = [text for text in self.complaints if "422" in text]
        assert self.complaints == (refused if self.refusals_expected else [])


@pytest.fixture
def watch(site_address: str) -> Iterator[Watch]:
    """Looks at every page of a test, and judges at its end."""
    found = Watch(origin=site_address)
    yield found
    found.check()


def _visit(page: Page, address: str) -> None:
    """Go there once the page before has all it asked for: a picture left behind would still be drawn, and slow us."""
    page.wait_for_load_state("networkidle")
    page.goto(address, wait_until="domcontentloaded")


def _leave(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.context.close()


def _open(
    browser: Browser,
    site_address: str,
    watch: Watch,
    *,
    script: bool = True,
    width: int = 1280,
    scheme: Literal["light", "dark"] = "light",
) -> Page:
    context = browser.new_context(
        base_url=site_address,
        java_script_enabled=script,
        viewport={"width": width, "height": 800},
        color_scheme=scheme,
    )
    context.set_default_timeout(DEADLINE_MS)
    page = context.new_page()
    watch.listen(page)
    return page


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def page(request: pytest.FixtureRequest, browser: Browser, site_address: str, watch: Watch) -> Iterator[Page]:
    """A page with JavaScript, and one without."""
    opened = _open(browser, site_address, watch, script=request.param)
    yield opened
    _leave(opened)


def _download(page: Page) -> list[str]:
    with page.expect_download() as download:
        page.get_by_role("link", name="Download .zip").click()
    with zipfile.ZipFile(io.BytesIO(download.value.path().read_bytes())) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_from_the_first_answer_to_a_downloaded_project_on_one_page(page: Page) -> None:
    _visit(page, "/")
    page.locator("#q-work_queue").get_by_label("Yes").check()
    page.locator("#q-ordering").get_by_label("In order per key").check()
    page.get_by_label("How many messages arrive per second on average?").fill("5k/day")
    page.get_by_role("button", name="Show the recommendation").click()
    expect(page.locator("#outcome h1")).to_contain_text("SQS FIFO")
    assert "ordering=per-key" in page.url
    assert "region" not in page.url
    assert any(name.endswith("producer.py") for name in _download(page))


def test_from_the_first_question_to_a_downloaded_project_one_by_one(page: Page) -> None:
    _visit(page, "/start?nothing_else=true&work_queue=true&per_message_retry_or_dlq=true&ops_tolerance=none&cloud=aws")
    for _ in range(12):
        if page.get_by_text("You may stop.").count() or not page.get_by_role("button", name="Next").count():
            break
        plain = page.get_by_label("No", exact=True)
        if plain.count():
            plain.first.check()
        page.get_by_role("button", name="Next").click()
    page.get_by_role("link", name="Show the recommendation").click()
    expect(page.locator("#outcome")).to_contain_text("SQS")
    assert any(name.endswith("consumer.py") for name in _download(page))


def test_back_and_one_answer_changed_loses_nothing(page: Page) -> None:
    _visit(page, f"/recommendation?{JOBS}")
    page.get_by_role("link", name="Change answers").click()
    expect(page.get_by_label("How many messages arrive per second on average?")).to_have_value("5k/day")
    page.locator("#q-ordering").get_by_label("In order per key").check()
    page.get_by_role("button", name="Show the recommendation").click()
    assert "ordering=per-key" in page.url
    assert "5k%2Fday" in page.url or "5k/day" in page.url
    page.go_back()
    page.go_back()
    assert "ordering=none" in page.url


def test_an_error_leads_to_its_field_and_keeps_the_rest(page: Page, watch: Watch) -> None:
    watch.refusals_expected = True
    _visit(page, "/")
    page.get_by_label("How many messages arrive per second on average?").fill("lots")
    page.get_by_label("How big is a message on average?").fill("2 KiB")
    page.get_by_role("button", name="Show the recommendation").click()
    expect(page).to_have_title(re.compile("^Error: "))
    page.wait_for_load_state("networkidle")
    if page.locator(".main-step").count():  # with script
        expect(page.locator("#problems")).to_be_focused()
    page.locator("#problems a").first.click()
    expect(page.get_by_label("How many messages arrive per second on average?")).to_be_in_viewport()
    expect(page.get_by_label("How big is a message on average?")).to_have_value("2 KiB")


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until the focus is there, as somebody without a mouse would."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab does not reach {selector}")


def _press_main_step(page: Page) -> None:
    """The shortcut, once the page shows that it has one."""
    expect(page.locator(".main-step")).to_be_visible()
    page.keyboard.press("Control+Enter")


def _answer_by_keys(page: Page) -> None:
    """A job for one worker, the first of the choices, no further need, or 5. At first the last choice is marked."""
    _tab_to(page, ".field input")
    if page.evaluate("document.activeElement.type") == "text":
        page.keyboard.type("5")
    elif page.evaluate("document.activeElement.type") == "checkbox":
        page.keyboard.press("Space")
    else:
        is_need = page.locator(".field input[value=false]:not([name=work_queue])").count()
        page.keyboard.press("ArrowUp" if is_need else "ArrowDown")
    _press_main_step(page)


def test_the_whole_way_to_the_project_can_be_gone_by_keyboard_alone(
    browser: Browser, site_address: str, watch: Watch
) -> None:
    page = _open(browser, site_address, watch)
    _visit(page, "/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to the content")
    expect(page.locator("footer")).to_contain_text("Ctrl + Enter takes the step that is marked")
    _tab_to(page, "main a[href='/start']")
    page.keyboard.press("Enter")
    page.wait_for_url("**/start")
    for answered in range(3):
        expect(page.locator("aside dl.answers dt")).to_have_count(answered)
        _answer_by_keys(page)
    expect(page.locator("aside dl.answers dt")).to_have_count(3)
    _tab_to(page, "main a[href^='/recommendation?']")
    page.keyboard.press("Enter")
    expect(page.locator("#outcome h1")).to_be_visible()
    with page.expect_download() as download:
        _press_main_step(page)
    assert zipfile.is_zipfile(download.value.path())
    _leave(page)


def test_the_form_is_sent_by_its_shortcut(browser: Browser, site_address: str, watch: Watch) -> None:
    page = _open(browser, site_address, watch)
    _visit(page, "/")
    _tab_to(page, "input[name=work_queue]")
    page.keyboard.press("ArrowDown")
    _press_main_step(page)
    page.wait_for_url("**/recommendation?work_queue=true")
    _leave(page)


def test_no_picture_is_asked_for_twice_and_its_page_takes_it_from_the_cache(
    browser: Browser, site_address: str, watch: Watch
) -> None:
    page = _open(browser, site_address, watch)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if ".svg?" in request.url else None)
    _visit(page, f"/recommendation?{EVENTS}")
    page.evaluate("document.querySelectorAll('img').forEach((each) => (each.loading = 'eager'))")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("[...document.images].every((each) => each.complete && each.naturalWidth)")
    assert len(asked) == len(set(asked)) == page.locator("img").count()
    _visit(page, f"/charts/map?{EVENTS}")
    page.wait_for_load_state("networkidle")
    assert page.evaluate("[...document.images].every((each) => each.complete && each.naturalWidth)")
    sent = "performance.getEntriesByType('resource').filter((each) => each.name.includes('map.svg'))[0].transferSize"
    assert page.evaluate(sent) == 0
    _leave(page)


def test_the_live_result_follows_the_answers_and_says_so_politely(
    browser: Browser, site_address: str, watch: Watch
) -> None:
    page = _open(browser, site_address, watch)
    _visit(page, "/")
    live = page.get_by_role("status", name="The advice as it stands")
    expect(live).to_be_empty()
    page.locator("#q-replay_needed").get_by_label("Yes").check()
    expect(live).to_contain_text("Kafka")
    page.get_by_label("How many messages arrive per second on average?").fill("5k/day")
    expect(page.locator("#messages_per_second_avg-read")).to_have_text("Read as 0.05787 messages/s")
    page.get_by_label("How big is a message on average?").fill("5 parsecs")
    expect(live).to_contain_text("cannot be used yet")
    _leave(page)


def test_a_private_link_keeps_the_answers_out_of_every_address_asked_for(
    browser: Browser, site_address: str, watch: Watch
) -> None:
    page = _open(browser, site_address, watch)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    _visit(page, f"/private#{JOBS}")
    expect(page.locator("#outcome")).to_be_visible()
    assert [url for url in asked if "work_queue" in url] == []
    _leave(page)


def test_a_private_link_without_script_says_what_it_needs(browser: Browser, site_address: str, watch: Watch) -> None:
    page = _open(browser, site_address, watch, script=False)
    _visit(page, f"/private#{JOBS}")
    expect(page.get_by_text("JavaScript is off or failed")).to_be_visible()
    _leave(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, site_address: str, watch: Watch, scheme: Literal["light", "dark"]
) -> None:
    watch.refusals_expected = True
    page = _open(browser, site_address, watch, scheme=scheme)
    found: dict[str, list[tuple[str, list[str]]]] = {}
    for address in PAGES:
        _visit(page, address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        violations = Axe().run(page).response["violations"]
        brief = [(each["id"], [node["html"][:160] for node in each["nodes"]][:3]) for each in violations]
        found |= {address: brief} if brief else {}
    assert found == {}
    _leave(page)


def test_nothing_spills_over_at_320_pixels(browser: Browser, site_address: str, watch: Watch) -> None:
    watch.refusals_expected = True
    page = _open(browser, site_address, watch, width=320)
    for address in PAGES:
        _visit(page, address)
        page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 320, address
    _leave(page)


def test_the_first_visit_is_light(browser: Browser, site_address: str, watch: Watch) -> None:
    page = _open(browser, site_address, watch)
    sizes: list[int] = []
    page.on("requestfinished", lambda request: sizes.append(request.sizes()["responseBodySize"]))
    _visit(page, "/")
    page.wait_for_load_state("networkidle")
    assert sum(sizes) <= 200 * 1024
    assert page.context.cookies() == []
    _leave(page)


def test_who_wants_no_motion_gets_none(browser: Browser, site_address: str, watch: Watch) -> None:
    page = _open(browser, site_address, watch)
    _visit(page, f"/recommendation?{JOBS}")
    scrolls = "getComputedStyle(document.documentElement).scrollBehavior"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(scrolls) == "auto"
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate(scrolls) == "smooth"
    assert page.evaluate("document.getAnimations().length") == 0
    _leave(page)


def test_printed_it_is_a_decision_record_of_two_pages(browser: Browser, site_address: str, watch: Watch) -> None:
    page = _open(browser, site_address, watch)
    _visit(page, f"/recommendation?{EVENTS}")
    page.wait_for_load_state("networkidle")
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page[^s]", printed)) == 2
    _leave(page)
