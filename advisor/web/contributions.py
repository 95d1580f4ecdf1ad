"""The points of two options side by side, criterion by criterion, so that each column adds up to its score.

Works on the decision document; must not weigh anything itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.core.rulebook import Criterion


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one rule gives one option."""

    rule: str
    because: str
    contribution: int
    depends_on: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One criterion and the weight that counts: what each option gets under it, and from which rules."""

    criterion: Criterion
    weight: int
    sums: tuple[int, ...]
    parts: tuple[tuple[Part, ...], ...]

    @property
    def lead(self) -> int:
        return self.sums[0] - self.sums[-1]

    @property
    def distinct(self) -> tuple[Part, ...]:
        """Each sentence once, though it may give points to several options."""
        return tuple({part.because: part for each in self.parts for part in each}.values())


def compare_points(
    verdicts: Sequence[Mapping[str, Any]], criteria: Mapping[str, Criterion], weights: Mapping[str, int]
) -> tuple[Row, ...]:
    """One row for each criterion under which any of these options has points; the greatest difference first."""
    rows = []
    for criterion in criteria.values():
        parts = tuple(_parts(verdict, criterion.id) for verdict in verdicts)
        if any(parts):
            sums = tuple(sum(part.contribution for part in each) for each in parts)
            weight = weights.get(criterion.id, criterion.weight)
            rows.append(Row(criterion=criterion, weight=weight, sums=sums, parts=parts))
    return tuple(sorted(rows, key=lambda row: -abs(row.lead)))


def _parts(verdict: Mapping[str, Any], criterion: str) -> tuple[Part, ...]:
    return tuple(
        Part(
            rule=reason["rule"],
            because=reason["because"],
            contribution=reason["contribution"],
            depends_on=tuple(reason["depends_on"]),
        )
        for reason in verdict["reasons"]
        if reason["criterion"] == criterion
    )
