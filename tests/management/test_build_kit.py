"""`manage.py build_kit`: the service's kit, byte for byte, in a folder or an archive; nothing is overwritten."""

import io
import resource
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from advisor import service
from advisor.kit.starters import Kit
from advisor.management.unpacking import write_folder
from advisor.settings import BASE_DIR
from tests.management.terminal import run

ANSWERS: dict[str, object] = {"cloud": "aws", "work_queue": True}
SAID = ("--set", "cloud=aws", "--set", "work_queue=yes")


def made(**more: object) -> Kit:
    return service.build_kit(service.read_query({**ANSWERS, **more}))


def test_a_folder_holds_the_kit_byte_for_byte(tmp_path: Path) -> None:
    ended = run("build_kit", *SAID, "--output", tmp_path / "new" / "kit", "--name", "orders")

    kit = made(name="orders")
    found = {
        path.relative_to(tmp_path / "new" / "kit").as_posix(): path for path in tmp_path.rglob("*") if path.is_file()
    }
    assert ended.code == 0
    assert f"{len(kit.files)} files" in ended.out
    assert {name: path.read_bytes() for name, path in found.items()} == dict(kit.files)
    assert {name for name, path in found.items() if path.stat().st_mode & 0o100} == set(kit.executables)


def test_an_archive_holds_the_same_files(tmp_path: Path) -> None:
    assert run("build_kit", *SAID, "--output", tmp_path / "kit.zip").code == 0
    assert run("build_kit", *SAID, "--output", tmp_path / "kit.tgz").code == 0
    assert run("build_kit", *SAID, "--output", tmp_path / "kit.tar.gz").code == 0

    kit = made()
    with zipfile.ZipFile(tmp_path / "kit.zip") as archive:
        assert {name: archive.read(name) for name in archive.namelist()} == _placed(kit)
    with tarfile.open(tmp_path / "kit.tgz") as archive:
        assert {each.name: _content(archive, each) for each in archive.getmembers()} == _placed(kit)
    assert (tmp_path / "kit.tar.gz").read_bytes() == (tmp_path / "kit.tgz").read_bytes()


def _placed(kit: Kit) -> dict[str, bytes]:
    return {f"{kit.name}/{path}": content for path, content in kit.files.items()}


def _content(archive: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    file = archive.extractfile(member) or io.BytesIO()
    return file.read()


def test_a_kits_own_answers_make_the_same_kit_again(tmp_path: Path) -> None:
    asked = (*SAID, "--set", "weight_cost=9", "--as-of", "2025-07-01", "--name", "orders", "--option", "sqs_fifo")
    one, two = tmp_path / "one", tmp_path / "two"
    assert run("build_kit", *asked, "--output", one).code == 0
    assert run("build_kit", one / "answers.yaml", "--output", two).code == 0

    first, again = (
        {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        for folder in (one, two)
    )
    assert first == again


def test_a_dry_run_lists_the_files_and_writes_none(tmp_path: Path) -> None:
    ended = run("build_kit", *SAID, "--output", tmp_path / "kit", "--dry-run")

    assert [line.split(maxsplit=1)[1] for line in ended.out.splitlines()] == list(made().files)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output", ["full", "file.txt", "kit.zip", "file.txt/kit", "none/kit.zip"])
def test_nothing_is_written_over_and_what_the_disk_refuses_is_said(tmp_path: Path, output: str) -> None:
    (tmp_path / "full").mkdir()
    for name in ("full/mine", "file.txt", "kit.zip"):
        (tmp_path / name).write_text("mine", encoding="utf-8")

    ended = run("build_kit", *SAID, "--output", tmp_path / output)
    assert ended.code == 2
    assert output.rpartition("/")[2] in ended.error
    for name in ("full/mine", "file.txt", "kit.zip"):
        assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_no_half_of_an_archive_is_left_where_the_disk_is_full(tmp_path: Path) -> None:
    kit = tmp_path / "kit.zip"
    ended = subprocess.run(
        [sys.executable, str(BASE_DIR / "manage.py"), "build_kit", *SAID, "--output", str(kit)],
        stderr=subprocess.PIPE, text=True, check=False, timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
    )  # fmt: skip
    assert (ended.returncode, kit.exists()) == (2, False)
    assert "kit.zip: It cannot be written: File too large." in ended.stderr


def test_a_project_is_not_written_to_standard_output(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ended = run("build_kit", *SAID, "--output", "-")
    assert (ended.code, list(tmp_path.iterdir())) == (2, [])
    assert "Name a folder or an archive." in ended.error


@pytest.mark.parametrize("name", ["a" * 300, "loop"])
def test_a_folder_that_cannot_be_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "loop").symlink_to(tmp_path / "loop")

    ended = run("build_kit", *SAID, "--output", tmp_path / name)
    assert (ended.code, len(ended.error.splitlines())) == (2, 2)
    assert f"{name}: It cannot be written: " in ended.error


@pytest.mark.parametrize("name", ["kit.rar", "kit.tar", "kit.TAR.xz", "kit.7z"])
def test_an_archive_that_is_not_written_is_refused_and_makes_no_folder(tmp_path: Path, name: str) -> None:
    ended = run("build_kit", *SAID, "--output", tmp_path / name)

    assert (ended.code, list(tmp_path.iterdir())) == (2, [])
    assert "End it in .zip, .tgz, .tar.gz." in ended.error


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    (tmp_path / "kit").mkdir()

    assert run("build_kit", *SAID, "--output", tmp_path / "kit").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--name", "../x"), "“../x” is no name"),
        (("--option", "rabbitmq"), "“rabbitmq” is no option"),
        (("--set", "budget_usd_per_month=0.01"), "no project"),
    ],
)
def test_what_cannot_be_built_is_exit_2_and_nothing_is_written(
    tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    ended = run("build_kit", *SAID, *arguments, "--output", tmp_path / "kit")

    assert ended.code == 2
    assert said in ended.error
    assert list(tmp_path.iterdir()) == []


def test_all_that_is_wrong_with_a_kit_is_said_at_once(tmp_path: Path) -> None:
    wrong = ("--set", "cloud=moon", "--set", "clod", "--name", "A", "--option", "x", "--output", tmp_path / "kit.rar")
    ended = run("build_kit", *wrong)

    assert ended.code == 2
    for said in ("cloud: “moon”", "“clod” is no answer", "“A” is no name", "“x” is no option", "not written"):
        assert said in ended.error


def test_a_bad_name_in_the_file_hides_nothing_and_has_its_line(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    file.write_text("answers: {cloud: moon}\nname: ../x\n", encoding="utf-8")

    ended = run("build_kit", file, "--output", tmp_path / "kit")
    assert (ended.code, len(ended.error.splitlines())) == (2, 3)
    assert "answers.yaml:1: cloud: “moon”" in ended.error
    assert "answers.yaml:2: name: “../x” is no name" in ended.error
    replaced = run("build_kit", file, "--name", "A", "--output", tmp_path / "kit").error
    assert "  name: “A” is no name" in replaced.splitlines()[2], "not the file's"
    both = run("build_kit", "--set", "cloud=moon", "--set", "name=../x", "--output", tmp_path / "kit").error
    assert "“moon”" in both
    assert "“../x” is no name" in both


def test_a_path_that_leaves_the_folder_is_a_bug_and_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="would leave the folder"):
        write_folder({"../outside": b"x"}, frozenset(), tmp_path / "kit")

    assert not (tmp_path / "outside").exists()
