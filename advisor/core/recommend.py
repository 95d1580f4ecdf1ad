"""Recommend: evaluate, prove how firm it is, and say what would change it. The whole way from workload to answer."""

from collections.abc import Mapping
from datetime import date

from advisor.core.assume import ASSUMED
from advisor.core.cited import cite_facts
from advisor.core.compiled import compile_rules
from advisor.core.costs import Costs
from advisor.core.evaluate import evaluate, signposts_for
from advisor.core.headroom import measure_headroom
from advisor.core.probes import Lab
from advisor.core.proof import Claim, Prover
from advisor.core.rank import Ranking, merge_weights
from advisor.core.recommendation import (
    DECIDED,
    LEANING,
    NEITHER,
    NONE,
    OPEN,
    TIE,
    Alternative,
    Assumption,
    Flip,
    Reason,
    Recommendation,
    Verdict,
)
from advisor.core.rulebook import Multiple, Question, Rulebook
from advisor.core.sensitivity import choose_next, find_flips, range_weights, turning_powers
from advisor.core.workload import Workload

_FAMILY_NAMES = {"sqs": "Amazon SQS", "kafka": "Apache Kafka", "both": "both brokers"}
_FIRMNESS = {DECIDED: "Use", LEANING: "Leaning to", TIE: "A tie, by a hair for", OPEN: "Still open, leaning to"}


def recommend(
    workload: Workload, rulebook: Rulebook, weights: Mapping[str, int] | None = None, as_of: date | None = None
) -> Recommendation:
    """The whole answer. `weights` overrides criteria (0..9); `as_of` moves facts and rules to that day."""
    if as_of is not None:
        rulebook = rulebook.as_of(as_of)
    merged = merge_weights(rulebook, weights or {})
    costs = Costs(rulebook.facts)
    now = compile_rules(rulebook).rank(workload, merged, costs)
    verdicts = evaluate(workload, rulebook, merged)
    lab = Lab(workload=workload, rulebook=rulebook, weights=merged, costs=costs)
    powers = turning_powers(lab, now)
    turning = tuple(name for name, power, _ in powers if power)
    flips = find_flips(lab, now)
    prover = Prover(rulebook=rulebook, weights=merged, costs=costs)
    state, option_state = _states(now, turning, workload, prover)
    signposts = signposts_for(workload, rulebook)
    return Recommendation(
        outcome=now.outcome,
        state=state,
        option=now.option,
        option_state=option_state,
        margin=now.margin,
        headline=_headline(now, state, verdicts, signposts),
        workload=workload,
        verdicts=verdicts,
        signposts=signposts,
        assumptions=tuple(_assumptions(workload, rulebook)),
        turning_questions=turning,
        rulebook_version=rulebook.version,
        as_of=as_of,
        weights=tuple(sorted((weights or {}).items())),
        headrooms=measure_headroom(workload, rulebook),
        flips=flips,
        next_question=None if state == DECIDED else choose_next(lab, now, powers),
        alternative=_alternative(now, verdicts, flips, rulebook),
        weight_ranges=range_weights(*_by_criterion(verdicts), merged, now.outcome) if now.option else (),
        comparisons=rulebook.comparisons,
        cited=cite_facts(verdicts, rulebook.comparisons, workload, rulebook),
        remarks=workload.remarks,
    )


def _states(now: Ranking, turning: tuple[str, ...], workload: Workload, prover: Prover) -> tuple[str, str]:
    """How firm the outcome is, and the option inside it. Decided is proved, never guessed from probes."""
    if now.outcome == NONE:
        return NONE, NONE
    rulebook = prover.rulebook
    family = frozenset(name for name, option in rulebook.options.items() if option.family == now.outcome)
    claim = Claim(outcome=now.outcome, group=family)
    state = _state(now.margin, workload, rulebook, decided=not turning and prover.proves(claim, workload))
    if state != DECIDED and any(_is_missing(question, workload) for question in rulebook.questions.values()):
        state = OPEN
    if now.outcome == NEITHER:
        return state, state
    alone = Claim(outcome=now.outcome, group=frozenset({now.option}))
    least = min(now.margin, now.option_margin)
    firm = state == DECIDED and least > rulebook.tie_margin and prover.proves(alone, workload)
    return state, _state(now.option_margin, workload, rulebook, decided=firm)


def _state(margin: int, workload: Workload, rulebook: Rulebook, *, decided: bool) -> str:
    """Where every question is answered, only a missing price can keep a lead from being decided: that is a tie."""
    if margin > rulebook.tie_margin and decided:
        return DECIDED
    is_known = all(domain.is_known for domain in workload.domains.values())
    return TIE if is_known or margin <= rulebook.tie_margin else LEANING


def _is_missing(question: Question, workload: Workload) -> bool:
    return question.needed_to_lean and not workload.domains[question.id].is_known


def _headline(now: Ranking, state: str, verdicts: tuple[Verdict, ...], signposts: tuple[Reason, ...]) -> str:
    """One sentence: the outcome, how firm it is, and the reason that weighs most."""
    if now.outcome == NONE:
        return "No option fits: every one is ruled out by a hard limit."
    if now.outcome == NEITHER:
        return f"Neither: look at {signposts[0].option}. {signposts[0].because}"
    winner = next(verdict for verdict in verdicts if verdict.option == now.option)
    main = _main_reason(winner, verdicts)
    family = _FAMILY_NAMES[now.outcome]
    name = winner.label if family in winner.label else f"{family}, as {winner.label}"
    return f"{_FIRMNESS[state]} {name}." + (f" {main.because}" if main else "")


def _main_reason(winner: Verdict, verdicts: tuple[Verdict, ...]) -> Reason | None:
    """The preference that sets the winner most apart from the best of the other family, or what excludes those."""
    others = [verdict for verdict in verdicts if verdict.family not in (winner.family, "both")]
    kept = [verdict for verdict in others if not verdict.is_excluded]
    if not kept and others:
        return next((reason for reason in others[0].reasons if reason.effect == "excludes"), None)
    theirs = {reason.rule: reason.contribution for reason in kept[0].reasons} if kept else {}
    leads = [reason for reason in winner.reasons if reason.kind == "preference"]
    leads = [reason for reason in leads if reason.contribution > theirs.get(reason.rule, 0)]
    return max(leads, key=lambda reason: reason.contribution - theirs.get(reason.rule, 0), default=None)


def _assumptions(workload: Workload, rulebook: Rulebook) -> list[Assumption]:
    return [
        Assumption(
            question=question.id,
            value=getattr(workload, question.id),
            unit=question.unit,
            because=_why_assumed(question, workload),
            domain=workload.domains[question.id],
        )
        for question in rulebook.questions.values()
        if workload.grades[question.id] == ASSUMED and question.id != "nothing_else"
    ]


def _why_assumed(question: Question, workload: Workload) -> str:
    if workload.nothing_else and question.closed_to is not None:
        return "You said that nothing else is needed."
    if isinstance(question.assume, Multiple):
        return f"{question.assume_because} ({question.assume.times:g} times {question.assume.of})"
    return question.assume_because


def _alternative(
    now: Ranking, verdicts: tuple[Verdict, ...], flips: tuple[Flip, ...], rulebook: Rulebook
) -> Alternative | None:
    """The best option of the other family, kept if there is one, and the single changes that make its family win."""
    mine = rulebook.options[now.option].family if now.option else ""
    others = [verdict for verdict in verdicts if verdict.family not in (mine, "both")]
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


def _by_criterion(verdicts: tuple[Verdict, ...]) -> tuple[dict[str, dict[str, int]], dict[str, str]]:
    """Points per option and criterion of the options not excluded, and their families."""
    points: dict[str, dict[str, int]] = {}
    for verdict in verdicts:
        if not verdict.is_excluded:
            given = points.setdefault(verdict.option, {})
            for reason in verdict.reasons:
                if reason.criterion:
                    given[reason.criterion] = given.get(reason.criterion, 0) + reason.points
    return points, {verdict.option: verdict.family for verdict in verdicts}
