"""The agreement with published decisions does not hang on exact points: it holds when they are moved by a fifth."""

import random
from collections.abc import Iterator
from dataclasses import replace

from advisor import evidence, service
from advisor.core.agreement import accepted_families
from advisor.core.answers import read_answers
from advisor.core.costs import Costs
from advisor.core.rank import merge_weights, rank
from advisor.core.rulebook import Preference, Rulebook

RULEBOOK = service.get_rulebook()
COSTS = Costs(RULEBOOK.facts)
WEIGHTS = merge_weights(RULEBOOK, {})
COUNTED = [
    (accepted_families(case, RULEBOOK), read_answers(case.answers, RULEBOOK.questions))
    for case in evidence.get_published_cases()
    if case.is_counted
]
LEAST = 30  # what a language model asked as an expert gets right of the same 38
DRAWS = 200


def agreement(preferences: tuple[Preference, ...]) -> int:
    """How many come out in a right family; all points ten times, so that a fifth of them is whole."""
    rulebook = replace(
        RULEBOOK,
        preferences=preferences,
        cost_points_per_doubling=RULEBOOK.cost_points_per_doubling * 10,
        tie_margin=RULEBOOK.tie_margin * 10,
    )
    return sum(rank(workload, rulebook, WEIGHTS, COSTS).outcome in right for right, workload in COUNTED)


def moved(rule: Preference, tenths: int) -> Preference:
    return replace(rule, points=tuple((option, points * tenths) for option, points in rule.points))


def each_moved_alone(rulebook: Rulebook) -> Iterator[tuple[str, int, tuple[Preference, ...]]]:
    for chosen in rulebook.preferences:
        for tenths in (8, 12):
            rules = tuple(moved(rule, tenths if rule is chosen else 10) for rule in rulebook.preferences)
            yield chosen.id, tenths, rules


def test_ten_times_the_points_is_the_same_advice() -> None:
    plain = sum(rank(workload, RULEBOOK, WEIGHTS, COSTS).outcome in right for right, workload in COUNTED)

    assert agreement(tuple(moved(rule, 10) for rule in RULEBOOK.preferences)) == plain


def test_agreement_holds_when_any_rule_is_moved_by_a_fifth() -> None:
    found = {(name, tenths): agreement(rules) for name, tenths, rules in each_moved_alone(RULEBOOK)}

    assert min(found.values()) >= LEAST, sorted(found.items(), key=lambda item: item[1])[:5]


def test_agreement_holds_when_all_rules_are_moved_by_a_fifth_up_or_down() -> None:
    draw = random.Random(1)
    found = [agreement(tuple(moved(rule, draw.choice((8, 12))) for rule in RULEBOOK.preferences)) for _ in range(DRAWS)]

    assert min(found) >= LEAST, sorted(found)
    for tenths in (8, 12):
        assert agreement(tuple(moved(rule, tenths) for rule in RULEBOOK.preferences)) >= LEAST
