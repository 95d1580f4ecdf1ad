"""Measuring: works in interleaved rounds, ratios within a round, and whether the machine was quiet enough.

Must not know what is measured. Times are processor time, since two cores are shared with others.
"""

import gc
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

ROUNDS = 9
NOISY = 0.15  # a self-ratio further from 1 than this makes the run worthless
AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One work against the base of its group: median and spread of the ratios, and microseconds of the median round."""

    name: str
    ratio: float
    least: float
    most: float
    microseconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One group of works. `skipped` says what was not measured, and why."""

    title: str
    base: str
    rows: tuple[Row, ...]
    self_ratio: float
    skipped: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def is_noisy(self) -> bool:
        """Whether the same work differed from itself."""
        return abs(self.self_ratio - 1) > NOISY


def cpu_seconds(work: Callable[[], object], times: int) -> float:
    """Processor seconds of one call, over so many; without collections of garbage, as timeit does, since one work's
    garbage would be swept up in another's time."""
    gc.collect()
    gc.disable()
    started = time.process_time()
    for _ in range(times):
        work()
    spent = time.process_time() - started
    gc.enable()
    return spent / times


def calibrate(work: Callable[[], object], seconds: float = 0.05) -> int:
    """How many calls take about so long; at least one."""
    work()  # the first call may compile or read something
    once = max(cpu_seconds(work, 1), 1e-7)
    return max(1, round(seconds / once))


def compare(
    title: str,
    works: Mapping[str, Callable[[], object]],
    base: str,
    *,
    rounds: int = ROUNDS,
    skipped: Sequence[str] = (),
    remarks: Sequence[str] = (),
) -> Table:
    """Every work once a round, the base twice; ratios to the base of the same round."""
    times = {name: calibrate(work) for name, work in works.items()}
    spent: dict[str, list[float]] = {name: [] for name in (*works, AGAIN)}
    for _ in range(rounds):
        for name, work in works.items():
            spent[name].append(cpu_seconds(work, times[name]))
        spent[AGAIN].append(cpu_seconds(works[base], times[base]))
    return tabulate(title, spent, base, skipped=skipped, remarks=remarks)


def tabulate(
    title: str,
    spent: Mapping[str, Sequence[float]],
    base: str,
    *,
    skipped: Sequence[str] = (),
    remarks: Sequence[str] = (),
) -> Table:
    """Seconds by round turned into ratios; `spent` holds the base a second time under AGAIN."""
    ratios = {name: [one / other for one, other in zip(spent[name], spent[base], strict=True)] for name in spent}
    rows = tuple(
        Row(
            name=name,
            ratio=statistics.median(ratios[name]),
            least=min(ratios[name]),
            most=max(ratios[name]),
            microseconds=statistics.median(spent[name]) * 1e6,
        )
        for name in spent
        if name != AGAIN
    )
    return Table(
        title=title,
        base=base,
        rows=rows,
        self_ratio=statistics.median(ratios[AGAIN]),
        skipped=tuple(skipped),
        remarks=tuple(remarks),
    )
