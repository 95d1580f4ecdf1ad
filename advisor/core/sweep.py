"""One question over a range: who wins and what it costs at each value, at the assumed values of all others.

Says nothing about how firm an answer is; that takes the whole recommendation. Knows no raw answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.core.costs import Costs
from advisor.core.rank import ALONE, rank
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Who wins, by how much, and what each option costs a month; None where a price is missing or nobody is behind."""

    outcome: str
    option: str
    margin: int | None
    usd: tuple[tuple[str, float | None], ...]


def stand(workload: Workload, rulebook: Rulebook, weights: Mapping[str, int], costs: Costs) -> Standing:
    """The ranking and the costs at the assumed values."""
    ranking = rank(workload, rulebook, weights, costs)
    usd = {option: costs.monthly_usd(option, workload) for option in rulebook.options}
    return Standing(
        outcome=ranking.outcome,
        option=ranking.option,
        margin=None if ranking.margin >= ALONE else ranking.margin,
        usd=tuple((option, None if is_partial else amount) for option, (amount, is_partial) in usd.items()),
    )
