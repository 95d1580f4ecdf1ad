"""Conclude: who wins, how firm that is, and the one sentence that says so. What every answer begins with.

Makes no verdict and no reason but the main one; recommend.py sets all the others beside it.
"""

from collections.abc import Callable, Collection, Mapping
from datetime import date

from advisor.core.conditions import holds_as_assumed
from advisor.core.costs import Costs
from advisor.core.errors import Problem
from advisor.core.evaluate import say_over_budget
from advisor.core.gaps import find_gaps
from advisor.core.index import is_known_enough
from advisor.core.pricing import PRICED
from advisor.core.probes import Lab
from advisor.core.proof import Claim, Prover
from advisor.core.rank import COST, Ranking, cost_points, merge_weights, only_warns
from advisor.core.recommendation import BOTH, DECIDED, KAFKA, LEANING, NEITHER, NONE, OPEN, SQS, TIE, Conclusion
from advisor.core.rulebook import Preference, Rulebook
from advisor.core.sensitivity import turning_powers
from advisor.core.workload import Workload

_FAMILY_NAMES = {SQS: "Amazon SQS", KAFKA: "Apache Kafka", BOTH: "both brokers"}
_FIRMNESS = {DECIDED: "Use", LEANING: "Leaning to", TIE: "A tie, by a hair for", OPEN: "Still open, leaning to"}
_ARTICLES = ("A ", "An ", "The ")  # small within a sentence
_AHEAD = "Ahead, but a missing price could turn it:"


def conclude(
    workload: Workload, rulebook: Rulebook, weights: Mapping[str, int] | None = None, as_of: date | None = None
) -> Conclusion:
    """The conclusion alone: the same as `recommend` has, for a small part of the work."""
    lab = open_lab(workload, rulebook, weights, as_of)
    now = lab.rank()
    return conclude_in(lab, now, turning_powers(lab, now), weights, as_of)


def open_lab(workload: Workload, rulebook: Rulebook, weights: Mapping[str, int] | None, as_of: date | None) -> Lab:
    """What answers about one workload are worked out with: the rulebook of that day, and all weights."""
    if as_of is not None:
        rulebook = rulebook.as_of(as_of)
    merged, costs = merge_weights(rulebook, weights or {}), Costs(rulebook.facts)
    return Lab(workload=workload, rulebook=rulebook, weights=merged, costs=costs)


def conclude_in(
    lab: Lab,
    now: Ranking,
    powers: tuple[tuple[str, int, int], ...],
    weights: Mapping[str, int] | None,
    as_of: date | None,
) -> Conclusion:
    """The same where ranking and powers are known already."""
    state, option_state = _states(lab, now, is_turning=any(power for _, power, _ in powers))
    return Conclusion(
        outcome=now.outcome,
        state=state,
        option=now.option,
        option_state=option_state,
        margin=now.margin,
        headline=_headline(lab, now, state),
        workload=lab.workload,
        rulebook_version=lab.rulebook.version,
        as_of=as_of,
        weights=tuple(sorted((weights or {}).items())),
        remarks=find_remarks(lab, now),
    )


def find_remarks(lab: Lab, now: Ranking) -> tuple[Problem, ...]:
    """The warnings of an answer: what reading it noticed, and what stands in the way of a better one."""
    return (*lab.workload.remarks, *find_gaps(lab, now.scores))


def _states(lab: Lab, now: Ranking, *, is_turning: bool) -> tuple[str, str]:
    """How firm the outcome is, and the option inside it. Decided is proved, never guessed from probes."""
    rulebook, proves = lab.rulebook, _prover(lab, now)
    family = frozenset(name for name, option in rulebook.options.items() if option.family == now.outcome)
    is_proved = not is_turning and proves(family)
    if now.outcome == NONE and (is_proved or lab.workload.is_known):
        return NONE, NONE
    state = _state(now.margin, lab, decided=is_proved)
    needed = [question.id for question in rulebook.questions.values() if question.needed_to_lean]
    if state != DECIDED and not all(lab.workload.domains[name].is_known for name in needed):
        state = OPEN
    if now.outcome in (NEITHER, NONE):
        return state, state
    least = min(now.margin, now.option_margin)
    firm = state == DECIDED and least > rulebook.tie_margin and proves(frozenset({now.option}))
    return state, _state(now.option_margin, lab, decided=firm)


def _prover(lab: Lab, now: Ranking) -> Callable[[frozenset[str]], bool]:
    """Says of a group whether it is proved to be ahead. Where nothing that anything reads is open and no price is
    missing, the ranking's own margins say all.

    The bills are those that the ranking asked for: what a hard limit excludes has no say.
    """
    is_priced = all(known == PRICED for _, known in lab.costs.all_usd(lab.workload).values())
    if is_priced and is_known_enough(lab.workload, lab.rulebook):
        return lambda _: True
    prover = Prover(rulebook=lab.rulebook, weights=lab.weights, costs=lab.costs)
    return lambda group: prover.proves(Claim(outcome=now.outcome, group=group), lab.workload)


def _state(margin: int, lab: Lab, *, decided: bool) -> str:
    """Where every question is answered, only a missing price can keep a lead from being decided: that is a tie."""
    is_ahead = margin > lab.rulebook.tie_margin
    if is_ahead and decided:
        return DECIDED
    return TIE if lab.workload.is_known or not is_ahead else LEANING


def _headline(lab: Lab, now: Ranking, state: str) -> str:
    """One sentence: the outcome, how firm it is, and the reason that weighs most."""
    if now.outcome == NONE:
        fits = "fits" if state == NONE else "fits what is assumed"
        shared = _first_limit(lab.rulebook.options, lab)
        return f"No option {fits}. {shared}" if shared else f"No option {fits}: every one is ruled out by a hard limit."
    if now.outcome == NEITHER:
        instead = next(signpost for signpost in lab.rulebook.signposts if signpost.id == now.signpost)
        label = instead.label
        name = f"{label[0].lower()}{label[1:]}" if label.startswith(_ARTICLES) else label
        return f"Neither: look at {name}. {instead.because}"
    label, family = lab.rulebook.options[now.option].label, _FAMILY_NAMES[now.outcome]
    name = label if family in label else f"{family}, as {label}"
    firmness = _AHEAD if state == TIE and now.margin > lab.rulebook.tie_margin else _FIRMNESS[state]
    return f"{firmness} {name}. {_main_reason(lab, now)}".rstrip()


def _first_limit(options: Collection[str], lab: Lab) -> str:
    """What the first hard limit says that rules all of these out by itself; nothing where it takes several."""
    for rule in lab.rulebook.constraints:
        is_hard = all(each in rule.options for each in options) and not only_warns(rule, lab.rulebook)
        if is_hard and holds_as_assumed(rule.when, lab.workload):
            return rule.because
    return ""


def _main_reason(lab: Lab, now: Ranking) -> str:
    """What sets the winner most apart from the best of the other family, or what excludes all of those."""
    options = lab.rulebook.options.values()
    others = [option.id for option in options if option.family not in (now.outcome, BOTH)]
    kept = [option for option in others if option in now.scores]
    if others and not kept:
        return _why_excluded(max(others, key=lambda option: _score(option, lab)), lab)
    rival = max(kept, key=lambda option: now.scores[option], default="")
    for rule in _by_lead(now.option, rival, lab):
        if holds_as_assumed(rule.when, lab.workload):
            return rule.because
    return ""


def _by_lead(winner: str, rival: str, lab: Lab) -> list[Preference]:
    """The preferences that put the winner ahead of the rival where they hold, by how far."""
    leads = lab.rulebook.remember(("leads", winner, rival), lambda: _find_leads(winner, rival, lab.rulebook))
    weighed = [(rule, lab.weights[rule.criterion], lead, points) for rule, lead, points in leads]
    weighed.sort(key=lambda each: (-each[1] * each[2], -each[1] * abs(each[3])))
    return [rule for rule, weight, _, _ in weighed if weight]


def _find_leads(winner: str, rival: str, rulebook: Rulebook) -> tuple[tuple[Preference, int, int], ...]:
    """Those preferences in the order of the rules, each with its lead and the winner's points."""
    given = ((rule, dict(rule.points)) for rule in rulebook.preferences)
    found = (
        (rule, points[winner] - points.get(rival, 0), points[winner]) for rule, points in given if winner in points
    )
    return tuple(each for each in found if each[1] > 0)


def _score(option: str, lab: Lab) -> int:
    """The points of an option that is excluded, which no ranking has."""
    held = [rule for rule in lab.rulebook.preferences if holds_as_assumed(rule.when, lab.workload)]
    points = sum(dict(rule.points).get(option, 0) * lab.weights[rule.criterion] for rule in held)
    usd, _ = lab.costs.all_usd(lab.workload)[option]
    return points + cost_points(usd, lab.rulebook) * lab.weights[COST]


def _why_excluded(option: str, lab: Lab) -> str:
    """The first hard limit that rules it out; the budget speaks of it by name, since the headline is about another."""
    if limit := _first_limit((option,), lab):
        return limit
    because = say_over_budget(lab.costs.all_usd(lab.workload)[option][0])
    return f"{lab.rulebook.options[option].label}: {because[0].lower()}{because[1:]}"
