"""The facts behind an answer, each as it applies to the workload, with source and date. Knows no rendering."""

from collections.abc import Iterable, Iterator

from advisor.core.domains import Value
from advisor.core.estimate import Estimate
from advisor.core.facts import Cell, Fact, Source, Tier
from advisor.core.recommendation import Evidence, Verdict
from advisor.core.rulebook import Comparison, Rule, Rulebook
from advisor.core.workload import Workload


def evidence_for(fact: str, workload: Workload, rulebook: Rulebook) -> Evidence:
    """The fact as it applies here: in the workload's region where it is a table by region.

    Of a table by anything else no one cell is the fact, so its value says what it goes by; a cost line has the cell.
    """
    region = workload.region  # all that it hangs on, and one of a few
    return rulebook.remember(("evidence", fact, region), lambda: _find(rulebook.facts[fact], fact, region))


def rule_evidence(rule: Rule, workload: Workload, rulebook: Rulebook) -> tuple[Evidence, ...]:
    facts = rulebook.remember(("facts of", rule.id), lambda: facts_of(rule))
    return tuple(evidence_for(fact, workload, rulebook) for fact in facts)


def facts_of(rule: Rule) -> tuple[str, ...]:
    """Every fact that a rule rests on: those it compares with, then those it names."""
    compared = (test.fact for tests in rule.when for test in tests if test.fact)
    return tuple(dict.fromkeys((*compared, *rule.facts)))


def _find(found: Fact, fact: str, region: str) -> Evidence:
    quote = found.find(region) if found.by == ("region",) else found.find()
    value: Value = _value(quote.value) if quote else f"differs by {' and '.join(found.by)}"
    source = quote.source if quote else _nearest_source(found, region)
    return Evidence(fact=fact, label=found.label, value=value, unit=found.unit, source=source)


def _value(cell: Cell) -> Value:
    """Of a price in tiers, the first."""
    if isinstance(cell, tuple):
        words = tuple(part for part in cell if not isinstance(part, Tier))
        return words or next((part.value for part in cell if isinstance(part, Tier)), ())
    return cell


def _nearest_source(fact: Fact, region: str) -> Source:
    here = (quote.source for keys, quote in fact.cells.items() if region in keys)
    return next(here, fact.source)


def cite_facts(
    verdicts: Iterable[Verdict], comparisons: Iterable[Comparison], workload: Workload, rulebook: Rulebook
) -> tuple[Evidence, ...]:
    """Every fact that a sizing step, a cost line or a row of the comparison names, in the order of their ids."""
    named = {fact for verdict in verdicts for fact in _in_estimate(verdict.estimate)}
    named |= {fact for row in comparisons for fact in _in_row(row)}
    return tuple(evidence_for(fact, workload, rulebook) for fact in sorted(named & rulebook.facts.keys()))


def _in_estimate(estimate: Estimate) -> Iterator[str]:
    yield from (line.fact for line in (*estimate.lines, *(estimate.marginal_lines or ())))
    yield from (fact for step in estimate.sizing.steps for fact in step.facts)


def _in_row(row: Comparison) -> Iterator[str]:
    for statement in (row.kafka, row.sqs, row.correction):
        yield from statement.facts if statement else ()
