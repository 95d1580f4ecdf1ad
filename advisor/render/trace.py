"""The trace: every rule with what it looked at, what it compared, and what came of it, fired or not.

Must not decide anything: it asks the same conditions that the evaluator asks.
"""

from advisor.core.conditions import bound_at, holds, judge_test, spread_of
from advisor.core.domains import Choices, Domain, Interval, Members
from advisor.core.rank import only_warns
from advisor.core.rulebook import Constraint, Preference, Rule, Rulebook, Signpost, Test
from advisor.core.workload import Workload
from advisor.render.plain import Plain, write_exact, write_value


def write_trace(workload: Workload, rulebook: Rulebook) -> list[Plain]:
    """One step per rule, in the rulebook's order. `holds` is yes, no or depends, over all that is still open."""
    return [_step(rule, workload, rulebook) for rule in rulebook.rules]


def _step(rule: Rule, workload: Workload, rulebook: Rulebook) -> Plain:
    truth = holds(rule.when, workload)
    return {
        "rule": rule.id,
        "holds": truth.answer,
        "depends_on": list(truth.on),
        "because": rule.because,
        "any_of": [[_comparison(test, workload) for test in tests] for tests in rule.when],
        "sources": [_source(fact, rulebook) for fact in rule.facts],
        **_effect(rule, rulebook),
    }


def _comparison(test: Test, workload: Workload) -> Plain:
    domain, _ = spread_of(test.name, workload)
    return {
        "name": test.name,
        "assumed": write_value(getattr(workload, test.name)),
        "may_be": _write_domain(domain),
        "comparison": test.comparison,
        "bound": write_value(bound_at(test, workload.region)),
        "fact": test.fact,
        "holds": judge_test(test, workload).answer,
    }


def _write_domain(domain: Domain) -> Plain | list[object]:
    match domain:
        case Interval(low=low, high=high):
            return {"min": write_exact(low), "max": write_exact(high)}
        case Choices(values=values):
            return list(values)
        case Members(all_of=all_of, maybe=maybe):
            return {"all_of": list(all_of), "maybe": list(maybe)}


def _source(fact: str, rulebook: Rulebook) -> Plain:
    source = rulebook.facts[fact].source
    return {"fact": fact, "source": source.name, "url": source.url, "checked": source.checked.isoformat()}


def _effect(rule: Rule, rulebook: Rulebook) -> Plain:
    match rule:
        case Constraint(options=options):
            effect = "warns" if only_warns(rule, rulebook) else "excludes"
            return {"kind": "constraint", "effect": {effect: list(options)}}
        case Preference(criterion=criterion, points=points):
            return {"kind": "preference", "effect": {"criterion": criterion, "points": dict(points)}}
        case Signpost(to=to, strength=strength):
            return {"kind": "signpost", "effect": {strength: to}}
