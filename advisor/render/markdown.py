"""The decision record in Markdown, in the form of MADR 4: a rendering of the decision document in the rulebook's words.

Must not work out anything that the document does not hold.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from advisor.core.rulebook import Rulebook
from advisor.render.growth import is_growing, needed_and_limit, say_headline_grown, say_outgrown
from advisor.render.labels import Questions, in_their_words, name_limits, question_text, say_answer
from advisor.render.record import newest_day, pair_of, say, table, write_assumptions, write_facts, write_numbers
from advisor.render.words import (
    ELSEWHERE,
    added,
    asked_beside,
    chosen,
    cite,
    compare_sums,
    describe_flip,
    labels_of,
    left_open,
    money,
    months,
    next_questions,
    place_signposts,
    points,
    quantity,
    say_inside,
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


def to_markdown(document: Document, rulebook: Rulebook, notes: Sequence[str] = ()) -> str:
    """The whole record, ending in one newline; the rulebook names what the document has by id, and notes say what the
    link had that could not be asked."""
    parts = (
        _head(document),
        _context(document, rulebook, notes),
        _drivers(document, rulebook),
        _options(document),
        _outcome(document),
        _consequences(document),
        _confirmation(document, rulebook),
        _pros_and_cons(document, rulebook),
        ("## More Information", ""),
        write_numbers(document, rulebook),
        write_assumptions(document, rulebook.questions),
        write_facts(document),
    )
    text = "\n".join(line for part in parts for line in part)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _head(document: Document) -> Iterator[str]:
    rulebook = document["rulebook"]
    facts = f", facts as of {rulebook['as_of']}" if rulebook["as_of"] else ""
    yield from ("---", "status: proposed")
    if day := newest_day(document):
        yield f"date: {day}"
    yield "decision-makers: []"
    yield from (f"outcome: {document['outcome']}", f"state: {document['state']}")
    yield f"option: {document['option'] or 'null'}"
    yield f'answer: "{document["id"]}"'  # hexadecimal digits only: some would be read as a number
    yield "---"
    yield ""
    yield f"# Message broker: {say(chosen(document))}"
    yield ""
    yield f"Broker Advisor release {say(document['release'])}, rulebook {rulebook['version']}{facts}."
    yield "The date is that of the newest fact below. Who decides puts their names above, and accepts it."
    yield ""


def _context(document: Document, rulebook: Rulebook, notes: Sequence[str]) -> Iterator[str]:
    questions = rulebook.questions
    yield "## Context and Problem Statement"
    yield ""
    yield "Which message broker suits this workload, Apache Kafka or Amazon SQS? What was said of it:"
    yield ""
    rows = [
        (question_text(name, questions), say_answer(answer, name, questions))
        for name, answer in document["answers"].items()
    ]
    rows += asked_beside(document, lambda criterion: rulebook.criteria[criterion].label)
    yield from table(("Question", "Answer"), rows) if rows else ("Nothing was answered.", "")
    yield f"{left_open(document)}; what is assumed where nothing was said stands at the end."
    yield ""
    yield from (f"- {say(note)}" for note in notes)
    for warning in document["warnings"]:
        asked, message = question_text(warning["where"], questions), in_their_words(warning["message"], questions)
        yield f"- {say(asked)} {say(message)}"
    yield ""


def _drivers(document: Document, rulebook: Rulebook) -> Iterator[str]:
    """The criteria that the winner or the best of the others has points under, the greatest difference first."""
    yield "## Decision Drivers"
    yield ""
    compared = pair_of(document)
    sums = [_by_criterion(verdict) for verdict in compared]
    criteria = dict.fromkeys(criterion for each in sums for criterion in each)
    rows = [(rulebook.criteria[name].label, *(points(each.get(name, 0)) for each in sums)) for name in criteria]
    rows.sort(key=lambda row: -abs(int(row[1]) - int(row[-1])))
    rows.append(("Score", *(points(verdict["score"]) for verdict in compared)))
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
        because = f"{say(reason['because'])}{_backed(reason, document)}"
        yield f"- **{say(labels[reason['option']])}** is ruled out: {because}"
    yield ""


def _backed(reason: Document, document: Document) -> str:
    """What is needed of which limit, and the sources."""
    compared, cited = needed_and_limit(reason, document), cite(reason["evidence"])
    return (f" ({say(compared)})" if compared else "") + (f" Source: {say(cited)}." if cited else "")


def _outcome(document: Document) -> Iterator[str]:
    yield "## Decision Outcome"
    yield ""
    headline = f"{document['headline']} {say_headline_grown(document)}"
    yield f"Chosen option: **{say(chosen(document))}**. {say(headline)}"
    yield ""
    yield say_state(document)
    if document["margin"] is not None:
        yield f"It leads the best option of another family by {quantity(document['margin'], 'points')}."
    yield say(say_inside(document))
    yield ""
    for post in place_signposts(document):
        yield f"- {post['place']}: {say(post['option'])}. {say(post['because'])}{_backed(post, document)}"
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
    yield f"- Likely bill a month in {say_region(estimate['region'])}: {total(estimate)}{span}."
    if estimate["is_added"]:
        elsewhere = ELSEWHERE if estimate["is_partial"] else ""
        added_usd = money(estimate["scored_usd"])
        yield f"- Added to a cluster of its own kind that runs, it is {added_usd} a month, which is scored{elsewhere}."
    over = f", {more}" if (more := say_outgrown(estimate, document)) else ""
    yield f"- Bill a month at the planning horizon: {total(estimate, 'horizon_usd')}{say(over)}."
    yield f"- Work to run it, beside the bill: {money(estimate['operating_usd'])} a month."
    for missing in estimate["not_included"]:
        yield f"- Not included: {say(missing)}."
    for reason in winner["reasons"]:
        if reason["effect"] == "warns":
            yield f"- Bad, because {say(reason['because'])}{_backed(reason, document)}"
    yield ""


def _confirmation(document: Document, rulebook: Rulebook) -> Iterator[str]:
    """How to check later that the decision still holds."""
    yield "### Confirmation"
    yield ""
    yield from _watched(document)
    yield from _turns(document, rulebook.questions)
    yield from _limits(document, rulebook)
    page = document["links"]["page"]
    yield f"Facts and rules change. The page `{page}` of the advisor asks the same; this is answer {document['id']}."
    yield ""


def _turns(document: Document, questions: Questions) -> Iterator[str]:
    """The answers that alone would turn it, and the open ones that could."""
    labels = labels_of(document)
    if near := [flip for flip in document["flips"] if flip["within_domain"]]:
        yield "Look again when an answer changes; each of these alone turns the outcome:"
        yield ""
    else:
        yield "No single answer within what is usual changes the outcome."
        yield ""
    for flip in near:
        write = partial(say_answer, name=flip["question"], questions=questions)
        change = describe_flip(flip, labels, write)
        yield f"- {say(question_text(flip['question'], questions))} {say(change)}"
    yield ""
    if document["turning_questions"]:
        yield "Answers left open that could turn it:"
        yield ""
        for name in document["turning_questions"]:
            yield f"- {say(question_text(name, questions))}"
        yield ""
    if following := next_questions(document):
        yield f"Answer next: {say(' Together with: '.join(question_text(name, questions) for name in following))}"
        yield ""


def _limits(document: Document, rulebook: Rulebook) -> Iterator[str]:
    """How much room the chosen option has, and what would count against it by answers that are open."""
    winner = winner_of(document)
    if winner is None:
        return
    label, questions = say(winner["label"]), rulebook.questions
    if mine := [each for each in name_limits(document, rulebook) if each["option"] == document["option"]]:
        yield f"Look again before {label} reaches a limit:"
        yield ""
    for each in mine:
        needed, limit = quantity(each["needed"], each["unit"]), quantity(each["limit"], each["unit"])
        used = quantity(each["used_percent"], "percent")
        when = f"; the limit is reached: {months(each['months_until_reached'])}" if is_growing(document) else ""
        name = f"{each['name']} (warns only)" if each["only_warns"] else each["name"]
        yield f"- {say(name)}: {needed} of {limit}, {used} in use{when}."
    yield ""
    if pending := [each for each in winner["reasons"] if each["effect"] == "depends"]:
        yield f"Limits that open answers may bring against {label}:"
        yield ""
    for each in pending:
        asked = " ".join(question_text(name, questions) for name in each["depends_on"])
        yield f"- {say(each['because'])} It hangs on: {say(asked)}"
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


def _pros_and_cons(document: Document, rulebook: Rulebook) -> Iterator[str]:
    yield "## Pros and Cons of the Options"
    yield ""
    for verdict in document["verdicts"]:
        yield f"### {say(verdict['label'])}"
        yield ""
        yield say(rulebook.options[verdict["option"]].summary)
        yield ""
        for reason in sorted(verdict["reasons"], key=lambda each: -int(each["contribution"])):
            if word := _judge(reason):
                yield f"- {word}, because {say(reason['because'])}{_given(reason, rulebook)}"
        yield ""


def _given(reason: Document, rulebook: Rulebook) -> str:
    """Under which criterion it gives how many points, if any."""
    if not reason["contribution"]:
        return ""
    return f" ({say(rulebook.criteria[reason['criterion']].label)} {points(reason['contribution'])})"


def _judge(reason: Document) -> str:
    """Good or bad; limits that depend on open answers are named elsewhere."""
    if reason["effect"] in ("excludes", "warns") or reason["contribution"] < 0:
        return "Bad"
    return "Good" if reason["contribution"] else ""
