"""Other rule engines on the real rulebook: each judges every rule, and the same few lines of glue add the points up.

Must not know how ours works. A peer that is not installed is skipped with a line that says how to get it.
"""

import importlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from advisor.core.options import compared_in
from advisor.core.rank import COST, Ranking, conclude, cost_points, has_no_budget
from advisor.core.rulebook import Constraint, Preference, Rule, Rulebook
from advisor.core.workload import Workload
from bench.translate import CEL, ZEN, as_json_logic, inputs_of, rules_of

Usd = Mapping[str, tuple[float, int]]
Judge = Callable[[Mapping[str, object]], Sequence[bool]]
_MOST = 1e27  # more than any bound of a rule: zen takes no number beyond 7.9e28
MISSING = "not installed; python -m pip install -r bench/requirements.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Glue:
    """From the truth of each rule to the same ranking as ours, cost and budget included."""

    rulebook: Rulebook
    weights: Mapping[str, int]
    rules: tuple[Rule, ...]
    options: tuple[str, ...]
    hard: tuple[tuple[str, ...], ...]
    signposts: tuple[str, ...]
    points: tuple[tuple[tuple[str, int], ...], ...]

    def inputs(self, workload: Workload) -> Mapping[str, object]:
        """One workload as a peer gets it, derived quantities with it."""
        values = inputs_of(workload, self.rules)
        return {name: min(value, _MOST) if isinstance(value, float) else value for name, value in values.items()}

    def rank(self, truths: Sequence[bool], usd: Usd, workload: Workload) -> Ranking:
        """The ranking that these truths of all rules come to."""
        first, second = len(self.hard), len(self.hard) + len(self.signposts)
        excluded: set[str] = set()
        for options, truth in zip(self.hard, truths, strict=False):
            if truth:
                excluded.update(options)
        scores = self._costs(excluded, usd, workload)
        for given, truth in zip(self.points, truths[second:], strict=True):
            if truth:
                for option, points in given:
                    if option in scores:
                        scores[option] += points
        spoken = (name for name, truth in zip(self.signposts, truths[first:second], strict=True) if truth)
        return conclude(self.rulebook, scores, next(spoken, ""))

    def _costs(self, excluded: set[str], usd: Usd, workload: Workload) -> dict[str, int]:
        """What is left within the budget, with the points for its cost."""
        weight, budget = self.weights[COST], workload.budget_usd_per_month
        most, compared = math.inf if has_no_budget(budget, self.rulebook) else budget, compared_in(workload.cloud)
        kept = (option for option in self.options if option not in excluded)
        left = (option for option in kept if usd[option][0] <= most or option in compared)
        return {option: cost_points(usd[option][0], self.rulebook) * weight for option in left}


def make_glue(rulebook: Rulebook, weights: Mapping[str, int]) -> Glue:
    """The parts of the rulebook that no peer has to judge."""
    rules = rules_of(rulebook)
    hard = [rule for rule in rules if isinstance(rule, Constraint)]
    soft = [rule for rule in rules if isinstance(rule, Preference)]
    return Glue(
        rulebook=rulebook,
        weights=weights,
        rules=rules,
        options=tuple(rulebook.options),
        hard=tuple(rule.options for rule in hard),
        signposts=tuple(rule.id for rule in rules[len(hard) : len(rules) - len(soft)]),
        points=tuple(
            tuple((option, points * weights[rule.criterion]) for option, points in rule.points) for rule in soft
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """How a peer judges all rules at once."""

    name: str
    judge: Judge


def open_peers(rules: tuple[Rule, ...]) -> tuple[list[Peer], list[str]]:
    """The peers that are installed, and a line for each that is not."""
    found: list[Peer] = []
    skipped: list[str] = []
    for module, makers in _MAKERS.items():
        try:
            engine = importlib.import_module(module)
        except ImportError as error:
            skipped.append(f"{module}: {MISSING} ({error})")
            continue
        found.extend(Peer(name=name, judge=make(engine, rules)) for name, make in makers.items())
    return found, skipped


def _zen_expression(zen: Any, rules: tuple[Rule, ...]) -> Judge:
    compiled = zen.compile_expression("[" + ", ".join(ZEN.write(rule.when) for rule in rules) + "]")
    return compiled.evaluate  # type: ignore[no-any-return]


def _zen_graph(content: Mapping[str, object], result: str) -> Mapping[str, object]:
    """A decision graph of one node between input and output."""
    place = {"x": 0, "y": 0}
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in", "position": place},
        {"id": "rules", "type": result, "name": "rules", "position": place, "content": content},
        {"id": "out", "type": "outputNode", "name": "out", "position": place},
    ]
    edges = [
        {"id": f"{one}-{other}", "type": "edge", "sourceId": one, "targetId": other}
        for one, other in (("in", "rules"), ("rules", "out"))
    ]
    return {"nodes": nodes, "edges": edges}


def _zen_expressions(zen: Any, rules: tuple[Rule, ...], *, trace: bool = False) -> Judge:
    expressions = [{"id": f"r{at}", "key": f"r{at}", "value": ZEN.write(rule.when)} for at, rule in enumerate(rules)]
    return _zen_judge(zen, _zen_graph({"expressions": expressions}, "expressionNode"), len(rules), trace=trace)


def _zen_judge(zen: Any, graph: Mapping[str, object], count: int, *, trace: bool) -> Judge:
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": graph}}})
    keys, options = [f"r{at}" for at in range(count)], {"trace": trace}

    def judge(inputs: Mapping[str, object]) -> Sequence[bool]:
        result = engine.evaluate("rules", inputs, options)["result"]
        return [result[key] for key in keys]

    return judge


def _zen_table(zen: Any, rules: tuple[Rule, ...], *, trace: bool = False) -> Judge:
    """One collecting table: a row for each rule, whose output is its number."""
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": "when", "name": "when", "type": "expression"}],
        "outputs": [{"id": "rule", "name": "rule", "field": "rule", "type": "expression"}],
        "rules": [{"_id": f"r{at}", "when": ZEN.write(rule.when), "rule": str(at)} for at, rule in enumerate(rules)],
    }
    graph = _zen_graph(content, "decisionTableNode")
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": graph}}})
    count, options = len(rules), {"trace": trace}

    def judge(inputs: Mapping[str, object]) -> Sequence[bool]:
        truths = [False] * count
        for row in engine.evaluate("rules", inputs, options)["result"]:
            truths[row["rule"]] = True
        return truths

    return judge


def _cel(cel: Any, rules: tuple[Rule, ...]) -> Judge:
    program = cel.compile("[" + ", ".join(CEL.write(rule.when) for rule in rules) + "]")
    return program.execute  # type: ignore[no-any-return]


def _json_logic(json_logic: Any, rules: tuple[Rule, ...]) -> Judge:
    written = [json.loads(json.dumps(as_json_logic(rule.when))) for rule in rules]
    evaluate = json_logic.jsonLogic
    return lambda inputs: [bool(evaluate(rule, inputs)) for rule in written]


_MAKERS: Mapping[str, Mapping[str, Callable[[Any, tuple[Rule, ...]], Judge]]] = {
    "zen": {
        "zen, one compiled expression": _zen_expression,
        "zen, expression graph": _zen_expressions,
        "zen, decision table": _zen_table,
        "zen, expression graph with its trace": lambda zen, rules: _zen_expressions(zen, rules, trace=True),
        "zen, decision table with its trace": lambda zen, rules: _zen_table(zen, rules, trace=True),
    },
    "cel": {"Rust CEL, one program": _cel},
    "json_logic": {"json-logic": _json_logic},
}
