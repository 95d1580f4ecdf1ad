"""The real rulebook, and random answers to its questions, for the tests of the core's laws."""

import math
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from advisor.core.answers import read_answers
from advisor.core.boxes import restrict
from advisor.core.conditions import bound_at
from advisor.core.costs import Costs
from advisor.core.domains import Choices, Interval, Members, Value, known
from advisor.core.index import index_rules
from advisor.core.questions import Question
from advisor.core.rank import Ranking, merge_weights, rank
from advisor.core.rulebook import Rulebook
from advisor.core.workload import Workload
from advisor.rulebook.loader import load_rulebook

RULES = Path(__file__).resolve().parents[2] / "rules"
PAIRS = (
    ("messages_per_second_avg", "messages_per_second_peak"),
    ("message_size_bytes_avg", "message_size_bytes_max"),
    ("processing_seconds_avg", "processing_seconds_max"),
    ("hottest_key_messages_per_second", "messages_per_second_peak"),
)
USUAL = {  # what most workloads have in common; without it most random ones end at a signpost
    "cloud": "aws",
    "region": "us-east-1",
    "delay_seconds": 0,
    "latency_ms_target": 60000,
    "priority_needed": False,
    "transactional_outbox": False,
    "inspect_queue": False,
    "portability_needed": False,
    "content_routing": False,
    "integrations": [],
    "existing_platforms": [],
}
RARELY = ("priority_needed", "transactional_outbox", "inspect_queue", "portability_needed", "stream_processing")


@cache
def real_rulebook() -> Rulebook:
    """The rulebook as it lies; read once."""
    return load_rulebook(RULES)


@cache
def real_weights() -> Mapping[str, int]:
    return merge_weights(real_rulebook(), {})


@cache
def real_costs() -> Costs:
    return Costs(real_rulebook().facts)


def read(answers: Mapping[str, object]) -> Workload:
    return read_answers(answers, real_rulebook().questions)


def rank_now(workload: Workload, rulebook: Rulebook | None = None) -> Ranking:
    return rank(workload, rulebook or real_rulebook(), real_weights(), real_costs())


@cache
def numbers(low: float, high: float, *, whole: bool = False) -> st.SearchStrategy[float]:
    """Numbers spread over magnitudes, as quantities are; now and then an end."""
    ends = st.sampled_from((low, high))
    if low >= high:
        return ends
    least = max(low, high * 1e-7, 1e-3)
    spread = st.floats(math.log(least), math.log(max(high, least))).map(math.exp)
    rounded = spread.map(lambda value: float(round(value)) if whole else float(f"{value:.4g}"))
    inside = rounded.map(lambda value: min(max(value, low), high))
    return st.integers(0, 9).flatmap(lambda turn: inside if turn else ends)


def values_of(question: Question) -> st.SearchStrategy[Any]:
    """Plain answers to a question: mostly plausible, always accepted."""
    if question.kind == "choice":
        return st.sampled_from([choice.id for choice in question.choices])
    if question.kind == "boolean":
        return st.sampled_from([False, True] if question.id not in RARELY else [False, False, False, True])
    if question.kind == "list":
        return st.lists(st.sampled_from([choice.id for choice in question.choices]), max_size=2, unique=True)
    bounds = question.bounds or Interval(low=0, high=1e9)
    usual = question.plausible or Interval(low=bounds.low, high=min(bounds.high, 1e5))
    whole = question.kind == "integer"
    return numbers(usual.low, usual.high, whole=whole) | numbers(bounds.low, min(bounds.high, 1e7), whole=whole)


@cache
def _any_answers() -> st.SearchStrategy[dict[str, Any]]:
    questions = real_rulebook().questions
    return st.fixed_dictionaries({name: values_of(questions[name]) for name in questions if name != "nothing_else"})


@st.composite
def full_answers(draw: st.DrawFn) -> dict[str, Any]:
    """Every question answered with one value, none against another."""
    answers = draw(_any_answers()) | {"nothing_else": True}
    if draw(st.integers(0, 4)):
        answers.update(USUAL, budget_usd_per_month=draw(st.sampled_from([1e9, 1e9, 300.0, 5000.0, 50000.0])))
        answers["processing_seconds_max"] = min(answers["processing_seconds_max"], 3600.0)
    for small, large in PAIRS:
        answers[small] = min(answers[small], answers[large])
    return answers


@st.composite
def open_answers(draw: st.DrawFn, most_open: int) -> dict[str, Any]:
    """The same with a few questions left unanswered."""
    answers = draw(full_answers())
    del answers["nothing_else"]
    names = draw(st.lists(st.sampled_from(sorted(answers)), min_size=1, max_size=most_open, unique=True))
    closed = {"nothing_else": False}
    return {name: answer for name, answer in answers.items() if name not in names} | closed


@st.composite
def some_answers(draw: st.DrawFn) -> dict[str, Any]:
    """Anything a person may send: few answers or many, values, ranges and choices still open."""
    answers = draw(full_answers())
    names = draw(st.lists(st.sampled_from(sorted(answers)), max_size=20, unique=True))
    return {name: draw(_loosened(name, answers[name])) for name in names}


def _loosened(name: str, answer: Any) -> st.SearchStrategy[Any]:
    """The answer itself, or a wider one that it lies in."""
    question = real_rulebook().questions[name]
    words = [choice.id for choice in question.choices]
    if question.kind in ("number", "integer"):
        bounds = question.bounds or Interval(low=0, high=1e9)
        high = min(bounds.high, answer * 3)
        return st.sampled_from(
            [answer, {"min": answer, "max": float(round(high))}] if round(high) >= answer else [answer]
        )
    if question.kind == "boolean":
        return st.sampled_from([answer, {"one_of": [True, False]}, "yes" if answer else "no"])
    if question.kind == "choice":
        return st.sampled_from([answer, {"one_of": list(dict.fromkeys([words[0], answer]))}])
    return st.sampled_from([answer, {"all_of": answer, "maybe": [word for word in words[:2] if word not in answer]}])


def telling_values(name: str, workload: Workload) -> list[Value]:
    """Of an open question: every choice; the ends and each threshold -1, 0 and +1 unit; lists with each one word."""
    domain, question = workload.domains[name], real_rulebook().questions[name]
    match domain:
        case Choices(values=values):
            return list(values)
        case Members(all_of=all_of, maybe=maybe):
            return [all_of, (*all_of, *maybe), *((*all_of, word) for word in maybe)]
        case Interval(low=low, high=high):
            whole = question.kind == "integer"
            found = {low, high, float(getattr(workload, name))}
            for threshold in thresholds(name, workload, real_rulebook()):
                step = 1.0 if whole else max(abs(threshold) * 1e-6, 1e-9)
                found.update((threshold - step, threshold, threshold + step))
            return sorted(each for each in ({round(v) for v in found} if whole else found) if low <= each <= high)


def open_questions(workload: Workload) -> list[str]:
    return [name for name, domain in workload.domains.items() if not domain.is_known]


@st.composite
def completions(draw: st.DrawFn, workload: Workload) -> Workload:
    """One way the open questions may turn out: telling values and random ones, never an impossible combination."""
    chosen: dict[str, Value] = {}
    for name in open_questions(workload):
        values = st.sampled_from(telling_values(name, workload))
        domain = workload.domains[name]
        if isinstance(domain, Interval):
            whole = real_rulebook().questions[name].kind == "integer"
            chosen[name] = float(draw(values | numbers(domain.low, domain.high, whole=whole)))  # type: ignore[arg-type]
        else:
            chosen[name] = draw(values)
    complete = restrict(workload, {name: known(value) for name, value in chosen.items()})
    return _made_possible(complete, workload, set(chosen))


def _made_possible(workload: Workload, before: Workload, chosen: set[str]) -> Workload:
    """An average above its peak becomes that peak, or the peak that average, whichever its domain allows."""
    for small, large in PAIRS:
        low, high = float(getattr(workload, small)), float(getattr(workload, large))
        if low > high:
            moves = [(small, high)] * (small in chosen) + [(large, low)] * (large in chosen)
            allowed = [(name, value) for name, value in moves if before.domains[name].holds(value)]
            assume(bool(allowed))
            workload = restrict(workload, {allowed[0][0]: known(allowed[0][1])})
    return workload


def thresholds(name: str, workload: Workload, rulebook: Rulebook) -> frozenset[float]:
    """Where rules turn: bounds of direct comparisons, and for derived quantities the answer that may reach it."""
    found: set[float] = set()
    for test in index_rules(rulebook).tests[name]:
        bound = bound_at(test, workload.region)
        if not isinstance(bound, bool) and isinstance(bound, int | float):
            found.update([float(bound)] if test.name == name else _scaled(name, test.name, float(bound), workload))
    return frozenset(found)


def _scaled(name: str, quantity: str, bound: float, workload: Workload) -> Iterator[float]:
    """Most quantities are proportional to a question or to its inverse; a wrong guess only adds a harmless value."""
    now, value = float(getattr(workload, name)), float(getattr(workload, quantity))
    if now > 0 and value > 0 and bound > 0:
        yield now * bound / value
        yield now * value / bound
