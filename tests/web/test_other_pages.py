"""Rulebook, evidence and comparison: pages beside the way from question to answer."""

import gzip
import re
from urllib.parse import quote

import pytest
from django.test import Client

from advisor import evidence, service
from advisor.settings import BASE_DIR
from advisor.web.catalogue import cell_words
from tests.web.conftest import EVENTS, JOBS
from tests.web.page import open_page


def test_every_entry_of_the_rulebook_has_a_page_that_opens() -> None:
    rulebook = service.get_rulebook()
    client = Client()
    addresses = [f"/rules/{rule.id}" for rule in rulebook.rules]
    for kind in ("facts", "questions", "options"):
        addresses += [f"/{kind}/{name}" for name in getattr(rulebook, kind)]
    for address in addresses:
        assert client.get(address, headers={"host": "localhost"}).status_code == 200, address


@pytest.mark.parametrize("kind", ["facts", "rules", "questions", "options"])
def test_what_does_not_exist_is_not_found(kind: str) -> None:
    assert open_page(f"/{kind}/nothing_of_that_name").status == 404


def test_a_fact_shows_value_source_day_and_what_it_was_before() -> None:
    page = open_page("/facts/sqs_message_bytes_max")
    assert "1 MiB" in page.html
    assert "256 KiB" in page.html
    assert service.get_rulebook().facts["sqs_message_bytes_max"].source.checked.isoformat() in page.html
    assert any(link.startswith("https://docs.aws.amazon.com/") for link in page.links)
    assert "/rules/sqs_message_too_large" in page.links


ONE_OF_EACH_UNIT = {fact.unit: name for name, fact in service.get_rulebook().facts.items()}


@pytest.mark.parametrize("name", ONE_OF_EACH_UNIT.values(), ids=list(ONE_OF_EACH_UNIT))
def test_a_fact_says_its_unit_once_with_each_value(name: str) -> None:
    fact = service.get_rulebook().facts[name]
    shown = [each.text for each in open_page(f"/facts/{name}").all("td", class_="number")]
    assert shown == [cell_words(quote.value, fact.unit) for quote in fact.cells.values()]


def test_a_rule_shows_its_condition_with_the_fact_it_compares_with() -> None:
    page = open_page("/rules/sqs_message_too_large")
    assert "is more than" in page.html
    assert "/facts/sqs_message_bytes_max" in page.links
    assert "/questions/message_size_bytes_max" in page.links


def test_a_rule_says_choices_and_options_by_their_labels() -> None:
    when = open_page("/rules/sqs_standard_keeps_no_order").html
    assert "In order per key" in when
    assert "per-key" not in when
    assert "price list</span>" in open_page("/facts/price_cross_zone").html


@pytest.mark.parametrize("address", ["/questions/ordering", "/rulebook/"])
def test_limits_of_one_sentence_are_told_apart_by_what_they_rule_out(address: str) -> None:
    entries = [each.text for each in open_page(address).all("li") if each.text.startswith("constraint ")]
    assert entries
    assert len(entries) == len(set(entries))


def test_what_a_team_chose_is_said_by_its_label() -> None:
    chosen = [each.text for each in open_page("/evidence").all("td") if each.text.startswith("Apache Kafka Apache")]
    assert "Apache Kafka Apache Kafka, run by yourselves" in chosen


def test_a_limit_that_only_warns_is_not_said_to_rule_out() -> None:
    for name, remedy in (("sqs_delay_too_long", "With a scheduler in front"), ("sqs_too_many_in_flight", "")):
        page = open_page(f"/rules/{name}")
        assert "Warns of, and rules nothing out:" in page.html
        assert "Rules out:" not in page.html
        assert remedy in page.html
    assert "Rules out:" in open_page("/rules/sqs_message_too_large").html
    said = [each.text for each in open_page("/options/sqs_standard").all("li")]
    rules = {rule.id: rule.because for rule in service.get_rulebook().constraints}
    assert f"warns {rules['sqs_delay_too_long']}" in said
    assert rules["sqs_message_too_large"] in said


def test_a_question_names_the_rules_that_read_it_also_through_a_derived_quantity() -> None:
    page = open_page("/questions/growth_percent_per_month")
    assert len([link for link in page.links if link.startswith("/rules/")]) > 3


def test_the_rulebook_can_be_searched_by_words() -> None:
    page = open_page("/rulebook/?q=FIFO+group")
    facts = [link for link in page.links if link.startswith("/facts/")]
    assert "/facts/sqs_fifo_group_calls_per_second_max" in facts
    assert len(facts) < 20


def test_the_rulebook_says_from_where_to_where_a_doubled_bill_counts() -> None:
    page = open_page("/rulebook/")
    assert "takes 4 points between $30.00 and $1,000,000; a bill outside counts as the nearer" in page.html


def test_evidence_shows_every_published_case_and_its_misses_first() -> None:
    page = open_page("/evidence")
    cases = evidence.get_published_cases()
    rows = [each for each in page.all("tr") if each.attributes.get("id", "").startswith("case-")]
    assert len(rows) == len(cases)
    counted = [row for row in rows if row.attributes["id"][5:] in {case.id for case in cases if case.is_counted}]
    verdicts = ["differs" in row.text.split()[-1] for row in counted]
    assert verdicts == sorted(verdicts, reverse=True)
    assert f"{len(counted) - sum(verdicts)} of {len(counted)}" in page.one("p", class_="lead").text


def test_evidence_agrees_with_the_full_scoring() -> None:
    sample = evidence.glance_published()[:6]
    assert len(sample) == 6
    for case, outcome, agrees in sample:
        scored = evidence.score_published(case)
        assert (scored.outcome, scored.family_agrees) == (outcome, agrees)


def test_a_comparison_puts_what_was_answered_differently_before_the_rules_that_do_it() -> None:
    page = open_page(f"/compare?a={quote(JOBS)}&b={quote('http://localhost/recommendation?' + EVENTS)}")
    assert page.status == 200
    headings = [each.text for each in page.all("h2")]
    assert headings.index("What was answered or assumed differently") < headings.index("Rules that changed their mind")
    assert "/questions/replay_needed" in page.links
    assert "/rules/sqs_cannot_replay" in page.links or "/rules/replay_from_log" in page.links


def test_of_what_differs_the_answers_come_first_and_what_was_assumed_is_marked() -> None:
    page = open_page("/compare?a=messages_per_second_peak%3D300&b=messages_per_second_peak%3D30%26ordering%3Dnone")
    rows = [each.text for each in page.all("tr") if each.inside[-1].tag == "tbody"]
    assert rows[0] == "How many messages arrive in the busiest second? 300 messages/s 30 messages/s"
    assert rows[1].endswith("per second on average? 100 messages/s assumed 10 messages/s assumed")


def test_two_days_are_compared_by_the_facts_of_each() -> None:
    asked = "work_queue=true&message_size_bytes_max=500%20KiB"
    page = open_page(f"/compare?a={quote(asked)}&b={quote(asked + '&as_of=2025-07-01')}")
    assert "2025-07-01" in page.html
    assert "/rules/sqs_message_too_large" in page.links
    assert "rules it out" in page.html


def test_a_weight_that_differs_is_named_and_one_that_is_as_usual_does_not_differ() -> None:
    weighed = open_page(f"/compare?a={quote(JOBS)}&b={quote(JOBS + '&weight_cost=9')}")
    assert "Nothing." not in weighed.html
    cells = [each.text for row in weighed.all("tr") for each in weighed.all("td") if row in each.inside]
    assert cells[:2] == ["3", "9"]
    assert "Nothing." in open_page(f"/compare?a={quote(JOBS)}&b={quote(JOBS + '&weight_cost=3')}").html


def test_what_is_answered_on_one_side_and_assumed_on_neither_is_compared() -> None:
    page = open_page(f"/compare?a={quote(JOBS)}&b={quote(JOBS + '&nothing_else=true')}")
    assert page.status == 200
    assert "Is there nothing else that you need? not answered yes" in [each.text for each in page.all("tr")]


def test_a_cost_that_is_scored_otherwise_differs_though_the_bill_alone_does_not() -> None:
    runs = "existing_platforms=kafka&spare_kafka_capacity=true&work_queue=false"
    page = open_page(f"/compare?a={quote(runs)}&b=work_queue%3Dfalse")
    assert "The same for every option" not in page.html
    (row,) = [each for each in page.all("tr") if "MSK with Standard" in each.text and "adds" in each.text]
    assert re.search(r"adds \$\S+ \(alone (\$\S+)\) \1$", row.text), row.text


def test_where_no_kafka_runs_nothing_is_added_though_prices_are_missing() -> None:
    page = open_page(f"/compare?a={quote(JOBS)}&b={quote(EVENTS)}")
    (row,) = [each for each in page.all("tr") if each.text.startswith("Amazon MSK with Express brokers $")]
    assert re.search(r"Express brokers \$\S+ \$\S+ \+ \? \(scored \$\S+\)$", row.text), row.text


def test_the_same_link_twice_has_no_difference() -> None:
    page = open_page(f"/compare?a={quote(JOBS)}&b={quote(JOBS)}")
    assert "are the same" in page.html
    assert "Nothing." in page.html


def test_a_link_that_cannot_be_read_is_refused_with_its_side() -> None:
    page = open_page("/compare?a=work_queue%3Dtrue&b=ordering%3Dsideways")
    assert page.status == 422
    assert "Second link" in page.one("section", id="problems").text


@pytest.mark.parametrize("query", ["a=hello&b=", "a=&b=", "a=work_queue%3Dtrue&b=hello%3D1", "a=hello&b=http://["])
def test_what_is_no_link_is_not_compared(query: str) -> None:
    page = open_page(f"/compare?{query}")
    assert page.status == 422
    assert "Paste a link into both fields" in page.one("section", id="problems").text


def test_a_link_without_answers_is_compared_and_what_was_adapted_is_said_with_its_side() -> None:
    page = open_page(f"/compare?a=/recommendation&b={quote('work_queue=true&wrok=1')}")
    assert page.status == 200
    notes = page.one("section", class_="notes").text
    assert "Second link: “wrok” is no question of ours" in notes
    assert "First link" not in notes


def test_a_rule_that_has_other_points_on_each_side_is_named_without_them() -> None:
    page = open_page(f"/compare?a={quote(JOBS)}&b={quote(JOBS + '&messages_per_second_peak=900')}")
    assert "Its cost: 4 points fewer for each doubling between $30.00 and $1,000,000." in page.html
    assert "× weight" not in page.html


def test_what_is_wrong_with_a_link_is_named_as_on_the_form() -> None:
    page = open_page(f"/compare?a={quote('weight_cost=77')}&b={quote('as_of=foo')}")
    said = page.one("section", id="problems").text
    assert "Cost “77” is no weight" in said
    assert "Facts as of which day? “foo” is no day" in said


@pytest.mark.parametrize(
    "address",
    [
        f"/recommendation?{EVENTS}&spare_kafka_capacity=true",
        f"/compare?a={quote(JOBS)}&b={quote(EVENTS)}",
        "/evidence",
        "/facts/price_msk_broker_hour",
        f"/charts/map?{JOBS}",
    ],
)
def test_each_table_has_a_name_of_its_own(address: str) -> None:
    page = open_page(address)
    texts = {each.attributes.get("id", ""): each.text for each in page.reading.elements}
    tables = [each.attributes for each in page.all("table")]
    names = [each.get("aria-label") or texts[each["aria-labelledby"]] for each in tables]
    assert all(names)
    assert len(names) == len(set(names)) > 0


@pytest.mark.parametrize(
    ("address", "part"), [("/", "main"), ("/evidence", "main"), (f"/recommendation?{JOBS}", "code")]
)
def test_links_with_the_same_words_lead_to_the_same_place(address: str, part: str) -> None:
    places: dict[str, set[str]] = {}
    for link in open_page(address).all("a"):
        if any(each.attributes.get("id") == part for each in link.inside):
            places.setdefault(link.text, set()).add(link.attributes["href"])
    assert len(places) > 5
    assert [words for words, found in places.items() if len(found) > 1] == []


def test_the_private_page_answers_what_is_posted_and_has_no_address_of_a_picture() -> None:
    response = Client().post(
        "/private", data=JOBS, content_type="application/x-www-form-urlencoded", headers={"host": "localhost"}
    )
    assert response.status_code == 200
    assert b'id="outcome"' in response.content
    assert b"<img data-src" in response.content
    assert b"<img src" not in response.content


@pytest.mark.parametrize("path", ["/private", "/recommendation", "/charts/points.svg", "/kit.zip", "/start"])
@pytest.mark.parametrize("answers", [JOBS, "ordering=sideways"])
def test_nobody_keeps_what_is_answered_to_posted_answers(path: str, answers: str) -> None:
    posted = "application/x-www-form-urlencoded"
    response = Client().post(path, data=answers, content_type=posted, headers={"host": "localhost"})
    assert response.status_code == (422 if answers != JOBS else 200)
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/recommendation", "/start"])
def test_posted_answers_are_not_written_into_an_address_where_one_is_empty(path: str) -> None:
    posted = "application/x-www-form-urlencoded"
    response = Client().post(path, data=f"{JOBS}&cloud=", content_type=posted, headers={"host": "localhost"})
    assert (response.status_code, response.headers.get("Location")) == (200, None)


def test_the_live_fragment_shows_problems_without_being_one() -> None:
    assert "cannot be used yet" in open_page("/recommendation/live?ordering=sideways").html
    assert "a month" in open_page("/recommendation/live?work_queue=true").html


def test_the_live_fragment_names_the_place_of_each_problem_and_keeps_what_was_read() -> None:
    page = open_page("/recommendation/live?weight_cost=77&as_of=soon&messages_per_second_avg=5k/day&ordering=sideways")
    assert [(each.attributes["href"], each.text) for each in page.all("a")] == [
        ("#ordering", "Must messages be handled in order?"),
        ("#weight_cost", "Cost"),
        ("#as_of", "Facts as of which day?"),
    ]
    assert page.one("p", data_echo="messages_per_second_avg-read").text == "Read as 0.05787 messages/s"


def test_the_live_fragment_says_when_no_open_answer_by_itself_would_change_it() -> None:
    query = "work_queue=true&cloud=aws&integrations=none&existing_platforms=none&compliance=none"
    assert "No open answer by itself" not in open_page(f"/recommendation/live?{query}").html
    needs = ("replay_needed", "stream_processing", "portability_needed", "transactional_outbox")
    settled = "&".join((query, *(f"{need}=false" for need in needs)))
    assert "No open answer by itself" in open_page(f"/recommendation/live?{settled}").html


@pytest.mark.parametrize("name", ["advisor.css", "advisor.js"])
def test_what_every_page_needs_is_sent_compressed_and_once(name: str) -> None:
    headers = {"host": "localhost", "accept-encoding": "gzip"}
    sent = Client().get(f"/static/{name}", headers=headers)
    assert (sent.headers["Content-Encoding"], sent.headers["Vary"]) == ("gzip", "Accept-Encoding")
    assert gzip.decompress(sent.getvalue()) == (BASE_DIR / "advisor" / "web" / "static" / name).read_bytes()
    again = Client().get(f"/static/{name}", headers=headers | {"if-none-match": sent.headers["ETag"]})
    assert (again.status_code, again.getvalue()) == (304, b"")


def test_a_rule_whose_limit_differs_by_region_shows_no_single_one() -> None:
    """Whoever comes from “limit 3,000” of an answer for Frankfurt must not find “more than 30,000”."""
    page = open_page("/rules/sns_fifo_topic_too_fast")
    conditions = [each.text for each in page.all("li") if "peak at horizon" in each.text]
    assert conditions
    assert all(each.endswith("is more than 3,000 messages/s to 30,000 messages/s, by Region") for each in conditions)


def test_what_is_usual_is_no_range_from_a_number_to_itself() -> None:
    assert "Usual $1,000,000,000 No limit applies" in open_page("/questions/budget_usd_per_month").one("main").text
    assert "Usual 0 % to 3 % Up to" in open_page("/questions/growth_percent_per_month").one("main").text
