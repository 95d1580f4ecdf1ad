"""Facts that were checked too long ago are found, oldest first; the day is given."""

from datetime import date, timedelta

import pytest

from advisor import evidence, service
from advisor.core.ageing import find_aged
from advisor.core.facts import Fact, Quote, Source

TODAY = date(2026, 11, 23)


def fact(name: str, *days_ago: int) -> Fact:
    cells: dict[tuple[str, ...], Quote] = {
        (str(number),): Quote(
            fact=name,
            value=1.0,
            unit="count",
            source=Source(name="Page", url="https://example.com", kind="vendor", checked=TODAY - timedelta(days=days)),
        )
        for number, days in enumerate(days_ago)
    }
    return Fact(id=name, label=name, unit="count", by=("size",), cells=cells)


def test_the_oldest_cell_makes_the_age_of_a_fact() -> None:
    found = find_aged([fact("young", 0), fact("mixed", 1, 40), fact("old", 90)], TODAY, 30)

    assert [(each.fact.id, each.days) for each in found] == [("old", 90), ("mixed", 40)]
    assert found[1].source.checked == TODAY - timedelta(days=40)


@pytest.mark.parametrize(("max_age", "number"), [(39, 1), (40, 0)])
def test_a_fact_as_old_as_allowed_is_not_too_old(max_age: int, number: int) -> None:
    assert len(find_aged([fact("mixed", 40)], TODAY, max_age)) == number


def test_every_fact_of_the_rulebook_has_an_age() -> None:
    facts = service.get_rulebook().facts

    assert len(evidence.find_aged_facts(0, date(2100, 1, 1))) == len(facts)
    assert evidence.find_aged_facts(36500, date(2100, 1, 1)) == ()
