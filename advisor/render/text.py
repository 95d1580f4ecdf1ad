"""The decision document as plain text of at most 80 columns, for a terminal. A rendering of the document alone.

Must not work out anything that the document does not hold, nor know whether a terminal reads it.
"""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from advisor.render.growth import is_growing, needed_and_limit, say_headline_grown, say_outgrown
from advisor.render.words import (
    ADDED,
    answer_words,
    asked_beside,
    chosen,
    cite,
    compare_sums,
    describe_flip,
    labels_of,
    left_open,
    listed,
    money,
    months,
    next_questions,
    place_signposts,
    plain_name,
    points,
    quantity,
    say_inside,
    say_region,
    say_state,
    total,
    winner_of,
)

WIDTH = 80
_NEAR = 8  # as many as can be read at a glance
Document = Mapping[str, Any]


def to_text(document: Document) -> str:
    """The whole answer, ending in one newline."""
    parts = (
        _head(document),
        _answers(document),
        _ruled_out(document),
        _options(document),
        _why(document),
        _cost(document),
        _changes(document),
        _headroom(document),
        _elsewhere(document),
        _foot(document),
    )
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines) + "\n"


def _wrap(text: str, first: str = "", indent: str = "") -> Iterator[str]:
    """One paragraph; a word that is longer than the line is broken, so that no line is too long."""
    whole = " ".join(text.split())
    yield from textwrap.wrap(whole, WIDTH, initial_indent=first, subsequent_indent=indent, break_on_hyphens=False)


def _item(text: str) -> Iterator[str]:
    return _wrap(text, "- ", "  ")


def _title(text: str) -> Iterator[str]:
    return _wrap(text.upper())


def _columns(rows: Sequence[Sequence[str]], aligned: str) -> Iterator[str]:
    """A table; `aligned` has < or > for each column. The first column gives way when the others need the room."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(aligned))]
    widths[0] = min(widths[0], WIDTH - sum(widths[1:]) - 2 * (len(widths) - 1))
    for row in rows:
        cells = [textwrap.shorten(row[0], widths[0], placeholder="…"), *row[1:]]
        padded = (f"{cell:{side}{width}}" for cell, side, width in zip(cells, aligned, widths, strict=True))
        yield "  ".join(padded).rstrip()


def _head(document: Document) -> Iterator[str]:
    yield from _wrap(chosen(document))
    yield from _wrap(f"{document['headline']} {say_headline_grown(document)}")
    yield from _wrap(say_state(document))
    if document["margin"] is not None:
        yield from _wrap(f"It leads the best option of another family by {quantity(document['margin'], 'points')}.")
    yield from _wrap(say_inside(document))


def _answers(document: Document) -> Iterator[str]:
    yield from _title("What you said")
    for name, answer in document["answers"].items():
        yield from _wrap(f"{name}: {answer_words(name, answer)}", "  ", "    ")
    for name, words in asked_beside(document):
        yield from _wrap(f"{name}: {words}", "  ", "    ")
    yield from _wrap(f"{left_open(document)}.", "  ", "  ")
    for warning in document["warnings"]:
        yield from _item(f"{warning['where']}: {warning['message']} {warning['hint']}")


def _ruled_out(document: Document) -> Iterator[str]:
    if not document["ruled_out"]:
        return
    yield from _title("Ruled out")
    labels = labels_of(document)
    for reason in document["ruled_out"]:
        compared = needed_and_limit(reason, document)
        cited = cite(reason["evidence"])
        sentence = f"{labels[reason['option']]}: {reason['because']}"
        yield from _item(sentence + (f" ({compared})" if compared else "") + (f" [{cited}]" if cited else ""))


def _options(document: Document) -> Iterator[str]:
    yield from _title("Options")
    words = {"excluded": "ruled out", "depends": "depends", "kept": "possible"}
    is_added = any(verdict["estimate"]["is_added"] for verdict in document["verdicts"])
    kinds = {"Adds": "scored_usd", "Alone": "likely_usd"} if is_added else {"USD a month": "likely_usd"}
    rows: list[tuple[str, ...]] = [("Option", "Verdict", "Points", *kinds, "")]
    rows += [
        (
            verdict["label"],
            words[verdict["status"]],
            points(verdict["score"]),
            *(money(verdict["estimate"][kind]) for kind in kinds.values()),
            "partial" if verdict["estimate"]["is_partial"] else "",
        )
        for verdict in document["verdicts"]
    ]
    yield from _columns(rows, f"<<>{'>' * len(kinds)}<")
    if is_added:
        yield from _wrap(f"{ADDED}; US dollars a month.")
    yield from _wrap(compare_sums(document))


def _why(document: Document) -> Iterator[str]:
    """The winner's contributions add up to its score."""
    winner = winner_of(document)
    if winner is None:
        return
    yield from _title(f"Why {winner['label']}")
    for reason in winner["reasons"]:
        if reason["criterion"]:
            yield from _wrap(f"{reason['because']} ({plain_name(reason['criterion'])})", _sum(reason), " " * 7)
    yield f"{winner['score']:+5d}  is its score"
    for reason in winner["reasons"]:
        if reason["effect"] == "warns":
            yield from _item(f"Take care: {reason['because']} {needed_and_limit(reason, document)}")


def _sum(reason: Document) -> str:
    return f"{reason['contribution']:+5d}  "


def _cost(document: Document) -> Iterator[str]:
    winner = winner_of(document)
    if winner is None:
        return
    estimate = winner["estimate"]
    yield from _title(f"Cost a month in {say_region(estimate['region'])}, list prices")
    rows = [
        (line["label"], f"{quantity(line['quantity'])} {line['unit']}", money(line["amount_usd"]))
        for line in estimate["lines"]
    ]
    rows.append(("Likely total", "", total(estimate)))
    yield from _columns(rows, "<>>")
    low, high = (money(estimate[name]) for name in ("low_usd", "high_usd"))
    span = f"{low} to {high} over the ranges you stated; " if low != high else ""
    over = f", {more}" if (more := say_outgrown(estimate, document)) else ""
    yield from _wrap(f"{span}{total(estimate, 'horizon_usd')} at the planning horizon{over}.")
    days = sorted({line["checked"] for line in estimate["lines"] if line["checked"]})
    yield from _wrap(
        f"Prices checked {', '.join(days) or 'never'}. Work to run it: {money(estimate['operating_usd'])}."
    )
    if estimate["not_included"]:
        yield from _wrap(f"Not included: {', '.join(estimate['not_included'])}.")


def _changes(document: Document) -> Iterator[str]:
    yield from _title("What would change it")
    labels = labels_of(document)
    near = [flip for flip in document["flips"] if flip["within_domain"]]
    for flip in near[:_NEAR]:
        yield from _item(f"{plain_name(flip['question'])}: {describe_flip(flip, labels)}")
    if len(near) > _NEAR:
        yield f"- and {len(near) - _NEAR} more"
    if not near:
        yield from _wrap("No single answer within what is usual changes the outcome.")
    if document["turning_questions"]:
        yield from _wrap(f"Open and able to turn it: {listed(document['turning_questions'])}.")
    if following := next_questions(document):
        yield from _wrap(f"Answer next: {' together with '.join(following)}.")
    elif document["state"] == "decided":
        yield "You may stop here."


def _headroom(document: Document) -> Iterator[str]:
    mine = [each for each in document["headroom"] if each["option"] == document["option"]]
    if not mine:
        return
    yield from _title("Headroom")
    for each in mine:
        used, limit = quantity(each["used_percent"], "percent"), quantity(each["limit"], each["unit"])
        when = f"; reached: {months(each['months_until_reached'])}" if is_growing(document) else ""
        yield from _item(f"{plain_name(each['needed_name'])}: {used} of {limit} in use{when}")


def _elsewhere(document: Document) -> Iterator[str]:
    if not document["signposts"]:
        return
    yield from _title("Look elsewhere")
    for post in place_signposts(document):
        yield from _item(f"{post['place']}: {post['option']}. {post['because']}")


def _foot(document: Document) -> Iterator[str]:
    rulebook = document["rulebook"]
    facts = f", facts as of {rulebook['as_of']}" if rulebook["as_of"] else ""
    yield from _wrap(f"Release {document['release']}, rulebook {rulebook['version']}{facts}, answer {document['id']}.")
    if len(document["links"]["self"]) <= WIDTH:  # a broken address is of no use
        yield document["links"]["self"]
