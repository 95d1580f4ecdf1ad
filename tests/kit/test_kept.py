"""Kits that were made lately are found again, and the ones that nobody asks for make room."""

from collections.abc import Callable

from advisor import service
from advisor.kit.kept import KeptKits
from advisor.kit.starters import Kit


def made(name: str, log: list[str]) -> Callable[[], Kit]:
    def make() -> Kit:
        log.append(name)
        return Kit(name=name, parts={})

    return make


def test_a_kit_is_made_once_for_a_key() -> None:
    log: list[str] = []
    kept = KeptKits(2)

    first, again = kept.find("a", made("a", log)), kept.find("a", made("a", log))

    assert first is again
    assert log == ["a"]


def test_the_kit_that_nobody_asked_for_longest_goes_first() -> None:
    log: list[str] = []
    kept = KeptKits(2)
    for name in ("a", "b", "a", "c", "a", "b"):
        kept.find(name, made(name, log))

    assert log == ["a", "b", "c", "b"]
    assert len(kept) == 2


def test_the_same_workload_in_other_words_is_the_same_kit() -> None:
    said = service.build_kit(service.read_query({"work_queue": "yes", "messages_per_second_avg": "1k/s", "name": "a"}))
    same = service.build_kit(service.read_query({"work_queue": True, "messages_per_second_avg": 1000, "name": "a"}))
    other = service.build_kit(service.read_query({"work_queue": True, "messages_per_second_avg": 1000, "name": "b"}))

    assert said is same
    assert other.name == "b"


def test_at_least_ten_thousand_are_kept() -> None:
    assert service.KITS_KEPT >= 10_000
