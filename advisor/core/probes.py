"""What-ifs: the ranking had one question been answered otherwise; flips, next question and sweeps are made of them.
Knows ranking, not reasons."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from advisor.core.assume import ASSUMED, restate
from advisor.core.compiled import Winner
from advisor.core.conditions import bound_at, compare
from advisor.core.costs import Costs
from advisor.core.domains import Choices, Interval, Members, Value, known
from advisor.core.index import Index, index_rules
from advisor.core.questions import Question
from advisor.core.rank import Ranking
from advisor.core.rankings import Rankings
from advisor.core.reaching import answer_for
from advisor.core.rulebook import Rulebook, Test
from advisor.core.workload import Workload, vary

_TINY = 1e-3
_NEAR = 1e-9
Answers = tuple[tuple[str, Value], ...]


@dataclass(slots=True)
class Lab:
    """Ranks what-ifs of one workload, each once: its memory saves time and changes nothing."""

    workload: Workload
    rulebook: Rulebook
    weights: Mapping[str, int]
    costs: Costs
    _seen: dict[Answers, Workload] = field(default_factory=dict)
    _won: dict[Answers, Winner] = field(default_factory=dict)
    _index: Index = field(init=False)
    _rankings: Rankings = field(init=False)

    def __post_init__(self) -> None:
        self._index = index_rules(self.rulebook)
        self._rankings = Rankings(self.rulebook, self.weights, self.costs)

    def rank(self) -> Ranking:
        """The ranking at the answers as they are."""
        return self._rankings.of(self.workload)

    def try_answers(self, *answers: tuple[str, Value]) -> Ranking:
        """The ranking had these questions been answered so; what is assumed follows."""
        return self._rankings.of(self._restate(answers))

    def try_winner(self, *answers: tuple[str, Value]) -> Winner:
        """Who wins then, for fewer bills. Where nothing follows these questions, nobody asks for their domains."""
        found = self._won.get(answers)
        if found is None:
            is_light = all(len(self._index.followers[name]) == 1 for name, _ in answers)
            workload = vary(self.workload, **dict(answers)) if is_light else self._restate(answers)
            found = self._won[answers] = self._rankings.winner_of(workload)
        return found

    def _restate(self, answers: Answers) -> Workload:
        """The workload that these answers make of this one."""
        workload = self._seen.get(answers)
        if workload is None:
            workload = self.workload
            for name, value in answers:
                workload = restate(workload, self.rulebook, name, known(value))
            self._seen[answers] = workload
        return workload

    def values(self, question: Question, *, inside: bool) -> tuple[Value, ...]:
        """The question's telling values, in order; `inside` keeps to its domain, else to what is accepted at all."""
        if question.id not in self._index.deciding and len(self._index.followers[question.id]) == 1:
            return (getattr(self.workload, question.id),)
        return cell_values(question, self.workload, self.rulebook, inside=inside)

    def moves_others(self, question: Question) -> bool:
        """Whether something that is assumed follows this question."""
        followers, grades = self._index.followers[question.id], self.workload.grades
        return any(grades[each.id] == ASSUMED for each in followers if each is not question)


def cell_values(question: Question, workload: Workload, rulebook: Rulebook, *, inside: bool) -> tuple[Value, ...]:
    """Values that stand for every cell between the thresholds of the rules that read this question."""
    domain = workload.domains[question.id]
    match domain:
        case Choices(values=values):
            everything = tuple(choice.id for choice in question.choices) or (True, False)
            return values if inside else everything
        case Members(all_of=all_of, maybe=maybe):
            words = index_rules(rulebook).words[question.id]
            more = [word for word in (maybe if inside else sorted(words)) if word not in all_of and word in words]
            fewer = [] if inside else [tuple(each for each in all_of if each != word) for word in all_of]
            return (all_of, *(tuple(sorted((*all_of, word))) for word in more), *fewer)
        case Interval():
            span = domain if inside else _accepted(question, workload, rulebook)
            return _numbers(question, span, workload, rulebook)


def _accepted(question: Question, workload: Workload, rulebook: Rulebook) -> Interval:
    """What could be answered: the bounds, cut by the stated answers that this one may not be below or above."""
    bounds, index = question.bounds or Interval(low=0, high=math.inf), index_rules(rulebook)
    low, high = (
        [float(getattr(workload, name)) for name in names if workload.grades[name] != ASSUMED]
        for names in (index.below[question.id], index.above[question.id])
    )
    least = max([bounds.low, *low])
    return Interval(low=least, high=max(least, min([bounds.high, *high])))


def _numbers(question: Question, span: Interval, workload: Workload, rulebook: Rulebook) -> tuple[Value, ...]:
    """A logarithmic grid over the span, its ends, and both sides of each threshold inside it."""
    found = {span.low, span.high, float(getattr(workload, question.id)), *_grid(span)}
    for test in index_rules(rulebook).tests[question.id]:
        found.update(_sides(question, test, workload) or ())
    return tuple(sorted(_within(question, span, found)))


def walk(question: Question, workload: Workload, rulebook: Rulebook) -> Iterator[tuple[tuple[float, float], ...]]:
    """The steps of a walk down from the present answer, then of one up: where a comparison turns, both sides of it, the
    nearer first; the last that is accepted; and a grid where a bill may turn the outcome. None where nobody could give
    the present answer, which was assumed, beside what is stated."""
    span, value = _accepted(question, workload, rulebook), float(getattr(workload, question.id))
    index = index_rules(rulebook)
    if not span.holds(value):
        return
    grid = tuple(_grid(span)) if question.id in index.gliding else ()
    turns = [sides for test in index.tests[question.id] if (sides := _sides(question, test, workload))]
    down = {far: far for far in _within(question, span, {span.low, *grid})} | dict(turns)
    yield tuple((min(down[far], value), far) for far in sorted(down, reverse=True) if far < value and span.holds(far))
    up = {far: far for far in _within(question, span, {span.high, *grid})} | {high: low for low, high in turns}
    yield tuple((max(up[far], value), far) for far in sorted(up) if far > value and span.holds(far))


def _sides(question: Question, test: Test, workload: Workload) -> tuple[float, float] | None:
    """The last value on one side of where the comparison turns, and the first on the other."""
    bound = bound_at(test, workload.region)
    if isinstance(bound, bool) or not isinstance(bound, int | float):
        return None
    turns = bound if test.name == question.id else answer_for(question.id, test.name, bound, workload)
    if turns is None or not math.isfinite(turns):
        return None
    if question.kind == "integer":
        turns = float(math.floor(turns))
    elif test.name != question.id:
        turns = float(f"{turns:.6g}")
    step = _step(question, turns)

    def passes(value: float) -> bool:
        tried = value if test.name == question.id else getattr(vary(workload, **{question.id: value}), test.name)
        return compare(test.comparison, tried, bound)

    before = turns - step
    return (before, turns) if before > 0 and passes(before) != passes(turns) else (turns, turns + step)


def _step(question: Question, value: float) -> float:
    return 1.0 if question.kind == "integer" else max(abs(value) * 1e-6, _NEAR)


def _within(question: Question, span: Interval, values: set[float]) -> set[float]:
    found = {float(round(value)) for value in values} if question.kind == "integer" else values
    return {value for value in found if span.holds(value)}


def _grid(span: Interval) -> Iterator[float]:
    start = max(span.low, _TINY)
    decades = math.log10(max(1.0, span.high / start))
    for step in range(1, round(decades)):
        yield float(f"{start * 10 ** (decades * step / round(decades)):.3g}")
