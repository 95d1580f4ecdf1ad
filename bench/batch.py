"""Many workloads: ranked in one process and in two, and the same through the command line's NDJSON. Wall time."""

import multiprocessing
import time
from collections.abc import Iterator

from advisor import service
from advisor.core.answers import read_answers
from advisor.core.compiled import compile_rules
from advisor.core.costs import Costs
from advisor.core.rank import merge_weights
from bench.measure import AGAIN, Table, tabulate

ROUNDS = 3
CHUNK = 500
OURS = "one process"


def measure_batch(count: int) -> Iterator[Table]:
    """Read and rank `count` workloads, estimates included; everybody gets the same answers."""
    chunks = [range(at, min(at + CHUNK, count)) for at in range(0, count, CHUNK)]
    spent: dict[str, list[float]] = {OURS: [], "two processes": [], AGAIN: []}
    rank_chunk(chunks[0])  # the rulebook is read before the clock starts
    with multiprocessing.get_context("fork").Pool(2) as pool:
        for _ in range(ROUNDS):
            for name in (OURS, "two processes", AGAIN):
                started = time.perf_counter()
                work = pool.imap(rank_chunk, chunks) if name == "two processes" else map(rank_chunk, chunks)
                assert sum(work) == count
                spent[name].append((time.perf_counter() - started) / count)
    title = f"A batch of {count:,}: reading, estimating and ranking one workload (wall time)"
    yield tabulate(title, spent, OURS)


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
