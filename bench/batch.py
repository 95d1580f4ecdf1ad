"""Many workloads: ranked in one process and in two, and the same through the command line's NDJSON. Wall time."""

import multiprocessing
import statistics
import time
from collections.abc import Iterable, Iterator

from advisor import service
from advisor.core.answers import read_answers
from advisor.core.compiled import compile_rules
from advisor.core.costs import Costs
from advisor.core.rank import merge_weights
from bench.measure import AGAIN, Table, tabulate

CHUNK = 500
ONE, TWO, LOOP_ONE, LOOP_TWO = "one process", "two processes", "one empty loop", "two of them"


def measure_batch(count: int, rounds: int) -> Iterator[Table]:
    """Read and rank `count` workloads, estimates included; everybody gets the same answers.

    An empty loop says what a second process can gain on the machine at all.
    """
    chunks = [range(at, min(at + CHUNK, count)) for at in range(0, count, CHUNK)]
    some = chunks[: max(1, len(chunks) // 10)]
    spent: dict[str, list[float]] = {name: [] for name in (ONE, TWO, AGAIN, LOOP_ONE, LOOP_TWO)}
    rank_chunk(chunks[0])  # the rulebook is read before the clock starts
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for _ in range(rounds):
            spent[ONE].append(_seconds(map(rank_chunk, chunks), count))
            spent[TWO].append(_seconds(pool.imap(rank_chunk, chunks), count))
            spent[AGAIN].append(_seconds(map(rank_chunk, some), sum(map(len, some))))
            spent[LOOP_ONE].append(_seconds(map(loop, some), sum(map(len, some))))
            spent[LOOP_TWO].append(_seconds(pool.imap(loop, some), sum(map(len, some))))
    gains = [one / two for one, two in zip(spent.pop(LOOP_ONE), spent.pop(LOOP_TWO), strict=True)]
    title = f"A batch of {count:,}: reading, estimating and ranking one workload (wall time)"
    remark = f"An empty loop is {statistics.median(gains):.2f} times as quick in two processes on this machine."
    yield tabulate(title, spent, ONE, remarks=[remark])


def _seconds(work: Iterable[int], count: int) -> float:
    started = time.perf_counter()
    assert sum(work) == count
    return (time.perf_counter() - started) / count


def loop(chunk: range) -> int:
    """As much as ranking takes, of nothing."""
    total = 0
    for number in range(4000 * len(chunk)):
        total += number & 1
    return len(chunk)


def rank_chunk(chunk: range) -> int:
    """How many of these were ranked."""
    rulebook = service.get_rulebook()
    rules, weights, costs = compile_rules(rulebook), merge_weights(rulebook, {}), Costs(rulebook.facts)
    costs.forget()  # a round before had the same workloads
    return sum(
        bool(rules.rank(read_answers(answers_of(each), rulebook.questions), weights, costs).outcome) for each in chunk
    )


def answers_of(number: int) -> dict[str, object]:
    """A fleet: every workload has its own rate and size."""
    return {
        "work_queue": number % 2 == 0,
        "cloud": "aws",
        "region": "us-east-1",
        "consumer_groups": number % 7 + 1,
        "messages_per_second_avg": 0.5 + number % 9973,
        "message_size_bytes_avg": 200 + number % 65_521,
        "ordering": ("none", "per-key")[number % 3 == 0],
        "replay_needed": number % 5 == 0,
    }
