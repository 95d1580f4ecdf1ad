"""How much of an option a workload needs and what that costs: the values, and the arithmetic that options share.

Knows no option by name and no rule. Money is US dollars a month at list price; a missing price stays missing.
"""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One line of sizing arithmetic, with the numbers filled in; `is_binding` marks the largest need of its kind."""

    id: str
    label: str
    value: float
    unit: str
    formula: str
    facts: tuple[str, ...] = ()
    is_binding: bool = False


# What will be billed: the id of a tariff (with the size behind a colon), and how much of it a month, before any
# millions. Plain pairs, since a recommendation makes thousands of them.
Quantity = tuple[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """A value the workload decides for the project (partitions, visibility timeout, …) and why."""

    id: str
    value: float | str | bool
    unit: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """How much of an option is needed: the steps, the settings that follow, and the bill of quantities."""

    option: str
    steps: tuple[Step, ...]
    settings: tuple[Setting, ...]
    quantities: tuple[Quantity, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CostLine:
    """One priced item; `amount_usd` is None where no price is known. quantity x unit price = amount, tiers aside."""

    id: str
    label: str
    quantity: float
    unit: str
    unit_price_usd: float | None
    amount_usd: float | None
    fact: str
    region: str
    checked: date | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Sizing and cost of one option for one workload.

    `likely_usd` is today's bill at the assumed values; low and high span the stated ranges; `horizon_usd` is the bill
    at the planning horizon. `scored_usd` is what the cost criterion and the budget look at: the marginal cost where
    Kafka already runs (of `marginal_lines`, of which there may be none), else the bill today, by prices of another
    Region where this one's are not known (`scored_by` says so). A partial total lacks at least one price.
    """

    option: str
    region: str
    sizing: Sizing
    lines: tuple[CostLine, ...]
    low_usd: float
    likely_usd: float
    high_usd: float
    horizon_usd: float
    scored_usd: float
    scored_by: int
    is_partial: bool
    marginal_lines: tuple[CostLine, ...] | None = None
    operating_usd: float = 0.0
    not_included: tuple[str, ...] = ()

    @property
    def is_added(self) -> bool:
        """Kafka runs already: what is scored is what this option adds to it."""
        return self.marginal_lines is not None
