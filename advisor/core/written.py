"""One comparison as Python text, and what it says of others: that they hold too, or cannot.

Safe to execute, since the text is made of the workload's own field names, of constants through `repr`, and of what
stands in this file; anything else is refused.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import itemgetter

from advisor.core.domains import Value
from advisor.core.quantities import QUANTITIES
from advisor.core.rulebook import Test, When
from advisor.core.workload import Workload

_FEW = 2
_KINDS: Mapping[str, object] = {each.name: each.type for each in fields(Workload)} | dict.fromkeys(QUANTITIES, float)
_SIGNS = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}
_MEMBERS = {"one_of": "in", "none_of": "not in"}
_SPANS: Mapping[str, Callable[[float], tuple[float, float]]] = {
    "is": lambda bound: (bound, bound),
    "at_least": lambda bound: (bound, math.inf),
    "at_most": lambda bound: (-math.inf, bound),
    "more_than": lambda bound: (math.nextafter(bound, math.inf), math.inf),
    "less_than": lambda bound: (-math.inf, math.nextafter(bound, -math.inf)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """One comparison as text, and where that says all of it: the words of a choice, or the numbers, that `name` has."""

    text: str
    name: str = ""
    words: frozenset[Value] = frozenset()
    low: float = -math.inf
    high: float = math.inf

    def implies(self, other: "Text") -> bool:
        """Surely holds only where the other does."""
        is_within = self.words <= other.words and other.low <= self.low and self.high <= other.high
        return self == other or (self.is_about(other) and is_within)

    def excludes(self, other: "Text") -> bool:
        """Surely holds only where the other does not."""
        if not self.is_about(other):
            return False
        has_no_word = bool(self.words) and self.words.isdisjoint(other.words)
        return has_no_word or self.low > other.high or self.high < other.low

    def is_opposite(self, other: "Text") -> bool:
        """Surely holds wherever the other does not, and there only."""
        has_both = self.words | other.words == {True, False}
        meets = math.nextafter(self.high, math.inf) == other.low or math.nextafter(other.high, math.inf) == self.low
        return self.excludes(other) and (has_both or meets)

    def is_about(self, other: "Text") -> bool:
        return self.name != "" and self.name == other.name


class Texts:
    """Comparisons on their way to be text. `tables` receives the constants that are no literals. `read` gives answers
    names of their own, all at once, since that is quicker than to look up each; and quantities that are looked at more
    than once."""

    def __init__(self, whens: Iterable[When]) -> None:
        self.tables: dict[str, object] = {}
        self._uses = Counter(test.name for when in whens for tests in when for test in tests)

    def read(self) -> list[str]:
        answers = [name for name in self._uses if name not in QUANTITIES]
        quantities = [f"{name} = workload.{name}" for name in self._uses if self._is_named(name) and name in QUANTITIES]
        if len(answers) <= 1:
            return [*(f"{name} = workload.{name}" for name in answers), *quantities]
        self.tables["ANSWERS"] = itemgetter(*answers)
        return [f"{', '.join(answers)} = ANSWERS(workload.__dict__)", *quantities]

    def _is_named(self, name: str) -> bool:
        return name not in QUANTITIES or self._uses[name] > 1

    def write_any(self, when: When) -> tuple[Text, ...]:
        """One of the alternatives: the tests that are the same in all, and one for all that is not."""
        parts = [dict.fromkeys(self.write_all(tests)) for tests in when]
        shared = [test for test in parts[0] if all(test in part for part in parts)]
        left = [" and ".join(f"({test.text})" for test in part if test not in shared) for part in parts]
        return tuple(shared) if not all(left) else (*shared, Text(text=" or ".join(dict.fromkeys(left))))

    def write_all(self, tests: Sequence[Test]) -> tuple[Text, ...]:
        return tuple(text for test in tests for text in (*self._first(test), self._text(test)))

    def _first(self, test: Test) -> Iterator[Text]:
        """Of most lists it is enough to see that they are empty."""
        if _KINDS.get(test.name) == tuple[str, ...] and test.comparison != "none_of":
            yield Text(text=test.name)

    def _text(self, test: Test) -> Text:
        text, bound, kind = self._comparison(test), test.bound, _KINDS[test.name]
        if kind is float and not test.by_region and isinstance(bound, int | float):
            low, high = _SPANS[test.comparison](bound)
            return Text(text=text, name=test.name, low=low, high=high)
        if kind in (str, bool) and test.comparison in ("is", "one_of"):
            words = bound if isinstance(bound, tuple) else (bound,)
            return Text(text=text, name=test.name, words=frozenset(words))
        return Text(text=text)

    def _comparison(self, test: Test) -> str:
        """One comparison as conditions.compare makes it."""
        kind = _KINDS.get(test.name)
        name = test.name if self._is_named(test.name) else f"workload.{test.name}"
        if kind is float and test.comparison in _SIGNS:
            return f"{name} {_SIGNS[test.comparison]} {self._number(test)}"
        if kind is bool and isinstance(test.bound, bool) and test.comparison == "is":
            return name if test.bound else f"not {name}"
        if kind in (float, str, bool) and test.comparison == "is":
            return f"{name} == {self._number(test) if kind is float else _word(test.bound)}"
        words = test.bound if isinstance(test.bound, tuple) else (test.bound,)
        if kind in (str, bool) and test.comparison in _MEMBERS:
            return f"{name} {_MEMBERS[test.comparison]} ({''.join(f'{_word(word)}, ' for word in words)})"
        if kind == tuple[str, ...] and test.comparison in ("is", *_MEMBERS):
            return f"{'not ' if test.comparison == 'none_of' else ''}({self._any_word(words, name)})"
        raise ValueError(f"{name} {test.comparison} {test.bound!r} is no comparison that can be compiled")

    def _any_word(self, words: tuple[Value, ...], name: str) -> str:
        """Whether a list has one of these words: a few are asked for one by one, more at once."""
        if len(words) <= _FEW:
            return " or ".join(f"{_word(word)} in {name}" for word in words) or "False"
        return f"not {self._table(frozenset(words))}.isdisjoint({name})"

    def _number(self, test: Test) -> str:
        if not isinstance(test.bound, int | float) or not math.isfinite(test.bound):
            raise ValueError(f"{test.bound!r} is no number to compare {test.name} with")
        if not test.by_region:
            return repr(test.bound)
        table = dict(test.by_region)
        return f"{self._table(table)}.get(workload.region, {table.get('other', test.bound)!r})"

    def _table(self, table: object) -> str:
        name = f"TABLE_{len(self.tables)}"
        self.tables[name] = table
        return name


def _word(value: Value) -> str:
    if not isinstance(value, str | bool):
        raise ValueError(f"{value!r} is no word")
    return repr(value)
