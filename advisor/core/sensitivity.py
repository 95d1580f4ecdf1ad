"""How far the answer hangs on what is open, and on the weights: the next question, pairs, and how far weights reach."""

from collections.abc import Iterator, Mapping
from itertools import combinations, product

from advisor.core.conditions import holds_as_assumed
from advisor.core.domains import Value
from advisor.core.probes import Lab
from advisor.core.quantities import questions_behind
from advisor.core.questions import NUMERIC, Question
from advisor.core.rank import Ranking
from advisor.core.recommendation import NextQuestion, WeightRange
from advisor.core.rulebook import HEAVIEST

_PAIRED = 8  # only the questions with most pull are tried two at a time


def turning_powers(lab: Lab, now: Ranking) -> tuple[tuple[str, int, int], ...]:
    """For each open question: the share of its cells in which the outcome differs (per cent), and the largest loss of
    lead.

    What must be known to lean at all stands first, then power times the share of people who can tell: a question that
    nobody can answer turns nothing, however much hangs on it.
    """
    if lab.workload.is_known:
        return ()
    found = []
    for question in lab.rulebook.questions.values():
        if lab.workload.domains[question.id].is_known:
            continue
        tried = [lab.try_answers((question.id, value)) for value in lab.values(question, inside=True)]
        turned = sum(ranking.outcome != now.outcome for ranking in tried)
        loss = max(now.margin - ranking.margin for ranking in tried)
        found.append((question.id, -(-100 * turned // len(tried)), loss))
    return tuple(sorted(found, key=lambda each: _urgency(lab.rulebook.questions[each[0]], each[1], each[2])))


def _urgency(question: Question, power: int, loss: int) -> tuple[bool, int, int]:
    """Smaller where it is more urgent; what is alike keeps the order of the questions."""
    return not question.needed_to_lean, -power * question.known_percent, -loss * question.known_percent


def choose_next(lab: Lab, now: Ranking, powers: tuple[tuple[str, int, int], ...]) -> NextQuestion | None:
    """The most urgent question; where none turns the outcome alone, the first of the smallest pair that does."""
    if not powers:
        return None
    question, power, _ = powers[0]
    if power or lab.rulebook.questions[question].needed_to_lean:
        return NextQuestion(question=question, power_percent=power)
    for one, other in _pairs(lab, [name for name, _, _ in powers]):
        share = _pair_power(lab, now, one, other)
        if share:
            return NextQuestion(question=one, power_percent=share, with_question=other)
    return NextQuestion(question=question, power_percent=0)


def _pairs(lab: Lab, names: list[str]) -> Iterator[tuple[str, str]]:
    """Open questions worth trying two at a time, the likelier known first: two that one rule waits for, then those with
    most pull."""
    known = {name: lab.rulebook.questions[name].known_percent for name in names}
    awaited = [asked for asked in dict.fromkeys(_awaited(lab, frozenset(names))) if len(asked) == 2]
    together = {tuple(sorted(asked, key=names.index)) for asked in awaited}
    ranked = sorted(together, key=lambda pair: (-known[pair[0]] * known[pair[1]], pair))
    yield from ((one, other) for one, other in ranked)
    yield from (pair for pair in combinations(names[:_PAIRED], 2) if pair not in together)


def _awaited(lab: Lab, names: frozenset[str]) -> Iterator[frozenset[str]]:
    """For each alternative of each rule the open questions on which it waits: those of its comparisons that do not hold
    as assumed; nothing where an answer speaks against it."""
    for rule in lab.rulebook.rules:
        for tests in rule.when:
            failed = [test for test in tests if not holds_as_assumed(((test,),), lab.workload)]
            asked = [names.intersection(questions_behind(test.name)) for test in failed]
            if all(asked):
                yield frozenset().union(*asked)


def _pair_power(lab: Lab, now: Ranking, one: str, other: str) -> int:
    cells = [_telling(lab.rulebook.questions[name], lab) for name in (one, other)]
    tried = [lab.try_winner((one, first), (other, second)) for first, second in product(*cells)]
    turned = sum(winner.outcome != now.outcome for winner in tried)
    return -(-100 * turned // len(tried))


def _telling(question: Question, lab: Lab) -> tuple[Value, ...]:
    """The ends of a long row of numbers: load only ever pushes one way, so the ends tell most."""
    values = lab.values(question, inside=True)
    return values if len(values) <= 4 or question.kind not in NUMERIC else (values[0], values[-1])


def range_weights(
    points: Mapping[str, Mapping[str, int]],
    families: Mapping[str, str],
    weights: Mapping[str, int],
    outcome: str,
) -> tuple[WeightRange, ...]:
    """For each criterion the weights around its own, others fixed, within which the outcome stays.

    `points` are those of each option under each criterion, before weighting.
    """
    totals = {
        option: sum(given * weights[criterion] for criterion, given in by_criterion.items())
        for option, by_criterion in points.items()
    }
    found = []
    for criterion, weight in weights.items():
        slopes = {option: by_criterion.get(criterion, 0) for option, by_criterion in points.items()}
        found.append(_range_of(criterion, weight, totals, slopes, families, outcome))
    return tuple(found)


def _range_of(
    criterion: str,
    weight: int,
    totals: Mapping[str, int],
    slopes: Mapping[str, int],
    families: Mapping[str, str],
    outcome: str,
) -> WeightRange:
    """`totals` are the scores at the weight as it is, `slopes` what one more of it adds."""

    def stands(tried: int) -> bool:
        more = tried - weight
        return families[max(totals, key=lambda option: totals[option] + more * slopes[option])] == outcome

    low = high = weight
    while low > 0 and stands(low - 1):
        low -= 1
    while high < HEAVIEST and stands(high + 1):
        high += 1
    return WeightRange(criterion=criterion, weight=weight, low=low, high=high)
