"""The compiled rules rank as the plain evaluator does, whatever the workload, the weights and the rulebook."""

import ast
import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from advisor.core.compiled import compile_rules, rules_held
from advisor.core.conditions import holds_as_assumed
from advisor.core.costs import Costs, Usd
from advisor.core.domains import Value
from advisor.core.evaluate import evaluate, signposts_for
from advisor.core.rank import cost_points, merge_weights, rank
from advisor.core.rulebook import Rulebook
from advisor.core.rulebook import Test as Comparison
from advisor.core.workload import Workload
from tests.core.workloads import full_answers, rank_now, read, real_costs, real_rulebook, real_weights, some_answers
from tests.examples import tries

BOOK = real_rulebook()
EARLIER = BOOK.as_of(date(2025, 3, 1))
SLOW_TO_DRAW = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]
random_workloads = (some_answers() | full_answers()).map(read)
random_weights = st.dictionaries(st.sampled_from(sorted(BOOK.criteria)), st.integers(0, 9))
RULE = BOOK.preferences[0]


def agrees(workload: Workload, book: Rulebook, asked: Mapping[str, int]) -> bool:
    """The same outcome, option, margins, scores in the same order, and signpost."""
    weights, costs = merge_weights(book, asked), Costs(book.facts)
    plain, compiled = rank(workload, book, weights, costs), compile_rules(book).rank(workload, weights, costs)
    return plain == compiled and list(plain.scores) == list(compiled.scores)


@given(random_workloads, random_weights)
@settings(max_examples=tries(150), suppress_health_check=SLOW_TO_DRAW)
def test_it_ranks_like_the_plain_evaluator(workload: Workload, asked: dict[str, int]) -> None:
    assert agrees(workload, BOOK, asked)


@given(random_workloads, random_weights)
@settings(max_examples=tries(150), suppress_health_check=SLOW_TO_DRAW)
def test_it_finds_the_winner_of_the_plain_evaluator_and_bounds_who_was_not_asked(
    workload: Workload, asked: dict[str, int]
) -> None:
    weights, costs = merge_weights(BOOK, asked), Costs(BOOK.facts)
    plain = rank(workload, BOOK, weights, costs)
    rules = compile_rules(BOOK).under(weights)
    winner = rules.find_winner(rules.judge(workload), workload, costs.all_usd(workload))
    assert (winner.outcome, winner.option) == (plain.outcome, plain.option)
    if plain.option:
        bounds = {**winner.scores, **winner.unasked}
        assert all(plain.scores[option] == score for option, score in winner.scores.items())
        assert all(score <= bounds[option] for option, score in plain.scores.items())
        assert all(most < plain.scores[plain.option] for most in winner.unasked.values())


def test_who_cannot_win_is_not_asked_what_it_costs() -> None:
    workload, asked = read({"work_queue": True, "cloud": "aws", "nothing_else": True}), set[str]()

    class Bills(dict[str, Usd]):
        def __missing__(self, option: str) -> Usd:
            asked.add(option)
            return real_costs().all_usd(workload)[option]

    rules = compile_rules(BOOK).under(real_weights())
    winner = rules.find_winner(rules.judge(workload), workload, Bills())
    assert asked == {winner.option} == {"sqs_standard"}


@given(random_workloads, random_weights)
@settings(max_examples=tries(50), suppress_health_check=SLOW_TO_DRAW)
def test_it_ranks_like_the_plain_evaluator_by_the_rules_of_an_earlier_day(
    workload: Workload, asked: dict[str, int]
) -> None:
    assert EARLIER != BOOK
    assert agrees(workload, EARLIER, asked)


@given(random_workloads)
@settings(max_examples=tries(50), suppress_health_check=SLOW_TO_DRAW)
def test_its_points_and_exclusions_are_those_of_the_reasons(workload: Workload) -> None:
    ranking = compile_rules(BOOK).rank(workload, real_weights(), real_costs())
    verdicts = evaluate(workload, BOOK, real_weights())
    kept = {verdict.option: verdict.score for verdict in verdicts if not verdict.is_excluded}
    assert dict(ranking.scores) == kept
    instead = [reason.rule for reason in signposts_for(workload, BOOK) if reason.effect == "instead"]
    assert ranking.signpost == next(iter(instead), "")


@given(random_workloads, st.sampled_from(range(len(BOOK.preferences))))
@settings(max_examples=tries(50), suppress_health_check=SLOW_TO_DRAW)
def test_one_rule_alone_gives_its_points_exactly_where_it_fires(workload: Workload, number: int) -> None:
    rule, book, free = BOOK.preferences[number], with_rule(number), dict.fromkeys(BOOK.options, (1.0, False))
    without = compile_rules(with_rule(None)).under(real_weights()).rank_priced(workload, free)
    ranking = compile_rules(book).under(real_weights()).rank_priced(workload, free)
    gained = {option: score - without.scores[option] for option, score in ranking.scores.items()}
    weight = real_weights()[rule.criterion] if holds_as_assumed(rule.when, workload) else 0
    points = dict(rule.points)
    assert gained == {option: points.get(option, 0) * weight for option in gained}


@cache
def with_rule(number: int | None) -> Rulebook:
    """No rule but one preference, or none at all."""
    rules = () if number is None else (BOOK.preferences[number],)
    return replace(BOOK, preferences=rules, constraints=(), signposts=())


COMPARISONS: list[tuple[str, str, Value]] = [
    ("consumer_groups", comparison, 3.0) for comparison in ("is", "at_least", "at_most", "more_than", "less_than")
] + [
    ("retained_bytes", "more_than", 1e9),
    ("ordering", "is", "none"),
    ("ordering", "one_of", ("none", "global")),
    ("ordering", "none_of", ("none", "global")),
    ("work_queue", "is", True),
    ("existing_platforms", "is", "kafka"),
    ("existing_platforms", "one_of", ("kafka", "redis")),
    ("existing_platforms", "one_of", ()),
    ("existing_platforms", "none_of", ("kafka", "redis")),
]


@pytest.mark.parametrize(("name", "comparison", "bound"), COMPARISONS)
@given(random_workloads)
@settings(max_examples=tries(25), suppress_health_check=SLOW_TO_DRAW)
def test_every_comparison_means_what_it_means_to_the_plain_evaluator(
    name: str, comparison: str, bound: Value, workload: Workload
) -> None:
    test = Comparison(name=name, comparison=comparison, bound=bound)
    assert agrees(workload, with_test(test), {})


@given(random_workloads, st.sampled_from(["eu-central-1", "us-east-1", "ap-south-1"]))
@settings(max_examples=tries(30), suppress_health_check=SLOW_TO_DRAW)
def test_a_bound_by_region_is_that_of_the_workloads_region(workload: Workload, region: str) -> None:
    for table in ((("us-east-1", 3.0), ("other", 1.0)), (("eu-central-1", 2.0),)):
        test = Comparison(name="consumer_groups", comparison="at_least", bound=5.0, by_region=table)
        assert agrees(replace(workload, region=region), with_test(test), {})


@cache  # compiling takes longer than a thousand rankings
def with_test(test: Comparison) -> Rulebook:
    """The real rulebook, in which one comparison alone excludes, prefers and points elsewhere."""
    when = ((test,),)
    return replace(
        BOOK,
        constraints=(replace(BOOK.constraints[0], when=when), *BOOK.constraints[1:]),
        preferences=(replace(RULE, when=when), *BOOK.preferences[1:]),
        signposts=(replace(BOOK.signposts[-1], when=when, strength="instead"),),
    )


def test_a_planted_fault_is_caught() -> None:
    """A bound moved in the compiled form alone must be seen by the same comparison as above."""
    workload = read({"consumer_groups": 3, "cloud": "aws", "work_queue": True})
    book = with_test(Comparison(name="consumer_groups", comparison="at_least", bound=3.0))
    wrong = compile_rules(with_test(Comparison(name="consumer_groups", comparison="more_than", bound=3.0)))
    planted = replace(book)
    planted.remember("compiled", lambda: wrong)
    assert agrees(workload, book, {})
    assert not agrees(workload, planted, {})


@pytest.mark.parametrize(
    ("name", "comparison", "bound"),
    [
        ("__class__", "is", "none"),
        ("domains", "is", "none"),
        ("no_such_question", "more_than", 3.0),
        ("consumer_groups", "matches", 3.0),
        ("consumer_groups", "more_than", "3) or print("),
        ("consumer_groups", "more_than", float("inf")),
        ("ordering", "more_than", 3.0),
        ("ordering", "is", 3.0),
        ("ordering", "one_of", (Comparison(name="x", comparison="is", bound=1.0),)),
    ],
)
def test_what_is_no_comparison_of_a_question_is_never_compiled(name: str, comparison: str, bound: Any) -> None:
    with pytest.raises(ValueError, match="is no"):
        compile_rules(with_test(Comparison(name=name, comparison=comparison, bound=bound)))


def test_points_that_do_not_fit_their_lane_are_refused() -> None:
    huge = replace(RULE, points=((next(iter(BOOK.options)), 2**30),))
    with pytest.raises(ValueError, match="do not fit"):
        compile_rules(replace(BOOK, preferences=(huge,)))


def test_words_are_constants_and_never_code() -> None:
    text = "none' or __import__('os').system('false') or '"
    book = with_test(Comparison(name="ordering", comparison="is", bound=text))
    assert agrees(read({"ordering": "none"}), book, {})
    assert repr(text) in compile_rules(book).generated.source


def test_a_rulebook_is_compiled_once() -> None:
    assert compile_rules(BOOK) is compile_rules(BOOK)
    assert BOOK.as_of(date(2025, 3, 1)) is BOOK.as_of(date(2025, 3, 2))


def test_a_comparison_that_many_rules_share_is_made_once_on_each_way() -> None:
    """Neither beside itself nor below itself, as it is or negated."""
    (function,) = ast.parse(compile_rules(BOOK).generated.source).body
    assert isinstance(function, ast.FunctionDef)
    made = Counter(each_comparison(function.body, frozenset()))
    first = next(each for each in function.body if isinstance(each, ast.If))  # which most rules ask for
    assert made[ast.unparse(without_not(first.test))] == 1
    assert len(made) > 50


def each_comparison(body: list[ast.stmt], above: frozenset[str]) -> Iterator[str]:
    branches = [each for each in body if isinstance(each, ast.If)]
    tests = [ast.unparse(without_not(each.test)) for each in branches]
    assert len(set(tests)) == len(tests)
    assert above.isdisjoint(tests)
    yield from tests
    for test, branch in zip(tests, branches, strict=True):
        for part in (branch.body, branch.orelse):
            yield from each_comparison(part, above | {test})


def without_not(test: ast.expr) -> ast.expr:
    while isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        test = test.operand
    return test


@pytest.mark.parametrize("usd", [0.0, 0.5, 1.0, 1.0905077326652577, 3.7, 1e3, 123_456.789, 1e9, 1e15])
def test_the_steps_of_the_cost_scale_are_those_of_its_formula(usd: float) -> None:
    rules, scale = compile_rules(BOOK), BOOK.cost_scale_usd
    most = cost_points(scale.low, BOOK)
    for step in rules.cost_steps:
        assert cost_points(math.nextafter(step, 0), BOOK) == cost_points(step, BOOK) + 1
    assert most - bisect_right(rules.cost_steps, usd) == cost_points(usd, BOOK)
    assert most - len(rules.cost_steps) == cost_points(math.inf, BOOK)


def test_only_some_weights_are_kept() -> None:
    rules = compile_rules(with_rule(0))
    asked = [merge_weights(BOOK, {"cost": cost, "setup": setup}) for cost in range(10) for setup in range(10)]
    for weights in (*asked, merge_weights(BOOK, {"shape": 9})):
        assert rules.under(weights) is rules.under(dict(weights))
    assert len(rules._weighed) < len(asked)


@given(random_workloads)
@settings(max_examples=tries(50), suppress_health_check=SLOW_TO_DRAW)
def test_the_rules_that_hold_are_those_of_the_plain_evaluator(workload: Workload) -> None:
    rules = (*BOOK.constraints, *BOOK.preferences, *BOOK.signposts)
    assert len({rule.id for rule in rules}) == len(rules)
    held = rules_held(workload, BOOK)
    assert sorted(held) == sorted(rule.id for rule in rules if holds_as_assumed(rule.when, workload))


def test_an_empty_rulebook_ranks_by_cost_alone() -> None:
    book, workload = with_rule(None), read({"cloud": "aws"})
    assert compile_rules(book).rank(workload, real_weights(), real_costs()) == rank_now(workload, book)
