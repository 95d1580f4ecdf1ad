"""One question over a range: who wins and what it costs at each value, at the assumed values of all others.

Says nothing about how firm an answer is; that takes the whole recommendation. Knows no raw answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from advisor.core.compiled import compile_rules
from advisor.core.costs import Costs
from advisor.core.pricing import PRICED
from advisor.core.rank import ALONE
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
    ranking, usd = compile_rules(rulebook).rank(workload, weights, costs), costs.all_usd(workload)
    return Standing(
        outcome=ranking.outcome,
        option=ranking.option,
        margin=None if ranking.margin >= ALONE else ranking.margin,
        usd=tuple(
            (option, amount if known == PRICED else None)
            for option in rulebook.options
            for amount, known in [usd[option]]
        ),
    )
