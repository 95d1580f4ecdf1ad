"""What a workload takes and costs on an MSK cluster that many share: brokers are bought by the zone set, by size.

Joins the options' arithmetic with the portfolio's; must not know how workloads came to be known.
"""

import math
from collections.abc import Iterator, Sequence

from advisor.core.broker_needs import largest_need, standard_fleet
from advisor.core.brokers import STANDARD_DISK, capability
from advisor.core.facts import Facts
from advisor.core.fleet import Judgement
from advisor.core.options import msk_provisioned, today
from advisor.core.options._fleets import broker_usd, sizes_to_choose
from advisor.core.portfolio import Candidate, Portfolio, Unit, assign
from advisor.core.pricing import cost_lines, is_partial, total_usd
from advisor.core.recommendation import SQS, Verdict
from advisor.core.workload import Workload, vary

OPTION = "msk_provisioned"
_SLOTS = 100  # of a broker: hundredths, rounded up for each workload


def assign_fleet(members: Sequence[tuple[str, Judgement]], region: str, facts: Facts) -> Portfolio | None:
    """The cheapest assignment over all broker sizes sold in the Region; None where none has a price.

    Without those that could be on a queue of which no price is known: nothing says whether the cluster is cheaper.
    """
    known = [(name, each) for name, each in members if _queue_usd(each) is not None or not _queues(each)]
    found = (_assign(known, unit, facts) for unit in _leading(known, [*_units(region, facts)], facts) if known)
    return min(found, key=_preference, default=None)


def _preference(portfolio: Portfolio) -> tuple[int, float]:
    """The cheapest within the quota of brokers; where none is, the one that is least beyond."""
    beyond = portfolio.units - portfolio.unit.most
    return max(0, beyond), portfolio.total_usd


def _leading(members: Sequence[tuple[str, Judgement]], units: Sequence[Unit], facts: Facts) -> Sequence[Unit]:
    """Those of which a broker can lead the busiest sequence of what has no queue to go to; else the most capable alone,
    as a cluster of its own would have it."""
    bound = [each for _, each in members if not _queues(each)]
    found = [unit for unit in units if all(_leads(each, unit.size, facts) for each in bound)]
    by_capability = sorted(units, key=lambda unit: capability(unit.size, msk_provisioned.SHOP.sizes(facts), facts))
    return found or by_capability[-1:]


def _leads(judged: Judgement, size: str, facts: Facts) -> bool:
    """Whether one broker carries the busiest ordered sequence."""
    load = msk_provisioned.read_load(today(judged.workload), facts)
    if not load.led:
        return True
    _, led = largest_need(size, msk_provisioned.SHOP.sizes(facts), facts)(load)
    return led <= 1


def _assign(members: Sequence[tuple[str, Judgement]], unit: Unit, facts: Facts) -> Portfolio:
    return assign([_candidate(name, each, unit.size, facts) for name, each in members], unit)


def _units(region: str, facts: Facts) -> Iterator[Unit]:
    """A broker in each zone, of every size with a price: what a Standard cluster grows by."""
    zones = int(facts.number("msk_sizing_zones"))
    most = int(facts.number("msk_brokers_per_cluster_max")) // zones
    for size in sizes_to_choose(STANDARD_DISK, facts):
        usd = broker_usd(size, msk_provisioned.SHOP, region, facts)
        if usd is not None:
            yield Unit(size=size, brokers=zones, usd=zones * usd, slots=zones * _SLOTS, most=most)


def _candidate(name: str, judged: Judgement, size: str, facts: Facts) -> Candidate:
    now = today(judged.workload)
    may_join = OPTION in judged.kept and (_leads(judged, size, facts) or not _queues(judged))
    return Candidate(
        name=name,
        queue_usd=_queue_usd(judged),
        cluster_usd=_added_usd(now, facts) if may_join else None,
        slots=_slots(now, size, facts),
    )


def _queue_usd(judged: Judgement) -> float | None:
    """The cheapest of those that are priced in full."""
    priced = (each.estimate.likely_usd for each in _queues(judged) if not each.estimate.is_partial)
    return min(priced, default=None)


def _queues(judged: Judgement) -> tuple[Verdict, ...]:
    """Those that no hard limit rules out."""
    return tuple(each for each in judged.verdicts if each.family == SQS and each.option in judged.kept)


def _added_usd(workload: Workload, facts: Facts) -> float | None:
    """Storage and traffic; brokers are the cluster's."""
    guest = vary(workload, spare_kafka_capacity=True)
    lines = cost_lines(msk_provisioned.added(guest, facts), workload.region, facts)
    return None if is_partial(lines) else total_usd(lines)


def _slots(workload: Workload, size: str, facts: Facts) -> int:
    """The share of a broker that the workload needs most of, in slots."""
    load = msk_provisioned.read_load(workload, facts)
    fleet = standard_fleet(size, load, msk_provisioned.SHOP.sizes(facts), facts)
    return math.ceil(max(need.exact for need in fleet.needs) * _SLOTS - 1e-9)
