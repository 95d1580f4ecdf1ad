"""Kits for a recommendation that is known: the first of a process, the first of an answer, one made anew for an answer
that had another, and one that was packed before.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import count

from advisor import service
from bench.measure import Table, compare
from bench.workloads import SAID

WARM = "zip, warm"


def measure_kits() -> Iterator[Table]:
    """Archives a second follow from the microseconds."""
    query = service.read_query({**SAID, "option": "sqs_standard"})
    recommendation, numbers = service.recommend(query), count()

    def make(kind: str) -> Callable[[], bytes]:
        """Under a name of its own, since one that was asked for before is kept."""

        def made() -> bytes:
            asked = replace(query, name=f"messages-{next(numbers)}")
            return service.archive_kit(service.build_kit(asked, recommendation), kind).content

        return made

    def first() -> bytes:
        """Of an answer: as if that had been asked for a day of its own."""
        asked = replace(query, as_of=date.fromordinal(1 + next(numbers)))
        return service.archive_kit(service.build_kit(asked, recommendation), "zip").content

    def cold() -> bytes:
        service.forget_starters()
        return make("zip")()

    works: dict[str, Callable[[], object]] = {
        WARM: make("zip"),
        "tgz, warm": make("tgz"),
        "zip, the first of an answer: its decision record is written too": first,
        "zip, cold: every starter read and compressed again": cold,
        "zip, asked for before": lambda: service.pack_kit(query, "zip"),
    }
    yield compare("Kits: built and packed for a recommendation that is there", works, WARM)
