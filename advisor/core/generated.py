"""Writes all rules of one rulebook as the text of one Python function: nested branches, so that a comparison which
many rules share is made once. Knows no weight and no score.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from advisor.core.rank import only_warns
from advisor.core.rulebook import Rule, Rulebook, Signpost
from advisor.core.written import Text, Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """`judge(workload)` gives marks and points. A mark is a bit: one for each option that is excluded, above them one
    for each of `signposts` that speaks. Points are BASE and what the names in `given` are worth, each of which stands
    for rules that hold together. `tables` are the constants that are no literals."""

    source: str
    tables: Mapping[str, object]
    given: Mapping[str, tuple[Rule, ...]]
    signposts: tuple[Signpost, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """Where all these tests hold, marks are set or a rule gives its points."""

    tests: tuple[Text, ...]
    marks: int = 0
    giving: int = -1

    def needs(self, test: Text) -> bool:
        return any(each.implies(test) for each in self.tests)

    def forbids(self, test: Text) -> bool:
        return any(each.excludes(test) for each in self.tests)

    def without(self, is_sure: Callable[[Text], bool]) -> "_Line":
        return replace(self, tests=tuple(test for test in self.tests if not is_sure(test)))


def generate(rulebook: Rulebook) -> Generated:
    """The function's text; ValueError for what may not become code."""
    hard = [rule for rule in rulebook.constraints if not only_warns(rule, rulebook)]
    signposts = tuple(rule for rule in rulebook.signposts if rule.strength == "instead")
    writer, options = _Writer((*hard, *signposts, *rulebook.preferences)), tuple(rulebook.options)
    lines = [
        *(line for rule in hard for line in writer.mark(rule, _bits(options, rule.options))),
        *(line for place, rule in enumerate(signposts, len(options)) for line in writer.mark(rule, 1 << place)),
        *writer.give(rulebook.preferences),
    ]
    return writer.write(lines, rulebook.preferences, signposts)


def generate_held(rules: Sequence[Rule]) -> Generated:
    """A function of the same branches without marks: it puts together what the names in `given` stand for."""
    writer = _Writer(rules)
    return writer.write(list(writer.give(rules)), rules, (), start="points = []", end="tuple(points)")


def _bits(every: tuple[str, ...], some: tuple[str, ...]) -> int:
    return sum(1 << place for place, each in enumerate(every) if each in some)


class _Writer:
    """Rules on their way to be text."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.texts = Texts(rule.when for rule in rules)
        self.given: dict[tuple[int, ...], str] = {}

    def write(
        self,
        lines: Sequence[_Line],
        giving: Sequence[Rule],
        signposts: tuple[Signpost, ...],
        start: str = "marks, points = 0, BASE",
        end: str = "marks, points",
    ) -> Generated:
        """What is looked at more than once, then all the branches."""
        body = (start, *self.branch(lines, ""), f"return {end}")
        source = "def judge(workload):\n" + "".join(f"    {line}\n" for line in (*self.texts.read(), *body))
        given = {name: tuple(giving[number] for number in numbers) for numbers, name in self.given.items()}
        return Generated(source=source, tables=self.texts.tables, given=given, signposts=signposts)

    def mark(self, rule: Rule, marks: int) -> Iterator[_Line]:
        """Marks are set by any of a rule's alternatives."""
        return (_Line(tests=self.texts.write_all(tests), marks=marks) for tests in rule.when)

    def give(self, rules: Sequence[Rule]) -> Iterator[_Line]:
        """Points are given once, whichever alternative holds."""
        for number, rule in enumerate(rules):
            if rule.when:
                yield _Line(tests=self.texts.write_any(rule.when), giving=number)

    def branch(self, lines: Sequence[_Line], indent: str) -> Iterator[str]:
        """The test that most lines share comes first; those that need it go inside, those that forbid it beside it."""
        yield from self._effects([line for line in lines if not line.tests], indent)
        left = [line for line in lines if line.tests]
        while left:
            test = _most_shared(left)
            inside, beside, others = list[_Line](), list[_Line](), list[_Line]()
            for line in left:
                (inside if line.needs(test) else beside if line.forbids(test) else others).append(line)
            left = others
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
        numbers = tuple(line.giving for line in lines if line.giving >= 0)
        if numbers:
            yield f"{indent}points += {self.given.setdefault(numbers, f'POINTS_{len(self.given)}')}"


def _most_shared(lines: Sequence[_Line]) -> Text:
    """The test that most lines make, themselves or by a stricter one; of several the first."""
    made = Counter(test for line in lines for test in line.tests)
    about: dict[str, list[Text]] = {}
    for test in made:
        about.setdefault(test.name or test.text, []).append(test)
    shared = {
        test: sum(made[each] for each in group if each.implies(test)) for group in about.values() for test in group
    }
    return max(made, key=lambda test: shared[test])
