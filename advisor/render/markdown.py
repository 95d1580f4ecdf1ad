"""The decision record in Markdown, in the form of MADR 4: a rendering of the decision document and of nothing else.

Must not work out anything that the document does not hold.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.render.words import (
    STATES,
    added,
    answer_words,
    chosen,
    cite,
    describe_flip,
    labels_of,
    listed,
    money,
    months,
    needed_and_limit,
    plain_name,
    points,
    quantity,
    total,
    winner_of,
)

Document = Mapping[str, Any]
_SPECIAL = re.compile(r"([\\`*\[\]<>|#&]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


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
        _numbers(document),
        _more(document),
    )
    text = "\n".join(line for part in parts for line in part)
    return re.sub(r"\n{3,}", "\n\n", text).rstrip() + "\n"


def _say(text: object) -> str:
    """Text of the document as text of Markdown: nothing in it becomes markup, and it stays on one line."""
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def _table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * len(heads)
    for row in rows:
        yield "| " + " | ".join(_say(cell) for cell in row) + " |"
    yield ""


def _head(document: Document) -> Iterator[str]:
    rulebook = document["rulebook"]
    facts = f", facts as of {rulebook['as_of']}" if rulebook["as_of"] else ""
    yield "---"
    yield "status: proposed"
    yield f"outcome: {document['outcome']}"
    yield f"state: {document['state']}"
    yield f"option: {document['option'] or 'null'}"
    yield f"answer: {document['id']}"
    yield "---"
    yield ""
    yield f"# Message broker: {_say(chosen(document))}"
    yield ""
    yield f"Broker Advisor release {_say(document['release'])}, rulebook {rulebook['version']}{facts}."
    yield ""


def _context(document: Document) -> Iterator[str]:
    yield "## Context and problem statement"
    yield ""
    yield "Which message broker suits this workload, Apache Kafka or Amazon SQS? What was said of it:"
    yield ""
    rows = [(name, answer_words(name, answer)) for name, answer in document["answers"].items()]
    yield from _table(("Question", "Answer"), rows) if rows else ("Nothing was answered.", "")
    yield f"{len(document['assumptions'])} questions were left open; what was assumed for them stands at the end."
    yield ""
    for warning in document["warnings"]:
        yield f"- {_say(plain_name(warning['where']))}: {_say(warning['message'])}"
    yield ""


def _drivers(document: Document) -> Iterator[str]:
    """The criteria under which the winner and the best of the others differ, the greatest difference first."""
    yield "## Decision drivers"
    yield ""
    pair = _pair(document)
    sums = [_by_criterion(verdict) for verdict in pair]
    criteria = dict.fromkeys(criterion for each in sums for criterion in each)
    rows = [(plain_name(name), *(points(each.get(name, 0)) for each in sums)) for name in criteria]
    rows.sort(key=lambda row: -abs(int(row[1]) - int(row[-1])))
    rows.append(("score", *(points(verdict["score"]) for verdict in pair)))
    yield from _table(("Criterion", *(_say(verdict["label"]) for verdict in pair)), rows)
    for reason in pair[0]["reasons"]:
        if reason["kind"] == "preference" and reason["contribution"]:
            yield f"- {_say(reason['because'])} ({plain_name(reason['criterion'])} {points(reason['contribution'])})"
    yield ""


def _pair(document: Document) -> list[Document]:
    """The recommended option and the best of the other family; without a winner the two best there are."""
    verdicts = {verdict["option"]: verdict for verdict in document["verdicts"]}
    other = document["alternative"]
    named = [document["option"], other["option"] if other else ""]
    return list({name: verdicts[name] for name in (*named, *verdicts) if name in verdicts}.values())[:2]


def _by_criterion(verdict: Document) -> dict[str, int]:
    sums: dict[str, int] = {}
    for reason in verdict["reasons"]:
        if reason["criterion"]:
            sums[reason["criterion"]] = sums.get(reason["criterion"], 0) + reason["contribution"]
    return sums


def _options(document: Document) -> Iterator[str]:
    yield "## Considered options"
    yield ""
    words = {"excluded": "ruled out", "depends": "depends on open answers", "kept": "possible"}
    rows = [
        (verdict["label"], words[verdict["status"]], points(verdict["score"]), total(verdict["estimate"]))
        for verdict in document["verdicts"]
    ]
    yield from _table(("Option", "Verdict", "Points", "Likely USD a month"), rows)
    if more := added(document):
        yield _say(more)
        yield ""
    labels = labels_of(document)
    for reason in document["ruled_out"]:
        compared = needed_and_limit(reason)
        more = f" ({compared})" if compared else ""
        because = f"{_say(reason['because'])}{_say(more)}{_source(reason)}"
        yield f"- **{_say(labels[reason['option']])}** is ruled out: {because}"
    yield ""


def _source(reason: Document) -> str:
    cited = cite(reason["evidence"])
    return f" Source: {_say(cited)}." if cited else ""


def _outcome(document: Document) -> Iterator[str]:
    yield "## Decision outcome"
    yield ""
    yield f"Chosen: **{_say(chosen(document))}**. {_say(document['headline'])}"
    yield ""
    yield STATES[document["state"]]
    if document["margin"] is not None:
        yield f"It leads the best option of another family by {document['margin']} points."
    if document["option"]:
        yield f"The option inside the family is {document['option_state']}."
    yield ""
    for post in document["signposts"]:
        place = "Instead" if post["effect"] == "instead" else "Beside it"
        yield f"- {place}: {_say(post['option'])}. {_say(post['because'])}{_source(post)}"
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
    yield f"- The bill is likely {total(estimate)} a month in {estimate['region']}{span}."
    yield f"- At the planning horizon it is {total(estimate, 'horizon_usd')} a month."
    yield f"- Work to run it, beside the bill: {money(estimate['operating_usd'])} a month."
    for missing in estimate["not_included"]:
        yield f"- Not included: {_say(missing)}."
    for reason in winner["reasons"]:
        if reason["effect"] == "warns":
            yield f"- Bad, because {_say(reason['because'])}{_source(reason)}"
    yield ""


def _confirmation(document: Document) -> Iterator[str]:
    """How to check later that the decision still holds."""
    labels = labels_of(document)
    yield "### Confirmation"
    yield ""
    yield "Look again when one of these is no longer so:"
    yield ""
    for flip in document["flips"]:
        if flip["within_domain"]:
            yield f"- {_say(describe_flip(flip, labels))}"
    for each in document["headroom"]:
        if each["option"] == document["option"]:
            used = quantity(each["used_percent"], "percent")
            when = months(each["months_until_reached"])
            limit = quantity(each["limit"], each["unit"])
            yield f"- {_say(plain_name(each['needed_name']))}: {used} of {limit} in use; the limit is reached: {when}."
    if document["turning_questions"]:
        yield f"- Open answers that could turn it: {_say(listed(document['turning_questions']))}."
    yield f"- The same query gives another answer: `{document['links']['self']}`"
    yield ""


def _numbers(document: Document) -> Iterator[str]:
    yield "## The numbers"
    yield ""
    for verdict in _pair(document):
        yield f"### {_say(verdict['label'])}"
        yield ""
        rows = [_line(line) for line in verdict["estimate"]["lines"]]
        yield from _table(("Item", "Quantity", "Unit price", "USD a month", "Price, checked"), rows)
        steps = [(step["label"], quantity(step["value"], step["unit"]), step["formula"]) for step in _steps(verdict)]
        yield from _table(("Sizing", "Value", "Arithmetic"), steps)


def _steps(verdict: Document) -> Sequence[Document]:
    steps: Sequence[Document] = verdict["estimate"]["sizing"]["steps"]
    return steps


def _line(line: Document) -> tuple[str, ...]:
    price = "" if line["unit_price_usd"] is None else f"${line['unit_price_usd']}"
    fact = f"{line['fact']}, {line['checked']}" if line["checked"] else line["fact"]
    return line["label"], f"{quantity(line['quantity'])} {line['unit']}", price, money(line["amount_usd"]), fact


def _more(document: Document) -> Iterator[str]:
    yield "## More information"
    yield ""
    yield "### Assumed"
    yield ""
    rows = [
        (each["question"], quantity(each["value"], each["unit"]), each["because"]) for each in document["assumptions"]
    ]
    yield from _table(("Question", "Value", "Why"), rows)
    yield "### Facts"
    yield ""
    for each in _facts(document):
        value = quantity(each["value"], each["unit"] if each["unit"] not in ("text", "boolean") else "")
        read = f"{_link(each)}, {each['source_kind']}, checked {each['checked']}"
        yield f"- {_say(each['label'])}: {_say(value)}. {read}."


def _facts(document: Document) -> list[Document]:
    """What the reasons, the bills and the sizing of the two compared options rest on, each once."""
    facts = {each["fact"]: each for reason in _all_reasons(document) for each in reason["evidence"]}
    used = {line["fact"] for verdict in _pair(document) for line in verdict["estimate"]["lines"]}
    used |= {fact for verdict in _pair(document) for step in _steps(verdict) for fact in step["facts"]}
    facts |= {each["fact"]: each for each in document["cited"] if each["fact"] in used}
    return [facts[name] for name in sorted(facts)]


def _link(evidence: Document) -> str:
    """An assumption of our own has no address."""
    source = _say(evidence["source"])
    return f"[{source}](<{evidence['url']}>)" if evidence["url"] else source


def _all_reasons(document: Document) -> Iterator[Document]:
    for verdict in _pair(document):
        yield from verdict["reasons"]
    yield from document["ruled_out"]
    yield from document["signposts"]
