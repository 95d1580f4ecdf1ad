"""How far one option can be ahead of another anywhere in a box: sure points, open rules and cost, each at its worst.

An upper bound, never too low: rules that share an open question are bounded together, all others apart and added.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product

from advisor.core.boxes import cells, restrict
from advisor.core.conditions import DEPENDS, YES, Truth, holds
from advisor.core.costs import Costs
from advisor.core.ranges import CostRanges
from advisor.core.rulebook import Preference, Rulebook
from advisor.core.settled import Settled
from advisor.core.workload import Workload

_MOST_CELLS = 24
_Open = tuple[Preference, int, tuple[str, ...]]  # rule, gain of the rival over the champion, open questions


@dataclass(slots=True)
class Leads:
    """One rulebook and weights."""

    rulebook: Rulebook
    weights: Mapping[str, int]
    costs: Costs
    ranges: CostRanges = field(init=False)

    def __post_init__(self) -> None:
        self.ranges = CostRanges(self.rulebook, self.weights, self.costs)

    def is_behind(self, rival: str, champion: str, settled: Settled) -> bool:
        """Whether the rival is surely behind, by more than the tie margin.

        Where a number keeps the bound from telling, bills alone may tell in parts of the box: since no rule is asked
        again for those, that is tried before the box itself is split.
        """
        box = settled.box
        over = self.largest(rival, champion, settled) + self.rulebook.tie_margin
        if over < 0:
            return True
        if over >= max(self.ranges.swings(rival, champion, box).values(), default=0):
            return False
        return self.ranges.keep_below(self.ranges.lead(rival, champion, box) - over, rival, champion, box)

    def largest(self, rival: str, champion: str, settled: Settled) -> int:
        """An upper bound of rival minus champion."""
        lead = settled.points[rival] - settled.points[champion] + self.ranges.lead(rival, champion, settled.box)
        components = _components(self._open_rules(rival, champion, settled))
        return lead + sum(self._bound(component, settled.box) for component in components)

    def swings(self, rival: str, champion: str, settled: Settled) -> dict[str, int]:
        """For each open question how much of that bound's looseness it causes."""
        swings: dict[str, int] = {}
        for _, gain, on in self._open_rules(rival, champion, settled):
            for question in on:
                swings[question] = swings.get(question, 0) + abs(gain)
        for found in (
            *(self.ranges.choice_swings(option, settled.box) for option in (rival, champion)),
            self.ranges.swings(rival, champion, settled.box),
        ):
            for question, points in found.items():
                swings[question] = swings.get(question, 0) + points
        return swings

    def least(self, option: str, settled: Settled) -> int:
        """What the option has for sure, open rules aside; only good to choose by."""
        return settled.points[option] + self.ranges.of(option, settled.box).least

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
