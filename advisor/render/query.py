"""The canonical query string of an answer: the stated answers, weights and day, as every door reads them back.

Must not know an address or what an answer means.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache

from advisor.core.parse import MAYBE, UNKNOWN
from advisor.core.query import WEIGHT
from advisor.core.questions import split_words

_PLAIN = re.compile(r"[A-Za-z0-9._~:,-]*")  # what RFC 3986 lets stand in a query, as far as values here need it
_SHORT = frozenset({str, bool, int})
_REMEMBERED = 2048  # more than there are words in the rulebook, which most answers are
_MISREAD = UNKNOWN | {"none"}


def write_query(answers: Mapping[str, object], weights: Mapping[str, int], as_of: date | None) -> str:
    """`name=value&…` in the order of the names; reading it gives the same answers, weights and day."""
    pairs = [
        _write_one(name, answer) if type(answer) in _SHORT else _write_other(name, answer)
        for name, answer in sorted(answers.items())
    ]
    pairs += [_write_one(f"{WEIGHT}{criterion}", weights[criterion]) for criterion in sorted(weights)]
    if as_of is not None:
        pairs.append(_write_one("as_of", as_of.isoformat()))
    return "&".join(pairs)


def _write_other(name: str, answer: object) -> str:
    """A number that hardly comes again, or of several words a pair for each."""
    if isinstance(answer, float):
        return f"{_escape(name)}={answer}".replace("+", "%2B")  # as in 1e+16; all else of a number may stand there
    if answer == []:
        return _write_one(name, "none")
    return "&".join(_write_one(name, text) for text in _write_many(answer))


@lru_cache(_REMEMBERED, typed=True)
def _write_one(name: str, answer: object) -> str:
    return f"{_escape(name)}={_escape(_word(answer))}"


def _write_many(answer: object) -> Iterator[str]:
    match answer:
        case {"min": low, "max": high}:
            yield f"{_word(low)}..{_word(high)}"
        case {"one_of": [*words]}:
            yield "|".join(_word(word) for word in words)
        case {"all_of": [*sure], "maybe": [*perhaps]}:
            yield from _list([*map(_word, sure), *(f"{MAYBE}{_word(word)}" for word in perhaps)])
        case [*words]:
            yield from _list([_word(word) for word in words])
        case _:
            yield _word(answer)


def _list(words: list[str]) -> Iterator[str]:
    """One name for each word. A lone word that would be read as something else is said twice: then it is a list."""
    yield from words or ["none"]
    if len(words) == 1 and (len(split_words(words[0])) > 1 or words[0].lower() in _MISREAD):
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
