"""How far each limit is, today, and when the stated growth reaches it. Knows no score and no cost."""

import math
from collections.abc import Iterator
from functools import partial

from advisor.core.cited import rule_evidence
from advisor.core.conditions import bound_at, holds_as_assumed
from advisor.core.limits import as_number, limiting_test
from advisor.core.quantities import questions_behind
from advisor.core.recommendation import Headroom
from advisor.core.rulebook import Constraint, Rulebook, Test, When
from advisor.core.workload import Workload, vary

_ABOVE = ("more_than", "at_least")


def measure_headroom(workload: Workload, rulebook: Rulebook) -> tuple[Headroom, ...]:
    """Use of every numeric limit that counts today, fullest first, and the months until the growth reaches it."""
    today = vary(workload, planning_horizon_months=0.0)
    above = rulebook.remember("limits from above", lambda: list(_find_above(rulebook)))
    counting = [(rule, test) for rule, test, case in above if holds_as_assumed(case, workload)]
    found = [each for rule, test in counting for each in _headrooms(rule, test, today, rulebook)]
    return tuple(sorted(found, key=lambda each: (-each.used_percent, each.rule, each.option)))


def _find_above(rulebook: Rulebook) -> Iterator[tuple[Constraint, Test, When]]:
    """Each limit with the case in which it counts: all else that its alternatives compare."""
    for rule in rulebook.constraints:
        test = limiting_test(rule)
        if test is not None and test.comparison in _ABOVE:
            case = tuple(tuple(each for each in tests if each != test) for tests in rule.when if test in tests)
            yield rule, test, case


def _headrooms(rule: Constraint, test: Test, today: Workload, rulebook: Rulebook) -> list[Headroom]:
    """The same for each option that the limit rules out."""
    needed = float(getattr(today, test.name))
    limit = as_number(bound_at(test, today.region)) or 0.0
    make = partial(
        Headroom,
        rule=rule.id,
        needed_name=test.name,
        needed=needed,
        limit=limit,
        unit=rulebook.facts[test.fact].unit if test.fact else "",
        used_percent=100 * needed / limit if limit else 0.0,
        months_until_reached=_months(test.name, needed, limit, today),
        evidence=rule_evidence(rule, today, rulebook),
    )
    return [make(option=option) for option in rule.options]


def _months(name: str, needed: float, limit: float, today: Workload) -> float | None:
    """Quantities grow in proportion to the load, so the month is ln(limit / needed) / ln(1 + growth)."""
    growth = math.log1p(today.growth_percent_per_month / 100)
    if needed >= limit:
        return 0.0
    if growth == 0 or needed <= 0 or "growth_percent_per_month" not in questions_behind(name):
        return None
    return math.log(limit / needed) / growth
