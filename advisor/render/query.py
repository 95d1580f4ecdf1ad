"""The canonical query string of an answer: the stated answers, weights and day, as every door reads them back.

Must not know an address or what an answer means.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

_PLAIN = re.compile(r"[A-Za-z0-9._~:,-]*")  # what RFC 3986 lets stand in a query, as far as values here need it
_WEIGHT = "weight_"
_WORDS, _NUMBERS = (str, bool), (int, float)
_REMEMBERED = 2048  # more than there are words in the rulebook, which most answers are
_MISREAD = frozenset({"", "unknown", "dont_know", "don't know", "i don't know", "null", "none"})


def write_query(answers: Mapping[str, object], weights: Mapping[str, int], as_of: date | None) -> str:
    """`name=value&…` in the order of the names; reading it gives the same answers, weights and day."""
    pairs = [_write_pair(name, answers[name]) for name in sorted(answers)]
    pairs += [_write_word(f"{_WEIGHT}{criterion}", str(weights[criterion])) for criterion in sorted(weights)]
    if as_of is not None:
        pairs.append(_write_word("as_of", as_of.isoformat()))
    return "&".join(pairs)


def _write_pair(name: str, answer: object) -> str:
    """`name=value`, of a list a pair for each word."""
    if isinstance(answer, _WORDS):
        return _write_word(name, answer)
    if isinstance(answer, _NUMBERS):
        return f"{_escape(name)}={answer}".replace("+", "%2B")  # as in 1e+16; all else of a number may stand there
    if answer == []:
        return _write_word(name, "none")
    return "&".join(_write_word(name, text) for text in _write_many(answer))


@lru_cache(_REMEMBERED, typed=True)
def _write_word(name: str, answer: str | bool) -> str:
    return f"{_escape(name)}={_escape(_word(answer))}"


def _write_many(answer: object) -> Iterator[str]:
    match answer:
        case {"min": low, "max": high}:
            yield f"{_word(low)}..{_word(high)}"
        case {"one_of": [*words]}:
            yield "|".join(_word(word) for word in words)
        case {"all_of": [*sure], "maybe": [*perhaps]}:
            yield from _list([*map(_word, sure), *(f"maybe:{_word(word)}" for word in perhaps)])
        case [*words]:
            yield from _list([_word(word) for word in words])
        case _:
            yield _word(answer)


def _list(words: list[str]) -> Iterator[str]:
    """One name for each word. A lone word that would be read as something else is said twice: then it is a list."""
    yield from words or ["none"]
    if len(words) == 1 and ("," in words[0] or words[0].lower() in _MISREAD):
        yield words[0]


def _word(answer: object) -> str:
    if isinstance(answer, bool):
        return "yes" if answer else "no"
    return str(answer)


@lru_cache(_REMEMBERED)
def _escape(text: str) -> str:
    if _PLAIN.fullmatch(text):
        return text
    octets = text.encode("utf-8", "surrogatepass")
    return "".join(chr(octet) if octet < 128 and _PLAIN.fullmatch(chr(octet)) else f"%{octet:02X}" for octet in octets)
