"""The decision record in Markdown, in the form of MADR 4: a rendering of the decision document and of nothing else.

Must not work out anything that the document does not hold.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from advisor.render.record import facts_of, pair_of, say, table, write_assumptions, write_facts, write_numbers
from advisor.render.words import (
    added,
    answer_words,
    asked_beside,
    chosen,
    cite,
    compare_sums,
    describe_flip,
    labels_of,
    listed,
    money,
    months,
    needed_and_limit,
    plain_name,
    points,
    quantity,
    say_region,
    say_state,
    total,
    winner_of,
)

Document = Mapping[str, Any]
_WATCHED = {
    "alarm_age_seconds": "the oldest message (ApproximateAgeOfOldestMessage)",
    "alarm_in_flight_messages": "the number of messages in flight (ApproximateNumberOfMessagesNotVisible)",
    "alarm_lag_messages": "the lag of the worst partition (MaxOffsetLag, kafka_consumergroup_lag)",
    "alarm_cpu_percent": "the processor use of a broker (CpuUser + CpuSystem)",
    "alarm_disk_percent": "the disk use of a broker (KafkaDataLogsDiskUsed)",
}


def to_markdown(document: Document) -> str:
    """The whole record, ending in one newline."""
    parts = (
        _head(document),
        _context(document),
        _drivers(document),
        _options(document),
        _outcome(document),
        _consequences(document),
        _confirmation(document),
        _pros_and_cons(document),
        ("## More Information", ""),
        write_numbers(document),
        write_assumptions(document),
        write_facts(document),
    )
    text = "\n".join(line for part in parts for line in part)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _head(document: Document) -> Iterator[str]:
    rulebook = document["rulebook"]
    facts = f", facts as of {rulebook['as_of']}" if rulebook["as_of"] else ""
    yield "---"
    yield "status: proposed"
    if days := [each["checked"] for each in facts_of(document) if each["checked"]]:
        yield f"date: {max(days)}"
    yield "decision-makers: []"
    yield f"outcome: {document['outcome']}"
    yield f"state: {document['state']}"
    yield f"option: {document['option'] or 'null'}"
    yield f'answer: "{document["id"]}"'  # hexadecimal digits only: some would be read as a number
    yield "---"
    yield ""
    yield f"# Message broker: {say(chosen(document))}"
    yield ""
    yield f"Broker Advisor release {say(document['release'])}, rulebook {rulebook['version']}{facts}."
    yield "The date is that of the newest fact below. Who decides puts their names above, and accepts it."
    yield ""


def _context(document: Document) -> Iterator[str]:
    yield "## Context and Problem Statement"
    yield ""
    yield "Which message broker suits this workload, Apache Kafka or Amazon SQS? What was said of it:"
    yield ""
    rows = [(name, answer_words(name, answer)) for name, answer in document["answers"].items()]
    rows += asked_beside(document)
    yield from table(("Question", "Answer"), rows) if rows else ("Nothing was answered.", "")
    yield f"{len(document['assumptions'])} questions were left open; what was assumed for them stands at the end."
    yield ""
    for warning in document["warnings"]:
        yield f"- {say(plain_name(warning['where']))}: {say(warning['message'])}"
    yield ""


def _drivers(document: Document) -> Iterator[str]:
    """The criteria that the winner or the best of the others has points under, the greatest difference first."""
    yield "## Decision Drivers"
    yield ""
    compared = pair_of(document)
    sums = [_by_criterion(verdict) for verdict in compared]
    criteria = dict.fromkeys(criterion for each in sums for criterion in each)
    rows = [(plain_name(name), *(points(each.get(name, 0)) for each in sums)) for name in criteria]
    rows.sort(key=lambda row: -abs(int(row[1]) - int(row[-1])))
    rows.append(("score", *(points(verdict["score"]) for verdict in compared)))
    yield from table(("Criterion", *(say(verdict["label"]) for verdict in compared)), rows)


def _by_criterion(verdict: Document) -> dict[str, int]:
    sums: dict[str, int] = {}
    for reason in verdict["reasons"]:
        if reason["criterion"]:
            sums[reason["criterion"]] = sums.get(reason["criterion"], 0) + reason["contribution"]
    return sums


def _options(document: Document) -> Iterator[str]:
    yield "## Considered Options"
    yield ""
    words = {"excluded": "ruled out", "depends": "depends on open answers", "kept": "possible"}
    rows = [
        (verdict["label"], words[verdict["status"]], points(verdict["score"]), total(verdict["estimate"]))
        for verdict in document["verdicts"]
    ]
    yield from table(("Option", "Verdict", "Points", "Likely USD a month"), rows)
    for more in filter(None, (added(document), compare_sums(document))):
        yield say(more)
        yield ""
    labels = labels_of(document)
    for reason in document["ruled_out"]:
        compared = needed_and_limit(reason)
        more = f" ({say(compared)})" if compared else ""
        because = f"{say(reason['because'])}{more}{_source(reason)}"
        yield f"- **{say(labels[reason['option']])}** is ruled out: {because}"
    yield ""


def _source(reason: Document) -> str:
    cited = cite(reason["evidence"])
    return f" Source: {say(cited)}." if cited else ""


def _outcome(document: Document) -> Iterator[str]:
    yield "## Decision Outcome"
    yield ""
    yield f"Chosen option: **{say(chosen(document))}**. {say(document['headline'])}"
    yield ""
    yield say_state(document)
    if document["margin"] is not None:
        yield f"It leads the best option of another family by {quantity(document['margin'], 'points')}."
    if document["option"]:
        yield f"The option inside the family is {document['option_state']}."
    yield ""
    for post in document["signposts"]:
        place = "Instead" if post["effect"] == "instead" else "Beside it"
        yield f"- {place}: {say(post['option'])}. {say(post['because'])}{_source(post)}"
    yield ""


def _consequences(document: Document) -> Iterator[str]:
    yield "### Consequences"
    yield ""
    winner = winner_of(document)
    if winner is None:
        yield "No option of ours is chosen, so nothing is sized or priced as chosen; the table above compares them."
        yield ""
        return
    estimate = winner["estimate"]
    low, high = money(estimate["low_usd"]), money(estimate["high_usd"])
    span = f"; {low} to {high} over the stated ranges" if low != high else ""
    yield f"- The bill is likely {total(estimate)} a month in {say_region(estimate['region'])}{span}."
    yield f"- At the planning horizon it is {total(estimate, 'horizon_usd')} a month."
    yield f"- Work to run it, beside the bill: {money(estimate['operating_usd'])} a month."
    for missing in estimate["not_included"]:
        yield f"- Not included: {say(missing)}."
    for reason in winner["reasons"]:
        if reason["effect"] == "warns":
            yield f"- Bad, because {say(reason['because'])}{_source(reason)}"
    yield ""


def _confirmation(document: Document) -> Iterator[str]:
    """How to check later that the decision still holds."""
    labels = labels_of(document)
    yield "### Confirmation"
    yield ""
    yield from _watched(document)
    yield "Look again when one of these is no longer so:"
    yield ""
    for flip in document["flips"]:
        if flip["within_domain"]:
            yield f"- {say(describe_flip(flip, labels))}"
    for each in document["headroom"]:
        if each["option"] == document["option"]:
            used = quantity(each["used_percent"], "percent")
            when = months(each["months_until_reached"])
            limit = quantity(each["limit"], each["unit"])
            yield f"- {say(plain_name(each['needed_name']))}: {used} of {limit} in use; the limit is reached: {when}."
    if document["turning_questions"]:
        yield f"- Open answers that could turn it: {say(listed(document['turning_questions']))}."
    yield f"- The same query gives another answer: `{document['links']['self']}`"
    yield ""


def _watched(document: Document) -> Iterator[str]:
    """What a running system shows: the bench of the project, and metrics with the values from which on to look."""
    winner = winner_of(document)
    if winner is None:
        return
    yield "- Before going live, and when the load changes, run `make bench` in the project made for this answer: it"
    yield "  sends the assumed rate and size to a broker and says whether rate, latency and backlog are as assumed."
    for each in winner["estimate"]["sizing"]["settings"]:
        if each["id"] in _WATCHED and each["value"] != "":
            above = quantity(each["value"], each["unit"])
            yield f"- Look when {_WATCHED[each['id']]} is above {say(above)} ({say(each['because'])})."
    yield "- Look when anything was set aside: a dead letter is work that was not done."
    yield ""


def _pros_and_cons(document: Document) -> Iterator[str]:
    yield "## Pros and Cons of the Options"
    yield ""
    for verdict in document["verdicts"]:
        yield f"### {say(verdict['label'])}"
        yield ""
        for reason in sorted(verdict["reasons"], key=lambda each: -int(each["contribution"])):
            if word := _judge(reason):
                criterion = f" ({plain_name(reason['criterion'])} {points(reason['contribution'])})"
                yield f"- {word}, because {say(reason['because'])}{criterion if reason['contribution'] else ''}"
        yield ""


def _judge(reason: Document) -> str:
    """Good or bad; limits that depend on open answers are named elsewhere."""
    if reason["effect"] in ("excludes", "warns") or reason["contribution"] < 0:
        return "Bad"
    return "Good" if reason["contribution"] else ""
