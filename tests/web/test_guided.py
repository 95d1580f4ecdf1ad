"""One question at a time: chosen by power, skippable, changeable, and over exactly when the advice is decided."""

import re

import pytest

from advisor import service
from advisor.core.cases import Case
from advisor.core.recommendation import DECIDED
from advisor.web import links
from tests.web.conftest import JOBS
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


@pytest.mark.parametrize("preset", service.get_presets(), ids=lambda case: case.id)
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


def test_a_question_that_a_range_answers_is_not_asked_again() -> None:
    """It stays open and tells most: “Next” would lead to the same page for ever."""
    query = "work_queue=false&cloud=on-prem&nothing_else=false&compliance=licence&consumer_groups=10..20"
    skipped = "&skip=availability_zones&skip=batch_size&skip=compression_ratio"
    page = open_page(f"/start?{query}{skipped}")
    assert _asked(page) not in {"", "consumer_groups"}


def test_none_of_a_list_is_an_answer_and_an_untouched_list_is_left_open() -> None:
    page = open_page("/start?ask=integrations")
    assert page.all("input", type="checkbox")[-1].attributes["value"] == "none"
    answered = open_page("/start?integrations=&integrations=none")
    assert answered.one("input", type="hidden", name="integrations").attributes["value"] == "none"
    assert open_page("/start?integrations=").headers["Location"] == "/start?skip=integrations"


def test_from_an_answer_it_goes_on_one_by_one_with_what_was_answered() -> None:
    page = open_page(f"/recommendation?{JOBS}")
    place = page.one("p", class_="next")
    following, onward = (each.attributes["href"] for each in page.all("a") if place in each.inside)
    asked = open_page(onward)
    assert following.endswith(f"#{_asked(asked)}")
    assert asked.one("input", type="hidden", name="messages_per_second_avg").attributes["value"] == "5k/day"


def test_what_was_skipped_or_answered_can_be_asked_again_without_losing_the_rest() -> None:
    page = open_page("/start?ordering=per-key&replay_needed=false&skip=work_queue")
    again = next(link for link in page.links if "ask=ordering" in link)
    asked = open_page(again)
    assert _asked(asked) == "ordering"
    kept = {each.attributes["name"]: each.attributes["value"] for each in asked.all("input", type="hidden")}
    assert kept == {"replay_needed": "false"}
    following = asked.one("button", name="skip").attributes  # other buttons lead to where nothing is skipped
    assert following["value"] == "work_queue"
    assert "formaction" not in following


def test_a_bad_answer_is_asked_again_with_its_problem_and_the_rest_is_kept() -> None:
    page = open_page("/start?work_queue=true&messages_per_second_avg=lots")
    assert page.status == 422
    assert page.title.startswith("Error:")
    assert page.one("input", id="messages_per_second_avg").attributes["value"] == "lots"
    assert page.one("input", type="hidden", name="work_queue").attributes["value"] == "true"


def test_you_may_stop_is_said_exactly_when_the_advice_is_decided() -> None:
    """Answer as the task queue of the presets would, whatever is asked, and no to every need it does not name."""
    preset = next(case for case in service.get_presets() if case.id == "image_jobs")
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


def test_where_it_is_proved_that_nothing_fits_nothing_is_asked_and_nothing_said_to_change_it() -> None:
    asked = "ordering=global&messages_per_second_avg=20&messages_per_second_peak=50&processing_seconds_avg=2&cloud=aws"
    query = f"work_queue=true&{asked}&nothing_else=true"
    for page in (open_page(f"/start?{query}"), open_page(f"/recommendation/live?{query}")):
        assert page.one("span", class_="badge state-none").text == "none"
        said = " ".join(each.text for each in page.all("p"))
        assert "You may stop. No usual answer to what is open can change this." in said
        assert "together" not in page.html
        assert not page.all("button", type="submit")


def test_of_several_bad_answers_one_is_asked_again_with_its_own_problem() -> None:
    page = open_page("/start?consumer_groups=lots&messages_per_second_avg=lots")
    targets = [link.removeprefix("#") for link in page.links if link.startswith("#") and link != "#main"]
    assert targets == [_asked(page)]
    assert len(page.all("p", class_="problem")) == 1


def test_of_two_answers_that_contradict_each_other_either_can_be_changed() -> None:
    page = open_page("/start?messages_per_second_peak=10&messages_per_second_avg=100")
    assert _asked(page) == "messages_per_second_avg"  # what was answered last
    shown = page.one("dl", class_="answers")
    changes = [each.attributes["href"] for each in page.all("a") if shown in each.inside]
    asked = [_asked(open_page(change)) for change in changes]
    assert asked == ["messages_per_second_peak", "messages_per_second_avg"]


def test_a_day_that_is_none_leads_to_its_field_and_not_to_the_end_of_the_questions() -> None:
    page = open_page("/start?as_of=abc&work_queue=true")
    assert page.status == 422
    assert "Nothing left to ask" not in page.html
    assert "#as_of" in page.links
    assert page.one("input", id="as_of").attributes["value"] == "abc"
    chosen = page.one("input", name="work_queue", value="true")
    assert "checked" in chosen.attributes


def test_what_is_asked_beside_the_answers_goes_along_and_a_day_is_changed_on_the_form() -> None:
    beside = {"language": "go", "name": "orders", "option": "sqs_fifo", "as_of": "2025-07-01"}
    page = open_page(f"/start?work_queue=true&{links.encode(beside)}")
    kept = {each.attributes["name"]: each.attributes["value"] for each in page.all("input", type="hidden")}
    assert beside.items() <= kept.items()
    shown = page.one("dl", class_="answers")
    changes = [each.attributes["href"] for each in page.all("a") if shown in each.inside]
    assert [change.partition("?")[0] for change in changes] == ["/start", "/"]
    assert changes[-1].endswith("#as_of")
    assert open_page(changes[-1]).one("input", id="as_of").attributes["value"] == "2025-07-01"


def test_what_an_open_answer_hangs_on_is_asked_before_what_closes_the_rest() -> None:
    query = "cloud=on-prem&delivery=exactly-once&consumer_groups=3"
    page = open_page(f"/start?{query}")
    assert _asked(page) == "work_queue"
    assert "Enough to recommend" not in page.html
    assert ["data-main" in each.attributes for each in page.all("button", type="submit")] == [True, False, False]
    skipped = open_page(f"/start?{query}&skip=work_queue")
    assert _asked(skipped) == "nothing_else"
    assert "It hangs on an open answer: Is each message a job" in skipped.one("aside").text


def test_a_weight_is_called_by_its_criterion() -> None:
    page = open_page("/start?work_queue=true&weight_failure_handling=3")
    label = service.get_rulebook().criteria["failure_handling"].label
    assert f"Weight of: {label}" in [each.text for each in page.all("dt")]
