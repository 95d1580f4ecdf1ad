"""How far one option can be ahead of another anywhere in a box: sure points, open rules and cost, each at its worst.

An upper bound, never too low: rules that share an open question are bounded together, all others apart and added;
costs rise with the load (tested), so two corners bound them for each choice that they read.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from operator import itemgetter

from advisor.core.boxes import cells, restrict
from advisor.core.conditions import DEPENDS, YES, Truth, holds
from advisor.core.costs import NUMBERS, Costs
from advisor.core.domains import Choices, Domain, Interval, Members, known
from advisor.core.options import OPTIONS
from advisor.core.rank import COST, cost_points
from advisor.core.rulebook import Preference, Rulebook
from advisor.core.settled import Settled
from advisor.core.workload import Workload, vary

_MOST_CELLS = 24
_READ = {option: itemgetter(*model.numbers, *model.reads) for option, model in OPTIONS.items()}
_Open = tuple[Preference, int, tuple[str, ...]]  # rule, gain of the rival over the champion, open questions


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRange:
    """The least and most dollars of an option over a box, which bound nothing where a price may be missing, and the
    points that they make, which do."""

    low_usd: float
    high_usd: float
    may_be_partial: bool
    least: int
    most: int


@dataclass(slots=True)
class Leads:
    """One rulebook and weights; remembers cost ranges, which most boxes share."""

    rulebook: Rulebook
    weights: Mapping[str, int]
    costs: Costs
    _ranges: dict[tuple[object, ...], CostRange] = field(default_factory=dict)

    def largest(self, rival: str, champion: str, settled: Settled) -> int:
        """An upper bound of rival minus champion."""
        lead = settled.points[rival] - settled.points[champion]
        lead += self.cost(rival, settled.box).most - self.cost(champion, settled.box).least
        components = _components(self._open_rules(rival, champion, settled))
        return lead + sum(self._bound(component, settled.box) for component in components)

    def swings(self, rival: str, champion: str, settled: Settled) -> dict[str, int]:
        """For each open question how much of that bound's looseness it causes."""
        swings: dict[str, int] = {}
        for _, gain, on in self._open_rules(rival, champion, settled):
            for question in on:
                swings[question] = swings.get(question, 0) + abs(gain)
        for question, points in self._cost_swings(rival, champion, settled.box).items():
            swings[question] = swings.get(question, 0) + points
        return swings

    def least(self, option: str, settled: Settled) -> int:
        """What the option has for sure, open rules aside; only good to choose by."""
        return settled.points[option] + self.cost(option, settled.box).least

    def cost(self, option: str, box: Workload) -> CostRange:
        """The range of its cost over the box."""
        key = option, _READ[option](box.domains)
        found = self._ranges.get(key)
        if found is None:
            found = self._ranges[key] = self._measure(option, box)
        return found

    def _measure(self, option: str, box: Workload) -> CostRange:
        bills = [self.costs.monthly_usd(option, each) for each in _corners(option, box)]
        weight = self.weights[COST]
        points = [cost_points(usd, is_partial, self.rulebook) for usd, is_partial in bills]
        points.extend(cost_points(usd, False, self.rulebook) for usd, _ in bills)
        return CostRange(
            low_usd=min(usd for usd, _ in bills),
            high_usd=max(usd for usd, _ in bills),
            may_be_partial=any(is_partial for _, is_partial in bills),
            least=min(points) * weight,
            most=max(points) * weight,
        )

    def _cost_swings(self, rival: str, champion: str, box: Workload) -> dict[str, int]:
        """How many points of the bound each open question costs.

        For a number, what the corners lose when it alone moves to its other end; for a choice, the width it adds.
        """
        light, heavy = box.lightest, box.heaviest
        swings: dict[str, int] = {}
        for name in widest(box):
            above = self._points(champion, vary(heavy, **{name: getattr(light, name)}))
            below = self._points(rival, vary(light, **{name: getattr(heavy, name)}))
            swings[name] = above - self._points(champion, heavy) + self._points(rival, light) - below
        for option in (rival, champion):
            for name, points in self._choice_swings(option, box).items():
                swings[name] = swings.get(name, 0) + points
        return swings

    def _points(self, option: str, workload: Workload) -> int:
        return cost_points(*self.costs.monthly_usd(option, workload), self.rulebook) * self.weights[COST]

    def _choice_swings(self, option: str, box: Workload) -> dict[str, int]:
        choices = [name for name in OPTIONS[option].reads if not box.domains[name].is_known]
        if not choices:
            return {}
        whole = self.cost(option, box)
        fixed = self.cost(option, restrict(box, {name: known(getattr(box, name)) for name in choices}))
        return dict.fromkeys(choices, whole.most - whole.least - fixed.most + fixed.least)

    def _open_rules(self, rival: str, champion: str, settled: Settled) -> list[_Open]:
        found: list[_Open] = []
        for rule, truth in settled.preferences:
            points = dict(rule.points)
            gain = (points.get(rival, 0) - points.get(champion, 0)) * self.weights[rule.criterion]
            if gain:
                found.append((rule, gain, truth.on))
        return found

    def _bound(self, component: list[_Open], box: Workload) -> int:
        """The largest sum that rules sharing open questions can reach together."""
        alone = sum(max(0, gain) for _, gain, _ in component)
        if len(component) == 1 or not alone:
            return alone
        names = sorted({name for _, _, on in component for name in on})
        parts = [list(cells(name, box, self.rulebook)) for name in names]
        if math.prod(len(each) for each in parts) > _MOST_CELLS:
            return alone
        sums = []
        for combination in product(*parts):
            cell = restrict(box, dict(zip(names, combination, strict=True)))
            sums.append(sum(_at_most(holds(rule.when, cell), gain) for rule, gain, _ in component))
        return min(alone, max(sums))


def widest(box: Workload) -> tuple[str, ...]:
    """Open numbers that a bill reads, the widest first (in decades)."""
    spans = [
        (math.log10(domain.high / max(domain.low, domain.high * 1e-6, 1e-9)), name)
        for name in NUMBERS
        if isinstance(domain := box.domains[name], Interval) and not domain.is_known and domain.high > 0
    ]
    return tuple(name for _, name in sorted(spans, reverse=True))


def _corners(option: str, box: Workload) -> Iterator[Workload]:
    """The lightest and the heaviest workload, for each combination of the open choices that the cost reads."""
    choices = [name for name in OPTIONS[option].reads if not box.domains[name].is_known]
    ends = (box.lightest, box.heaviest)
    if not choices:
        yield from ends  # themselves, since what one bill works out of them the next one asks for
    for combination in product(*(_values(box.domains[name]) for name in choices)) if choices else ():
        for end in ends:
            yield restrict(end, dict(zip(choices, combination, strict=True)))


def _values(domain: Domain) -> tuple[Domain, ...]:
    """Each choice; of a list nothing and everything, since a bill looks for one word only (tested)."""
    match domain:
        case Choices(values=values):
            return tuple(Choices(values=(value,)) for value in values)
        case Members(all_of=all_of, maybe=maybe):
            return tuple(dict.fromkeys((Members(all_of=all_of), Members(all_of=(*all_of, *maybe)))))
        case _:
            return (domain,)


def _at_most(truth: Truth, gain: int) -> int:
    if truth.answer == DEPENDS:
        return max(0, gain)
    return gain if truth.answer == YES else 0


def _components(rules: list[_Open]) -> list[list[_Open]]:
    """Rules that share an open question belong together."""
    groups: list[tuple[set[str], list[_Open]]] = []
    for rule in rules:
        names, members = set(rule[2]), [rule]
        for group in [each for each in groups if each[0] & names]:
            groups.remove(group)
            names |= group[0]
            members = [*group[1], *members]
        groups.append((names, members))
    return [members for _, members in groups]
