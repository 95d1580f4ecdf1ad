"""Addresses: raw answers to a query string and back. The address is all that a page remembers.

Must not know what an answer means.
"""

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from advisor.core.parse import MAYBE

_SAFE = "|,:"  # readable in an address, and nothing there gives them a meaning


def encode(given: Mapping[str, object]) -> str:
    """The query string of raw answers: lists repeat their name, yes and no are true and false."""
    return urlencode(list_pairs(given), quote_via=quote, safe=_SAFE)


def list_pairs(given: Mapping[str, object]) -> list[tuple[str, str]]:
    """Names and values, as a form holds them."""
    return [(name, word) for name, answer in given.items() for word in _words(answer)]


def change(given: Mapping[str, object], question: str, answer: object) -> str:
    """The query string with one answer put in place of what was there."""
    return encode({**given, question: answer})


def _words(answer: object) -> tuple[str, ...]:
    """One answer as an address holds it; an empty list is the answer `none`."""
    match answer:
        case {"min": low, "max": high}:
            return (f"{_text(low)}..{_text(high)}",)
        case {"one_of": [*values]}:
            return ("|".join(_text(value) for value in values),)
        case {"all_of": [*sure], "maybe": [*perhaps]}:
            return (*map(_text, sure), *(f"{MAYBE}{_text(word)}" for word in perhaps))
        case tuple() | list():
            return tuple(_text(word) for word in answer) or ("none",)
        case _:
            return (_text(answer),)


def _text(word: object) -> str:
    match word:
        case bool():
            return "true" if word else "false"
        case float() if word.is_integer():
            return str(int(word))
        case _:
            return str(word)
