"""Reading the AWS price list: recorded answers' shape, no network; and the diff that is proposed of it."""

import json
import shutil
import subprocess
from datetime import date
from pathlib import Path

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.stub import Stubber

from advisor import observing
from advisor.core.errors import AnswersError, Problem
from advisor.core.facts import Quote, Tier
from advisor.observe.prices import FoundPrice, Product, open_price_list, read_prices
from advisor.observe.propose import Proposal, propose
from advisor.rulebook.fact_entries import read_fact
from advisor.rulebook.loader import load_rulebook
from advisor.rulebook.nodes import Reading
from tests.core.pricing_facts import real_facts
from tests.observe.aws_stub import make_client

FACTS = Path(__file__).resolve().parents[2] / "rules" / "facts"
TODAY = date(2026, 11, 23)
BROKERS = Product(
    fact="price_msk_broker_hour", service="AmazonMSK", usage=r"Kafka\.((?:t3|m5|m7g)\.\w+)", prefix="kafka."
)
QUEUES = Product(
    fact="price_sqs_standard",
    service="AWSQueueService",
    usage="Requests.*",
    filters=(("queueType", "Standard"),),
    scale=1e6,
)


def item(usage: str, *dimensions: tuple[str, str]) -> str:
    """A product as the price list answers it: JSON in a string."""
    tiers = {
        f"SKU.T.{number}": {"beginRange": start, "endRange": "Inf", "unit": "Hrs", "pricePerUnit": {"USD": usd}}
        for number, (start, usd) in enumerate(dimensions)
    }
    return json.dumps(
        {
            "product": {
                "productFamily": "any",
                "attributes": {"usagetype": usage, "regionCode": "eu-west-1"},
                "sku": "S",
            },
            "serviceCode": "any",
            "terms": {
                "OnDemand": {"SKU.T": {"priceDimensions": tiers, "sku": "S", "effectiveDate": "2026-11-01T00:00:00Z"}}
            },
            "version": "20261101",
            "publicationDate": "2026-11-02T10:00:00Z",
        }
    )


def read(*pages: list[str], product: Product = BROKERS, region: str = "eu-west-1") -> tuple[FoundPrice, ...]:
    """What we make of these pages, each asked for with the token of the one before."""
    client = boto3.client("pricing", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x")
    filters = [
        {"Type": "TERM_MATCH", "Field": field, "Value": value}
        for field, value in (*product.filters, ("regionCode", region))
    ]
    with Stubber(client) as stubber:
        for number, page in enumerate(pages):
            token = {"NextToken": f"page {number}"} if number else {}
            more = {"NextToken": f"page {number + 1}"} if number + 1 < len(pages) else {}
            asked = {"ServiceCode": product.service, "Filters": filters, "FormatVersion": "aws_v1", **token}
            stubber.add_response("get_products", {"FormatVersion": "aws_v1", "PriceList": page, **more}, asked)
        found = read_prices(client.get_products, region, [product])
        stubber.assert_no_pending_responses()
    return found


def test_brokers_are_found_by_their_usage_type_whatever_the_regions_prefix() -> None:
    found = read([item("EU-Kafka.m7g.large", ("0", "0.2260000000")), item("Kafka.t3.small", ("0", "0.05"))])
    assert [(price.at, price.tiers) for price in found] == [
        (("eu-west-1", "kafka.m7g.large"), ((0, 0.226),)),
        (("eu-west-1", "kafka.t3.small"), ((0, 0.05),)),
    ]
    assert found[0].published == "2026-11-02"


def test_what_is_no_broker_is_passed_over() -> None:
    assert read([item("EU-Kafka.Storage.GP2", ("0", "0.11")), item("EU-Express.m7g.large", ("0", "0.45"))]) == ()


def test_every_page_is_read() -> None:
    found = read([item("EU-Kafka.m5.large", ("0", "0.234"))], [], [item("EU-Kafka.m5.xlarge", ("0", "0.468"))])
    assert [price.at[1] for price in found] == ["kafka.m5.large", "kafka.m5.xlarge"]


def test_requests_are_priced_by_the_million_and_tiers_kept_in_order() -> None:
    page = [item("EU-Requests-Tier1", ("100000000000", "0.0000003"), ("0", "0.0000004"))]
    (price,) = read(page, product=QUEUES)
    assert price.at == ("eu-west-1",)
    assert [start for start, _ in price.tiers] == [0, 1e11]
    assert [usd for _, usd in price.tiers] == pytest.approx([0.4, 0.3])


def test_a_free_first_tier_is_not_the_price() -> None:
    (price,) = read([item("EU-Requests-Tier1", ("0", "0"), ("1000000", "0.0000004"))], product=QUEUES)
    assert len(price.tiers) == 1
    assert price.tiers[0] == pytest.approx((0, 0.4))


def test_the_one_call_is_the_price_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    assert open_price_list().__name__ == "get_products"


def test_a_region_of_which_nothing_is_listed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """It read as if every price were as the facts say."""
    client = make_client("pricing")
    none: dict[str, object] = {"PriceList": []}
    found = AWSResponse("", 200, HTTPHeaders(), None), none
    client.meta.events.register("before-call", lambda **_: found)
    monkeypatch.setattr(boto3, "client", lambda *_, **__: client)
    with pytest.raises(AnswersError, match="has no price of ours in “eu-wset-1”"):
        observing.propose_prices("eu-wset-1", TODAY)


def price(fact: str, *at: str, usd: float = 9.5, tiers: tuple[tuple[float, float], ...] = ()) -> FoundPrice:
    return FoundPrice(fact=fact, at=at, tiers=tiers or ((0.0, usd),), published="2026-11-02")


def apply_diff(proposal: Proposal, tmp_path: Path) -> dict[tuple[str, tuple[str, ...]], Quote]:
    """The facts after `patch` has applied the diff to a copy, read by the strict reader."""
    folder = tmp_path / "rules" / "facts"
    folder.mkdir(parents=True)
    for path in FACTS.glob("prices_*.yaml"):
        (folder / path.name).write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    done = subprocess.run(
        ["patch", "-p1"], input=proposal.diff, text=True, cwd=tmp_path, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout
    problems: list[Problem] = []
    facts = {}
    for path in folder.glob("*.yaml"):
        reading = Reading(name=path.name, problems=problems)
        for node in reading.items(reading.open(path)):
            fact = read_fact(reading, node)
            assert fact is not None
            facts[fact.id] = fact
    assert problems == []
    return {(name, at): quote for name, fact in facts.items() for at, quote in fact.cells.items()}


CELLS = (
    ("price_msk_storage", ("us-east-1",)),  # a plain number
    ("price_msk_storage", ("ap-southeast-1",)),  # a number with a source of its own
    ("price_msk_storage", ("eu-north-9",)),  # a Region that the table lacks
    ("price_msk_broker_hour", ("us-east-1", "kafka.m7g.large")),  # by Region and size
    ("price_msk_broker_hour", ("us-east-1", "kafka.m7g.48xlarge")),  # a size that the Region lacks
    ("price_msk_broker_hour", ("eu-north-9", "kafka.m7g.large")),  # neither
)


@pytest.mark.parametrize(("fact", "at"), CELLS)
def test_a_changed_price_is_proposed_with_its_source_and_nothing_else_moves(
    fact: str, at: tuple[str, ...], tmp_path: Path
) -> None:
    proposal = propose(FACTS, [price(fact, *at)], TODAY)
    assert [change.at for change in proposal.changes] == [at]
    after = apply_diff(proposal, tmp_path)
    quote = after.pop((fact, at))
    assert (quote.value, quote.source.kind, quote.source.checked) == (9.5, "price_list", TODAY)
    before = {(name, key): cell for name, each in real_facts().items() for key, cell in each.cells.items()}
    assert all(before[name] == cell for name, cell in after.items())
    removed = [line for line in proposal.diff.splitlines() if line.startswith("-") and not line.startswith("---")]
    assert len(removed) <= 6


def test_sizes_of_a_new_region_stand_together_in_a_rulebook_that_loads(tmp_path: Path) -> None:
    last = list(real_facts()["price_msk_broker_hour"].cells)[-1][0]
    at = [(region, f"kafka.m7g.{size}") for region in ("eu-north-9", last) for size in ("32xlarge", "48xlarge")]
    proposal = propose(FACTS, [price("price_msk_broker_hour", *each) for each in at], TODAY)
    shutil.copytree(FACTS.parent, tmp_path / "rules")
    subprocess.run(["patch", "-p1"], input=proposal.diff, text=True, cwd=tmp_path, capture_output=True, check=True)
    cells = load_rulebook(tmp_path / "rules").facts["price_msk_broker_hour"].cells
    assert {each: cells[each].value for each in at} == dict.fromkeys(at, 9.5)
    assert len(cells) == len(real_facts()["price_msk_broker_hour"].cells) + len(at)


def test_tiers_are_proposed_as_tiers(tmp_path: Path) -> None:
    found = price("price_sqs_standard", "eu-west-1", tiers=((0, 0.4), (1e11, 0.31)))
    quote = apply_diff(propose(FACTS, [found], TODAY), tmp_path)["price_sqs_standard", ("eu-west-1",)]
    assert quote.value == (Tier(start=0, value=0.4), Tier(start=1e11, value=0.31))


def test_a_price_that_still_holds_is_left_alone_unless_it_is_to_be_confirmed() -> None:
    same = price("price_msk_storage", "us-east-1", usd=0.10)
    assert propose(FACTS, [same], TODAY).diff == ""
    confirmed = propose(FACTS, [same], TODAY, confirm=True)
    assert [change.kind for change in confirmed.changes] == ["confirmed"]
    assert "checked: 2026-11-23" in confirmed.diff


def test_a_line_of_a_fact_file_ends_at_its_newline_and_nowhere_else(tmp_path: Path) -> None:
    before = '- id: one\n  label: "half\u2028half"\n  values:\n    us-east-1: 1'
    (tmp_path / "one.yaml").write_text(before, encoding="utf-8")
    diff = propose(tmp_path, [price("one", "us-east-1"), price("one", "us-east-2")], TODAY).diff
    file = tmp_path / "rules" / "facts" / "one.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(before, encoding="utf-8")
    subprocess.run(["patch", "-p1"], input=diff, text=True, cwd=tmp_path, capture_output=True, check=True)
    head, first, second = file.read_text(encoding="utf-8").rsplit("\n", 2)
    assert head == before.rpartition("\n")[0]
    assert ("us-east-1: {value: 9.5," in first, "us-east-2: {value: 9.5," in second) == (True, True)


def test_nothing_is_ever_written() -> None:
    before = {path: path.read_bytes() for path in FACTS.glob("*.yaml")}
    propose(FACTS, [price("price_msk_storage", "us-east-1")], TODAY, confirm=True)
    assert {path: path.read_bytes() for path in FACTS.glob("*.yaml")} == before


def test_a_price_for_no_fact_of_ours_changes_nothing() -> None:
    assert propose(FACTS, [price("price_of_tea", "us-east-1")], TODAY) == Proposal(diff="", changes=())
