"""What people read instead of ids: questions by their text, answers by the labels of their choices, limits by name.

Takes the names from the rulebook and values from the decision document; must not know a door.
"""

import re
from collections import Counter
from collections.abc import Mapping
from typing import Any

from advisor.core.domains import Value
from advisor.core.questions import Question
from advisor.core.rank import only_warns
from advisor.core.rulebook import Constraint, Rulebook
from advisor.core.units import format_quantity
from advisor.render.words import plain_name, quantity

Document = Mapping[str, Any]
Questions = Mapping[str, Question]
_ID = re.compile(r"\b[a-z]+(?:_[a-z]+)+\b")


def question_text(name: str, questions: Questions) -> str:
    """The question itself, else the name made readable (a derived quantity)."""
    question = questions.get(name)
    return question.text if question else plain_name(name)


def in_their_words(sentence: str, questions: Questions) -> str:
    """A sentence of the engine's with its questions as they are asked: people see no ids."""
    return _ID.sub(lambda found: f"“{questions[found[0]].text}”" if found[0] in questions else found[0], sentence)


def say_answer(value: Any, name: str, questions: Questions) -> str:
    """An answer in the words of its question, open ones included."""
    question = questions.get(name)
    match value:
        case _ if question is None:
            return quantity(value)
        case {"min": low, "max": high}:
            return f"{say_answer(low, name, questions)} to {say_answer(high, name, questions)}"
        case {"one_of": words}:
            return " or ".join(say_answer(word, name, questions) for word in words)
        case {"all_of": sure, "maybe": maybe}:
            return f"{say_answer(sure, name, questions)}; perhaps {say_answer(maybe, name, questions)}"
        case list():
            return describe_value(question, tuple(value))
        case _:
            return describe_value(question, value)


def describe_value(question: Question, value: Value) -> str:
    """A value in the words of its question."""
    labels = {choice.id: choice.label for choice in question.choices}
    match value:
        case bool():
            return "yes" if value else "no"
        case tuple():
            return ", ".join(labels.get(word, word) for word in value) or "none"
        case str():
            return labels.get(value, value)
        case _:
            return format_quantity(value, question.unit)


def name_limits(document: Document, rulebook: Rulebook) -> list[Document]:
    """Each limit with a name, and whether it warns at most.

    A count of what was answered says what is counted, as do two that one option holds to the same limit; a rule with a
    remedy is named by itself, since its limit may be another option's.
    """
    rules = {rule.id: rule for rule in rulebook.constraints}
    names = [_name(each, rules[each["rule"]], rulebook) for each in document["headroom"]]
    alike = Counter((name, each["option"]) for name, each in zip(names, document["headroom"], strict=True))
    return [
        {
            **each,
            "name": name if alike[name, each["option"]] == 1 else f"{_counted(each)}: {name}",
            "only_warns": only_warns(rules[each["rule"]], rulebook),
        }
        for name, each in zip(names, document["headroom"], strict=True)
    ]


def _name(limit: Document, rule: Constraint, rulebook: Rulebook) -> str:
    counted = _counted(limit)
    label = limit["evidence"][0]["label"] if limit["evidence"] and not rule.remedy else ""
    if not label:
        words = plain_name(rule.id).replace("sqs", "SQS").replace("fifo", "FIFO")
        return words[0].upper() + words[1:]
    is_said = limit["unit"] != "count" or limit["needed_name"] not in rulebook.questions or label.startswith(counted)
    return str(label) if is_said else f"{counted}: {label}"


def _counted(limit: Document) -> str:
    return plain_name(limit["needed_name"]).capitalize()
