"""Writes all rules of one rulebook as the text of one Python function: nested branches, so that a comparison which
many rules share is made once.

Safe to execute, since the text is made of the workload's own field names, of constants through `repr`, and of what
stands in this file; anything else is refused. Knows no weight and no score.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from advisor.core.domains import Value
from advisor.core.quantities import QUANTITIES
from advisor.core.rank import only_warns
from advisor.core.rulebook import Preference, Rulebook, Signpost, Test, When
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
class Generated:
    """`judge(workload)` gives marks and points. A mark is a bit: one for each option that is excluded, above them one
    for each of `signposts` that speaks. Points are BASE and what the names in `given` are worth, each of which stands
    for preferences that hold together. `tables` are the constants that are no literals."""

    source: str
    tables: Mapping[str, object]
    given: Mapping[str, tuple[Preference, ...]]
    signposts: tuple[Signpost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """One comparison as text, and where that says all of it: the words of a choice, or the numbers, that `name` has."""

    text: str
    name: str = ""
    words: frozenset[Value] = frozenset()
    low: float = -math.inf
    high: float = math.inf

    def implies(self, other: "_Text") -> bool:
        """Surely holds only where the other does."""
        is_within = self.words <= other.words and other.low <= self.low and self.high <= other.high
        return self == other or (self.is_about(other) and is_within)

    def excludes(self, other: "_Text") -> bool:
        """Surely holds only where the other does not."""
        if not self.is_about(other):
            return False
        has_no_word = bool(self.words) and self.words.isdisjoint(other.words)
        return has_no_word or self.low > other.high or self.high < other.low

    def is_opposite(self, other: "_Text") -> bool:
        """Surely holds wherever the other does not, and there only."""
        has_both = self.words | other.words == {True, False}
        meets = math.nextafter(self.high, math.inf) == other.low or math.nextafter(other.high, math.inf) == self.low
        return self.excludes(other) and (has_both or meets)

    def is_about(self, other: "_Text") -> bool:
        return self.name != "" and self.name == other.name


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """Where all these tests hold, marks are set or a preference gives its points."""

    tests: tuple[_Text, ...]
    marks: int = 0
    preference: int = -1

    def without(self, is_sure: Callable[[_Text], bool]) -> "_Line":
        return replace(self, tests=tuple(test for test in self.tests if not is_sure(test)))


def generate(rulebook: Rulebook) -> Generated:
    """The function's text; ValueError for what may not become code."""
    writer = _Writer(rulebook)
    body = ["marks, points = 0, BASE", *writer.branch(list(writer.lines()), ""), "return marks, points"]
    source = "def judge(workload):\n" + "".join(f"    {line}\n" for line in (*writer.read(), *body))
    rules = {name: tuple(rulebook.preferences[number] for number in numbers) for numbers, name in writer.given.items()}
    return Generated(source=source, tables=writer.tables, given=rules, signposts=writer.signposts)


class _Writer:
    """One rulebook on its way to be text."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rulebook = rulebook
        self._hard = [rule for rule in rulebook.constraints if not only_warns(rule, rulebook)]
        self.signposts = tuple(rule for rule in rulebook.signposts if rule.strength == "instead")
        self.tables: dict[str, object] = {}
        self.given: dict[tuple[int, ...], str] = {}
        rules = (*self._hard, *self.signposts, *rulebook.preferences)
        self._uses = Counter(test.name for rule in rules for tests in rule.when for test in tests)

    def read(self) -> Iterator[str]:
        """What is looked at more than once."""
        return (f"{name} = workload.{name}" for name, count in self._uses.items() if count > 1)

    def lines(self) -> Iterator[_Line]:
        """Marks are set by any of a rule's alternatives; points are given once, whichever holds."""
        options = tuple(self._rulebook.options)
        for rule in self._hard:
            marks = sum(1 << place for place, option in enumerate(options) if option in rule.options)
            yield from (_Line(tests=self._tests(tests), marks=marks) for tests in rule.when)
        for place, signpost in enumerate(self.signposts, len(options)):
            yield from (_Line(tests=self._tests(tests), marks=1 << place) for tests in signpost.when)
        for number, preference in enumerate(self._rulebook.preferences):
            if preference.when:
                yield _Line(tests=self._any(preference.when), preference=number)

    def branch(self, lines: Sequence[_Line], indent: str) -> Iterator[str]:
        """The test that most lines share comes first; those that need it go inside, those that forbid it beside it."""
        yield from self._effects([line for line in lines if not line.tests], indent)
        left = [line for line in lines if line.tests]
        while left:
            test = _most_shared(left)
            inside = [line for line in left if any(each.implies(test) for each in line.tests)]
            beside = [line for line in left if line not in inside and any(each.excludes(test) for each in line.tests)]
            left = [line for line in left if line not in inside and line not in beside]
            yield f"{indent}if {test.text}:"
            yield from self.branch([line.without(test.__eq__) for line in inside], f"{indent}    ")
            if beside:
                yield f"{indent}else:"
                yield from self.branch([line.without(test.is_opposite) for line in beside], f"{indent}    ")

    def _effects(self, lines: list[_Line], indent: str) -> Iterator[str]:
        marks = 0
        for line in lines:
            marks |= line.marks
        if marks:
            yield f"{indent}marks |= {marks}"
        numbers = tuple(line.preference for line in lines if line.preference >= 0)
        if numbers:
            yield f"{indent}points += {self.given.setdefault(numbers, f'POINTS_{len(self.given)}')}"

    def _any(self, when: When) -> tuple[_Text, ...]:
        """The tests of all alternatives that are the same, and one for all that is not."""
        parts = [dict.fromkeys(self._tests(tests)) for tests in when]
        shared = [test for test in parts[0] if all(test in part for part in parts)]
        left = [" and ".join(f"({test.text})" for test in part if test not in shared) for part in parts]
        return tuple(shared) if not all(left) else (*shared, _Text(text=" or ".join(dict.fromkeys(left))))

    def _tests(self, tests: Sequence[Test]) -> tuple[_Text, ...]:
        return tuple(self._text(test) for test in tests)

    def _text(self, test: Test) -> _Text:
        text, bound, kind = self._comparison(test), test.bound, _KINDS[test.name]
        if kind is float and not test.by_region and isinstance(bound, int | float):
            low, high = _SPANS[test.comparison](bound)
            return _Text(text=text, name=test.name, low=low, high=high)
        if kind in (str, bool) and test.comparison in ("is", "one_of"):
            words = bound if isinstance(bound, tuple) else (bound,)
            return _Text(text=text, name=test.name, words=frozenset(words))
        return _Text(text=text)

    def _comparison(self, test: Test) -> str:
        """One comparison as conditions.compare makes it."""
        kind = _KINDS.get(test.name)
        name = test.name if self._uses[test.name] > 1 else f"workload.{test.name}"
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


def _most_shared(lines: Sequence[_Line]) -> _Text:
    """The test that most lines make, themselves or by a stricter one; of several the first."""
    made = Counter(test for line in lines for test in line.tests)
    about: dict[str, list[_Text]] = {}
    for test in made:
        about.setdefault(test.name or test.text, []).append(test)
    shared = {
        test: sum(made[each] for each in group if each.implies(test)) for group in about.values() for test in group
    }
    return max(made, key=lambda test: shared[test])


def _word(value: Value) -> str:
    if not isinstance(value, str | bool):
        raise ValueError(f"{value!r} is no word")
    return repr(value)
