"""Example workloads with the answer expected of them, and what they say of the rules: which fire, which decide.

Knows no file; advisor/rulebook reads the cases.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from advisor.core.answers import read_answers
from advisor.core.conditions import holds_as_assumed
from advisor.core.costs import Costs
from advisor.core.errors import Problem
from advisor.core.rank import Ranking, excluded_options, merge_weights, only_warns, rank
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A workload's answers and what is expected: outcome, and if given option, state, exclusions, rules that
    must fire (`reasons`) and rules that must not (`silent`)."""

    id: str
    title: str
    source: str
    answers: Mapping[str, object]
    outcome: str
    story: str = ""
    option: str = ""
    state: str = ""
    excluded: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Played:
    case: Case
    workload: Workload
    ranking: Ranking
    excluded: frozenset[str]


def find_rule_problems(rulebook: Rulebook, cases: Iterable[Case]) -> Iterator[Problem]:
    """Rules that no case sees firing, options that never win or never lose, and rules that say what another says."""
    played = [_play(case, rulebook) for case in cases]
    yield from _silent(rulebook, played)
    yield from _options(rulebook, played)
    yield from _shadowed(rulebook)


def _play(case: Case, rulebook: Rulebook) -> _Played:
    workload = read_answers(case.answers, rulebook.questions)
    costs = Costs(rulebook.facts)
    usd = {option: costs.monthly_usd(option, workload) for option in rulebook.options}
    return _Played(
        case=case,
        workload=workload,
        ranking=rank(workload, rulebook, merge_weights(rulebook, {}), costs),
        excluded=excluded_options(workload, rulebook, usd),
    )


def _silent(rulebook: Rulebook, played: list[_Played]) -> Iterator[Problem]:
    for rule in (*rulebook.constraints, *rulebook.preferences, *rulebook.signposts):
        if not any(holds_as_assumed(rule.when, each.workload) for each in played):
            yield _problem(rule.id, "silent_rule", f"{rule.id} fires in no case.", "Write a case in which it does.")


def _options(rulebook: Rulebook, played: list[_Played]) -> Iterator[Problem]:
    winners = {each.ranking.option for each in played}
    losers = {option for each in played for option in each.excluded}
    possible = {option for rule in rulebook.constraints if not only_warns(rule, rulebook) for option in rule.options}
    for option in rulebook.options:
        if option not in winners:
            yield _problem(option, "never_wins", f"{option} wins no case.", "Write a case for it, or drop the option.")
        if option in possible and option not in losers:
            yield _problem(
                option, "never_excluded", f"{option} is excluded in no case.", "Write a case beyond a limit."
            )


def _shadowed(rulebook: Rulebook) -> Iterator[Problem]:
    """Preferences with the same condition and criterion: one of them says what the other says, or contradicts it."""
    seen: dict[object, str] = {}
    for rule in rulebook.preferences:
        key = (rule.when, rule.criterion)
        if key in seen:
            yield _problem(rule.id, "shadowed_rule", f"{rule.id} has the condition of {seen[key]}.", "Join the two.")
        seen[key] = rule.id


def find_single_turners(rulebook: Rulebook, cases: Iterable[Case]) -> dict[str, tuple[str, ...]]:
    """Preferences without which exactly one case comes out in another family: written for that case, perhaps."""
    played = [_play(case, rulebook) for case in cases]
    weights, costs = merge_weights(rulebook, {}), Costs(rulebook.facts)
    turned: dict[str, tuple[str, ...]] = {}
    for rule in rulebook.preferences:
        without = replace(rulebook, preferences=tuple(each for each in rulebook.preferences if each is not rule))
        changed = [
            each.case.id
            for each in played
            if holds_as_assumed(rule.when, each.workload)
            and rank(each.workload, without, weights, costs).outcome != each.ranking.outcome
        ]
        if len(changed) == 1:
            turned[rule.id] = tuple(changed)
    return turned


def _problem(where: str, code: str, message: str, hint: str) -> Problem:
    return Problem(where=where, code=code, message=message, hint=hint)
