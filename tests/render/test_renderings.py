"""Text and Markdown say what the document says: same outcome, same option, same numbers; nothing breaks their form."""

import re
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt

from advisor import service
from advisor.render.document import Document, to_document
from advisor.render.labels import question_text
from advisor.render.markdown import to_markdown
from advisor.render.record import facts_of, pair_of, say
from advisor.render.text import WIDTH, to_text
from advisor.render.words import FAMILIES, answer_words, describe_flip, money, months, quantity, total
from tests.render.documents import SHOWN, document_of

_CELLS = re.compile(r"(?<!\\)\|")


def write_record(document: Document) -> str:
    return to_markdown(document, service.get_rulebook())


def flat(text: str) -> str:
    """Without line breaks and escapes, so that sentences can be found."""
    return " ".join(re.sub(r"\\(?=[\\`*_\[\]<>|#&~@:.])", "", text).split())


@pytest.mark.parametrize("name", SHOWN)
def test_text_and_record_say_what_the_document_says(name: str) -> None:
    document = document_of(name)

    for written in (flat(to_text(document)), flat(write_record(document))):
        family = FAMILIES[document["outcome"]]
        assert family in written
        assert f"{family}: {family}" not in written
        assert flat(document["headline"]) in written
        assert document["id"] in written
        assert document["rulebook"]["version"] in written
        for verdict in document["verdicts"]:
            assert verdict["label"] in written
            assert f"{verdict['score']:+d}" in written
            assert money(verdict["estimate"]["likely_usd"]) in written
        for reason in document["ruled_out"]:
            assert flat(reason["because"]) in written
            assert reason["evidence"] == [] or reason["evidence"][0]["checked"] in written
        for post in document["signposts"]:
            assert flat(post["because"]) in written


@pytest.mark.parametrize("name", SHOWN)
def test_the_text_names_answers_as_they_are_given_and_the_record_as_they_are_asked(name: str) -> None:
    """But for its head, which programs read, and the address, a record has no id of a question, choice or fact."""
    document, rulebook = document_of(name), service.get_rulebook()
    text, record = to_text(document), write_record(document).split("---\n", 2)[2]

    assert all(answer in text for answer in document["answers"])
    assert all(rulebook.questions[answer].text in record for answer in document["answers"])
    spoken = re.sub(r"`[^`]*`|<[^>]*>|docs/\S*", "", record)
    ids = set(re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", spoken))
    assert ids.isdisjoint({*rulebook.questions, *rulebook.facts, *rulebook.options, *rulebook.criteria, "vendor_copy"})


def test_choices_are_said_in_the_record_by_their_labels() -> None:
    asked = "| Must messages be handled in order? | In order per key or All in one order |"
    assert asked in write_record(document_of("edge_odd"))
    assert "run? Confluent Cloud if it is Google Cloud, not AWS" in flat(write_record(document_of("edge_nothing")))


def test_open_answers_of_a_chosen_option_are_named_with_the_limit_that_hangs_on_them() -> None:
    record = flat(write_record(document_of("edge_nothing")))
    assert "against Amazon SQS standard queue: - " in record
    assert "It hangs on: Where must the broker run?" in record


def test_a_limit_is_set_off_from_the_sentence_before_it() -> None:
    assert "than a queue can keep them. (needed " in flat(write_record(document_of("audit_log")))


def test_a_limit_that_only_growth_reaches_says_so_wherever_it_is_named() -> None:
    """250 messages/s are stated; “faster than 300” without the horizon would be wrong, and headroom says otherwise."""
    answers = {
        "work_queue": False, "consumer_groups": 2, "ordering": "global", "messages_per_second_avg": 100,
        "messages_per_second_peak": 250, "growth_percent_per_month": 3, "planning_horizon_months": 36,
        "ops_tolerance": "none", "cloud": "aws", "processing_seconds_avg": 0.002,
    }  # fmt: skip
    document = to_document(service.recommend(service.read_query(answers)), "0")
    grown = "at the planning horizon; today 250 messages/s, at the limit in 6.168 months"
    for written in (flat(to_text(document)), flat(write_record(document))):
        assert f"{document['headline']} That is {grown}." in written
        assert f"(needed 724.6 messages/s, limit 300 messages/s, {grown})" in written
        assert "needed 1.449, limit 1, at the planning horizon; today 0.5, at the limit in 23.45 months" in written

    now = to_document(service.recommend(service.read_query({**answers, "messages_per_second_peak": 400})), "0")
    for written in (flat(to_text(now)), flat(write_record(now))):
        assert f"{now['headline']} That is" not in written
        assert "limit 300 messages/s, at the planning horizon; today 400 messages/s)" in written

    still = to_document(service.recommend(service.read_query({**answers, "growth_percent_per_month": 0})), "0")
    assert "planning horizon; today" not in to_text(still) + write_record(still)


BUDGET = {"work_queue": True, "cloud": "aws", "messages_per_second_avg": 3000, "growth_percent_per_month": 2}


@pytest.mark.parametrize(("budget", "most"), [(1000, "$1,000"), ("900..1100", "$1,100"), (1600, ""), (None, "")])
def test_a_budget_that_holds_today_and_not_at_the_planning_horizon_is_said_to(budget: object, most: str) -> None:
    """Limits are held against the load at the horizon, the budget against today's bill."""
    document = to_document(service.recommend(service.read_query({**BUDGET, "budget_usd_per_month": budget})), "0")
    assert document["option"] == "sqs_standard"
    for written in (flat(to_text(document)), flat(write_record(document))):
        assert re.findall(r"more than the budget of (\S+)\. ", written) == [most] * bool(most)


def test_what_is_added_to_a_cluster_has_no_sum_at_the_horizon_to_hold_against_a_budget() -> None:
    runs = {"existing_platforms": "kafka", "existing_kafka": "msk_provisioned", "replay_needed": True}
    answers = {**BUDGET, **runs, "work_queue": False, "spare_kafka_capacity": True, "budget_usd_per_month": 2000}
    document = to_document(service.recommend(service.read_query(answers)), "0")
    (winner,) = [each for each in document["verdicts"] if each["option"] == document["option"]]
    assert winner["estimate"]["is_added"]
    assert float(winner["estimate"]["horizon_usd"]) > 2000
    assert "more than the budget" not in to_text(document) + write_record(document)


@pytest.mark.parametrize("growth", [None, 0, 2])
def test_no_limit_is_called_never_reached_where_no_growth_is_reckoned_with(growth: int | None) -> None:
    """“Never” of all limits would be said of the limits, and is so of an answer that nobody gave."""
    answers = {"work_queue": True, "cloud": "aws", "ordering": "per-key", "growth_percent_per_month": growth}
    document = to_document(service.recommend(service.read_query(answers)), "0")
    for written in (flat(to_text(document)), flat(write_record(document))):
        assert ("reached: never" in written) == bool(growth)
    assert "SQS FIFO sequence needs batches (warns only)" in flat(write_record(document))


STREAM = {
    "work_queue": False, "cloud": "aws", "consumer_groups": 4, "replay_needed": True, "ordering": "per-key",
    "messages_per_second_avg": 800, "ops_tolerance": "low",
}  # fmt: skip


@pytest.mark.parametrize(
    ("answers", "name"),
    [(STREAM, "Kinesis Data Streams"), ({"cloud": "on-prem", "work_queue": True, "ordering": "global"}, "RabbitMQ")],
)
def test_what_is_named_instead_is_not_named_beside_itself(answers: dict[str, object], name: str) -> None:
    document = to_document(service.recommend(service.read_query(answers)), "0")
    assert [post["effect"] for post in document["signposts"]] == ["instead", "beside"]
    for written in (to_text(document), write_record(document)):
        assert len(re.findall(rf"- Instead: {name}[.,] ", written)) == 2
        assert "Beside it" not in written


def test_weights_and_day_stand_with_the_answers() -> None:
    document = document_of("edge_weights")
    said = to_text(document).partition("WHAT YOU SAID")[2].partition("\n\n")[0]
    assert "weight of cost: 9" in said
    assert "weight of shape: 0" in said
    assert "facts as of: 2025-07-01" in said
    context = write_record(document).partition("## Decision Drivers")[0]
    assert "| weight of Cost | 9 |" in context
    assert "| facts as of | 2025-07-01 |" in context


@pytest.mark.parametrize("name", SHOWN)
def test_the_numbers_of_the_recommended_option_are_in_both(name: str) -> None:
    document = document_of(name)
    winner = next((verdict for verdict in document["verdicts"] if verdict["option"] == document["option"]), None)

    text, record = flat(to_text(document)), flat(write_record(document))
    for line in winner["estimate"]["lines"] if winner else ():
        assert money(line["amount_usd"]) in text
        assert money(line["amount_usd"]) in record
    mine = [each for each in document["headroom"] if each["option"] == document["option"]]
    grown = (
        ("; reached: ", "; the limit is reached: ") if document["answers"].get("growth_percent_per_month") else ("", "")
    )
    assert text.count(f" in use{grown[0]}") == record.count(f" in use{grown[1]}") == len(mine)
    for step in winner["estimate"]["sizing"]["steps"] if winner else ():
        assert flat(step["formula"]) in record
    for each in document["assumptions"]:
        assert f"| {question_text(each['question'], service.get_rulebook().questions)} |" in record


@pytest.mark.parametrize("name", SHOWN)
def test_no_line_of_the_text_is_longer_than_a_terminal_is_wide(name: str) -> None:
    text = to_text(document_of(name))

    assert max(map(len, text.splitlines())) <= WIDTH
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not re.search(r"[ \t]$|\n\n\n", text, re.MULTILINE)


def test_long_names_are_cut_and_numbers_are_not() -> None:
    document = document_of("edge_nothing")
    long = [{**verdict, "label": "A name of many words " * 9} for verdict in document["verdicts"]]

    text = to_text({**document, "verdicts": long})
    assert max(map(len, text.splitlines())) <= WIDTH
    assert all(money(verdict["estimate"]["likely_usd"]) in text for verdict in long)


@pytest.mark.parametrize("name", SHOWN)
def test_the_record_has_the_parts_of_a_decision_record_and_whole_tables(name: str) -> None:
    record = write_record(document_of(name))

    heads = [line for line in record.splitlines() if line.startswith("## ")]
    assert heads == [
        "## Context and Problem Statement",
        "## Decision Drivers",
        "## Considered Options",
        "## Decision Outcome",
        "## Pros and Cons of the Options",
        "## More Information",
    ]
    assert "### Consequences" in record
    assert "### Confirmation" in record
    assert record.startswith("---\nstatus: proposed\n")
    assert "\ndecision-makers: []\n" in record
    widths: list[int] = []
    for line in record.splitlines():
        if not line.startswith("|"):
            widths = []
            continue
        widths.append(len(_CELLS.findall(line)))
        assert len(set(widths)) == 1, line


def test_words_of_the_asker_stay_words() -> None:
    """No markup, no table cell and no line comes out of an answer."""
    record = write_record(document_of("edge_odd"))

    assert r"quite \| odd \`words\` \<b\>" in record
    assert "<b>" not in record


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("~~gone~~", r"\~\~gone\~\~"),
        ("see https://example.org/x: ftp://example.org", r"see https\://example.org/x: ftp\://example.org"),
        ("see www.example.org or WWW.example.org", r"see www\.example.org or WWW\.example.org"),
        ("ask me@example.org", r"ask me\@example.org"),
    ],
)
def test_words_that_github_strikes_out_or_links_stay_words(words: str, written: str) -> None:
    assert say(words) == written
    assert MarkdownIt("commonmark").enable("strikethrough").render(written) == f"<p>{words}</p>\n"


@pytest.mark.parametrize("name", SHOWN)
def test_the_head_of_the_record_is_yaml_in_which_the_answer_is_text(name: str) -> None:
    """Sixteen digits, or some with an e among them, would be a number."""
    document = document_of(name)
    for digits in ("1234567890123456", "0123456701234567", "12345678901234e5"):
        head = yaml.safe_load(write_record({**document, "id": digits}).split("---\n")[1])
        assert head["answer"] == digits
        assert (head["option"], head["state"]) == (document["option"] or None, document["state"])


@pytest.mark.parametrize("name", SHOWN)
def test_each_drivers_column_adds_up(name: str) -> None:
    record = write_record(document_of(name))
    table = record.split("## Decision Drivers")[1].split("\n\n")[1].splitlines()[2:]

    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table]
    assert rows[-1][0] == "Score"
    for column in (1, 2):
        assert sum(int(row[column]) for row in rows[:-1]) == int(rows[-1][column])


def test_what_it_costs_at_the_planning_horizon_is_told_of_the_grown_load() -> None:
    said = {"cloud": "aws", "region": "us-east-1", "work_queue": True, "messages_per_second_avg": 500}
    query = service.read_query(said | {"growth_percent_per_month": 10, "planning_horizon_months": 24})
    document = to_document(service.recommend(query), "1.2.3")
    estimate = next(each["estimate"] for each in document["verdicts"] if each["option"] == document["option"])
    grown = money(estimate["horizon_usd"])
    assert grown != money(estimate["likely_usd"])
    assert f"{grown} at the planning horizon" in flat(to_text(document))
    record = flat(write_record(document))
    assert f"Bill a month at the planning horizon: {grown}." in record
    assert record.count("| Item, today's load |") == record.count("| Sizing at the planning horizon |") == 2


def test_every_warning_is_told_with_its_way_out() -> None:
    document = document_of("edge_odd")
    assert document["warnings"]
    for warning in document["warnings"]:
        assert flat(f"{warning['where']}: {warning['message']} {warning['hint']}") in flat(to_text(document))


def test_without_an_option_nothing_is_priced_as_chosen() -> None:
    for name in ("edge_neither", "edge_none"):
        text, record = to_text(document_of(name)), write_record(document_of(name))
        assert "COST A MONTH" not in text
        assert "nothing is sized or priced as chosen" in record


def test_a_missing_price_is_said_to_be_missing() -> None:
    document = _with_missing_price(document_of("edge_nothing"))

    text = to_text(document)
    assert "not priced" in text
    assert len(re.findall(" partial$", text, re.MULTILINE)) == len(document["verdicts"])
    assert "not priced" in write_record(document)


def test_where_prices_are_missing_it_is_said_what_is_compared_instead_of_the_sums() -> None:
    document = document_of("edge_not_priced")
    serverless = next(each for each in document["verdicts"] if each["option"] == "msk_serverless")
    elsewhere = f"Amazon MSK Serverless {money(serverless['estimate']['scored_usd'])}"

    for write in (to_text, write_record):
        said = flat(write(document))
        assert "no bill to compare with. Compared by another Region's prices where this one's are not known: " in said
        assert elsewhere in said
        assert "Compared as the dearest, since a price is known nowhere: Confluent Cloud." in said
        assert "no bill to compare with" not in flat(write(document_of("edge_nothing")))


def test_a_region_that_no_answer_names_is_called_another_one() -> None:
    document = document_of("edge_nothing")
    verdicts = [{**each, "estimate": {**each["estimate"], "region": "other"}} for each in document["verdicts"]]

    assert "COST A MONTH IN ANOTHER REGION, LIST PRICES" in to_text({**document, "verdicts": verdicts})
    assert " a month in another Region: " in write_record({**document, "verdicts": verdicts})


def _with_missing_price(document: Document) -> Document:
    verdicts = []
    for verdict in document["verdicts"]:
        estimate = verdict["estimate"]
        lines = [{**line, "amount_usd": None, "unit_price_usd": None} for line in estimate["lines"]]
        verdicts.append({**verdict, "estimate": {**estimate, "lines": lines, "is_partial": True}})
    return {**document, "verdicts": verdicts}


def test_what_warns_of_the_recommended_option_is_said() -> None:
    document = document_of("edge_nothing")
    winner = document["verdicts"][0]
    warned = {**winner["reasons"][0], "effect": "warns", "because": "Ask the vendor for more.", "criterion": ""}
    changed = {**document, "verdicts": [{**winner, "reasons": [warned, *winner["reasons"]]}, *document["verdicts"][1:]]}

    assert "Take care: Ask the vendor for more." in flat(to_text(changed))
    assert "Bad, because Ask the vendor for more." in flat(write_record(changed))


def test_the_next_question_is_named_and_only_decided_says_stop() -> None:
    document = {**document_of("edge_nothing"), "next_question": None, "turning_questions": [], "flips": []}
    both = {"question": "ordering", "power_percent": 5, "with_question": "delivery"}

    assert "You may stop here." in to_text({**document, "state": "decided"})
    assert "You may stop" not in to_text({**document, "state": "leaning"})
    assert "Answer next: ordering together with delivery." in to_text({**document, "next_question": both})
    assert "No single answer within what is usual changes the outcome." in flat(to_text(document))


def test_the_record_names_the_question_to_answer_next() -> None:
    document = document_of("edge_nothing")
    both = {"question": "ordering", "power_percent": 5, "with_question": "delivery"}
    record = flat(write_record({**document, "next_question": both}))

    assert "Answer next: Must messages be handled in order? Together with: Which delivery guarantee" in record
    assert "Answer next" not in write_record({**document, "next_question": None})


def test_where_no_answer_alone_turns_it_what_could_is_said() -> None:
    document = {**document_of("edge_nothing"), "state": "leaning", "turning_questions": [], "warnings": []}
    useless = {"question": "availability_zones", "power_percent": 0, "with_question": ""}
    gap = {"where": "region", "code": "not_priced", "message": "Some prices are not known.", "hint": ""}

    assert "Answer next" not in to_text({**document, "next_question": useless})
    for write in (to_text, write_record):
        assert "no open answer alone would turn it; several together still could." in flat(write(document))
        unpriced = flat(write({**document, "warnings": [gap]}))
        assert "several together, or a price that is not known, still could." in unpriced
        assert "named below" in flat(write({**document, "turning_questions": ["cloud"]}))


def test_a_long_list_of_changes_is_cut_and_says_so() -> None:
    document = document_of("edge_nothing")
    flip = {**_flip(1.0, 2.0), "within_domain": True}

    assert "- and 3 more" in to_text({**document, "flips": [flip] * 11})


def test_a_lead_of_one_point_is_one_point() -> None:
    document = {**document_of("edge_nothing"), "margin": 1}
    assert "of another family by 1 point." in write_record(document)
    assert "of another family by 1 point." in flat(to_text(document))


def _flip(until: Any, becomes_at: Any, unit: str = "") -> dict[str, Any]:
    return {
        "question": "messages_per_second_avg",
        "until": until,
        "becomes_at": becomes_at,
        "unit": unit,
        "outcome": "kafka",
        "option": "msk_express",
        "within_domain": True,
    }


@pytest.mark.parametrize(
    ("until", "becomes_at", "unit", "words"),
    [
        (3870, 3871, "messages/s", "Express at 3,871 messages/s or more; as it is until 3,870 messages/s"),
        (20, 10, "seconds", "Express at 10 seconds or less; as it is until 20 seconds"),
        (1000.00001, 1000.00002, "", "Express if it is more than 1,000"),
        (9.99999, 10, "count", "Express if it is at least 10"),
        (10.00001, 10, "count", "Express if it is at most 10"),
        (999_999_000, 1_000_000_000, "count", "Express if it is at least 1,000,000,000"),
        (300, 300.0003, "seconds", "Express if it is more than 5 minutes"),
        (300, 299.9997, "seconds", "Express if it is less than 5 minutes"),
        (0.1234, 0.123, "USD", "Express if it is less than $0.12"),
        (0, 1e-9, "seconds", "Express if it is more than 0 seconds"),
        (262_144, 263_000, "bytes", "Express at 256.8 KiB or more; as it is until 256 KiB"),
        (200_000, 195_000, "bytes/s", "Express at 195 kB/s or less; as it is until 200 kB/s"),
        (1_666_000, 1_666_671, "bytes", "Express if it is more than 1.666 MB"),
        (True, False, "", "Express if it is no, not yes"),
        ([], ["jms"], "", "Express if it is jms, not none"),
        ("none", "global", "", "Express if it is global, not none"),
    ],
)
def test_a_flip_is_said_in_the_users_own_units(until: Any, becomes_at: Any, unit: str, words: str) -> None:
    assert describe_flip(_flip(until, becomes_at, unit), {"msk_express": "Express"}) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (None, "bytes", "unlimited or unknown"),
        (True, "", "yes"),
        (2048, "bytes", "2 KiB"),
        ({"min": 1, "max": 60}, "seconds", "1 second to 60 seconds"),
        ({"one_of": [True, False]}, "", "yes or no"),
        ({"all_of": ["s3"], "maybe": ["cdc"]}, "", "s3, perhaps cdc"),
        ({"all_of": [], "maybe": []}, "", "none"),
        ([], "", "none"),
    ],
)
def test_answers_are_said_as_people_say_them(value: Any, unit: str, words: str) -> None:
    assert quantity(value, unit) == words


def test_an_answer_of_another_form_is_a_bug_and_not_silence() -> None:
    with pytest.raises(TypeError, match="no answer is written like"):
        quantity({"value": 1})


def test_money_and_months_in_words() -> None:
    assert money("1234567.50") == "$1,234,567.50"
    assert money("-12.50") == "-$12.50"
    assert money("0.00034") == "$0.00034"
    assert money(None) == "not priced"
    assert (months(None), months(0), months(14)) == ("never", "now", "in 14 months")
    assert total({"likely_usd": "3.00", "is_partial": True}) == "$3.00 + not priced items"
    assert total({"likely_usd": None, "is_partial": True}) == "not priced"
    assert answer_words("message_size_bytes_max", 2048) == "2 KiB"
    assert answer_words("latency_ms_target", 250) == "250 ms"
    assert answer_words("consumer_groups", 3) == "3"


@pytest.mark.parametrize("name", SHOWN)
def test_the_record_has_each_fact_that_its_arithmetic_names(name: str) -> None:
    document = document_of(name)
    listed = {each["fact"] for each in facts_of(document)}
    steps = [step for each in pair_of(document) for step in each["estimate"]["sizing"]["steps"]]
    assert steps
    assert {fact for step in steps for fact in step["facts"]} <= listed


@pytest.mark.parametrize("name", SHOWN)
def test_the_record_is_of_the_day_of_its_newest_fact(name: str) -> None:
    record = write_record(document_of(name))

    days = re.findall(r"checked (\d{4}-\d\d-\d\d)\.$", record.split("### Facts")[1], re.MULTILINE)
    assert f"\ndate: {max(days)}\n" in record


def test_the_record_says_with_which_metrics_to_confirm_it_and_from_which_value_on() -> None:
    name = next(name for name in SHOWN if document_of(name)["outcome"] == "sqs")
    document = document_of(name)
    record = write_record(document)

    (winner,) = (each for each in document["verdicts"] if each["option"] == document["option"])
    settings = {each["id"]: each for each in winner["estimate"]["sizing"]["settings"]}
    age = settings["alarm_age_seconds"]
    assert f"(ApproximateAgeOfOldestMessage) is above {quantity(age['value'], age['unit'])}" in record
    assert "`make bench`" in record


@pytest.mark.parametrize("name", SHOWN)
def test_each_option_has_its_pros_and_cons_with_the_points_they_gave(name: str) -> None:
    document = document_of(name)
    part = flat(write_record(document).split("## Pros and Cons of the Options")[1].split("## More Information")[0])

    for verdict in document["verdicts"]:
        assert f"### {verdict['label']}" in part
        for reason in verdict["reasons"]:
            if reason["contribution"]:
                assert flat(reason["because"]) in part
                assert f"{reason['contribution']:+d})" in part


@pytest.mark.parametrize("name", SHOWN)
def test_the_record_renders_with_its_tables_and_without_foreign_markup(name: str) -> None:
    body = write_record(document_of(name)).split("---\n", 2)[2]
    page = MarkdownIt("commonmark", {"html": False}).enable("table").render(body)

    assert page.count("<h1>") == 1
    assert page.count("<table>") >= 4
    assert "| ---" not in page
    assert "&lt;b&gt;" in page or "<b>" not in body


def test_what_an_option_adds_stands_in_the_table_only_where_kafka_runs() -> None:
    added, alone = to_text(document_of("edge_odd")), to_text(document_of("edge_nothing"))
    assert re.search(r"^Option .* Adds +Alone", added, re.MULTILINE)
    assert re.search(r"^Option .* USD a month", alone, re.MULTILINE)
    assert "adds to a cluster of its own kind" in " ".join(added.split())
    assert "Kafka runs already" not in alone + write_record(document_of("edge_nothing"))


def test_what_the_chosen_option_adds_is_among_the_consequences() -> None:
    document = document_of("edge_odd")
    (winner,) = (each for each in document["verdicts"] if each["option"] == document["option"])
    said = f"Added to a cluster of its own kind that runs, it is {money(winner['estimate']['scored_usd'])} a month"

    assert winner["estimate"]["is_added"]
    assert said in flat(write_record(document))
    assert "Added to a cluster" not in write_record(document_of("edge_nothing"))
