"""Kits: an archive made anew for a recommendation that is known, and one that was made before."""

from collections.abc import Iterator

from advisor import service
from bench.measure import Table, compare
from bench.workloads import SAID

WARM = "zip, warm"


def measure_kits() -> Iterator[Table]:
    """Archives a second follow from the microseconds."""
    query = service.read_query({**SAID, "option": "sqs_standard"})
    recommendation = service.recommend(query)

    def make(kind: str) -> bytes:
        return service.archive_kit(service.build_kit(query, recommendation), kind)

    assert make("zip") == make("zip")
    works = {WARM: lambda: make("zip"), "tgz, warm": lambda: make("tgz")}
    yield compare("Kits: built and packed for a recommendation that is there", works, WARM)
