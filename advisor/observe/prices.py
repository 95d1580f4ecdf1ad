"""Reads the AWS price list with the asker's own credentials. Only reads; what it finds is proposed, never written.

Knows which product of the price list each of our price facts is; knows no rulebook file.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ENDPOINT_REGION = "us-east-1"  # the price list is served from a few Regions only, and speaks of all
MILLION = 1e6
NAME = "AWS Price List API"


GetProducts = Callable[..., Any]  # the one call that is made; its answer is looked at with care


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """Where a fact stands in the price list: the service, filters, and the usage type without its Region's prefix.

    A group in `usage` is the size, which we call `prefix` and the group. A listed price times `scale` is ours.
    """

    fact: str
    service: str
    usage: str
    filters: tuple[tuple[str, str], ...] = ()
    prefix: str = ""
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPrice:
    """One cell of a price fact as the price list has it: tiers of (start, price), one of them where there are none."""

    fact: str
    at: tuple[str, ...]
    tiers: tuple[tuple[float, float], ...]
    published: str


def _msk(fact: str, usage: str, prefix: str = "") -> Product:
    return Product(fact=f"price_msk_{fact}", service="AmazonMSK", usage=usage, prefix=prefix)


def _sqs(fact: str, queue_type: str) -> Product:
    filters = (("productFamily", "API Request"), ("queueType", queue_type))
    return Product(fact=fact, service="AWSQueueService", usage=r"Requests.*", filters=filters, scale=MILLION)


_SHARED_LINUX = (
    ("operatingSystem", "Linux"),
    ("tenancy", "Shared"),
    ("preInstalledSw", "NA"),
    ("capacitystatus", "Used"),
)
PRODUCTS: tuple[Product, ...] = (
    _sqs("price_sqs_standard", "Standard"),
    _sqs("price_sqs_fifo", "FIFO (first-in, first-out)"),
    _sqs("price_sqs_fair", "Fair"),
    _msk("broker_hour", r"Kafka\.((?:t3|m5|m7g)\.\w+)", "kafka."),
    _msk("broker_hour", r"Express\.(m7g\.\w+)", "express."),
    _msk("storage", r"Kafka\.Storage\.GP2"),
    _msk("tiered", r"Kafka\.Storage\.Tiered"),
    _msk("tiered_retrieval", r"Kafka\.DataRetrieval\.Tiered"),
    _msk("express_storage", r"Express\.Storage"),
    _msk("serverless_cluster_hour", r"KafkaServerless-ClusterHours"),
    _msk("serverless_partition_hour", r"KafkaServerless-PartitionHours"),
    _msk("serverless_data_in", r"KafkaServerless-In-Bytes"),
    _msk("serverless_data_out", r"KafkaServerless-Out-Bytes"),
    Product(
        fact="price_ec2_hour",
        service="AmazonEC2",
        usage=r"BoxUsage:((?:m5|m7g|r7g|t3)\.\w+)",
        filters=(("productFamily", "Compute Instance"), *_SHARED_LINUX),
    ),
    Product(
        fact="price_ebs_gp3",
        service="AmazonEC2",
        usage=r"EBS:VolumeUsage\.gp3",
        filters=(("productFamily", "Storage"), ("volumeApiName", "gp3")),
    ),
)


def open_price_list() -> GetProducts:
    """The price list's one call, with the credentials of the environment."""
    import boto3  # noqa: PLC0415 - its start-up time is paid only here

    return boto3.client("pricing", region_name=ENDPOINT_REGION).get_products


def read_prices(
    get_products: GetProducts, region: str, products: Iterable[Product] = PRODUCTS
) -> tuple[FoundPrice, ...]:
    """What the price list says today about our price facts in a Region."""
    found = (price for product in products for price in _read_product(get_products, product, region))
    return tuple({(price.fact, price.at): price for price in found}.values())


def _read_product(get_products: GetProducts, product: Product, region: str) -> Iterator[FoundPrice]:
    usage = re.compile(rf"(?:[A-Z]{{2,4}}\d?-)?{product.usage}")
    for item in _items(get_products, product, region):
        match = usage.fullmatch(str(_at(item, "product", "attributes").get("usagetype", "")))
        tiers = _tiers(item, product.scale) if match else ()
        if match and tiers:
            size = (f"{product.prefix}{match[1]}",) if match.groups() else ()
            published = str(item.get("publicationDate", ""))[:10]
            yield FoundPrice(fact=product.fact, at=(region, *size), tiers=tiers, published=published)


def _items(get_products: GetProducts, product: Product, region: str) -> Iterator[Mapping[str, object]]:
    filters = [
        {"Type": "TERM_MATCH", "Field": field, "Value": value}
        for field, value in (*product.filters, ("regionCode", region))
    ]
    request: dict[str, object] = {"ServiceCode": product.service, "Filters": filters, "FormatVersion": "aws_v1"}
    while True:
        page: Mapping[str, object] = get_products(**request)
        entries = page.get("PriceList")
        for entry in entries if isinstance(entries, list) else ():
            item = json.loads(entry) if isinstance(entry, str) else entry
            if isinstance(item, Mapping):
                yield item
        if not page.get("NextToken"):
            return
        request["NextToken"] = page["NextToken"]


def _at(item: Mapping[str, object], *path: str) -> Mapping[str, object]:
    """The mapping at a path, empty where there is none."""
    for name in path:
        found = item.get(name)
        item = found if isinstance(found, Mapping) else {}
    return item


def _tiers(item: Mapping[str, object], scale: float) -> tuple[tuple[float, float], ...]:
    """On-demand prices in dollars by tier; a free first tier is not part of the price, its own fact says it."""
    dimensions = (
        _at(term, "priceDimensions") for term in _at(item, "terms", "OnDemand").values() if isinstance(term, Mapping)
    )
    tiers = sorted(
        (float(str(dimension.get("beginRange") or 0)), float(str(_at(dimension, "pricePerUnit").get("USD", "nan"))))
        for term in dimensions
        for dimension in term.values()
        if isinstance(dimension, Mapping)
    )
    paid = [(start, usd * scale) for start, usd in tiers if usd > 0]
    return ((0.0, paid[0][1]), *paid[1:]) if paid else ()
