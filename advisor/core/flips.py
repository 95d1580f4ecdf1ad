"""Flips: for each question the smallest change of its answer that changes the outcome.

Every flip is solved and then true on both sides: at `until` the outcome stands, at `becomes_at` it does not.
"""

import math
from collections.abc import Iterator

from advisor.core.compiled import Winner
from advisor.core.domains import Value
from advisor.core.probes import Lab, walk
from advisor.core.questions import Question
from advisor.core.rank import Ranking
from advisor.core.recommendation import Flip

_BISECTIONS = 40
_PRECISE = 1e-3


def find_flips(lab: Lab, now: Ranking) -> tuple[Flip, ...]:
    """For each question the smallest change of its answer that changes the outcome; the nearest changes first."""
    found = [flip for question in lab.rulebook.questions.values() for flip in _flips_of(question, lab, now)]
    return tuple(sorted(found, key=lambda flip: (not flip.within_domain, _distance(flip), flip.question)))


def _flips_of(question: Question, lab: Lab, now: Ranking) -> Iterator[Flip]:
    value: Value = getattr(lab.workload, question.id)
    if isinstance(value, float):
        for steps in walk(question, lab.workload, lab.rulebook):
            yield from _number_flip(question, lab, now, value, steps)
        return
    values = [each for each in lab.values(question, inside=False) if each != value]
    tried = [(each, lab.try_winner((question.id, each))) for each in values]
    turned = [(each, winner) for each, winner in tried if winner.outcome != now.outcome]
    for each, winner in turned[:1] if question.kind == "list" else turned:
        yield _flip(question, lab, value, each, winner)


def _number_flip(
    question: Question, lab: Lab, now: Ranking, value: float, steps: tuple[tuple[float, float], ...]
) -> Iterator[Flip]:
    """Walk outwards to the first step that turns; where that is no comparison's doing, halve the way back."""
    stands = value
    for near, far in _telling(question, lab, now, value, steps):
        winner = lab.try_winner((question.id, far))
        if winner.outcome != now.outcome:
            if near not in (value, far) and lab.try_winner((question.id, near)).outcome == now.outcome:
                stands = near
            stands, turns, winner = _bisect(question, lab, now, stands, far, winner)
            yield _flip(question, lab, stands, turns, winner)
            return
        stands = far


def _telling(
    question: Question, lab: Lab, now: Ranking, value: float, steps: tuple[tuple[float, float], ...]
) -> Iterator[tuple[float, float]]:
    """The steps, without those of the grid that stand between two others where the outcome surely stays."""
    stands, between = value, list[tuple[float, float]]()
    for near, far in steps:
        if near == far and far != steps[-1][1]:
            between.append((near, far))
            continue
        if len(between) == 1 or (between and not _stays(question, lab, now, stands, near)):
            yield from between
        yield near, far
        stands, between = far, []


def _stays(question: Question, lab: Lab, now: Ranking, one: float, other: float) -> bool:
    """Whether no answer between these turns the outcome, where no comparison turns. Each bill rises or falls all the
    way with a number (tested), so that between them an option that is kept at both has at least the lower of its two
    scores, and none has more than the most it may have at either."""
    if lab.moves_others(question):
        return False
    first, last = (lab.try_winner((question.id, each)) for each in (one, other))
    if {first.outcome, last.outcome} != {now.outcome}:
        return False
    if not now.option:
        return True
    options = lab.rulebook.options
    ours = [
        min(first.scores[name], last.scores[name])
        for name in first.scores.keys() & last.scores.keys()
        if options[name].family == now.outcome
    ]
    theirs = [
        most
        for each in (first, last)
        for name, most in (*each.scores.items(), *each.unasked.items())
        if options[name].family != now.outcome
    ]
    return max(ours, default=-math.inf) > max(theirs, default=-math.inf)


def _bisect(
    question: Question, lab: Lab, now: Ranking, stands: float, turns: float, winner: Winner
) -> tuple[float, float, Winner]:
    for _ in range(_BISECTIONS):
        middle = _between(stands, turns, whole=question.kind == "integer")
        if middle in (stands, turns) or abs(turns - stands) <= _PRECISE * max(1.0, abs(turns)):
            break
        tried = lab.try_winner((question.id, middle))
        if tried.outcome == now.outcome:
            stands = middle
        else:
            turns, winner = middle, tried
    return stands, turns, winner


def _between(one: float, other: float, *, whole: bool) -> float:
    middle = math.sqrt(one * other) if one > 0 and other > 0 else (one + other) / 2
    return float(math.floor(middle)) if whole else float(f"{middle:.4g}") if middle else middle


def _flip(question: Question, lab: Lab, until: Value, becomes_at: Value, winner: Winner) -> Flip:
    return Flip(
        question=question.id,
        until=until,
        becomes_at=becomes_at,
        unit=question.unit,
        outcome=winner.outcome,
        option=winner.option,
        within_domain=lab.workload.domains[question.id].holds(becomes_at),
    )


def _distance(flip: Flip) -> float:
    """How far a change is, in decades; a change of a word counts as half a decade."""
    if isinstance(flip.until, float) and isinstance(flip.becomes_at, float) and flip.until > 0 < flip.becomes_at:
        return abs(math.log10(flip.becomes_at / flip.until))
    return 0.5
