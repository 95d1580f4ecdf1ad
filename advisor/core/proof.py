"""The proof of `decided`: for every completion of the open questions the same group of options is ahead.

Interval bounds over boxes of domains, split where they do not settle it, up to MOST_BOXES; what stays unresolved is
never called decided. Sound because derived quantities and costs rise with the load (tested), so corners bound them.
"""

import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import product
from types import MappingProxyType

from advisor.core.assume import bounded
from advisor.core.conditions import DEPENDS, NO, YES, Truth, holds
from advisor.core.costs import Costs
from advisor.core.domains import Choices, Domain, Interval, Members
from advisor.core.options import OPTIONS
from advisor.core.probes import thresholds
from advisor.core.rank import COST, cost_points, only_warns
from advisor.core.recommendation import NEITHER, NONE
from advisor.core.rulebook import Preference, Question, Rulebook
from advisor.core.workload import Workload, corner, narrow

MOST_BOXES = 300
_MOST_CELLS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Everywhere some option of `group` beats every option outside it by more than `tie_margin`, or the outcome is
    neither or none everywhere."""

    outcome: str
    group: frozenset[str]


@dataclass(slots=True)
class Prover:
    """One rulebook and weights; remembers costs, which most boxes share."""

    rulebook: Rulebook
    weights: Mapping[str, int]
    costs: Costs
    _costs: dict[tuple[object, ...], tuple[int, int]] = field(default_factory=dict)

    def proves(self, claim: Claim, workload: Workload) -> bool:
        """True only if the claim holds over the whole of the workload's domains."""
        boxes, tried = deque([workload]), 0
        while boxes:
            tried += 1
            box = boxes.popleft()
            doubt = self._doubt(claim, box)
            if doubt is None:
                continue
            parts = list(split(box, doubt, self.rulebook)) if doubt else []
            if not parts or tried + len(boxes) + len(parts) > MOST_BOXES:
                return False
            boxes.extend(parts)
        return True

    def _doubt(self, claim: Claim, box: Workload) -> str | None:
        """None where the claim is proved; else the question to split on, or "" where splitting cannot help."""
        elsewhere = [holds(rule.when, box) for rule in self.rulebook.signposts if rule.strength == "instead"]
        if any(truth.answer == YES for truth in elsewhere):
            return None if claim.outcome == NEITHER else ""
        open_signposts = [truth for truth in elsewhere if truth.answer == DEPENDS]
        if open_signposts or claim.outcome == NEITHER:
            return _pick(open_signposts)
        excluded = self._excluded(box)
        if claim.outcome == NONE:
            return _pick(truth for truth in excluded.values() if truth.answer != YES)
        champion = self._champion(claim, excluded, box)
        if champion is None:
            return _pick(truth for option, truth in excluded.items() if option in claim.group)
        return self._rivals(claim, champion, excluded, box)

    def _excluded(self, box: Workload) -> dict[str, Truth]:
        """For each option whether a hard limit excludes it: the strongest word of all its constraints."""
        found = {option: [self._over_budget(option, box)] for option in self.rulebook.options}
        for rule in self.rulebook.constraints:
            if not only_warns(rule, self.rulebook):
                truth = holds(rule.when, box)
                for option in rule.options:
                    found[option].append(truth)
        return {option: _strongest(truths) for option, truths in found.items()}

    def _over_budget(self, option: str, box: Workload) -> Truth:
        budget = box.domains["budget_usd_per_month"]
        assert isinstance(budget, Interval)
        if budget.low >= self.rulebook.cost_scale_usd.high and budget.is_known:
            return Truth(answer=NO)
        usd = [self.costs.monthly_usd(option, each)[0] for each in self._corners(option, box)]
        if min(usd) > budget.high:
            return Truth(answer=YES)
        if max(usd) <= budget.low:
            return Truth(answer=NO)
        return Truth(answer=DEPENDS, on=("budget_usd_per_month",) if not budget.is_known else _widest(box))

    def _champion(self, claim: Claim, excluded: Mapping[str, Truth], box: Workload) -> str | None:
        """The option of the group with the best guaranteed score among those surely kept."""
        kept = [option for option in sorted(claim.group) if excluded[option].answer == NO]
        return max(kept, key=lambda option: self._least(option, box), default=None)

    def _least(self, option: str, box: Workload) -> int:
        points = sum(
            dict(rule.points).get(option, 0) * self.weights[rule.criterion]
            for rule in self.rulebook.preferences
            if holds(rule.when, box).answer == YES
        )
        return points + self._cost_range(option, box)[0]

    def _rivals(self, claim: Claim, champion: str, excluded: Mapping[str, Truth], box: Workload) -> str | None:
        for rival, truth in excluded.items():
            if rival in claim.group or truth.answer == YES:
                continue
            lead, doubt = self._largest_lead(rival, champion, box)
            if lead >= -self.rulebook.tie_margin:
                return doubt or _pick([truth])
        return None

    def _largest_lead(self, rival: str, champion: str, box: Workload) -> tuple[int, str]:
        """An upper bound of rival minus champion over the box, and the question behind most of its width."""
        lead, swings = 0, dict[str, int]()
        open_rules: list[tuple[Preference, int, tuple[str, ...]]] = []
        for rule in self.rulebook.preferences:
            points = dict(rule.points)
            gain = (points.get(rival, 0) - points.get(champion, 0)) * self.weights[rule.criterion]
            if not gain:
                continue
            truth = holds(rule.when, box)
            if truth.answer == YES:
                lead += gain
            elif truth.answer == DEPENDS:
                open_rules.append((rule, gain, truth.on))
        for component in _components(open_rules):
            bound = self._bound(component, box)
            lead += bound
            for _, gain, on in component:
                for question in on:
                    swings[question] = swings.get(question, 0) + abs(gain)
        return self._with_cost(rival, champion, box, lead, swings)

    def _with_cost(
        self, rival: str, champion: str, box: Workload, lead: int, swings: dict[str, int]
    ) -> tuple[int, str]:
        theirs, ours = self._cost_range(rival, box), self._cost_range(champion, box)
        lead += theirs[1] - ours[0]
        for question in _widest(box)[:1]:
            swings[question] = swings.get(question, 0) + theirs[1] - theirs[0] + ours[1] - ours[0]
        return lead, max(sorted(swings), key=lambda question: swings[question], default="")

    def _bound(self, component: list[tuple[Preference, int, tuple[str, ...]]], box: Workload) -> int:
        """The largest sum that rules sharing open questions can reach together."""
        alone = sum(max(0, gain) for _, gain, _ in component)
        names = sorted({name for _, _, on in component for name in on})
        cells = [list(_cells(name, box, self.rulebook)) for name in names]
        if math.prod(len(each) for each in cells) > _MOST_CELLS or len(component) == 1:
            return alone
        best = -math.inf
        for combination in product(*cells):
            cell = _restrict(box, dict(zip(names, combination, strict=True)))
            best = max(best, sum(_optimistic(holds(rule.when, cell), gain) for rule, gain, _ in component))
        return min(alone, int(best))

    def _cost_range(self, option: str, box: Workload) -> tuple[int, int]:
        """Least and most contribution of the cost over the box."""
        reads = OPTIONS[option].reads
        key = (option, *(box.domains[name] for name in (*_numeric(box), *reads)))
        found = self._costs.get(key)
        if found is None:
            costs = [self.costs.monthly_usd(option, each) for each in self._corners(option, box)]
            points = [cost_points(usd, False, self.rulebook) for usd, _ in costs]
            if any(partial for _, partial in costs):
                points.append(cost_points(0.0, True, self.rulebook))
            weight = self.weights[COST]
            found = self._costs[key] = (min(points) * weight, max(points) * weight)
        return found

    def _corners(self, option: str, box: Workload) -> Iterator[Workload]:
        """The lightest and the heaviest workload, for each combination of the choices that the cost reads."""
        reads = [name for name in OPTIONS[option].reads if not box.domains[name].is_known]
        light, heavy = corner(box, heavy=False), corner(box, heavy=True)
        for combination in product(*(list(_cells(name, box, self.rulebook)) for name in reads)):
            for end in (light, heavy):
                yield _restrict(end, dict(zip(reads, combination, strict=True)), assume=True)


def split(box: Workload, name: str, rulebook: Rulebook) -> Iterator[Workload]:
    """The box in parts along one question: each choice, each half of an interval, a word in or out of a list."""
    for domain in _parts(name, box, rulebook):
        yield tighten(narrow(box, name, domain, getattr(box, name)), rulebook.questions)


def tighten(box: Workload, questions: Mapping[str, Question]) -> Workload:
    """Unanswered domains cut to what the narrowed ones leave possible (a peak is no smaller than the average)."""
    domains = dict(box.domains)
    for question in questions.values():
        domain = domains[question.id]
        if isinstance(domain, Interval) and not domain.is_known and box.grades[question.id] == "assumed":
            within = question.within
            if within is not None:
                of, over = domains[within.of], domains[within.over] if within.over else None
                assert isinstance(of, Interval)
                low = within.low * of.low / (over.high if isinstance(over, Interval) else 1.0)
                domain = domain.meet(Interval(low=low, high=within.high * of.high)) or domain
            others = {name: each for name, each in domains.items() if name != question.id}
            domains[question.id] = bounded(question, others, domain)
    return replace(box, domains=MappingProxyType(domains))


def _parts(name: str, box: Workload, rulebook: Rulebook) -> Iterator[Domain]:
    domain = box.domains[name]
    match domain:
        case Choices(values=values):
            yield from (Choices(values=(value,)) for value in values)
        case Members(all_of=all_of, maybe=maybe) if maybe:
            yield Members(all_of=(*all_of, maybe[0]), maybe=maybe[1:])
            yield Members(all_of=all_of, maybe=maybe[1:])
        case Interval(low=low, high=high) if low < high:
            cut = _cut(name, domain, box, rulebook)
            whole = rulebook.questions[name].kind == "integer"
            yield Interval(low=low, high=math.floor(cut) if whole else cut)
            yield Interval(low=math.floor(cut) + 1 if whole else cut, high=high)


def _cut(name: str, domain: Interval, box: Workload, rulebook: Rulebook) -> float:
    """The threshold nearest the geometric middle, else the middle."""
    low, high = domain.low, domain.high
    middle = math.sqrt(low * high) if low > 0 else min(math.sqrt(high), high / 2)
    inside = [each for each in thresholds(name, box, rulebook) if low < each < high]
    return min(inside, key=lambda each: abs(math.log(each / middle))) if inside and middle > 0 else middle


def _cells(name: str, box: Workload, rulebook: Rulebook) -> Iterator[Domain]:
    domain = box.domains[name]
    match domain:
        case Choices(values=values):
            yield from (Choices(values=(value,)) for value in values)
        case Interval(low=low, high=high) if low < high:
            marks = sorted(each for each in thresholds(name, box, rulebook) if low < each < high)
            ends = (low, *marks, high)
            yield from (Interval(low=one, high=other) for one, other in zip(ends, ends[1:], strict=False))
            yield from (Interval(low=mark, high=mark) for mark in marks)
        case _:
            yield domain


def _restrict(box: Workload, domains: Mapping[str, Domain], *, assume: bool = False) -> Workload:
    values: dict[str, object] = {}
    if assume:
        values = {name: d.values[0] for name, d in domains.items() if isinstance(d, Choices)}
    merged = MappingProxyType({**box.domains, **domains})
    return replace(box, domains=merged, **values)  # type: ignore[arg-type]


def _optimistic(truth: Truth, gain: int) -> int:
    if truth.answer == DEPENDS:
        return max(0, gain)
    return gain if truth.answer == YES else 0


def _components(
    rules: list[tuple[Preference, int, tuple[str, ...]]],
) -> Iterable[list[tuple[Preference, int, tuple[str, ...]]]]:
    """Rules that share an open question belong together; the others are bounded apart and added."""
    groups: list[tuple[set[str], list[tuple[Preference, int, tuple[str, ...]]]]] = []
    for rule in rules:
        names, members = set(rule[2]), [rule]
        for group in [each for each in groups if each[0] & names]:
            groups.remove(group)
            names |= group[0]
            members = [*group[1], *members]
        groups.append((names, members))
    return [members for _, members in groups]


def _strongest(truths: list[Truth]) -> Truth:
    for answer in (YES, DEPENDS):
        found = [truth for truth in truths if truth.answer == answer]
        if found:
            return Truth(answer=answer, on=tuple(dict.fromkeys(name for truth in found for name in truth.on)))
    return Truth(answer=NO)


def _pick(truths: Iterable[Truth]) -> str:
    return next((truth.on[0] for truth in truths if truth.on), "")


def _numeric(box: Workload) -> list[str]:
    return [name for name, domain in box.domains.items() if isinstance(domain, Interval)]


def _widest(box: Workload) -> tuple[str, ...]:
    """Open numeric questions, the widest first (in decades)."""
    spans = [
        (math.log10(domain.high / max(domain.low, domain.high * 1e-6, 1e-9)), name)
        for name, domain in box.domains.items()
        if isinstance(domain, Interval) and not domain.is_known and domain.high > 0
    ]
    return tuple(name for _, name in sorted(spans, reverse=True))
