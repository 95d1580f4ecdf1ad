"""One question at a time: chosen by power, skippable, changeable, and over exactly when the advice is decided."""

import re

import pytest

from advisor import service
from advisor.core.cases import Case
from advisor.core.recommendation import DECIDED
from advisor.web import links
from tests.web.page import Page, open_page

MOST = 60  # more questions than there are
TURNED_BY_SEVERAL = {"audit_log"}  # by answers that only together turn it, as the page says: it is leaning


def _asked(page: Page) -> str:
    fields = [each for each in page.all("input") if each.attributes.get("type") != "hidden"]
    return fields[0].attributes["name"] if fields else ""


def test_it_asks_what_the_engine_finds_most_telling() -> None:
    following = service.recommend(service.read_query({})).next_question
    assert following is not None
    assert _asked(open_page("/start")) == following.question


@pytest.mark.parametrize("preset", service.get_cases()["presets"], ids=lambda case: case.id)
def test_fewer_than_twelve_answers_lead_to_what_all_answers_lead_to(preset: Case) -> None:
    given: dict[str, object] = {}
    skipped: list[str] = []
    page = open_page("/start")
    while not re.search("Enough to recommend|You may stop", page.html):
        name = _asked(page)
        if name in preset.answers:
            given[name] = preset.answers[name]
        else:
            skipped.append(name)
        page = open_page(f"/start?{links.encode({**given, 'skip': skipped})}")
    assert len(given) + len(skipped) < 12
    reached, whole = (service.recommend(service.read_query(answers)) for answers in (given, preset.answers))
    assert reached.outcome == whole.outcome or preset.id in TURNED_BY_SEVERAL


def test_an_empty_answer_is_remembered_as_not_known_and_not_asked_again() -> None:
    first = _asked(open_page("/start"))
    page = open_page(f"/start?{first}=")
    assert page.status == 302
    assert page.headers["Location"] == f"/start?skip={first}"
    assert _asked(open_page(page.headers["Location"])) != first


def test_what_was_skipped_or_answered_can_be_asked_again_without_losing_the_rest() -> None:
    page = open_page("/start?ordering=per-key&replay_needed=false&skip=work_queue")
    again = next(link for link in page.links if "ask=ordering" in link)
    asked = open_page(again)
    assert _asked(asked) == "ordering"
    kept = {each.attributes["name"]: each.attributes["value"] for each in asked.all("input", type="hidden")}
    assert kept == {"replay_needed": "false", "skip": "work_queue"}


def test_a_bad_answer_is_asked_again_with_its_problem_and_the_rest_is_kept() -> None:
    page = open_page("/start?work_queue=true&messages_per_second_avg=lots")
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert page.one("input", id="messages_per_second_avg").attributes["value"] == "lots"
    assert page.one("input", type="hidden", name="work_queue").attributes["value"] == "true"


def test_you_may_stop_is_said_exactly_when_the_advice_is_decided() -> None:
    """Answer as the task queue of the presets would, whatever is asked, and no to every need it does not name."""
    preset = next(case for case in service.get_cases()["presets"] if case.id == "image_jobs")
    given: dict[str, object] = {"nothing_else": "true"}
    for _ in range(MOST):
        page = open_page("/start?" + "&".join(f"{name}={answer}" for name, answer in given.items()))
        recommendation = service.recommend(service.read_query(given))
        assert ("You may stop." in page.html) == (recommendation.state == DECIDED)
        name = _asked(page)
        if recommendation.state == DECIDED or not name:
            break
        answer = preset.answers.get(name, "")
        given[name] = str(answer).lower() if isinstance(answer, bool) else answer or "unknown"
    assert recommendation.state == DECIDED
    assert len(given) <= 12
