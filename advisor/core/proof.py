"""The proof of `decided`: for every completion of the open questions the same group of options is ahead.

Bounds over boxes of domains, split where they do not settle it, up to MOST_BOXES; what stays unresolved is never
called decided. Sound because derived quantities and costs rise with the load (tested), so corners bound them.
"""

import math
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from advisor.core.boxes import split
from advisor.core.conditions import DEPENDS, Truth
from advisor.core.costs import Costs
from advisor.core.domains import Choices, Interval
from advisor.core.leads import Leads
from advisor.core.options import compared_in
from advisor.core.ranges import widest
from advisor.core.rank import has_no_budget
from advisor.core.rankings import Rankings
from advisor.core.recommendation import NEITHER, NONE
from advisor.core.rulebook import Rulebook
from advisor.core.settled import Settled, settle_all, settle_part
from advisor.core.workload import Workload

MOST_BOXES = 300
_CHAMPIONS = 2  # how many of its own options a group sets against each rival


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Everywhere some option of `group` beats every option outside it by more than `tie_margin`, or the outcome is
    neither or none everywhere."""

    outcome: str
    group: frozenset[str]


@dataclass(slots=True)
class Prover:
    """One rulebook and weights. `boxes` counts the work of the last proof."""

    rulebook: Rulebook
    weights: Mapping[str, int]
    costs: Costs
    boxes: int = 0
    _leads: Leads = field(init=False)
    _rankings: Rankings = field(init=False)

    def __post_init__(self) -> None:
        self._leads = Leads(self.rulebook, self.weights, self.costs)
        self._rankings = Rankings(self.rulebook, self.weights, self.costs)

    def proves(self, claim: Claim, workload: Workload) -> bool:
        """True only if the claim holds over the whole of the workload's domains."""
        waiting = deque([settle_all(workload, self.rulebook, self.weights)])
        self.boxes = 0
        while waiting:
            self.boxes += 1
            settled = waiting.popleft()
            doubt = self._doubt(claim, settled)
            if doubt is None:
                continue
            if self._is_refuted(claim, settled.box):
                return False
            parts = list(split(settled.box, doubt, self.rulebook)) if doubt else []
            if not parts or self.boxes + len(waiting) + len(parts) > MOST_BOXES:
                return False
            waiting.extend(settle_part(part, settled, self.weights) for part in parts)
        return True

    def _is_refuted(self, claim: Claim, box: Workload) -> bool:
        """Whether the box's own assumed values, or its lightest or heaviest load, already speak against the claim."""
        points = (box, box.lightest, box.heaviest)
        return any(self._is_false(claim, point) for point in points)

    def _is_false(self, claim: Claim, point: Workload) -> bool:
        now = self._rankings.of(point)
        if now.outcome != claim.outcome or not now.scores or not now.option:
            return now.outcome != claim.outcome
        inside = max((score for option, score in now.scores.items() if option in claim.group), default=-math.inf)
        outside = max((score for option, score in now.scores.items() if option not in claim.group), default=-math.inf)
        return inside - outside <= self.rulebook.tie_margin

    def _doubt(self, claim: Claim, settled: Settled) -> str | None:
        """None where the claim is proved; else the question to split on, or "" where splitting cannot help."""
        if settled.is_elsewhere:
            return None if claim.outcome == NEITHER else ""
        if settled.signposts or claim.outcome == NEITHER:
            return _pick(truth for _, truth in settled.signposts)
        left = {option: self._limit(option, settled) for option in self._left(settled)}
        if claim.outcome == NONE:
            return _pick(truth for truth in left.values() if truth) if left else None
        kept = [option for option in sorted(claim.group) if option in left and left[option] is None]
        if not kept:
            return _pick(truth for option, truth in left.items() if option in claim.group and truth)
        kept.sort(key=lambda option: -self._leads.least(option, settled))
        return self._rivals([option for option in left if option not in claim.group], kept, left, settled)

    def _left(self, settled: Settled) -> Iterable[str]:
        """Options that no hard limit and no budget surely rules out."""
        for option in self.rulebook.options:
            if option not in settled.excluded and not self._is_too_dear(option, settled.box):
                yield option

    def _limit(self, option: str, settled: Settled) -> Truth | None:
        """What decides whether the option is excluded; None where nothing does."""
        return settled.doubt_about(option) or self._budget_doubt(option, settled.box)

    def _is_too_dear(self, option: str, box: Workload) -> bool:
        budget = _budget(box)
        if has_no_budget(budget.high, self.rulebook) or any(_compared(option, box)):
            return False
        return self._leads.ranges.of(option, box).low_usd > budget.high

    def _budget_doubt(self, option: str, box: Workload) -> Truth | None:
        """None where the budget is surely kept."""
        budget, compared = _budget(box), _compared(option, box)
        if has_no_budget(budget.low, self.rulebook) or all(compared):
            return None
        cost = self._leads.ranges.of(option, box)
        if cost.high_usd <= budget.low and not cost.may_be_partial:
            return None
        on = *(("cloud",) if any(compared) else ()), *(() if budget.is_known else ("budget_usd_per_month",))
        return Truth(answer=DEPENDS, on=(*on, *widest(box)))

    def _rivals(
        self, rivals: Iterable[str], kept: list[str], left: Mapping[str, Truth | None], settled: Settled
    ) -> str | None:
        for rival in rivals:
            doubt = self._beaten(rival, kept[:_CHAMPIONS], settled)
            if doubt is not None:
                return doubt or _pick([left[rival]])
        return None

    def _beaten(self, rival: str, champions: list[str], settled: Settled) -> str | None:
        """None where one of the champions is surely ahead; else the question that makes the first one's bound loose."""
        if any(self._leads.is_behind(rival, champion, settled) for champion in champions):
            return None
        swings = self._leads.swings(rival, champions[0], settled)
        return max(sorted(swings), key=lambda question: swings[question], default="")


def _pick(truths: Iterable[Truth | None]) -> str:
    return next((truth.on[0] for truth in truths if truth is not None and truth.on), "")


def _compared(option: str, box: Workload) -> list[bool]:
    """For each cloud whether no budget rules the option out there."""
    cloud = box.domains["cloud"]
    assert isinstance(cloud, Choices)
    return [option in compared_in(str(each)) for each in cloud.values]


def _budget(box: Workload) -> Interval:
    budget = box.domains["budget_usd_per_month"]
    assert isinstance(budget, Interval)
    return budget
