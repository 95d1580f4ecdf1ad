"""The rulebook's conditions in the languages of other engines, by one mechanical translator; the same list for each.

Must not know any engine. A fact that differs by region becomes a choice on the region, as the rulebook has it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from advisor.core.domains import Value
from advisor.core.rank import only_warns
from advisor.core.rulebook import Rule, Rulebook, Test, When
from advisor.core.workload import Workload

_SIGNS = {"at_least": ">=", "at_most": "<=", "more_than": ">", "less_than": "<"}
_LISTS = frozenset(name for name, kind in Workload.__annotations__.items() if "tuple[str" in str(kind))


def rules_of(rulebook: Rulebook) -> tuple[Rule, ...]:
    """What a ranking judges, in order: hard limits that exclude, signposts that speak instead, preferences."""
    hard = [rule for rule in rulebook.constraints if not only_warns(rule, rulebook)]
    instead = [rule for rule in rulebook.signposts if rule.strength == "instead"]
    return (*hard, *instead, *rulebook.preferences)


def inputs_of(workload: Workload, rules: tuple[Rule, ...]) -> dict[str, object]:
    """Every question and derived quantity that some rule reads, as plain values."""
    names = {test.name for rule in rules for tests in rule.when for test in tests}
    values = {name: getattr(workload, name) for name in sorted({*names, "region"})}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a language with infix operators spells what the rulebook needs."""

    conjunction: str
    disjunction: str
    negation: str
    has: Callable[[str, str], str]
    number: Callable[[float], str] = repr

    def write(self, when: When) -> str:
        """Any of these, all tests of which hold."""
        parts = [f" {self.conjunction} ".join(self._test(test) for test in tests) or "true" for tests in when]
        return f" {self.disjunction} ".join(f"({part})" for part in parts) or "false"

    def _test(self, test: Test) -> str:
        if test.by_region:
            return self._by_region(test)
        return self._compare(test, test.bound)

    def _by_region(self, test: Test) -> str:
        table = dict(test.by_region)
        other = table.pop("other", test.bound)
        named = f" {self.disjunction} ".join(
            f"(region == {_quote(region)} {self.conjunction} {self._compare(test, bound)})"
            for region, bound in table.items()
        )
        elsewhere = f" {self.conjunction} ".join(f"region != {_quote(region)}" for region in table)
        return f"({named} {self.disjunction} ({elsewhere} {self.conjunction} {self._compare(test, other)}))"

    def _compare(self, test: Test, bound: Value) -> str:
        name = test.name
        if test.comparison in _SIGNS:
            assert isinstance(bound, int | float)
            return f"{name} {_SIGNS[test.comparison]} {self.number(float(bound))}"
        words = bound if isinstance(bound, tuple) else (bound,)
        if name in _LISTS:
            found = f" {self.disjunction} ".join(self.has(_quote(word), name) for word in words)
        elif test.comparison == "is":
            return f"{name} == {self._literal(bound)}"
        else:
            found = self.has(name, "[" + ", ".join(map(_quote, words)) + "]")
        return f"{self.negation}({found})" if test.comparison == "none_of" else f"({found})"

    def _literal(self, bound: Value) -> str:
        if isinstance(bound, bool):
            return "true" if bound else "false"
        return self.number(float(bound)) if isinstance(bound, int | float) else _quote(bound)


def _quote(word: object) -> str:
    assert isinstance(word, str)
    assert "'" not in word
    return f"'{word}'"


ZEN = Dialect(conjunction="and", disjunction="or", negation="not ", has=lambda one, many: f"({one} in {many})")
CEL = Dialect(conjunction="&&", disjunction="||", negation="!", has=lambda one, many: f"({one} in {many})")


def as_json_logic(when: When) -> object:
    """The same as json-logic, which is data and has no infix operators."""
    ways: list[object] = [{"and": [_json_test(test) for test in tests] or [True]} for tests in when]
    return {"or": ways or [False]}


def _json_test(test: Test) -> object:
    if not test.by_region:
        return _json_compare(test, test.bound)
    table = dict(test.by_region)
    other = table.pop("other", test.bound)
    branches: list[object] = []
    for region, bound in table.items():
        branches += [{"==": [{"var": "region"}, region]}, _json_compare(test, bound)]
    return {"if": [*branches, _json_compare(test, other)]}


def _json_compare(test: Test, bound: Value) -> object:
    variable: Mapping[str, str] = {"var": test.name}
    if test.comparison in _SIGNS:
        return {_SIGNS[test.comparison]: [variable, bound]}
    words = bound if isinstance(bound, tuple) else (bound,)
    if test.name in _LISTS:
        found: object = {"or": [{"in": [word, variable]} for word in words]}
    elif test.comparison == "is":
        return {"==": [variable, bound]}
    else:
        found = {"in": [variable, list(words)]}
    return {"!": [found]} if test.comparison == "none_of" else found
