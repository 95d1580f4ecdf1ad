"""What was made lately is found again, and what nobody asks for makes room."""

import random
from collections.abc import Callable

from advisor import service
from advisor.kit.kept import Kept
from advisor.kit.parts import pack
from advisor.kit.starters import Kit
from advisor.render.markdown import to_markdown


def made(name: str, log: list[str]) -> Callable[[], Kit]:
    def make() -> Kit:
        log.append(name)
        return Kit(name=name, parts={})

    return make


def test_a_kit_is_made_once_for_a_key() -> None:
    log: list[str] = []
    kept = Kept[Kit](2)

    first, again = kept.find("a", made("a", log)), kept.find("a", made("a", log))

    assert first is again
    assert log == ["a"]


def test_the_kit_that_nobody_asked_for_longest_goes_first() -> None:
    log: list[str] = []
    kept = Kept[Kit](2)
    for name in ("a", "b", "a", "c", "a", "b"):
        kept.find(name, made(name, log))

    assert log == ["a", "b", "c", "b"]
    assert len(kept) == 2


def test_kits_full_of_an_askers_own_words_leave_room_for_fewer() -> None:
    def make(bytes_of_its_own: int) -> Kit:
        shared, own = pack(random.randbytes(500_000), is_shared=True), pack(random.randbytes(bytes_of_its_own))
        return Kit(name="a", parts={"shared": shared, "own": own})

    kept = Kept[Kit](8)
    for number in range(20):
        kept.find(number, lambda: make(100_000))
    assert len(kept) == 2
    for number in range(20):
        kept.find(-number, lambda: make(20_000))
    assert len(kept) == 8


def test_the_same_workload_in_other_words_is_the_same_kit() -> None:
    said = service.build_kit(service.read_query({"work_queue": "yes", "messages_per_second_avg": "1k/s", "name": "a"}))
    same = service.build_kit(service.read_query({"work_queue": True, "messages_per_second_avg": 1000, "name": "a"}))
    other = service.build_kit(service.read_query({"work_queue": True, "messages_per_second_avg": 1000, "name": "b"}))

    assert said is same
    assert other.name == "b"


def test_an_archive_is_packed_once_for_the_same_workload_and_name() -> None:
    said = service.read_query({"work_queue": "yes", "messages_per_second_avg": "1k/s", "name": "a"})
    same = service.read_query({"work_queue": True, "messages_per_second_avg": 1000, "name": "a"})
    other = service.read_query({"work_queue": True, "messages_per_second_avg": 1000, "name": "b"})

    archive = service.pack_kit(said, "zip")

    assert service.pack_kit(same, "zip") is archive
    assert archive == service.archive_kit(service.build_kit(said), "zip")
    assert [service.pack_kit(other, kind).name for kind in service.ARCHIVES] == ["b.zip", "b.tgz"]


def test_the_decision_record_is_written_once_for_an_answer_and_is_that_answer_s() -> None:
    said = {"work_queue": True, "messages_per_second_avg": 1000}
    queries = [
        service.read_query({**said, **more}) for more in ({}, {"name": "b", "language": "go"}, {"weight_cost": 9})
    ]

    first, renamed, weighed = (service.build_kit(query) for query in queries)

    assert renamed.parts["DECISION.md"] is first.parts["DECISION.md"]
    for query, kit in ((queries[0], first), (queries[2], weighed)):
        document = service.write_answer(query, whole=True)
        assert kit.files["DECISION.md"].decode() == to_markdown(document, service.get_rulebook())
    assert first.files["DECISION.md"] != weighed.files["DECISION.md"]


def test_at_least_ten_thousand_are_kept() -> None:
    assert service.KITS_KEPT >= 10_000


def test_an_answer_is_worked_out_once_for_the_same_workload_weights_and_day() -> None:
    def found(**given: object) -> object:
        return service.recall(service.read_query({"work_queue": "yes", "messages_per_second_avg": "1k/s", **given}))

    first = found()
    assert found(work_queue=True, messages_per_second_avg=1000, language="go") is first
    assert found(weight_shape=9) is not first
    assert found(as_of="2026-01-01") is not first
