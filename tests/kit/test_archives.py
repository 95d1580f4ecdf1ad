"""Archives are the same bytes every time and cannot reach outside their folder."""

import gzip
import io
import stat
import tarfile
import zipfile

import pytest

from advisor.kit.archives import place, write_tgz, write_zip
from advisor.kit.parts import pack

CONTENTS = {"src/b.py": b"print()\n", "Makefile": b"run:\n", "run.sh": b"#!/bin/sh\n", "leer/ä.txt": "ä".encode()}
FILES = {path: pack(content) for path, content in CONTENTS.items()}
EXECUTABLES = frozenset({"run.sh"})


def test_a_zip_holds_every_file_in_its_folder_with_its_mode() -> None:
    archive = zipfile.ZipFile(io.BytesIO(write_zip("mine", FILES, EXECUTABLES)))
    assert archive.testzip() is None
    assert {name: archive.read(f"mine/{name}") for name in CONTENTS} == CONTENTS
    modes = {entry.filename: entry.external_attr >> 16 for entry in archive.infolist()}
    assert stat.filemode(modes["mine/run.sh"]) == "-rwxr-xr-x"
    assert stat.filemode(modes["mine/Makefile"]) == "-rw-r--r--"


def test_a_tgz_holds_every_file_in_its_folder_with_its_mode() -> None:
    with tarfile.open(fileobj=io.BytesIO(write_tgz("mine", FILES, EXECUTABLES))) as archive:
        entries = {entry.name: entry for entry in archive.getmembers()}
        read = {name: archive.extractfile(f"mine/{name}") for name in FILES}
        assert {name: found.read() for name, found in read.items() if found} == CONTENTS
    assert entries["mine/run.sh"].mode == 0o755
    assert entries["mine/Makefile"].mode == 0o644
    assert {(entry.mtime, entry.uid, entry.uname) for entry in entries.values()} == {(0, 0, "")}


@pytest.mark.parametrize("write", [write_zip, write_tgz])
def test_the_order_of_the_files_and_the_clock_do_not_matter(write, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    first = write("mine", FILES, EXECUTABLES)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert write("mine", dict(reversed(FILES.items())), EXECUTABLES) == first


def test_the_gzip_header_has_no_time() -> None:
    packed = write_tgz("mine", FILES, EXECUTABLES)
    assert packed[4:8] == b"\0\0\0\0"
    assert gzip.decompress(packed)


@pytest.mark.parametrize("path", ["/etc/passwd", "../up", "a/../../up", "a\\b", "C:/x", "", "a\0b"])
def test_a_path_that_leaves_the_folder_is_our_bug(path: str) -> None:
    with pytest.raises(ValueError, match="folder"):
        place("mine", path)
