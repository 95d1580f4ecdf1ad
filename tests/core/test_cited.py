"""Facts are cited as they apply: the workload's own region, the first tier, and no cell that is not the one used."""

import pytest

from advisor import service
from advisor.core.cited import cite_facts, evidence_for
from advisor.core.facts import Fact, Tier

RULEBOOK = service.get_rulebook()
FACTS = RULEBOOK.facts.values()


def in_region(region: str) -> service.Query:
    return service.read_query({"region": region, "cloud": "aws"})


def pick(*by: str) -> Fact:
    """A fact by these keys whose cells differ."""
    return next(fact for fact in FACTS if fact.by == by and len({quote.value for quote in fact.cells.values()}) > 1)


@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_a_price_by_region_is_that_of_the_workloads_region(region: str) -> None:
    fact = pick("region")
    workload = service.recommend(in_region(region)).workload

    quote = fact.find(region)
    assert quote is not None
    value = quote.value[0].value if isinstance(quote.value, tuple) and isinstance(quote.value[0], Tier) else quote.value
    found = evidence_for(fact.id, workload, RULEBOOK)
    assert (found.value, found.source) == (value, quote.source)


@pytest.mark.parametrize(
    ("by", "said"), [(("size",), "differs by size"), (("region", "size"), "differs by region and size")]
)
def test_a_table_by_something_else_shows_no_cell_as_if_it_were_the_fact(by: tuple[str, ...], said: str) -> None:
    found = evidence_for(pick(*by).id, service.recommend(in_region("us-east-1")).workload, RULEBOOK)

    assert found.value == said
    assert found.source.name


def test_what_is_cited_is_all_that_the_answer_names_once_and_in_order() -> None:
    recommendation = service.recommend(in_region("us-east-1"))
    cited = cite_facts(recommendation.verdicts, recommendation.comparisons, recommendation.workload, RULEBOOK)

    ids = [each.fact for each in cited]
    assert ids == sorted(set(ids))
    steps = {fact for each in recommendation.verdicts for step in each.estimate.sizing.steps for fact in step.facts}
    assert steps <= set(ids)
    assert recommendation.cited == cited
