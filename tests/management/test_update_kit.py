"""`manage.py update_kit`: untouched files are replaced, edited ones keep their content, and nothing is ever deleted."""

import hashlib
from pathlib import Path

import pytest

from advisor import service
from tests.management.terminal import run

SAID = ("--set", "cloud=aws", "--set", "work_queue=yes", "--set", "weight_cost=7", "--name", "orders")


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """A kit as an older release made it: some files have changed since, one is new, one is gone."""
    folder = tmp_path / "kit"
    assert run("build_kit", *SAID, "--output", folder).code == 0
    for path in ("Makefile", "README.md", "src/messaging/handler.py"):
        (folder / path).write_text(f"older {path}\n", encoding="utf-8")
    (folder / "src" / "messaging" / "left_over.py").write_text("# no longer part\n", encoding="utf-8")
    (folder / "Dockerfile").unlink()
    _sum_up(folder)
    return folder


def _sum_up(folder: Path) -> None:
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "kit.sha256"
    ]
    (folder / "kit.sha256").write_text("".join(lines), encoding="utf-8")


def _content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _newest(folder: Path) -> service.Kit:
    return service.build_kit(service.read_query(service.read_answers_file(folder / "answers.yaml").given))


def test_untouched_files_are_replaced_and_new_ones_added(unpacked: Path) -> None:
    ended = run("update_kit", unpacked)

    kit = _newest(unpacked)
    assert ended.code == 0
    assert _content(unpacked).keys() == {*kit.parts, "src/messaging/left_over.py"}
    assert {path: text for path, text in _content(unpacked).items() if path in kit.parts} == kit.files
    assert "The verdict still stands" in ended.out
    assert "added  Dockerfile" in ended.out
    assert "replaced  Makefile" in ended.out
    assert "no longer part of it  src/messaging/left_over.py" in ended.out


def test_what_was_edited_stays_and_gets_the_new_one_beside_it(unpacked: Path) -> None:
    mine = unpacked / "src" / "messaging" / "handler.py"
    mine.write_text("# my own work\n", encoding="utf-8")
    (unpacked / "notes.txt").write_text("mine too\n", encoding="utf-8")

    ended = run("update_kit", unpacked)

    assert mine.read_text(encoding="utf-8") == "# my own work\n"
    assert (unpacked / "notes.txt").exists()
    assert mine.with_name("handler.py.new").read_bytes() == _newest(unpacked).files["src/messaging/handler.py"]
    assert "beside  src/messaging/handler.py.new" in ended.out
    mine.with_name("handler.py.new").unlink()
    assert "beside" not in run("update_kit", unpacked).out, "what was looked at comes back only when it is another"
    assert not mine.with_name("handler.py.new").exists()
    assert mine.read_text(encoding="utf-8") == "# my own work\n"


def test_what_the_user_has_under_that_name_is_never_written_over(unpacked: Path) -> None:
    mine = unpacked / "Makefile.new"
    (unpacked / "Makefile").write_text("# my own work\n", encoding="utf-8")
    mine.write_text("# mine too\n", encoding="utf-8")
    before = _content(unpacked)

    ended = run("update_kit", unpacked)
    assert (ended.code, _content(unpacked)) == (2, before)
    assert "Makefile.new: Something else is there already. Rename it or delete it; nothing was written." in ended.error
    assert run("update_kit", unpacked, "--dry-run").code == 2


@pytest.mark.parametrize("text", ["older Makefile\n", None])
def test_what_an_update_put_there_may_be_replaced(unpacked: Path, text: str | None) -> None:
    newest = _newest(unpacked).files["Makefile"]
    (unpacked / "Makefile").write_text("# my own work\n", encoding="utf-8")
    (unpacked / "Makefile.new").write_bytes(text.encode() if text else newest)

    assert "beside  Makefile.new" in run("update_kit", unpacked).out
    assert (unpacked / "Makefile.new").read_bytes() == newest


def test_what_the_user_deleted_does_not_come_back(unpacked: Path) -> None:
    (unpacked / "compose.yaml").unlink()

    assert "deleted by you  compose.yaml" in run("update_kit", unpacked).out
    assert not (unpacked / "compose.yaml").exists()


def test_without_checksums_all_that_differs_counts_as_edited(unpacked: Path) -> None:
    (unpacked / "kit.sha256").unlink()

    run("update_kit", unpacked)
    assert (unpacked / "Makefile").read_text(encoding="utf-8") == "older Makefile\n"
    assert (unpacked / "Makefile.new").exists()


def test_a_dry_run_says_the_same_and_writes_nothing(unpacked: Path) -> None:
    before = _content(unpacked)

    said = run("update_kit", unpacked, "--dry-run").out
    assert _content(unpacked) == before
    assert "nothing was written" in said
    assert [line for line in run("update_kit", unpacked).out.splitlines() if line.startswith(" ")] == [
        line for line in said.splitlines() if line.startswith(" ")
    ]
    assert run("update_kit", unpacked).out.count("replaced") == 0


def test_a_verdict_that_no_longer_stands_is_said_first(unpacked: Path) -> None:
    record = unpacked / "DECISION.md"
    text = record.read_text(encoding="utf-8").replace("state: leaning", "state: decided")
    record.write_text(text.replace("option: sqs_standard", "option: msk_express"), encoding="utf-8")

    said = "The verdict has changed, msk_express to sqs_standard, decided to leaning: "
    assert run("update_kit", unpacked).out.startswith(said)


def test_an_option_that_is_ruled_out_by_now_is_said(tmp_path: Path) -> None:
    run(
        "build_kit",
        "--set",
        "replay_needed=yes",
        "--set",
        "cloud=aws",
        "--option",
        "sqs_fifo",
        "--output",
        tmp_path / "kit",
    )

    assert "sqs_fifo, is ruled out now" in run("update_kit", tmp_path / "kit").out


def test_weights_and_day_survive(tmp_path: Path) -> None:
    said = (*SAID, "--as-of", "2026-11-01")
    run("build_kit", *said, "--output", tmp_path / "kit")

    ended = run("update_kit", tmp_path / "kit", "--dry-run")
    assert "deleted" not in ended.out
    assert [line for line in ended.out.splitlines() if line.startswith(" ")] == []


def test_a_link_that_leads_out_of_the_folder_is_not_followed(unpacked: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (unpacked / "Makefile").unlink()
    (outside / "Makefile").write_text("older Makefile\n", encoding="utf-8")
    (unpacked / "Makefile").symlink_to(outside / "Makefile")

    run("update_kit", unpacked)
    assert (outside / "Makefile").read_text(encoding="utf-8") == "older Makefile\n"


def test_nothing_is_added_below_a_link_that_leads_out_of_the_folder(unpacked: Path, tmp_path: Path) -> None:
    outside = (unpacked / "src").rename(tmp_path / "outside")
    (outside / "messaging" / "handler.py").unlink()
    (unpacked / "src").symlink_to(outside)
    _sum_up(unpacked)
    before = _content(outside)

    ended = run("update_kit", unpacked)
    assert (ended.code, "It leads out of the folder." in ended.error) == (2, True)
    assert _content(outside) == before


def test_an_update_that_the_disk_cut_short_is_done_by_the_next(unpacked: Path) -> None:
    in_the_way = unpacked / "src" / "messaging" / ".handler.py.half"
    in_the_way.mkdir()
    assert run("update_kit", unpacked).code == 2

    in_the_way.rmdir()
    assert "replaced  src/messaging/handler.py" in run("update_kit", unpacked).out


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("kit.sha256", "nonsense\n", "kit.sha256:1"),
        ("answers.yaml", "option: sqs_fifo\nanswers: {bogus: 1}\n", "bogus"),
    ],
)
def test_what_cannot_be_read_is_exit_2_and_nothing_is_written(unpacked: Path, file: str, text: str, said: str) -> None:
    (unpacked / file).write_text(text, encoding="utf-8")
    before = _content(unpacked)

    ended = run("update_kit", unpacked)
    assert (ended.code, said in ended.error) == (2, True)
    assert _content(unpacked) == before


@pytest.mark.parametrize("name", ["", "nowhere"])
def test_a_folder_without_a_kit_is_exit_2_and_said(tmp_path: Path, name: str) -> None:
    ended = run("update_kit", tmp_path / name)

    assert ended.code == 2
    assert f"{tmp_path / name}: No kit is here. Name the folder where one was unpacked." in ended.error


def test_what_the_disk_does_not_show_is_exit_2_and_said(unpacked: Path) -> None:
    ended = run("update_kit", unpacked.parent / ("a" * 300))
    assert (ended.code, "a/answers.yaml: It cannot be read: File name too long." in ended.error) == (2, True)

    (unpacked / "kit.sha256").write_text(f"{'0' * 64}  {'a' * 300}\n", encoding="utf-8")
    ended = run("update_kit", unpacked)
    assert (ended.code, "a: It cannot be read: File name too long." in ended.error) == (2, True)


def test_a_link_to_itself_counts_as_deleted(unpacked: Path) -> None:
    (unpacked / "Makefile").unlink()
    (unpacked / "Makefile").symlink_to(unpacked / "Makefile")

    assert "deleted by you  Makefile" in run("update_kit", unpacked).out


@pytest.mark.parametrize("text", ["", "answers: {cloud: aws}\n"])
def test_answers_that_were_emptied_make_no_other_kit(unpacked: Path, text: str) -> None:
    (unpacked / "answers.yaml").write_text(text, encoding="utf-8")
    before = _content(unpacked)

    ended = run("update_kit", unpacked)
    assert (ended.code, _content(unpacked)) == (2, before)
    assert "answers.yaml: It does not say the option that the kit was made for." in ended.error
