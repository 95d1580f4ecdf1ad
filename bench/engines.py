"""The engine: ranking against other rule engines, and evaluate, recommend and growth as multiples of one ranking.

Nothing is timed before it agrees with the plain evaluator on every workload of the fixture.
"""

import inspect
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import cycle
from typing import Any

from advisor import service
from advisor.core.compiled import compile_rules, rules_held
from advisor.core.costs import Costs
from advisor.core.evaluate import evaluate
from advisor.core.options import compared_in
from advisor.core.rank import Ranking, merge_weights, rank
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload
from bench.measure import Table, compare
from bench.peers import Glue, Peer, Usd, make_glue, open_peers
from bench.workloads import known_workloads, open_answers

FIXTURE, COPIES = 300, 10
OURS, EXPLAINED = "rank, compiled", "rank with all reasons, compiled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A workload with what engines get as inputs, and what must come out."""

    workload: Workload
    usd: Usd
    inputs: Mapping[str, object]
    expected: Ranking


def measure_engines() -> Iterator[Table]:
    """Every table of the engine."""
    rulebook = service.get_rulebook()
    weights = merge_weights(rulebook, {})
    glue = make_glue(rulebook, weights)
    samples = make_samples(FIXTURE, rulebook, weights, glue)
    peers, skipped = open_peers(glue.rules)
    agree(samples, rulebook, weights, glue, peers)
    yield _against_peers(samples, rulebook, weights, glue, peers, skipped)
    yield _in_ranks(samples, rulebook, weights)
    yield compare("Growth", grow(samples, rulebook, weights), OURS)


def make_samples(count: int, rulebook: Rulebook, weights: Mapping[str, int], glue: Glue) -> list[Sample]:
    """So many workloads, always the same ones."""
    return [_sample(workload, rulebook, weights, glue) for workload in known_workloads(rulebook, count)]


def _sample(workload: Workload, rulebook: Rulebook, weights: Mapping[str, int], glue: Glue) -> Sample:
    costs = Costs(rulebook.facts)
    asked = costs.all_usd(workload)
    usd = {option: asked[option] for option in rulebook.options}
    return Sample(
        workload=workload,
        usd=usd,
        inputs=glue.inputs(workload),
        expected=rank(workload, rulebook, weights, costs),
    )


def agree(samples: list[Sample], rulebook: Rulebook, weights: Mapping[str, int], glue: Glue, peers: list[Peer]) -> None:
    """Whoever disagrees with the plain evaluator is not timed: the whole run stops and says so."""
    compiled = compile_rules(rulebook).under(weights)
    for sample in samples:
        if compiled.rank_priced(sample.workload, sample.usd) != sample.expected:
            sys.exit("the compiled form disagrees with the plain one: nothing is timed")
        for peer in peers:
            if glue.rank(peer.judge(sample.inputs), sample.usd, sample.workload) != sample.expected:
                sys.exit(f"{peer.name} disagrees with the plain evaluator: nothing is timed")


def _each(samples: list[Sample], work: Callable[[Sample], object]) -> Callable[[], object]:
    """The work on one sample after the other, the same order for everybody."""
    turn = cycle(samples)
    return lambda: work(next(turn))


def _against_peers(
    samples: list[Sample],
    rulebook: Rulebook,
    weights: Mapping[str, int],
    glue: Glue,
    peers: list[Peer],
    skipped: list[str],
) -> Table:
    compiled, costs = compile_rules(rulebook).under(weights), Costs(rulebook.facts)
    for sample in samples:  # estimates are inputs here, for the plain form by its memory
        rank(sample.workload, rulebook, weights, costs)
    works = {
        OURS: _each(samples, lambda each: compiled.rank_priced(each.workload, each.usd)),
        "rank, plain": _each(samples, lambda each: rank(each.workload, rulebook, weights, costs)),
    }
    for peer in peers:
        works[peer.name] = _each(samples, _peer_work(peer, glue))
    works[EXPLAINED] = _each(
        samples, _explain(lambda each: compiled.rank_priced(each.workload, each.usd), rulebook, weights)
    )
    title = f"Ranking: {len(glue.rules)} rules, {len(rulebook.options)} options, {len(samples)} workloads, all agreeing"
    remark = "Derived quantities and estimates are inputs; every peer judges every rule, the same few lines rank by it."
    return compare(title, works, OURS, skipped=skipped, remarks=[remark])


def _peer_work(peer: Peer, glue: Glue) -> Callable[[Sample], object]:
    return lambda each: glue.rank(peer.judge(each.inputs), each.usd, each.workload)


def _explain(
    rank_one: Callable[[Sample], object], rulebook: Rulebook, weights: Mapping[str, int]
) -> Callable[[Sample], object]:
    """The ranking, and of each rule that holds its sentence and what it gives to whom; no call remembers another."""
    hold = inspect.unwrap(rules_held)
    given = {
        rule.id: tuple((option, points * weights[rule.criterion]) for option, points in rule.points)
        for rule in rulebook.preferences
    }
    reasons = {rule.id: (rule.id, rule.because, given.get(rule.id, ())) for rule in rulebook.rules}

    def explain(sample: Sample) -> object:
        return rank_one(sample), [reasons[rule] for rule in hold(sample.workload, rulebook)]

    return explain


def _in_ranks(samples: list[Sample], rulebook: Rulebook, weights: Mapping[str, int]) -> Table:
    compiled, costs = compile_rules(rulebook).under(weights), Costs(rulebook.facts)

    def rank_anew(sample: Sample) -> object:
        costs.forget()
        return compiled.rank(sample.workload, costs)

    works: dict[str, Callable[[], object]] = {
        OURS: _each(samples, lambda each: compiled.rank_priced(each.workload, each.usd)),
        "rank with its estimates": _each(samples, rank_anew),
        "rank with its estimates and all reasons": _each(samples, _explain(rank_anew, rulebook, weights)),
        "evaluate, with every step and setting": _each(
            samples, lambda each: evaluate(each.workload, rulebook, weights)
        ),
    }
    for count in (0, 5, 15):
        query = service.read_query(open_answers(rulebook, count))
        works[f"recommend, {count} questions open"] = _recommend_anew(query, costs)
    five = service.read_query(open_answers(rulebook, 5))
    works["recommend, 5 questions open, the bills remembered"] = _call(five)
    works["break-even, 5 questions open"] = lambda: service.find_break_even(five)
    return compare("Evaluate and recommend, as multiples of one ranking", works, OURS)


def _recommend_anew(query: service.Query, costs: Costs) -> Callable[[], object]:
    def work() -> object:
        costs.forget()
        return service.recommend(query)

    return work


def _call(query: service.Query) -> Callable[[], object]:
    return lambda: service.recommend(query)


def grow(samples: list[Sample], rulebook: Rulebook, weights: Mapping[str, int]) -> dict[str, Callable[[], object]]:
    """Ten times the rules, and ten times the options: each of them ten times over, under names of their own.

    Not where the budget spares some options by their names, which copies do not have.
    """
    samples = [each for each in samples if not compared_in(each.workload.cloud)]
    plain, rules, options = (
        compile_rules(each).under(weights) for each in (rulebook, _with_rules(rulebook), _with_options(rulebook))
    )
    dear = {id(each): {copy: usd for name, usd in each.usd.items() for copy in _copies(name)} for each in samples}
    for each in samples:
        if options.rank_priced(each.workload, dear[id(each)]).outcome != each.expected.outcome:
            sys.exit("ten times the options have another outcome: nothing is timed")
    return {
        OURS: _each(samples, lambda each: plain.rank_priced(each.workload, each.usd)),
        "ten times the rules": _each(samples, lambda each: rules.rank_priced(each.workload, each.usd)),
        "ten times the options": _each(samples, lambda each: options.rank_priced(each.workload, dear[id(each)])),
    }


def _with_rules(rulebook: Rulebook) -> Rulebook:
    return replace(
        rulebook,
        version=f"{rulebook.version}-rules",
        constraints=_ten_times(rulebook.constraints),
        preferences=_ten_times(rulebook.preferences),
        signposts=_ten_times(rulebook.signposts),
    )


def _ten_times(rules: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(replace(rule, id=copy) for rule in rules for copy in _copies(rule.id))


def _with_options(rulebook: Rulebook) -> Rulebook:
    named = {copy: replace(option, id=copy) for name, option in rulebook.options.items() for copy in _copies(name)}
    return replace(
        rulebook,
        version=f"{rulebook.version}-options",
        options=named,
        constraints=tuple(replace(rule, options=_all_copies(rule.options)) for rule in rulebook.constraints),
        preferences=tuple(
            replace(rule, points=tuple((copy, points) for name, points in rule.points for copy in _copies(name)))
            for rule in rulebook.preferences
        ),
    )


def _all_copies(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(copy for name in names for copy in _copies(name))


def _copies(name: str) -> list[str]:
    return [f"{name}_{number}" for number in range(COPIES)]
