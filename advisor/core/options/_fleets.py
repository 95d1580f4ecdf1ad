"""Which broker size to take: the cheapest fleet that fits the broker quota. Shared by the options that run brokers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from advisor.core.brokers import (
    STANDARD_DISK,
    Demand,
    Fleet,
    Sizes,
    capability,
    express_fleet,
    sizes_of,
    standard_fleet,
)
from advisor.core.facts import Facts
from advisor.core.options._model import MIB, round_up
from advisor.core.tariffs import is_sold
from advisor.core.workload import Workload


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A fleet with its number of brokers and what they cost in a month without storage and traffic."""

    fleet: Fleet
    brokers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """Where brokers come from: the price of one, of its throughput, and what it may be called there."""

    table: str
    broker_price: str
    prefix: str = ""
    strip: str = ""
    throughput_price: str = ""
    free_throughput: str = ""
    has_quota: bool = True

    def name(self, size: str) -> str:
        return size.removeprefix(self.strip)


def choose_fleet(
    load: Demand, sizes: Sizes, shop: Shop, workload: Workload, facts: Facts, *, is_added: bool = False
) -> Choice:
    """The cheapest size within the quota; beyond it the most capable size, so that more load never costs less.

    `is_added` counts brokers that join a running cluster: no floor, no whole zones.
    """
    known = list(sizes_of(shop.table, facts, shop.prefix))
    sold = [size for size in known if is_sold(shop.broker_price, facts, workload.region, shop.name(size))]
    make = express_fleet if shop.prefix == "express." else standard_fleet
    made = [make(size, load, sizes, facts) for size in sold or known]
    choices = [Choice(fleet=fleet, brokers=_count(fleet, facts, is_added=is_added)) for fleet in made]
    quota = facts.number("msk_brokers_per_cluster_max") if shop.has_quota else float("inf")
    fitting = [choice for choice in choices if choice.brokers <= quota]
    if not fitting:
        return max(choices, key=lambda choice: capability(choice.fleet.size, sizes, facts))
    return min(fitting, key=_by_cost(shop, workload, facts) if sold else _by_count(fitting))


def _count(fleet: Fleet, facts: Facts, *, is_added: bool) -> int:
    if is_added:
        return max(1, *(round_up(need.exact) for need in fleet.needs))
    return max(fleet.brokers, int(facts.number("kafka_brokers_min")))


def _by_cost(shop: Shop, workload: Workload, facts: Facts) -> Callable[[Choice], float]:
    hours = facts.number("hours_per_month")

    def usd(choice: Choice) -> float:
        hour = _price(shop.broker_price, workload.region, shop.name(choice.fleet.size), facts)
        extra = paid_throughput(choice.fleet, shop, facts)
        month = hour * hours + (extra and extra * _price(shop.throughput_price, workload.region, "", facts))
        return round(choice.brokers * month, 6)

    return usd


def _by_count(choices: Sequence[Choice]) -> Callable[[Choice], float]:
    """Where nothing is priced, the first size in the table that fits."""
    places = {choice.fleet.size: place for place, choice in enumerate(choices)}
    return lambda choice: places[choice.fleet.size]


def paid_throughput(fleet: Fleet, shop: Shop, facts: Facts) -> float:
    """MiB/s of each broker's disk that cost extra: what MSK provisions, or what a volume has above its free base."""
    if shop.free_throughput:
        return max(0.0, facts.number(STANDARD_DISK, fleet.size) / MIB - facts.number(shop.free_throughput))
    return fleet.provisioned_throughput / MIB


def _price(price: str, region: str, size: str, facts: Facts) -> float:
    keys = {"region": region, "size": size}
    return facts.number(price, *(keys[key] for key in facts[price].by))
