"""The criteria with the weight that counts, and what is wrong with it. Must not know how weights are used."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from advisor import service
from advisor.core.errors import Problem
from advisor.core.rulebook import Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """One criterion as the form shows it."""

    name: str
    label: str
    usual: int
    typed: str
    problems: tuple[Problem, ...]


def list_weights(
    rulebook: Rulebook, given: Mapping[str, object], problems: Sequence[Problem] = ()
) -> tuple[Weight, ...]:
    """Every criterion, with what the asker wrote."""
    return tuple(
        Weight(
            name=f"{service.WEIGHT}{criterion.id}",
            label=criterion.label,
            usual=criterion.weight,
            typed=str(given.get(f"{service.WEIGHT}{criterion.id}", "")),
            problems=tuple(each for each in problems if each.where == f"{service.WEIGHT}{criterion.id}"),
        )
        for criterion in rulebook.criteria.values()
    )
