"""Facts: one number, one place; a missing cell stays missing and an unknown id is the author's error."""

from datetime import date

import pytest

from advisor.core.facts import Earlier, Fact, Facts, Quote, Source

SOURCE = Source(name="A page", url="", kind="vendor", checked=date(2026, 1, 1))


def quote(value: float | str | bool) -> Quote:
    return Quote(fact="limit", value=value, unit="count", source=SOURCE)


def fact(name: str = "limit", by: tuple[str, ...] = (), **cells: float | str | bool) -> Fact:
    found: dict[tuple[str, ...], Quote] = {(key,) if by else (): quote(value) for key, value in cells.items()}
    return Fact(id=name, label="A limit", unit="count", by=by, cells=found)


def test_a_number_is_read_by_its_id_and_remembered() -> None:
    facts = Facts({"limit": fact(only=5.0)})
    assert facts.number("limit") == facts.number("limit") == 5.0
    assert (len(facts), list(facts), facts["limit"].source) == (1, ["limit"], SOURCE)


def test_a_table_falls_back_to_its_other_cell_and_else_to_nothing() -> None:
    with_other = fact(by=("region",), here=5.0, other=3.0)
    without = fact(by=("region",), here=5.0)
    assert [with_other.find(region) for region in ("here", "there")] == [quote(5.0), quote(3.0)]
    assert without.find("there") is None
    with pytest.raises(KeyError):
        Facts({"limit": without}).number("limit", "there")


def test_an_unknown_fact_and_a_word_for_a_number_are_errors() -> None:
    facts = Facts({"limit": fact(only="many"), "flag": fact("flag", only=True)})
    with pytest.raises(KeyError):
        facts.number("no_such_fact")
    for name in ("limit", "flag"):
        with pytest.raises(TypeError):
            facts.number(name)


def test_on_an_earlier_day_the_value_of_that_day_holds() -> None:
    old, older = (
        Earlier(until=date(2025, 8, 1), value=256.0, source=SOURCE),
        Earlier(until=date(2015, 1, 1), value=64.0, source=SOURCE),
    )
    limit = Fact(id="limit", label="", unit="KiB", by=(), cells={(): quote(1024.0)}, earlier=(old, older))
    days = (date(2014, 12, 31), date(2015, 1, 1), date(2025, 7, 31), date(2025, 8, 1))
    assert [Facts({"limit": limit.as_of(day)}).number("limit") for day in days] == [64.0, 256.0, 256.0, 1024.0]


def test_what_follows_from_the_facts_is_made_once() -> None:
    facts, made = Facts({}), []

    def make() -> int:
        made.append(1)
        return len(made)

    assert [facts.remember("table", make), facts.remember("table", make), facts.remember("other", make)] == [1, 1, 2]
