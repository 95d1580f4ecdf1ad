"""In a real browser, from question to downloaded project: with and without JavaScript, and by keyboard."""

import re
import zipfile

import pytest
from playwright.sync_api import Page, expect

from tests.web.browser import OpenTab, Watch, download, go_back, visit
from tests.web.conftest import JOBS

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with script", "without script"])
def page(request: pytest.FixtureRequest, open_tab: OpenTab) -> Page:
    """A page with JavaScript, and one without."""
    return open_tab(script=request.param)


def test_from_the_first_answer_to_a_downloaded_project_on_one_page(page: Page) -> None:
    visit(page, "/")
    page.locator("#q-work_queue").get_by_label("Yes").check()
    page.locator("#q-ordering").get_by_label("In order per key").check()
    page.get_by_label("How many messages arrive per second on average?").fill("5k/day")
    page.get_by_role("button", name="Show the recommendation").click()
    expect(page.locator("#outcome h1")).to_contain_text("SQS FIFO")
    assert "ordering=per-key" in page.url
    assert "region" not in page.url
    assert any(name.endswith("producer.py") for name in download(page))


def test_from_the_first_question_to_a_downloaded_project_one_by_one(page: Page) -> None:
    visit(page, "/start?nothing_else=true&work_queue=true&per_message_retry_or_dlq=true&ops_tolerance=none&cloud=aws")
    for _ in range(12):
        if page.get_by_text("You may stop.").count() or not page.get_by_role("button", name="Next").count():
            break
        plain = page.get_by_label("No", exact=True)
        if plain.count():
            plain.first.check()
        page.get_by_role("button", name="Next").click()
    page.get_by_text("Show the recommendation").click()
    expect(page.locator("#outcome")).to_contain_text("SQS")
    assert any(name.endswith("consumer.py") for name in download(page))


def test_back_and_one_answer_changed_loses_nothing(page: Page) -> None:
    visit(page, f"/recommendation?{JOBS}")
    page.get_by_role("link", name="Change answers").click()
    expect(page.get_by_label("How many messages arrive per second on average?")).to_have_value("5k/day")
    page.locator("#q-ordering").get_by_label("In order per key").check()
    page.get_by_role("button", name="Show the recommendation").click()
    assert "ordering=per-key" in page.url
    assert "5k%2Fday" in page.url or "5k/day" in page.url
    go_back(page)
    go_back(page)
    assert "ordering=none" in page.url


def test_none_of_a_list_is_answered_by_its_box(page: Page, watch: Watch) -> None:
    watch.expected_status = "422"
    visit(page, "/?region=eu-west-1")
    platforms = page.locator("#q-existing_platforms")
    platforms.get_by_label("None of these").check()
    platforms.get_by_label("Redis").check()
    page.get_by_role("button", name="Show the recommendation").click()
    expect(platforms).to_contain_text("None stands alone")
    platforms.get_by_label("Redis").uncheck()
    page.get_by_role("button", name="Show the recommendation").click()
    assert "existing_platforms=none" in page.url
    page.get_by_role("link", name="Change answers").click()
    expect(platforms.get_by_label("None of these")).to_be_checked()


def test_an_error_leads_to_its_field_and_keeps_the_rest(page: Page, watch: Watch) -> None:
    watch.expected_status = "422"
    visit(page, "/")
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


def test_the_whole_way_to_the_project_can_be_gone_by_keyboard_alone(open_tab: OpenTab) -> None:
    page = open_tab()
    visit(page, "/")
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
    _tab_to(page, "button[formaction='/recommendation']")
    page.keyboard.press("Enter")
    expect(page.locator("#outcome h1")).to_be_visible()
    with page.expect_download() as download:
        _press_main_step(page)
    assert zipfile.is_zipfile(download.value.path())


def test_the_form_is_sent_by_its_shortcut(open_tab: OpenTab) -> None:
    page = open_tab()
    visit(page, "/")
    _tab_to(page, "input[name=work_queue]")
    page.keyboard.press("ArrowDown")
    _press_main_step(page)
    page.wait_for_url("**/recommendation?work_queue=true")


def test_back_from_an_answer_the_typed_words_and_the_live_result_stand_there_again(open_tab: OpenTab) -> None:
    page = open_tab()
    visit(page, "/")
    page.get_by_label("How many messages arrive per second on average?").fill("5k/day")
    page.locator("#q-work_queue").get_by_label("Yes").check()
    page.get_by_role("button", name="Show the recommendation").click()
    page.wait_for_url("**/recommendation?*")
    go_back(page)
    expect(page.get_by_label("How many messages arrive per second on average?")).to_have_value("5k/day")
    expect(page.locator("#live")).to_contain_text("SQS")


def test_loaded_again_the_form_has_what_was_typed(open_tab: OpenTab) -> None:
    page = open_tab()
    visit(page, "/#questions")
    page.get_by_label("How many messages arrive per second on average?").fill("5k/day")
    page.locator("#q-work_queue").get_by_label("Yes").check()
    page.wait_for_url("**/?work_queue=true&messages_per_second_avg=5k%2Fday#questions")
    page.reload()
    expect(page.get_by_label("How many messages arrive per second on average?")).to_have_value("5k/day")
    page.locator("#q-work_queue").get_by_label("I don’t know").check()
    page.get_by_label("How many messages arrive per second on average?").fill("")
    page.wait_for_url(re.compile("/#questions$"))


def test_an_answer_that_is_chosen_and_not_sent_goes_along_and_what_was_skipped_does_not(page: Page) -> None:
    visit(page, "/start?cloud=aws&skip=replay_needed,work_queue&ask=nothing_else")
    page.get_by_label("Yes", exact=True).check()
    page.get_by_role("button", name="Show the recommendation").click()
    page.wait_for_url("**/recommendation?cloud=aws&nothing_else=true")
    go_back(page)
    page.get_by_label("No", exact=True).check()
    page.get_by_role("button", name="All questions at once").click()
    page.wait_for_url("**/?cloud=aws&nothing_else=false")
    expect(page.locator("#q-nothing_else").get_by_label("No", exact=True)).to_be_checked()


def test_the_head_of_a_page_leads_on_with_what_was_answered_and_its_name_begins_anew(page: Page) -> None:
    visit(page, f"/recommendation?{JOBS}")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="All questions").click()
    expect(page.get_by_label("How many messages arrive per second on average?")).to_have_value("5k/day")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="One by one").click()
    expect(page.get_by_text("Answered", exact=True)).to_be_visible()
    assert "messages_per_second_avg=5k%2Fday" in page.url
    page.get_by_role("link", name="Broker Advisor").click()
    page.wait_for_url(re.compile("/$"))
    expect(page.get_by_label("How many messages arrive per second on average?")).to_have_value("")


def test_the_head_of_the_form_leads_on_with_what_was_typed_and_not_sent(open_tab: OpenTab) -> None:
    page = open_tab()
    visit(page, "/?cloud=aws")
    page.get_by_label("How many messages arrive per second on average?").fill("5k/day")
    page.wait_for_url("**/?messages_per_second_avg=5k%2Fday&cloud=aws*")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="One by one").click()
    page.wait_for_url("**/start?messages_per_second_avg=5k%2Fday&cloud=aws*")


def test_from_a_private_link_the_head_of_a_page_leads_on_without_answers_in_an_address(open_tab: OpenTab) -> None:
    page = open_tab()
    visit(page, "/private#work_queue=true&messages_per_second_avg=5k/day")
    expect(page.locator("#outcome")).to_be_visible()
    page.get_by_role("navigation", name="Site").get_by_role("link", name="All questions").click()
    expect(page.get_by_label("How many messages arrive per second on average?")).to_have_value("5k/day")
    page.get_by_role("navigation", name="Site").get_by_role("link", name="One by one").click()
    expect(page.get_by_text("Answered", exact=True)).to_be_visible()
    assert "?" not in page.url
