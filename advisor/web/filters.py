"""What templates need to write values in words: quantities, money, dates, questions by name, what-if links.

Knows how things are shown; must not compute anything that the decision document does not hold.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal

from django.template import Context, Library
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from advisor import service
from advisor.core.units import format_number, format_quantity
from advisor.render import labels
from advisor.render.words import FAMILIES, NOT_PRICED, say_kind, signed
from advisor.web import links

register = Library()
register.filter("signed", signed)
register.filter("source_kind", say_kind)


@register.filter
def quantity(value: object, unit: str = "") -> str:
    """A number with its unit, yes or no, a list with commas; nothing is known as a dash."""
    match value:
        case None:
            return "–"
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return format_quantity(float(value), unit) if unit != "text" else format_number(float(value))
        case list() | tuple():
            return ", ".join(quantity(each, unit) for each in value) or "none"
        case _:
            return str(value)


@register.filter
def money(value: str | float | None) -> str:
    """Dollars as people read them; a missing price is said to be missing and is never 0."""
    if value is None:
        return NOT_PRICED
    amount = float(Decimal(value)) if isinstance(value, str) else float(value)
    return f"−{format_quantity(-amount, 'USD')}" if amount < 0 else format_quantity(amount, "USD")


@register.filter
def total(amount: str | float | None, is_partial: bool) -> str:
    """A sum that lacks a price says so; where no line at all is priced there is no sum to show."""
    if not is_partial:
        return money(amount)
    return NOT_PRICED if amount is None or Decimal(amount) == 0 else f"{money(amount)} + ?"


@register.filter
def scored(amount: str | float | None) -> str:
    """What is compared in place of a sum that lacks a price; what is priced nowhere counts as the dearest."""
    return "as the dearest" if amount is None or amount == math.inf else money(amount)


@register.filter
def family(name: str) -> str:
    return FAMILIES.get(name, name)


@register.filter
def question_text(name: str) -> str:
    return labels.question_text(name, service.get_rulebook().questions)


@register.filter
def in_their_words(sentence: str) -> str:
    return labels.in_their_words(sentence, service.get_rulebook().questions)


@register.filter
def answer_words(value: object, name: str) -> str:
    """An answer in the words of its question, open ones included."""
    return labels.say_answer(value, name, service.get_rulebook().questions)


@register.filter
def raw_words(value: object, name: str) -> str:
    """An answer as it was typed, in the words of its question where it is one of its choices."""
    words = [str(word) for word in value] if isinstance(value, list | tuple) else [str(value)]
    said = [{"true": "yes", "false": "no"}.get(word, word) for word in words]
    return ", ".join(answer_words(word, name) for word in said)


@register.filter
def option_label(name: str) -> str:
    option = service.get_rulebook().options.get(name)
    return option.label if option else name


@register.filter
def with_code(words: str) -> SafeString:
    """What stands between backticks is code."""
    parts = enumerate(words.split("`"))
    return format_html_join(
        "", "{}", ((format_html("<code>{}</code>", part) if at % 2 else part,) for at, part in parts)
    )


@register.filter
def fact_label(name: str) -> str:
    return service.get_rulebook().facts[name].label


@register.filter
def sources(facts: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Where facts were read and when, each place once, with the first fact that was read there."""
    found: dict[str, str] = {}
    for name in facts:
        source = service.get_rulebook().facts[name].source
        found.setdefault(f"{source.name}, {source.checked}", name)
    return tuple((name, place) for place, name in found.items())


@register.filter
def checked_days(lines: Sequence[Mapping[str, object]]) -> str:
    """The days on which the prices of a bill were checked, oldest first."""
    return ", ".join(sorted({str(line["checked"]) for line in lines if line["checked"]}))


@register.simple_tag(takes_context=True)
def what_if(context: Context, question: str, value: object) -> str:
    """The address of the same page with one answer changed."""
    return f"{reverse('recommendation')}?{links.change(context['given'], question, value)}"


@register.simple_tag
def fact_url(name: str) -> str:
    """Where a fact is shown, or nothing where there is none of that name."""
    return reverse("fact", args=[name]) if name in service.get_rulebook().facts else ""
