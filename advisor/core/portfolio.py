"""The cheapest assignment of many workloads to queues or to one shared Kafka cluster, whose floor they share. Exact.

Pure arithmetic: must not know what a workload is or where its prices come from. A cluster grows by whole units.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

QUEUE, CLUSTER, NEITHER = "queue", "cluster", "neither"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A workload: what it costs on a queue, what it adds to a cluster beside brokers, and the slots it fills there.

    None where it cannot go, or where no price is known.
    """

    name: str
    queue_usd: float | None
    cluster_usd: float | None
    slots: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """What a cluster is bought in: so many brokers of a size, their price a month, and the slots that they have.

    `most` units make the largest cluster; what can be nowhere else may still take it beyond, and others may fill what
    is then paid for.
    """

    size: str
    brokers: int
    usd: float
    slots: int
    most: int = 1_000_000

    def count(self, slots: int) -> int:
        """Units for so many slots; a cluster with anything on it has at least one."""
        return max(1, -(-slots // self.slots))


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """Where one workload goes, and what it costs there without its share of the brokers."""

    name: str
    where: str
    usd: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Portfolio:
    """The cheapest assignment. `pays_from` is the workload with which the brokers are paid for, largest savings first.

    `queues_usd` is the total with everything on queues that can be; what must have a cluster is then left out.
    """

    placements: tuple[Placement, ...]
    unit: Unit
    units: int
    brokers_usd: float
    total_usd: float
    queues_usd: float
    pays_from: str = ""
    pays_at: int = 0


def assign(candidates: Sequence[Candidate], unit: Unit) -> Portfolio:
    """The cheapest assignment for clusters of this unit. What can go nowhere costs nothing."""
    bound = [each for each in candidates if each.queue_usd is None and each.cluster_usd is not None]
    tempted = [each for each in candidates if _saving(each) > 0]
    chosen = _choose(tempted, sum(each.slots for each in bound), unit, must=bool(bound))
    on_cluster = {each.name for each in (*bound, *chosen)}
    placements = tuple(_place(each, on_cluster) for each in candidates)
    units = unit.count(sum(each.slots for each in (*bound, *chosen))) if on_cluster else 0
    pays_at, pays_from = _break_even(chosen, unit) if chosen and not bound else (0, "")
    return Portfolio(
        placements=placements,
        unit=unit,
        units=units,
        brokers_usd=units * unit.usd,
        total_usd=units * unit.usd + sum(each.usd for each in placements),
        queues_usd=sum(each.queue_usd or 0.0 for each in candidates),
        pays_from=pays_from,
        pays_at=pays_at,
    )


def _saving(candidate: Candidate) -> float:
    """What a cluster that is there anyway saves on it."""
    if candidate.queue_usd is None or candidate.cluster_usd is None:
        return 0.0
    return candidate.queue_usd - candidate.cluster_usd


def _place(candidate: Candidate, on_cluster: set[str]) -> Placement:
    if candidate.name in on_cluster:
        return Placement(name=candidate.name, where=CLUSTER, usd=candidate.cluster_usd or 0.0)
    if candidate.queue_usd is not None:
        return Placement(name=candidate.name, where=QUEUE, usd=candidate.queue_usd)
    return Placement(name=candidate.name, where=NEITHER, usd=0.0)


def _choose(tempted: Sequence[Candidate], taken: int, unit: Unit, *, must: bool) -> list[Candidate]:
    """Those that a cluster takes besides what it must: most saving for each number of slots, then the best number."""
    first = unit.count(taken) if must else 0
    affordable = int(sum(map(_saving, tempted)) // unit.usd) if unit.usd else len(tempted)
    units = max(first, min(first + affordable + 1, unit.most))  # what must be there may be beyond the most already
    room = max(0, units * unit.slots - taken)
    best, picks = _fill(tempted, room)
    base = first * unit.usd
    gain, slots = max((saved - (unit.count(taken + at) * unit.usd - base), -at) for at, saved in enumerate(best))
    if gain <= 0:
        return []
    return list(_trace(tempted, picks, -slots))


def _fill(tempted: Sequence[Candidate], room: int) -> tuple[list[float], list[bytearray]]:
    """The most that can be saved with at most so many slots, and for each workload where it was picked."""
    room = min(room, sum(each.slots for each in tempted))
    best, picks = [0.0] * (room + 1), []
    for each in tempted:
        picked, saving = bytearray(room + 1), _saving(each)
        for at in range(room, each.slots - 1, -1):
            if best[at - each.slots] + saving > best[at]:
                best[at], picked[at] = best[at - each.slots] + saving, 1
        picks.append(picked)
    return best, picks


def _trace(tempted: Sequence[Candidate], picks: Sequence[bytearray], at: int) -> Iterator[Candidate]:
    for each, picked in zip(reversed(tempted), reversed(picks), strict=True):
        if picked[at]:
            yield each
            at -= each.slots


def _break_even(chosen: Sequence[Candidate], unit: Unit) -> tuple[int, str]:
    """How many of the chosen, largest saving first, pay for their brokers; and the last of them."""
    ordered = sorted(chosen, key=lambda each: (-_saving(each), each.name))
    sums = zip(accumulate(map(_saving, ordered)), accumulate(each.slots for each in ordered), ordered, strict=True)
    for number, (saved, slots, each) in enumerate(sums, start=1):
        if saved >= unit.count(slots) * unit.usd:
            return number, each.name
    return 0, ""
