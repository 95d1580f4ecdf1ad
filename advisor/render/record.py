"""What a decision record rests on, in Markdown: arithmetic, assumptions and facts; and how text is marked up.

Must not work out anything that the decision document does not hold; the rulebook gives questions and facts their names.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from advisor.core.rulebook import Rulebook
from advisor.render.labels import Questions, in_their_words, question_text, say_answer
from advisor.render.words import money, quantity, say_kind

Document = Mapping[str, Any]
_SPECIAL = re.compile(r"([\\`*\[\]<>|#&~@]|:(?=//)|(?<=[Ww]{3})\.|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9]))")


def say(text: object) -> str:
    """Text of the document as text of Markdown: nothing in it becomes markup, and it stays on one line."""
    return _escape(str(text))


@lru_cache(maxsize=4096)  # most are sentences of the rulebook
def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def table(heads: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[str]:
    yield "| " + " | ".join(heads) + " |"
    yield "|" + " --- |" * len(heads)
    for row in rows:
        yield "| " + " | ".join(say(cell) for cell in row) + " |"
    yield ""


def pair_of(document: Document) -> list[Document]:
    """The recommended option and the best of the other family; without a winner the two best there are."""
    verdicts = {verdict["option"]: verdict for verdict in document["verdicts"]}
    other = document["alternative"]
    named = [document["option"], other["option"] if other else ""]
    return list({name: verdicts[name] for name in (*named, *verdicts) if name in verdicts}.values())[:2]


def write_numbers(document: Document, rulebook: Rulebook) -> Iterator[str]:
    for verdict in pair_of(document):
        yield f"### The Numbers of {say(verdict['label'])}"
        yield ""
        rows = [_line(line, rulebook) for line in verdict["estimate"]["lines"]]
        yield from table(("Item, today's load", "Quantity", "Unit price", "USD a month", "Price, checked"), rows)
        steps = [(step["label"], quantity(step["value"], step["unit"]), step["formula"]) for step in _steps(verdict)]
        yield from table(("Sizing at the planning horizon", "Value", "Arithmetic"), steps)


def _steps(verdict: Document) -> Sequence[Document]:
    steps: Sequence[Document] = verdict["estimate"]["sizing"]["steps"]
    return steps


def _line(line: Document, rulebook: Rulebook) -> tuple[str, ...]:
    price = "" if line["unit_price_usd"] is None else f"${line['unit_price_usd']}"
    label = rulebook.facts[line["fact"]].label
    fact = f"{label}, {line['checked']}" if line["checked"] else label
    return line["label"], f"{quantity(line['quantity'])} {line['unit']}", price, money(line["amount_usd"]), fact


def write_assumptions(document: Document, questions: Questions) -> Iterator[str]:
    yield "### Assumed"
    yield ""
    rows = [
        (
            question_text(each["question"], questions),
            say_answer(each["value"], each["question"], questions),
            in_their_words(each["because"], questions),
        )
        for each in document["assumptions"]
    ]
    yield from table(("Question", "Value", "Why"), rows)


def write_facts(document: Document) -> Iterator[str]:
    yield "### Facts"
    yield ""
    for each in facts_of(document):
        value = quantity(each["value"], each["unit"] if each["unit"] not in ("text", "boolean") else "")
        read = f"{_link(each)}, {say_kind(each['source_kind'])}, checked {each['checked']}"
        yield f"- {say(each['label'])}: {say(value)}. {read}."


def facts_of(document: Document) -> list[Document]:
    """What the reasons, the bills and the sizing of the two compared options rest on, each once."""
    facts = {each["fact"]: each for reason in _all_reasons(document) for each in reason["evidence"]}
    used = {line["fact"] for verdict in pair_of(document) for line in verdict["estimate"]["lines"]}
    used |= {fact for verdict in pair_of(document) for step in _steps(verdict) for fact in step["facts"]}
    facts |= {each["fact"]: each for each in document["cited"] if each["fact"] in used}
    return [facts[name] for name in sorted(facts)]


def newest_day(document: Document) -> str:
    """The day on which the newest of those facts was checked: the date of the record, the same whenever it is asked."""
    return max((each["checked"] for each in facts_of(document)), default="")


def _link(evidence: Document) -> str:
    """An assumption of our own has no address."""
    source = say(evidence["source"])
    return f"[{source}](<{evidence['url']}>)" if evidence["url"] else source


def _all_reasons(document: Document) -> Iterator[Document]:
    for verdict in pair_of(document):
        yield from verdict["reasons"]
    yield from document["ruled_out"]
    yield from document["signposts"]
