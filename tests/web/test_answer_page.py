"""The answer's page: its order, its figures and their sources, and links that restore it."""

import gzip
import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qs, urlencode

import pytest
from django.test import Client

from advisor import service
from advisor.core.cases import Case
from advisor.render.document import to_document
from advisor.web import links
from advisor.web.filters import in_their_words, money
from tests.web.conftest import EVENTS, JOBS
from tests.web.page import Element, Page, open_page

ORDER = [
    "outcome", "changes", "ruled-out", "cost", "sizing", "points", "headroom", "assumptions", "elsewhere",
    "side-by-side", "code", "record", "share",
]  # fmt: skip
DIGIT = re.compile(r"\d")
# Where digits are no figures about the world: code, days, what an option or question is called, counts of a summary.
NO_FIGURE = frozenset({"pre", "code", "time", "h1", "h2", "h3", "summary", "title", "nav", "script", "dt", "th"})


def test_it_says_things_in_the_order_in_which_a_team_asks(jobs_page: Page) -> None:
    ids = [each.attributes.get("id") for each in jobs_page.reading.elements]
    places = [ids.index(name) for name in ORDER]
    assert places == sorted(places)


def test_it_starts_with_one_sentence_that_has_outcome_state_and_reason(jobs_page: Page, events_page: Page) -> None:
    assert "Amazon SQS" in jobs_page.one("h1").text
    assert "Kafka" in events_page.one("h1").text
    query = service.read_query(service.read_pairs([("work_queue", ["true"])]))
    assert service.recommend(query).headline == open_page("/recommendation?work_queue=true").one("h1").text


def _is_linked(around: tuple[Element, ...]) -> bool:
    return any(element.tag in ("a", *NO_FIGURE) for element in around)


def test_every_figure_is_inside_a_link_to_its_fact_or_its_arithmetic(jobs_page: Page, events_page: Page) -> None:
    for page in (jobs_page, events_page):
        assert _loose_figures(page) == []


def _loose_figures(page: Page) -> list[str]:
    main = page.one("main")
    return [
        text
        for text, around in page.reading.texts
        if main in around and DIGIT.search(re.sub(r"\d{4}-\d\d-\d\d", "", text)) and not _is_linked(around)
    ]


def test_every_link_of_the_page_leads_somewhere(events_page: Page) -> None:
    client = Client()
    ids = {each.attributes.get("id") for each in events_page.reading.elements}
    inner = {link for link in events_page.links if link.startswith("#")}
    assert {link[1:] for link in inner} <= ids
    entries = {
        link.partition("#")[0] for link in events_page.links if link.startswith(("/facts", "/rules", "/opt", "/q"))
    }
    assert len(entries) > 30
    for link in entries:
        assert client.get(link, headers={"host": "localhost"}).status_code == 200, link


def test_each_column_of_points_adds_up_to_its_score(jobs_page: Page, events_page: Page) -> None:
    for page in (jobs_page, events_page):
        table = page.one("table", class_="points stack")
        cells = [each for each in page.all("td", class_="number") if table in each.inside]
        numbers = [int(each.text.replace("−", "-")) for each in cells]
        left, right = numbers[0::2], numbers[1::2]
        assert sum(left[:-1]) == left[-1]
        assert sum(right[:-1]) == right[-1]


def test_the_sentence_of_the_cost_has_the_sum_of_its_column(jobs_page: Page) -> None:
    cells = [each.text for each in jobs_page.all("tr", id="criterion-cost")]
    sums = [int(number.replace("−", "-")) for number in re.findall(r"(?<=\s)[−+]?\d+(?= )", cells[0])[:2]]
    products = [-int(points) * int(weight) for points, weight in re.findall(r"−(\d+) × weight (\d+) for", cells[0])]
    assert set(products) == set(sums)


def test_a_ruled_out_option_names_limit_need_source_and_day(events_page: Page) -> None:
    section = events_page.one("section", id="ruled-out").text
    assert "Amazon SQS standard queue" in section
    assert "60 days" in section
    assert "14 days" in section
    assert re.search(r"Amazon SQS API Reference.*2026-\d\d-\d\d", section, re.DOTALL)


def test_each_flip_leads_to_the_answer_that_it_promises(jobs_page: Page) -> None:
    table = jobs_page.all("table", class_="flips stack")[0]
    rows = [each for each in jobs_page.all("tr") if table in each.inside and any(a.tag == "tbody" for a in each.inside)]
    row = rows[0]
    link = next(each for each in jobs_page.all("a") if row in each.inside)
    promised = next(each for each in jobs_page.all("strong") if row in each.inside).text
    assert promised in open_page(link.attributes["href"]).one("p", class_="kicker").text


def test_a_number_that_turns_the_outcome_stands_before_the_one_at_which_it_stays(events_page: Page) -> None:
    said = events_page.one("section", id="changes").text
    (turns, stays), *_ = re.findall(r"at most\? \$([\d,]+) down to \$([\d,]+)", said)
    assert int(turns.replace(",", "")) < int(stays.replace(",", ""))


def test_the_bill_shows_lines_total_and_the_day_of_its_prices(jobs_page: Page) -> None:
    bill = jobs_page.one("div", id="cost-sqs_standard").text
    assert "Requests to standard queues" in bill
    assert "Likely total" in bill
    assert re.search(r"Prices checked \d{4}-\d\d-\d\d", bill)


def test_the_region_of_the_prices_is_said_to_be_assumed_only_where_it_is(jobs_page: Page, events_page: Page) -> None:
    assert "Region: us-east-1 (assumed)" in jobs_page.one("section", id="cost").text
    assert "(assumed)" not in events_page.one("section", id="cost").text


CLOSE = (
    "work_queue=false&consumer_groups=6&ordering=per-key&messages_per_second_avg=50&cloud=aws&ops_tolerance=medium"
    "&nothing_else=true"
)


@pytest.mark.parametrize(("query", "is_close"), [(JOBS, False), (CLOSE, True)])
def test_only_weights_that_could_turn_the_outcome_are_listed(query: str, is_close: bool) -> None:
    changes = open_page(f"/recommendation?{query}").one("section", id="changes").text
    found = service.recommend(service.read_query(service.read_pairs(parse_qs(query).items())))
    turning = [each for each in found.weight_ranges if (each.low, each.high) != (0, 9)]
    assert bool(turning) == is_close
    assert len(re.findall(r": \d to \d", changes.partition("How far the weights reach")[2])) == len(turning)


def test_a_missing_price_is_named_and_never_nought() -> None:
    page = open_page("/recommendation?region=ap-southeast-1")
    partial = [each for each in page.all("div", class_="bill") if "partial" in each.text]
    for bill in partial:
        assert "not priced" in bill.text
        assert not re.search("not priced [0-9]", bill.text)  # once a line: where its amount would stand
        total = next(each for each in page.all("tfoot") if bill in each.inside)
        assert "$0.00" not in total.text
    for path in ("/recommendation", "/recommendation/live", "/recommendation.md"):
        unpriced = open_page(f"{path}?region=eu-central-1&replay_needed=true").html
        assert "not priced" in unpriced
        assert not re.search("not priced(</a>)? a month", unpriced)
    recommendation = service.recommend(service.read_query({"region": "ap-southeast-1"}))
    assert len(partial) == sum(verdict.estimate.is_partial for verdict in recommendation.verdicts)


def test_a_limit_that_only_growth_reaches_says_so_in_headline_and_table() -> None:
    page = open_page(
        "/recommendation?work_queue=false&consumer_groups=2&ordering=global&messages_per_second_avg=100"
        "&messages_per_second_peak=250&growth_percent_per_month=3&planning_horizon_months=36&ops_tolerance=none"
        "&cloud=aws&processing_seconds_avg=0.002"
    )
    grown = "at the planning horizon; today 250 messages/s, at the limit in 6.168 months"
    assert f"That is {grown}." in page.one("header", id="outcome").text
    assert f"That is {grown} ." in page.one("table", aria_labelledby="ruled-out-title").text
    assert "needed 1.449, limit 1, at the planning horizon; today 0.5" in page.one("section", id="ruled-out").text
    assert _loose_figures(page) == []


def test_a_record_says_what_its_link_had_that_was_left_out() -> None:
    """Who stores the record sees no page: an answer that is gone without a word would look like an assumption."""
    record = open_page("/recommendation.md?work_queue=true&messages_per_sec=500&release=0.0.9").html
    context = record.partition("## Decision Drivers")[0]
    assert "- “messages_per_sec” is no question of ours and was left out." in context
    assert "- This link was made with release 0.0.9; the answer below is by release" in context
    assert "left out" not in open_page("/recommendation.md?work_queue=true").html


def test_limits_are_said_not_to_be_reached_for_want_of_growth(jobs_page: Page, events_page: Page) -> None:
    unsaid = "no growth is reckoned with, so none is reached by it"
    assert unsaid in jobs_page.one("section", id="headroom").text
    assert unsaid not in events_page.one("section", id="headroom").text


def test_an_option_that_outgrows_the_budget_says_so_at_the_top() -> None:
    query = "work_queue=true&cloud=aws&messages_per_second_avg=3000&growth_percent_per_month=2&budget_usd_per_month="
    over = (
        r"At the planning horizon Amazon SQS standard queue costs \$[\d,]+ a month, more than the budget of \$1,000\."
    )
    assert re.search(over, open_page(f"/recommendation?{query}1000").one("header", id="outcome").text)
    assert "more than the budget" not in open_page(f"/recommendation?{query}1600").one("header", id="outcome").text


def test_a_sum_that_lacks_a_price_is_told_apart_from_the_figure_that_is_scored() -> None:
    query = {"region": "eu-west-1", "isolation_units": "5000"}
    cost = open_page(f"/recommendation?{urlencode(query)}").one("section", id="cost").text
    serverless = service.recommend(service.read_query(query)).verdict("msk_serverless").estimate
    assert f"(scored {money(serverless.scored_usd)})" in cost
    assert "(scored as the dearest)" in cost
    assert "no bill to compare with" in cost
    assert "no bill to compare with" not in open_page(f"/recommendation?{JOBS}").one("section", id="cost").text


def test_what_is_reckoned_with_differently_is_said_beside_its_question() -> None:
    said = {"region": "us-west-2", "messages_per_second_avg": "10..1000", "messages_per_second_peak": "100"}
    page = open_page("/recommendation?existing_platforms=zeromq&as_of=2020-01-01&" + urlencode(said))
    remarks = [each.text for each in page.all("section", id="remarks")]
    assert len(remarks) == 1
    for words in (
        "not known in us-west-2",
        "only 10 messages/s to 100 messages/s can be",
        "No rule knows “zeromq”",
        "first change on record",
    ):
        assert words in remarks[0]
    assert not page.all("section", id="doubts")
    assert _loose_figures(page) == []


def test_what_was_said_is_echoed_in_words_and_every_assumption_has_its_reason(jobs_page: Page) -> None:
    section = jobs_page.one("section", id="assumptions").text
    assert "2 KiB" in section
    recommendation = service.recommend(service.read_query({"work_queue": True}))
    shown = open_page("/recommendation?work_queue=true").one("section", id="assumptions").text
    for assumption in recommendation.assumptions:
        assert in_their_words(assumption.because) in shown


def test_the_code_is_that_of_the_download(jobs_page: Page) -> None:
    kit = service.build_kit(service.read_query({"work_queue": True}))
    code = [each.text for each in jobs_page.all("pre")]
    assert " ".join(kit.files["src/messaging/producer.py"].decode().split()) in code
    assert f"/starter.zip?{JOBS.split('&')[0]}" in jobs_page.html
    for path in kit.files:
        assert f"/kit/files/{path}?" in jobs_page.html


@pytest.mark.parametrize("language", service.LANGUAGES)
def test_producer_and_consumer_are_shown_in_the_language_that_was_asked_for(language: str) -> None:
    kit = service.build_kit(service.read_query({"work_queue": True, "language": language}))
    code = [each.text for each in open_page(f"/recommendation?work_queue=true&language={language}").all("pre")]
    for role in ("producer", "consumer"):
        (content,) = (kit.files[path] for path in kit.files if path.rpartition("/")[2].lower().startswith(f"{role}."))
        assert " ".join(content.decode().split()) in code


def test_one_file_of_the_project_has_an_address_of_its_own() -> None:
    response = Client().get(f"/starter/settings.json?{JOBS}", headers={"host": "localhost"})
    assert response.status_code == 200
    assert response.headers["Content-Type"].startswith("text/plain")
    assert json.loads(response.content)["settings"]["queue_name"] == "messages"
    assert Client().get(f"/starter/../settings.py?{JOBS}", headers={"host": "localhost"}).status_code == 404


def test_the_decision_record_is_markdown_with_the_same_outcome(jobs_page: Page) -> None:
    record = open_page(f"/recommendation.md?{JOBS}")
    assert record.headers["Content-Type"].startswith("text/markdown")
    assert "Amazon SQS" in record.html


def test_a_shared_link_restores_every_answer_also_one_equal_to_its_assumption(jobs_page: Page) -> None:
    link = next(each for each in jobs_page.links if "rulebook=" in each)
    assert "consumer_groups=1" in link
    again = open_page(link)
    said = again.one("section", id="assumptions").text
    assert said == jobs_page.one("section", id="assumptions").text
    assert "Adapted" not in again.html


def test_a_shared_link_keeps_the_project_too() -> None:
    page = open_page("/recommendation?work_queue=true&language=go&name=orders&option=sqs_fifo")
    shared = [link for link in page.links if "rulebook=" in link]
    assert sorted(re.split("[?#]", link)[0] for link in shared) == ["/private", "/recommendation", "/recommendation"]
    for link in shared:
        assert {"language=go", "name=orders", "option=sqs_fifo"} <= set(re.split("[?&#]", link))


def test_an_old_link_is_adapted_with_a_list_of_what_was() -> None:
    page = open_page("/recommendation?work_queue=true&orderingg=none&utm_source=mail&rulebook=000000000000")
    assert page.status == 200
    notes = page.one("section", class_="notes").text
    assert "Did you mean “ordering”?" in notes
    assert "utm_source" in notes
    assert "000000000000" in notes


def test_neither_has_no_project_and_says_where_to_look() -> None:
    page = open_page("/recommendation?work_queue=true&priority_needed=true&delay_seconds=30+days&cloud=azure")
    assert "Neither" in page.one("p", class_="kicker").text
    assert "Instead:" in page.one("section", id="elsewhere").text


def test_the_page_is_small_enough(jobs_page: Page, events_page: Page) -> None:
    for page in (jobs_page, events_page):
        assert len(gzip.compress(page.html.encode())) <= 60 * 1024


def test_the_same_address_gives_the_same_bytes(events_page: Page) -> None:
    assert open_page(f"/recommendation?{EVENTS}").html == events_page.html


def test_nothing_is_inline_and_nothing_comes_from_elsewhere(jobs_page: Page, form_page: Page) -> None:
    for page in (jobs_page, form_page):
        assert "style" not in {name for each in page.reading.elements for name in each.attributes}
        assert not page.all("style")
        assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
        for each in (*page.all("script"), *page.all("img"), *page.all("link")):
            assert (each.attributes.get("src") or each.attributes.get("href", "")).startswith("/")
        assert "Set-Cookie" not in page.headers


def test_side_by_side_has_six_factors_and_says_what_is_right(jobs_page: Page) -> None:
    section = jobs_page.one("section", id="side-by-side").text
    for row in service.get_rulebook().comparisons:
        assert row.factor in section
        assert row.kafka.text in section
        assert row.sqs.text in section
        assert row.correction is None or row.correction.text in section


@pytest.mark.parametrize("preset", service.get_presets(), ids=lambda case: case.id)
def test_a_preset_has_no_loose_figure_and_comes_back_from_its_link_as_it_was(preset: Case) -> None:
    first = open_page(f"/recommendation?{links.encode(preset.answers)}")
    assert _loose_figures(first) == []
    link = next(each for each in first.links if each.startswith("/recommendation?") and "rulebook=" in each)
    again = open_page(link)
    assert again.one("h1").text == first.one("h1").text
    assert again.one("section", id="assumptions").text == first.one("section", id="assumptions").text
    assert next(each for each in again.links if "rulebook=" in each) == link


def test_a_threshold_says_which_way_it_is_crossed_also_where_both_sides_read_alike() -> None:
    page = open_page(f"/recommendation?{JOBS}&cloud=aws&nothing_else=true")
    rows = {each.text for each in page.all("tr") if any(around.tag == "tbody" for around in each.inside)}
    assert any(row.startswith("How big is the biggest message? more than 1 MiB up to 1 MiB Neither") for row in rows)
    assert any("What may it cost a month at most? " in row and " down to $" in row for row in rows)


def test_two_needs_that_one_limit_holds_are_told_apart(jobs_page: Page) -> None:
    section = jobs_page.one("section", id="headroom")
    found = [each.text for each in jobs_page.all("th", scope="row") if section in each.inside]
    assert "Retention hours: Longest retention of an SQS message" in found
    assert "Outage hours: Longest retention of an SQS message" in found


def test_a_lead_of_one_point_is_one_point() -> None:
    weights = "&".join(f"weight_{name}=1" for name in service.get_rulebook().criteria)
    asked = "existing_platforms=none&delivery=at-most-once&messages_per_second_avg=300&retention_hours=1h"
    page = open_page(f"/recommendation?{asked}&{weights}")
    leads = [each.text for each in page.all("a", href="#points") if "point" in each.text and each.text.startswith("1 ")]
    assert set(leads) == {"1 point"}


def test_a_threshold_is_on_the_side_where_its_own_answer_is() -> None:
    """From 10 tenants on, at any delay, as long as order is kept: none of it is “more than 10” or “0.000001 ms”."""
    query = "messages_per_second_avg=10&work_queue=false&multi_region=failover"
    page, live = open_page(f"/recommendation?{query}"), open_page(f"/recommendation/live?{query}")
    rows = [each.text for each in page.all("tr") if any(around.tag == "tbody" for around in each.inside)]
    assert any("disturb one another? at least 10 less than 10 Amazon SQS" in row for row in rows)
    assert any("that a message needs? more than 0 seconds up to 0 seconds Amazon SQS" in row for row in rows)
    assert any("disturb one another? at least 10 : Amazon SQS" in each.text for each in live.all("li"))


def test_where_no_open_answer_turns_it_the_page_says_so_and_asks_what_closes_the_rest() -> None:
    needs = ("replay_needed", "stream_processing", "portability_needed", "transactional_outbox")
    query = "work_queue=true&cloud=aws&integrations=none&existing_platforms=none&compliance=none&" + "&".join(
        f"{need}=false" for need in needs
    )
    page = open_page(f"/recommendation?{query}")
    assert "No open answer by itself would change it; only several together still could." in page.html
    unpriced = "work_queue=true&cloud=aws&nothing_else=true&region=us-west-2&ops_tolerance=low"
    elsewhere = open_page(f"/recommendation?{unpriced}")
    assert "only several together, or a price that is not known, still could." in elsewhere.html
    assert any(link.endswith("#nothing_else") for link in page.links)
    assert "Answer next" not in page.html


KAFKA_RUNS = "existing_platforms=kafka&work_queue=false&consumer_groups=4&replay_needed=true&cloud=aws"


def test_what_is_added_is_spoken_of_only_where_kafka_runs(jobs_page: Page) -> None:
    for page in (jobs_page, open_page("/recommendation?cloud=aws")):
        assert "Kafka runs already" not in page.html
        assert "(scored" not in page.html


def test_what_is_added_lacks_no_price_since_those_of_another_region_count() -> None:
    query = f"{KAFKA_RUNS}&region=eu-west-1&messages_per_second_avg=500"
    page, record = open_page(f"/recommendation?{query}"), open_page(f"/recommendation.md?{query}").html
    assert re.search(r"adds \$[\d.,]+ \(alone \$[\d.,]+ \+ \?\)", page.one("dl", class_="glance").text)
    scored = [
        each.text for each in page.all("tr") if each.text.startswith("All that it adds: this is scored, by another")
    ]
    assert scored
    assert not any("?" in row or "not priced" in row for row in scored)
    assert "is scored, by another Region's prices where this one's are not known: Amazon" in record
    assert re.search(r"Express brokers \$[\d.,]+ \(\$[\d.,]+ \+ not priced items alone\)", record)


def test_an_answer_by_facts_of_another_day_says_so_at_its_top(jobs_page: Page) -> None:
    said = "By the facts and rules as of 2025-07-01"
    assert said in open_page("/recommendation?cloud=aws&as_of=2025-07-01").one("header", id="outcome").text
    assert "as of" not in jobs_page.one("header", id="outcome").text


def test_the_printed_answer_has_the_date_of_its_record(jobs_page: Page) -> None:
    (day,) = re.findall(r"^date: (\S+)$", open_page(f"/recommendation.md?{JOBS}").html, re.MULTILINE)
    assert f"newest fact of {day}, answer" in jobs_page.one("section", id="share").text


def test_where_prices_are_missing_what_is_compared_stands_beside_each_sum() -> None:
    """“not priced” beside “$951.20 + ?” reads as if the other were cheaper, though it is compared as the dearer one."""
    query = "region=eu-central-1&work_queue=false&consumer_groups=3&replay_needed=true&messages_per_second_avg=1200"
    compared = open_page(f"/compare?{urlencode({'a': query, 'b': query.replace('1200', '300')})}")
    shown = (
        open_page(f"/recommendation?{query}").one("dl", class_="glance"),
        open_page(f"/recommendation/live?{query}").one("dl", class_="answers"),
        compared.one("table", aria_labelledby="costs-title"),
    )
    for each in shown:
        assert re.search(r"not priced \(scored \$[\d,]+\)", each.text)
        assert re.search(r"\$[\d,.]+ \+ \? \(scored \$[\d,]+\)", each.text)
    nowhere = open_page("/recommendation/live?region=eu-west-1&isolation_units=5000&cloud=aws")
    assert "inf" not in nowhere.one("dl", class_="answers").text


def test_where_kafka_runs_what_is_scored_comes_first() -> None:
    page, live = (open_page(f"/recommendation{part}?{KAFKA_RUNS}") for part in ("", "/live"))
    for shown in (page.one("dl", class_="glance"), live.one("dl", class_="answers")):
        assert re.search(r"adds \$[\d.,]+ \(alone \$[\d.,]+\)", shown.text)
    assert "adds to a cluster of its own kind" in page.one("div", id="cost-msk_provisioned").text


HANGING = "cloud=on-prem&delivery=exactly-once&consumer_groups=3"


def test_an_open_answer_names_the_question_that_it_hangs_on() -> None:
    page, live = (open_page(f"/recommendation{part}?{HANGING}") for part in ("", "/live"))
    page.one("span", class_="badge state-open")
    assert "Answer next: Is each message a job" in page.one("p", class_="next").text
    assert "Hangs on an open answer" in page.one("dl", class_="glance").text
    assert "#work_queue" in live.links
    for each in (page, live):
        assert "No open answer by itself" not in each.html
        assert "0 open questions" not in each.html


@pytest.mark.parametrize(
    ("query", "section"),
    [
        (f"{JOBS}&budget_usd_per_month=0.01", "changes"),
        (f"{JOBS}&budget_usd_per_month=0.01..10000", "ruled-out"),
        ("cloud=on-prem&replay_needed=true&work_queue=false&budget_usd_per_month=1", "ruled-out"),
    ],
)
def test_over_the_budget_no_link_leads_to_a_rule_that_is_none(query: str, section: str) -> None:
    page = open_page(f"/recommendation?{query}")
    assert "It costs more a month than the budget allows." in page.one("section", id=section).text
    assert "/rulebook/rules/budget" not in page.links
    assert "/rules/budget" not in page.html


@pytest.mark.parametrize(
    "query",
    [
        "cloud=aws&work_queue=true&messages_per_second_avg=500&budget_usd_per_month=0.01",
        "cloud=on-prem&work_queue=true&priority_needed=true",
    ],
)
def test_without_an_option_none_is_presented_as_if_it_were_advised(query: str) -> None:
    page = open_page(f"/recommendation?{query}")
    assert not page.all("dl", class_="glance")
    changes = page.one("section", id="changes").text
    assert "The nearest of Kafka and SQS:" in changes
    assert "other kind" not in changes
    assert "points behind" not in changes


def test_what_is_ruled_out_is_not_offered_instead() -> None:
    for query, words in ((JOBS, "Instead: Amazon MSK"), ("cloud=on-prem&replay_needed=true", "Ruled out: Amazon SQS")):
        page, live = (open_page(f"/recommendation{part}?{query}") for part in ("", "/live"))
        assert words in page.one("dl", class_="glance").text
        assert words in live.one("dl", class_="answers").text


def test_a_lead_over_both_together_is_not_said_to_be_one_over_each() -> None:
    glance = open_page("/recommendation?replay_needed=true").one("dl", class_="glance").text
    assert "Lead over Kafka and SQS together" in glance


def test_warnings_are_of_the_two_options_that_are_compared() -> None:
    page = open_page("/recommendation?cloud=aws&work_queue=false&consumer_groups=4&delay_seconds=2000")
    warned = [each.text.partition(": ")[0] for each in page.all("li") if "Kafka has no delayed delivery" in each.text]
    assert warned == ["Amazon MSK with Standard brokers"]


def test_a_limit_says_what_is_counted_and_one_that_warns_is_no_limit_of_the_option() -> None:
    page = open_page("/recommendation?cloud=aws&work_queue=false&replay_needed=true&delay_seconds=86400")
    glance, headroom = page.one("dl", class_="glance").text, page.one("section", id="headroom").text
    assert "Kafka cannot delay warns only" in headroom
    assert "9,600 %" in headroom
    assert "Fullest hard limit" in glance
    assert "9,600 %" not in glance
    serverless = open_page("/recommendation?cloud=aws&work_queue=false&replay_needed=true&existing_platforms=none")
    assert "Isolation units: Partitions of" in serverless.one("section", id="headroom").text


def test_a_tie_inside_the_family_is_said_with_the_option_that_is_next() -> None:
    tied, firm = (f"{KAFKA_RUNS}&messages_per_second_avg=200", JOBS)
    for query, state in ((tied, "tie"), (firm, "leaning")):
        said = open_page(f"/recommendation?{query}").one("header", id="outcome").text
        found = service.recommend(service.read_query(service.read_pairs(parse_qs(query).items())))
        assert found.option_state == state
        assert bool(re.search(r"Inside .* it is a tie: .* lies \d+ points? behind\.", said)) == (state == "tie")


def test_weights_and_day_are_said_with_the_answers_and_beside_their_criterion() -> None:
    page = open_page(f"/recommendation?{JOBS}&weight_cost=9&weight_shape=3&as_of=2026-07-01")
    said = page.one("section", id="assumptions").text
    assert "Weight of: Cost 9, usually 3" in said
    assert "Facts as of 2026-07-01" in said
    heads = {
        row.attributes["id"]: row.text for row in page.all("tr") if row.attributes.get("id", "").startswith("crit")
    }
    assert "× 9" in heads["criterion-cost"]
    assert "×" not in heads["criterion-shape"].partition("+")[0]
    assert "Weight of" not in open_page(f"/recommendation?{JOBS}").html


def test_a_limit_that_hangs_on_open_answers_names_every_option() -> None:
    query = "ordering=global&messages_per_second_peak=40000"
    section = open_page(f"/recommendation?{query}").one("section", id="ruled-out").text
    document = to_document(service.recommend(service.read_query(service.read_pairs(parse_qs(query).items()))), "x")
    hanging = [each for each in document["verdicts"] if any(_hangs(reason) for reason in each["reasons"])]
    assert len(hanging) > 2
    (said,) = re.findall(r"([^?]*): In one order one message is handled at a time", section)
    assert all(verdict["label"] in said for verdict in hanging)


def _hangs(reason: Mapping[str, object]) -> bool:
    return reason["effect"] == "depends" and reason["rule"] == "order_outruns_handling"
