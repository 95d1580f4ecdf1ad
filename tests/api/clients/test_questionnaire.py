"""The list of questions alone is enough to draw the whole questionnaire elsewhere, and to get the same answer."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from playwright.sync_api import expect as expect_page

from advisor import service
from tests.api.conftest import Server

DRAW = (Path(__file__).resolve().parent / "questionnaire.js").read_text(encoding="utf-8")
# What a person sees of a form, whoever drew it.
READ = """names => [...document.querySelectorAll("[id^=q-]")].map(field => ({
    question: field.id.slice(2),
    text: (field.querySelector("legend") || field.querySelector("label")).textContent.trim(),
    help: field.querySelector(".hint").textContent.trim(),
    controls: [...field.querySelectorAll("input")].filter(each => names.includes(each.name)).map(each => ({
        type: each.type, value: each.type === "text" ? "" : each.value,
        label: each.type === "text" ? "" : each.closest("label").textContent.trim(),
    })),
}))"""
HEADINGS = "[...document.querySelectorAll('form h2, form summary')].map(each => each.textContent)"
ASK = """async home => {
    const query = new URLSearchParams(new FormData(document.querySelector("form")));
    return (await fetch(`${home}/api/v1/recommendations?${query}`)).json();
}"""
TYPED = {"messages/s": "100..500", "bytes": "2 KiB", "hours": "7 days", "count": "3"}


@pytest.fixture
def drawn(server: Server, elsewhere: str, page: Page) -> Page:
    """A page of another origin with the questionnaire on it."""
    page.goto(elsewhere)
    page.evaluate(DRAW, server.address)
    return page


@pytest.fixture
def ours(server: Server, browser: Browser) -> Page:
    page = browser.new_context(java_script_enabled=True).new_page()
    page.goto(server.address)
    return page


def read(page: Page) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = page.evaluate(READ, list(service.get_rulebook().questions))
    return found


@pytest.mark.browser
def test_it_asks_every_question_as_our_own_page_does_in_the_same_order(drawn: Page, ours: Page) -> None:
    assert read(drawn) == read(ours)
    assert {each["question"] for each in read(drawn)} == set(service.get_rulebook().questions)
    headings = list(drawn.evaluate(HEADINGS))
    shown = " ".join(ours.evaluate(HEADINGS))
    assert headings
    assert all(heading in shown for heading in headings)


def fill(page: Page) -> None:
    """One answer of every kind and unit, given the same way wherever the form was drawn."""
    for name in ("work_queue", "ordering", "integrations", "messages_per_second_avg", "message_size_bytes_avg"):
        question, field = service.get_rulebook().questions[name], page.locator(f"#q-{name}")
        field.evaluate(
            "each => { for (let up = each; up; up = up.parentElement) if (up.tagName === 'DETAILS') up.open = true; }"
        )
        if question.kind in ("boolean", "choice"):
            field.locator("input[type=radio]").first.check()
        elif question.kind == "list":
            field.locator("input[type=checkbox]").first.check()
        else:
            field.locator("input").first.fill(TYPED[question.unit])


@pytest.mark.browser
def test_filled_in_alike_both_get_the_same_answer(server: Server, drawn: Page, ours: Page) -> None:
    fill(drawn)
    fill(ours)
    answered = drawn.evaluate(ASK, server.address)
    assert len(answered["answers"]) == 5
    ours.get_by_role("button", name="Show the recommendation").click()
    expect_page(ours.locator("body")).to_contain_text(answered["id"], timeout=60_000)
