"""How long the engine takes, as ratios to one `rank` in the same run: `make bench`. Peers come with their own issue.

Rounds are interleaved and each ratio is taken within its round, so that a machine that slows down slows both sides.
"""

import json
import platform
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from advisor import service
from advisor.core.answers import read_answers
from advisor.core.costs import Costs
from advisor.core.evaluate import evaluate
from advisor.core.rank import merge_weights, rank

ROUNDS = 9
NOISY = 0.15  # a self-ratio further from 1 than this makes the run worthless
RESULTS = Path(__file__).parent / "RESULTS.md"
SAID = {"work_queue": True, "cloud": "aws", "messages_per_second_avg": 40, "nothing_else": True}

rulebook = service.get_rulebook()
weights = merge_weights(rulebook, {})


def _known() -> dict[str, object]:
    """The workload of SAID with every assumption stated: nothing is open."""
    workload = read_answers(SAID, rulebook.questions)
    values = {name: getattr(workload, name) for name in rulebook.questions}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def _cpu_seconds(work: Callable[[], object], times: int) -> float:
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times


def main() -> None:
    """Measure, print one table, and write it with the versions into RESULTS.md and RESULTS.json."""
    workload = read_answers(_known(), rulebook.questions)
    known, said = service.read_query(_known()), service.read_query(SAID)
    first = rank(workload, rulebook, weights, Costs(rulebook.facts))
    scores = {
        verdict.option: verdict.score for verdict in evaluate(workload, rulebook, weights) if not verdict.is_excluded
    }
    if first.scores != scores:
        sys.exit("rank and evaluate disagree: nothing is timed")

    works: dict[str, tuple[Callable[[], object], int]] = {
        "rank": (lambda: rank(workload, rulebook, weights, Costs(rulebook.facts)), 50),
        "rank again": (lambda: rank(workload, rulebook, weights, Costs(rulebook.facts)), 50),
        "evaluate": (lambda: evaluate(workload, rulebook, weights), 10),
        "recommend, nothing open": (lambda: service.recommend(known), 1),
        "recommend, much open": (lambda: service.recommend(said), 1),
    }
    ratios: dict[str, list[float]] = {name: [] for name in works}
    rank_seconds: list[float] = []
    for _ in range(ROUNDS):
        seconds = {name: _cpu_seconds(work, times) for name, (work, times) in works.items()}
        rank_seconds.append(seconds["rank"])
        for name, spent in seconds.items():
            ratios[name].append(spent / seconds["rank"])
    _report(ratios, statistics.median(rank_seconds))


def _report(ratios: dict[str, list[float]], rank_seconds: float) -> None:
    noisy = abs(statistics.median(ratios["rank again"]) - 1) > NOISY
    rows = [f"| {name} | {statistics.median(r):.1f} | {min(r):.1f} – {max(r):.1f} |" for name, r in ratios.items()]
    lines = [
        "# What was measured last",
        "",
        f"`make bench`, Python {platform.python_version()}, release {service.release()}, rulebook {rulebook.version}:",
        f"{len(rulebook.preferences)} preferences, {len(rulebook.constraints)} constraints,",
        f"{len(rulebook.options)} options. CPU time as a multiple of one `rank` ({rank_seconds * 1e6:.0f} µs here);",
        f"median and spread of {ROUNDS} rounds.",
        *(["", "**Noisy run: the same work differed from itself; do not quote it.**"] if noisy else []),
        "",
        "| Work | Ratio | Spread |",
        "| --- | --- | --- |",
        *rows,
    ]
    text = "\n".join(lines) + "\n"
    RESULTS.write_text(text, encoding="utf-8")
    RESULTS.with_suffix(".json").write_text(json.dumps(ratios, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
