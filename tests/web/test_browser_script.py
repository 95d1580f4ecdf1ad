"""In a real browser, what JavaScript adds: the live result, and pages that keep the answers out of every address."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.browser import OpenTab, Watch, download, go_back, visit
from tests.web.conftest import JOBS

pytestmark = pytest.mark.browser


def test_the_live_result_follows_the_answers_and_says_so_politely(open_tab: OpenTab) -> None:
    page = open_tab()
    visit(page, "/")
    live = page.get_by_role("region", name="The advice as it stands")
    expect(live).to_be_empty()
    said = page.locator("form").get_by_role("status")
    page.locator("#q-replay_needed").get_by_label("Yes").check()
    expect(live).to_contain_text("a month")
    expect(said).to_have_text(re.compile("Kafka[^$]*$"))
    news = said.evaluate_handle("status => status.firstChild")
    page.get_by_label("How big is a message on average?").fill("0.002 MB")
    expect(page.locator("#message_size_bytes_avg-read")).to_contain_text("Read as")
    assert said.evaluate("(status, news) => status.firstChild === news", news)  # and is not said again
    page.get_by_label("How many messages arrive per second on average?").fill("5k/day")
    expect(page.locator("#messages_per_second_avg-read")).to_have_text("Read as 0.05787 messages/s")
    expect(page.locator("#messages_per_second_peak-taken")).to_contain_text("we take 0.1736 messages/s")
    page.get_by_label("How big is a message on average?").fill("5 parsecs")
    expect(live).to_contain_text("cannot be used yet")
    expect(said).to_contain_text("“parsecs” is no unit of size")
    expect(page.locator("#messages_per_second_avg-read")).to_have_text("Read as 0.05787 messages/s")


@pytest.mark.parametrize("width", [390, 1280])
def test_a_live_result_moves_no_button(open_tab: OpenTab, width: int) -> None:
    page = open_tab()
    page.set_viewport_size({"width": width, "height": 800})
    visit(page, "/?messages_per_second_avg=nonsense")
    live = page.get_by_role("region", name="The advice as it stands")
    expect(live).to_contain_text("cannot be used yet")
    page.get_by_label("How many messages arrive per second on average?").fill("5k/day")
    button = page.get_by_role("button", name="Show the recommendation")
    before = button.bounding_box()
    expect(live).to_contain_text("a month")
    assert button.bounding_box() == before


@pytest.mark.parametrize("status", [429, 500])
def test_a_refusal_on_the_way_is_no_live_result(open_tab: OpenTab, watch: Watch, status: int) -> None:
    watch.expected_status = str(status)
    page = open_tab()
    visit(page, "/")
    _refuse(page, "**/recommendation/live*", status)
    page.locator("#q-replay_needed").get_by_label("Yes").check()
    live = page.get_by_role("region", name="The advice as it stands")
    expect(live).to_have_text("The live result is out of reach; your answers are kept, and the next one asks again.")
    assert live.get_attribute("aria-busy") is None
    expect(page.locator("form").get_by_role("status")).to_contain_text("out of reach")
    page.unroute("**/recommendation/live*")
    page.locator("#q-ordering").get_by_label("In order per key").check()
    expect(live).to_contain_text("Kafka")


@pytest.mark.parametrize("status", [429, 500])
def test_a_private_link_whose_answer_is_refused_says_so_and_is_not_busy(
    open_tab: OpenTab, watch: Watch, status: int
) -> None:
    watch.expected_status = str(status)
    page = open_tab()
    _refuse(page, "**/private", status, method="POST")
    visit(page, f"/private#{JOBS}")
    expect(page.get_by_role("alert")).to_contain_text("The answer is out of reach.")
    expect(page.get_by_role("heading", name="A private link")).to_be_visible()
    assert page.locator("main").get_attribute("aria-busy") is None


def test_until_a_private_answer_is_there_nothing_of_the_page_for_no_answers_is_shown(open_tab: OpenTab) -> None:
    page = open_tab()
    held: list[Route] = []
    page.route("**/kit", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    visit(page, f"/kit#{JOBS}&language=go")
    expect(page.get_by_role("status")).to_have_text("The answer is on its way.")
    expect(page.get_by_role("link", name="Download .zip")).to_have_count(0)
    held[0].continue_()
    expect(page.locator(".languages [aria-current]")).to_have_text("Go")


def _refuse(page: Page, address: str, status: int, method: str = "GET") -> None:
    """Something between the browser and the service refuses, in words of its own."""

    def answer(route: Route) -> None:
        if route.request.method == method:
            route.fulfill(status=status, content_type="text/html", body="<b>Slow down</b>")
        else:
            route.continue_()

    page.route(address, answer)


def test_a_private_link_with_a_bad_answer_shows_what_is_wrong(open_tab: OpenTab, watch: Watch) -> None:
    watch.expected_status = "422"
    page = open_tab()
    visit(page, "/private#as_of=2025-13-01&language=go&work_queue=true")
    expect(page.locator("#problems")).to_contain_text("“2025-13-01” is no day.")
    expect(page.locator("#problems")).to_be_focused()
    page.get_by_label("Facts as of which day?").fill("")
    page.get_by_role("button", name="Show the recommendation").click()
    expect(page.locator(".languages [aria-current]")).to_have_text("Go")
    assert "/private#" in page.url
    assert "as_of" not in page.url


def test_what_was_copied_is_said_on_its_button_and_aloud(open_tab: OpenTab) -> None:
    page = open_tab()
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit(page, f"/recommendation?{JOBS}")
    page.get_by_role("button", name="Copy curl line", exact=True).click()
    expect(page.get_by_role("button", name="Copied curl line", exact=True)).to_be_visible()
    expect(page.get_by_role("status").filter(has_text="Copied")).to_have_count(1)
    assert page.evaluate("navigator.clipboard.readText()").startswith("curl 'http")
    expect(page.get_by_role("button", name="Copy curl line", exact=True)).to_be_visible()


@pytest.mark.parametrize("address", ["/api/reference", f"/recommendation?{JOBS}", f"/kit?{JOBS}"])
def test_each_copy_button_stands_at_what_it_copies(open_tab: OpenTab, address: str) -> None:
    page = open_tab()
    visit(page, address)
    expect(page.locator(".copy").first).to_be_attached()
    assert page.locator(".copy").evaluate_all("(all) => all.every((each) => each.offsetParent === each.parentElement)")


def test_a_private_link_without_script_says_what_it_needs(open_tab: OpenTab) -> None:
    page = open_tab(script=False)
    visit(page, f"/private#{JOBS}")
    expect(page.get_by_text("JavaScript is off or failed")).to_be_visible()


def test_nothing_that_is_come_to_from_a_private_link_asks_for_an_address_with_answers(open_tab: OpenTab) -> None:
    page = open_tab()
    asked: list[str] = []
    page.context.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    visit(page, f"/private#{JOBS}")
    expect(page.locator("#outcome h1")).to_contain_text("SQS")
    _expect_pictures(page)
    assert any(name.endswith("producer.py") for name in download(page))

    page.get_by_role("link", name="Look at every file first").click()
    expect(page.get_by_role("heading", name="The project, before you take it")).to_be_visible()
    page.get_by_role("link", name="settings.json").click()
    expect(page.locator("#preview pre")).to_contain_text("queue")
    with page.context.expect_page() as other:
        page.get_by_role("link", name="Go", exact=True).click(modifiers=["Control"])
    expect(other.value.locator(".languages [aria-current]")).to_have_text("Go")

    page.get_by_role("link", name="The recommendation").click()
    page.locator("#changes a", has_text="Choose other questions").click()
    expect(page.locator("main table")).to_be_visible()
    _expect_pictures(page)
    page.get_by_role("button", name="Draw").click()
    page.get_by_role("link", name="The recommendation").click()
    page.get_by_role("link", name="Change answers").click()
    expect(page.get_by_label("How many messages arrive per second on average?")).to_have_value("5k/day")
    page.locator("#q-ordering").get_by_label("In order per key").check()
    expect(page.locator("#live")).to_contain_text("What would change it")
    page.get_by_role("button", name="Show the recommendation").click()
    expect(page.locator("#outcome h1")).to_contain_text("SQS FIFO")
    assert "/private#" in page.url
    assert "ordering=per-key" in page.url
    assert len(asked) > 10
    assert [url for url in asked if "?" in url] == []


def _expect_pictures(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("Promise.all([...document.images].map((each) => each.decode()))")
    assert page.locator("main img").count() > 0
    assert page.evaluate("[...document.images].every((each) => each.naturalWidth)")


def test_back_to_a_private_form_has_what_was_typed_and_asks_nothing(open_tab: OpenTab) -> None:
    asked: list[str] = []
    page = open_tab()
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    visit(page, f"/private#{JOBS}")
    page.get_by_role("link", name="Change answers").click()
    page.get_by_label("How many messages arrive per second on average?").fill("7k/day")
    page.locator("#q-ordering").get_by_label("In order per key").check()
    page.get_by_role("button", name="Show the recommendation").click()
    expect(page.locator("#outcome h1")).to_contain_text("SQS FIFO")
    go_back(page)
    expect(page.get_by_label("How many messages arrive per second on average?")).to_have_value("7k/day")
    expect(page.locator("#q-ordering").get_by_label("In order per key")).to_be_checked()
    page.reload()
    expect(page.get_by_label("How many messages arrive per second on average?")).to_have_value("7k/day")
    go_back(page)
    expect(page.locator("#outcome h1")).to_contain_text("SQS standard")
    page.get_by_role("navigation", name="On this page").get_by_role("link", name="Assumptions").click()
    expect(page.locator("#assumptions-title")).to_be_in_viewport()
    assert "/private#work_queue" in page.url
    assert not [address for address in asked if "?" in address]


def test_one_by_one_private_answers_stay_private_and_what_was_skipped_is_not_asked_again(open_tab: OpenTab) -> None:
    asked: list[str] = []
    page = open_tab()
    page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    visit(page, f"/private#{JOBS}")
    page.locator(".next").get_by_role("link", name="one by one").click()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", name="Left open")).to_be_visible()
    page.get_by_label("None of these").or_(page.get_by_label("No", exact=True)).check()
    page.get_by_role("button", name="Show the recommendation").click()
    expect(page.locator("#outcome h1")).to_contain_text("SQS")
    assert re.search(r"/private#.*&\w+=(none|false)$", page.url)
    go_back(page)
    expect(page.get_by_role("heading", name="Left open")).to_be_visible()
    assert not [address for address in asked if "?" in address]


def test_private_links_can_be_compared_and_stay_private(open_tab: OpenTab) -> None:
    page = open_tab()
    visit(page, "/compare")
    page.get_by_label("First link").fill(f"{page.url.replace('compare', 'private')}#{JOBS}")
    page.get_by_label("Second link").fill(f"{page.url.replace('compare', 'private')}#{JOBS}&cloud=gcp")
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("main table").first).to_contain_text("Where must the broker run?")
    assert page.url.partition("#")[0].endswith("/compare")
