"""Example workloads with the answer expected of them, and what they say of the rules: which fire, which decide.

Knows no file; advisor/rulebook reads the cases.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

from advisor.core.answers import read_answers
from advisor.core.conditions import holds_as_assumed
from advisor.core.costs import Costs
from advisor.core.domains import Value
from advisor.core.errors import Problem, problem_at
from advisor.core.index import index_rules
from advisor.core.options import estimate
from advisor.core.questions import Question
from advisor.core.rank import Ranking, excluded_options, merge_weights, only_warns, rank
from advisor.core.rulebook import Preference, Rulebook
from advisor.core.workload import Workload, vary


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
    """Names in cases that nothing has, rules that no case sees firing, options that never win or never lose, and rules
    that say what another says."""
    played = _play_all(cases, rulebook, Costs(rulebook.facts))
    yield from _unknown(rulebook, played)
    yield from _silent(rulebook, played)
    yield from _options(rulebook, played)
    yield from _shadowed(rulebook)


def _play_all(cases: Iterable[Case], rulebook: Rulebook, costs: Costs) -> list[_Played]:
    return [_play(case, rulebook, costs) for case in cases]


def _play(case: Case, rulebook: Rulebook, costs: Costs) -> _Played:
    workload = read_answers(case.answers, rulebook.questions)
    return _Played(
        case=case,
        workload=workload,
        ranking=rank(workload, rulebook, merge_weights(rulebook, {}), costs),
        excluded=excluded_options(workload, rulebook, costs.all_usd(workload)),
    )


def _unknown(rulebook: Rulebook, played: list[_Played]) -> Iterator[Problem]:
    """What must not happen does not happen to what is not there: such an expectation holds whatever the rules say."""
    rules = {rule.id for rule in rulebook.rules}
    for case in (each.case for each in played):
        options = (name for name in case.kept if name not in rulebook.options)
        for name in (*options, *(name for name in case.silent if name not in rules)):
            message = f"{case.id} says what must not happen to {name}, which there is not."
            yield problem_at(case.id, "unknown_name", message, "Write a name that there is.")


def _silent(rulebook: Rulebook, played: list[_Played]) -> Iterator[Problem]:
    for rule in rulebook.rules:
        if not any(holds_as_assumed(rule.when, each.workload) for each in played):
            yield problem_at(rule.id, "silent_rule", f"{rule.id} fires in no case.", "Write a case in which it does.")


def _options(rulebook: Rulebook, played: list[_Played]) -> Iterator[Problem]:
    winners = {each.ranking.option for each in played}
    losers = {option for each in played for option in each.excluded}
    possible = {option for rule in rulebook.constraints if not only_warns(rule, rulebook) for option in rule.options}
    for option in rulebook.options:
        if option not in winners:
            yield problem_at(
                option, "never_wins", f"{option} wins no case.", "Write a case for it, or drop the option."
            )
        if option in possible and option not in losers:
            yield problem_at(
                option, "never_excluded", f"{option} is excluded in no case.", "Write a case beyond a limit."
            )


def _shadowed(rulebook: Rulebook) -> Iterator[Problem]:
    """Constraints with one condition that exclude the same option. Preferences with one condition: under one criterion
    they say the same twice; with points of opposite sign for an option they contradict each other."""
    for first, second in combinations(rulebook.constraints, 2):
        both = sorted({*first.options} & {*second.options})
        if first.when == second.when and both:
            message = f"{second.id} has the condition of {first.id}, on {', '.join(both)} too."
            yield problem_at(second.id, "shadowed_rule", message, "Join the two.")
    for one, other in combinations(rulebook.preferences, 2):
        if one.when != other.when:
            continue
        if one.criterion == other.criterion:
            yield problem_at(other.id, "shadowed_rule", f"{other.id} has the condition of {one.id}.", "Join the two.")
        points = dict(one.points)
        against = [option for option, given in other.points if given * points.get(option, 0) < 0]
        if against:
            message = f"{one.id} and {other.id} speak against each other on {', '.join(against)}."
            yield problem_at(other.id, "contradicting_rule", message, "One condition deserves one judgement.")


def find_question_problems(rulebook: Rulebook, cases: Iterable[Case]) -> Iterator[Problem]:
    """Questions that no rule, no other question and no estimate reads, and those that no case answers."""
    cases, index = tuple(cases), index_rules(rulebook)
    answered = {name for case in cases for name in case.answers}
    for question in rulebook.questions.values():
        if not {question.id, *question.aliases} & answered:
            hint = "Write one in which the answer changes something."
            yield problem_at(question.id, "unanswered_question", f"{question.id} is answered in no case.", hint)
        if question.id in index.deciding or len(index.followers[question.id]) > 1:
            continue
        workloads = (read_answers(case.answers, rulebook.questions) for case in cases)
        if not any(_changes_estimates(question, workload, rulebook) for workload in workloads):
            hint = "A question that decides nothing is not asked."
            yield problem_at(question.id, "unread_question", f"Nothing reads {question.id}.", hint)


def _changes_estimates(question: Question, workload: Workload, rulebook: Rulebook) -> bool:
    bounds, words = question.bounds, tuple(choice.id for choice in question.choices)
    values: tuple[Value, ...] = (bounds.low, bounds.high) if bounds else words or (True, False)
    others = [vary(workload, **{question.id: (value,) if question.kind == "list" else value}) for value in values]
    return any(
        estimate(option, workload, rulebook.facts) != estimate(option, other, rulebook.facts)
        for option in rulebook.options
        for other in others
    )


def weigh_preferences(rulebook: Rulebook, cases: Iterable[Case]) -> Iterator[Problem]:
    """What the cases say of each preference, left out alone: it changes no case (others say it too), or it turns the
    family of exactly one (written for that one, perhaps). To be read, not obeyed."""
    costs = Costs(rulebook.facts)
    played = _play_all(cases, rulebook, costs)
    for rule in rulebook.preferences:
        turned, moved = _without(rule, rulebook, played, costs)
        if len(turned) == 1:
            message = f"{rule.id} turns the family of {turned[0]} only."
            yield problem_at(rule.id, "single_turner", message, "Was it written for that case?")
        elif not moved:
            yield problem_at(rule.id, "never_decides", f"{rule.id} alone changes no case.", "Others say it too.")


def _without(rule: Preference, rulebook: Rulebook, played: list[_Played], costs: Costs) -> tuple[list[str], list[str]]:
    """The cases whose family, and whose option, changes without that one preference."""
    weights = merge_weights(rulebook, {})
    without = replace(rulebook, preferences=tuple(each for each in rulebook.preferences if each is not rule))
    turned, moved = [], []
    for each in played:
        if holds_as_assumed(rule.when, each.workload):
            ranking = rank(each.workload, without, weights, costs)
            turned += [each.case.id] if ranking.outcome != each.ranking.outcome else []
            moved += [each.case.id] if ranking.option != each.ranking.option else []
    return turned, moved
