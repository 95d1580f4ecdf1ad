"""What options cost over a box, at least and at most, and how far that puts one ahead of another.

Costs rise with the load (tested), so two corners bound them for each choice that they read. Knows no rule.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product
from operator import itemgetter

from advisor.core.boxes import halve, restrict
from advisor.core.costs import NUMBERS, Costs
from advisor.core.domains import Choices, Domain, Interval, Members, known
from advisor.core.options import OPTIONS, priced_usd
from advisor.core.pricing import ELSEWHERE, PRICED
from advisor.core.rank import COST, cost_points
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload, vary

_MOST_PARTS, _MOST_IN_ALL = 100, 700  # of one box, and of all boxes of an answer
_READ = {option: itemgetter(*model.numbers, *model.reads) for option, model in OPTIONS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class CostRange:
    """The least and most dollars of an option over a box, and the points that they make. The most dollars bound
    nothing where a price may be missing."""

    low_usd: float
    high_usd: float
    may_be_partial: bool
    least: int
    most: int


@dataclass(slots=True)
class CostRanges:
    """One rulebook and weights; remembers the ranges, which most boxes share."""

    rulebook: Rulebook
    weights: Mapping[str, int]
    costs: Costs
    _found: dict[tuple[object, ...], CostRange] = field(default_factory=dict)
    _tried: int = 0

    def of(self, option: str, box: Workload) -> CostRange:
        """The range of its cost over the box."""
        key = option, _READ[option](box.domains)
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = self._measure(option, box)
        return found

    def lead(self, rival: str, champion: str, box: Workload) -> int:
        """An upper bound of how many points the rival's cost has more than the champion's."""
        return self.of(rival, box).most - self.of(champion, box).least

    def keep_below(self, bound: int, rival: str, champion: str, box: Workload) -> bool:
        """Whether that is surely less than `bound`, judged in parts of the box: two costs that follow a number
        together, a batch's size say, bound nothing over all of it and much in each part."""
        waiting, most = [box], min(self._tried + _MOST_PARTS, _MOST_IN_ALL)
        while waiting:
            if self._tried >= most:
                return False
            part = waiting.pop()
            self._tried += 1
            if self.lead(rival, champion, part) < bound:
                continue
            ends = (part.lightest, part.heaviest)
            if any(self._points(rival, end) - self._points(champion, end) >= bound for end in ends):
                return False
            parts = self._cut(rival, champion, part)
            if not parts:
                return False
            waiting.extend(parts)
        return True

    def _cut(self, rival: str, champion: str, box: Workload) -> list[Workload]:
        """The box in two, along the number that costs the bound most; nothing where none does."""
        swings = self.swings(rival, champion, box)
        name = max(sorted(swings), key=lambda number: swings[number], default="")
        domain = box.domains[name] if name and swings[name] else None
        halves = halve(domain, self.rulebook.questions[name]) if isinstance(domain, Interval) else ()
        return [restrict(box, {name: half}) for half in halves]

    def swings(self, rival: str, champion: str, box: Workload) -> dict[str, int]:
        """How many points of the bound each open number costs: what the corners lose when it alone moves to its other
        end."""
        light, heavy = box.lightest, box.heaviest
        above, below = self._points(champion, heavy), self._points(rival, light)
        swings: dict[str, int] = {}
        for name in widest(box):
            if name in OPTIONS[champion].numbers:
                moved = vary(heavy, **{name: getattr(light, name)})
                swings[name] = self._points(champion, moved) - above
            if name in OPTIONS[rival].numbers:
                moved = vary(light, **{name: getattr(heavy, name)})
                swings[name] = swings.get(name, 0) + below - self._points(rival, moved)
        return swings

    def choice_swings(self, option: str, box: Workload) -> dict[str, int]:
        """The same for the choices that its bill reads: the width that they add."""
        choices = [name for name in OPTIONS[option].reads if not box.domains[name].is_known]
        if not choices:
            return {}
        whole = self.of(option, box)
        fixed = self.of(option, restrict(box, {name: known(getattr(box, name)) for name in choices}))
        return dict.fromkeys(choices, whole.most - whole.least - fixed.most + fixed.least)

    def _measure(self, option: str, box: Workload) -> CostRange:
        corners, weight = list(_corners(option, box)), self.weights[COST]
        bills = [self.costs.monthly_usd(option, each) for each in corners]
        has_gap = any(found != PRICED for _, found in bills)
        may_be = [usd for usd, _ in bills]
        if has_gap:  # what it really costs is anything from the part that is priced here
            may_be.extend(priced_usd(option, each, self.rulebook.facts) for each in corners)
            may_be.append(math.inf)
        points = [cost_points(usd, self.rulebook) for usd in may_be]
        return CostRange(
            low_usd=min(0.0 if found == ELSEWHERE else usd for usd, found in bills),
            high_usd=max(usd for usd, _ in bills),
            may_be_partial=has_gap,
            least=min(points) * weight,
            most=max(points) * weight,
        )

    def _points(self, option: str, workload: Workload) -> int:
        return cost_points(self.costs.monthly_usd(option, workload)[0], self.rulebook) * self.weights[COST]


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
