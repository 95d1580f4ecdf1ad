"""Recommend: evaluate, prove how firm it is, and say what would change it. The whole way from workload to answer."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from math import isclose

from advisor.core.assume import ASSUMED, reckon, stated_of
from advisor.core.cited import cite_facts
from advisor.core.conclude import conclude_in, open_lab
from advisor.core.evaluate import evaluate, signposts_for
from advisor.core.flips import find_flips
from advisor.core.headroom import measure_headroom
from advisor.core.questions import Multiple, Question
from advisor.core.rank import Ranking
from advisor.core.recommendation import BOTH, DECIDED, NONE, Alternative, Assumption, Flip, Recommendation, Verdict
from advisor.core.rulebook import Rulebook
from advisor.core.sensitivity import choose_next, range_weights, turning_powers
from advisor.core.workload import Workload


def recommend(
    workload: Workload, rulebook: Rulebook, weights: Mapping[str, int] | None = None, as_of: date | None = None
) -> Recommendation:
    """The whole answer. `weights` overrides criteria (0..9); `as_of` moves facts and rules to that day."""
    lab = open_lab(workload, rulebook, weights, as_of)
    rulebook, merged, now = lab.rulebook, lab.weights, lab.rank()
    powers = turning_powers(lab, now)
    conclusion = conclude_in(lab, now, powers, weights, as_of)
    verdicts, flips = evaluate(workload, rulebook, merged), find_flips(lab, now)
    return Recommendation(
        **{each.name: getattr(conclusion, each.name) for each in fields(conclusion)},
        verdicts=verdicts,
        signposts=signposts_for(workload, rulebook),
        assumptions=tuple(_assumptions(workload, rulebook)),
        turning_questions=tuple(name for name, power, _ in powers if power),
        headrooms=measure_headroom(workload, rulebook),
        flips=flips,
        next_question=None if conclusion.state in (DECIDED, NONE) else choose_next(lab, now, powers),
        alternative=_alternative(now, verdicts, flips, rulebook),
        weight_ranges=range_weights(*_by_criterion(verdicts, rulebook), merged, now.outcome) if now.option else (),
        comparisons=rulebook.comparisons,
        cited=cite_facts(verdicts, rulebook.comparisons, workload, rulebook),
    )


def _assumptions(workload: Workload, rulebook: Rulebook) -> list[Assumption]:
    return [
        explain_assumption(question, workload)
        for question in rulebook.questions.values()
        if workload.grades[question.id] == ASSUMED and question.id != "nothing_else"
    ]


def explain_assumption(question: Question, workload: Workload) -> Assumption:
    """What was taken for a question that nobody answered, and why."""
    return Assumption(
        question=question.id,
        value=getattr(workload, question.id),
        unit=question.unit,
        because=_why_assumed(question, workload),
        domain=workload.domains[question.id],
    )


def _why_assumed(question: Question, workload: Workload) -> str:
    """The reason of the value that was taken: from another answer where one was given, and whether it was cut."""
    if workload.nothing_else and question.closed_to is not None:
        return "You said that nothing else is needed."
    because, assumed = question.assume_because, question.assume
    source, most = question.assume_from, question.assume_up_to
    if source is not None and workload.grades[source.of] != ASSUMED:
        because = f"Your answer to {source.of}, divided by {1 / source.times:g}."
    elif isinstance(assumed, Multiple):
        over = f", divided by {assumed.over}" if assumed.over else ""
        because = f"{because} ({assumed.times:g} times {assumed.of}{over})"
    elif most is not None and reckon(question, vars(workload), {}) != assumed:
        because = f"{because} ({most.amount:g} divided by {most.over})"
    return f"{because} Kept within what is usual." if _is_cut(question, workload) else because


def _is_cut(question: Question, workload: Workload) -> bool:
    """Whether a number was moved to an end of what it may be."""
    value = getattr(workload, question.id)
    return isinstance(value, float) and not isclose(value, reckon(question, vars(workload), stated_of(workload)))


def _alternative(
    now: Ranking, verdicts: tuple[Verdict, ...], flips: tuple[Flip, ...], rulebook: Rulebook
) -> Alternative | None:
    """The best option of the other family, kept if there is one, and the single changes that make its family win."""
    mine = rulebook.options[now.option].family if now.option else ""
    others = [verdict for verdict in verdicts if verdict.family not in (mine, BOTH)]
    if not others:
        return None
    other = others[0]
    best = next((verdict.score for verdict in verdicts if verdict.option == now.option), other.score)
    return Alternative(
        option=other.option,
        label=other.label,
        behind_by=best - other.score,
        excluded_by=tuple(reason for reason in other.reasons if reason.effect == "excludes"),
        flips=tuple(flip for flip in flips if flip.outcome == other.family),
    )


def _by_criterion(
    verdicts: tuple[Verdict, ...], rulebook: Rulebook
) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """Points per option and criterion of the options not excluded, in the order in which a tie is settled; and their
    families."""
    points: dict[str, dict[str, int]] = {}
    places = list(rulebook.options)
    for verdict in sorted(verdicts, key=lambda each: places.index(each.option)):
        if not verdict.is_excluded:
            given = points.setdefault(verdict.option, {})
            for reason in verdict.reasons:
                if reason.criterion:
                    given[reason.criterion] = given.get(reason.criterion, 0) + reason.points
    return points, {verdict.option: verdict.family for verdict in verdicts}
