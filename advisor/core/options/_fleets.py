"""Which broker size to take: the cheapest fleet that fits the broker quota. Shared by the options that run brokers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from advisor.core.broker_needs import largest_need
from advisor.core.brokers import STANDARD_DISK, Demand, Sizes, capability, in_zones, paid_throughput, sizes_of
from advisor.core.facts import Facts
from advisor.core.options._model import MIB, round_up
from advisor.core.pricing import REFERENCE_REGION, is_sold


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """So many brokers of a size."""

    size: str
    brokers: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Shop:
    """Where brokers come from: the price of one, of its throughput, and what it may be called there; and how they are
    sized, as `Sizes` has it."""

    table: str
    broker_price: str
    utilization: str
    partitions: str
    prefix: str = ""
    strip: str = ""
    throughput_price: str = ""
    free_throughput: str = ""
    has_quota: bool = True
    pays_throughput: bool = False

    def sizes(self, facts: Facts) -> Sizes:
        use = facts.number("msk_sizing_utilization", self.utilization)
        return Sizes(utilization=use, partitions=self.partitions, pays_throughput=self.pays_throughput)

    def name(self, size: str) -> str:
        return size.removeprefix(self.strip)


def choose_fleet(load: Demand, shop: Shop, region: str, facts: Facts, *, is_added: bool) -> Choice:
    """The cheapest size within the quota, of which one broker can lead the busiest ordered sequence; beyond
    either the most capable size, so that more load never costs less.

    `is_added` counts brokers that join a running cluster: no floor, no whole zones. Cheap sizes are tried first, and
    none that could not be cheaper even with the fewest brokers.
    """
    quota = facts.number("msk_brokers_per_cluster_max") if shop.has_quota else float("inf")
    fewest = 1 if is_added else int(facts.number("kafka_brokers_min"))
    best: tuple[float, str, int] | None = None
    over: list[tuple[str, int]] = []
    for size, month_usd, need in facts.remember((shop, region), lambda: _offers(shop, region, facts)):
        if best is not None and fewest * month_usd >= best[0]:
            break
        exact, led = need(load)
        brokers = max(fewest, round_up(exact) if is_added else in_zones(exact, facts))
        usd = round(brokers * month_usd, 6)
        if brokers > quota or led > 1:
            over.append((size, brokers))
        elif best is None or usd < best[0]:
            best = usd, size, brokers
    size, brokers = best[1:] if best else max(over, key=lambda each: capability(each[0], shop.sizes(facts), facts))
    return Choice(size=size, brokers=brokers)


def _offers(shop: Shop, region: str, facts: Facts) -> list[tuple[str, float, Callable[[Demand], tuple[float, float]]]]:
    """Sizes with what one broker costs in a month and how many a load needs, cheapest first.

    In a Region without prices sizes are compared as elsewhere; what they cost there stays "not priced".
    """
    sizes, known = shop.sizes(facts), sizes_to_choose(shop.table, facts, shop.prefix)
    priced = ((size, broker_usd(size, shop, region, facts)) for size in known)
    offers = [(size, usd, largest_need(size, sizes, facts)) for size, usd in priced if usd is not None]
    return sorted(offers, key=lambda offer: offer[1]) or _offers(shop, REFERENCE_REGION, facts)


def sizes_to_choose(table: str, facts: Facts, prefix: str = "") -> Iterator[str]:
    """The sizes that a table knows without those for development."""
    spared = development_sizes(facts)
    return (size for size in sizes_of(table, facts, prefix) if size not in spared)


def development_sizes(facts: Facts) -> tuple[str, ...]:
    """Sizes that are for development only: sized for those who ask, never chosen."""
    sizes = facts["msk_sizing_development_sizes"].cells[()].value
    return tuple(size for size in sizes if isinstance(size, str)) if isinstance(sizes, tuple) else ()


def broker_usd(size: str, shop: Shop, region: str, facts: Facts) -> float | None:
    """What one broker costs in a month: the machine, and the throughput that it must have; None where a price of
    these is not known."""
    name, extra = shop.name(size), _paid_mib(size, shop, facts)
    if not is_sold(shop.broker_price, facts, region, name):
        return None
    if extra and not is_sold(shop.throughput_price, facts, region):
        return None
    throughput = extra * _price(shop.throughput_price, region, "", facts) if extra else 0.0
    return _price(shop.broker_price, region, name, facts) * facts.number("hours_per_month") + throughput


def _paid_mib(size: str, shop: Shop, facts: Facts) -> float:
    """MiB/s of a broker's disk that cost extra: what MSK provisions, or what a volume has above its free base."""
    if not shop.throughput_price:
        return 0.0
    if shop.free_throughput:
        return max(0.0, facts.number(STANDARD_DISK, size) / MIB - facts.number(shop.free_throughput))
    return paid_throughput(size, facts) / MIB


def extra_throughput(choice: Choice, shop: Shop, facts: Facts) -> float:
    """MiB/s that cost extra, of all brokers."""
    return choice.brokers * _paid_mib(choice.size, shop, facts)


def _price(price: str, region: str, size: str, facts: Facts) -> float:
    keys = {"region": region, "size": size}
    return facts.number(price, *(keys[key] for key in facts[price].by))
