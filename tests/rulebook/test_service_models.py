"""Facts whose source is one of AWS's service models: the model that is installed still says their numbers."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader

from advisor.core.facts import Fact
from advisor.rulebook.loader import load_rulebook

FACTS = load_rulebook(Path(__file__).resolve().parents[2] / "rules").facts
LINES = (Path(__file__).parent / "service_models.txt").read_text(encoding="utf-8").splitlines()
ROWS = [[part.strip() for part in line.split("|")] for line in LINES if not line.startswith("#")]


@cache
def model(service: str) -> dict[str, Any]:
    return dict(Loader().load_service_model(service, "service-2"))


def said(service: str, place: str) -> str:
    """What the model says of an operation or of a shape's member, or the bounds of a shape that is a number."""
    name, _, member = place.partition(".")
    whole = model(service)
    entry = whole["operations"].get(name) or whole["shapes"][name]
    if member:
        entry = entry["members"][member]
    bounds = f"at least {entry.get('min')} at most {entry.get('max')}"
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", entry.get("documentation", ""))) + bounds


@pytest.mark.parametrize(("name", "service", "place", "words", "factor"), ROWS, ids=[row[0] for row in ROWS])
def test_the_service_model_says_the_number_of_the_fact(
    name: str, service: str, place: str, words: str, factor: str
) -> None:
    pattern = re.escape(words).replace(r"\{\}", r"([\d,]+)")
    found = re.search(pattern, said(service, place))
    assert found, f"{place} of {service} no longer says «{words}»; read it and mend the fact"
    assert FACTS.number(name) == pytest.approx(float(found[1].replace(",", "")) * float(factor), rel=1e-4)


def rests_on_a_model(fact: Fact) -> bool:
    quote = fact.find()
    return (
        quote is not None
        and isinstance(quote.value, float)
        and "service model" in quote.source.name
        and "derived" not in quote.source.name
    )


def test_every_number_that_rests_on_a_service_model_is_read_there() -> None:
    assert {name for name, fact in FACTS.items() if rests_on_a_model(fact)} == {row[0] for row in ROWS}
