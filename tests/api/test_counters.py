"""Counts are exact for many at once, end with their window, and lie where nobody else can write."""

import os
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from advisor.api.counters import Counters

CENTURY = 100 * 365 * 24 * 3600  # no test runs over its end


def count_many(folder: Path) -> list[int]:
    counters = Counters(folder, CENTURY)
    return [counters.count("192.0.2.1")[0] for _ in range(200)]


def test_no_count_is_lost_or_given_twice(tmp_path: Path) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:  # each count opens the file anew, so threads are as processes
        counted = [number for numbers in pool.map(count_many, [tmp_path] * 8) for number in numbers]
    assert sorted(counted) == list(range(1, 1601))


def test_nobody_is_forgotten_however_many_ask(tmp_path: Path) -> None:
    counters = Counters(tmp_path, CENTURY)
    counters.count("192.0.2.1")
    for number in range(3000):
        counters.count(f"2001:db8::{number:x}")
    size = sum(file.stat().st_size for file in tmp_path.iterdir())
    assert counters.count("192.0.2.1")[0] >= 2
    assert size < 5 * 1024**2


def test_a_count_that_is_full_stays_so(tmp_path: Path) -> None:
    counters = Counters(tmp_path, CENTURY)
    counters.count("192.0.2.1")
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()
    place = content.rindex(b"\0\0\0\1")
    file.write_bytes(content[:place] + b"\xff" * 4 + content[place + 4 :])
    assert [counters.count("192.0.2.1")[0] for _ in range(2)] == [2**32, 2**32]


def test_a_count_ends_with_its_window(tmp_path: Path) -> None:
    counters = Counters(tmp_path, 1)
    numbers = [counters.count("192.0.2.1")[0] for _ in range(3)]
    for number in range(200):
        counters.count(f"198.51.100.{number}")
    time.sleep(1.01)
    assert counters.count("192.0.2.1")[0] <= max(numbers)
    assert counters.count("192.0.2.1")[1] == 1
    (file,) = tmp_path.iterdir()
    content = file.read_bytes()
    assert len(content) - content.count(0) < 100  # nothing is left of those who asked before


def test_nobody_knows_beforehand_whose_place_is_shared(tmp_path: Path) -> None:
    places = set()
    for name in ("one", "other"):
        Counters(tmp_path / name, CENTURY).count("192.0.2.1")
        (file,) = (tmp_path / name).iterdir()
        places.add(file.read_bytes().rindex(1))
    assert len(places) == 2


def test_what_others_could_not_have_written_is_made(tmp_path: Path) -> None:
    Counters(tmp_path / "new" / "counts", 60).count("192.0.2.1")
    assert (tmp_path / "new" / "counts").stat().st_mode & 0o777 == 0o700
    assert [file.stat().st_mode & 0o777 for file in (tmp_path / "new" / "counts").iterdir()] == [0o600]


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777, 0o720])
def test_a_folder_in_which_others_may_write_is_refused_with_a_way_out(tmp_path: Path, mode: int) -> None:
    folder = tmp_path / "counts"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(ImproperlyConfigured, match=f"{folder}, which has mode {mode:04o}.*Set ADVISOR_CACHE_DIR"):
        Counters(folder, 60)


def test_a_link_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "counts").symlink_to(tmp_path, target_is_directory=True)
    with pytest.raises(ImproperlyConfigured, match="is a link"):
        Counters(tmp_path / "counts", 60)


def test_a_folder_of_another_user_is_refused(tmp_path: Path) -> None:
    folder = Path("/")
    if os.geteuid() == 0:  # whose that is too
        folder = tmp_path / "counts"
        folder.mkdir()
        os.chown(folder, 65534, -1)
    with pytest.raises(ImproperlyConfigured, match="belongs to user"):
        Counters(folder, 60)


def test_a_place_where_nothing_can_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ImproperlyConfigured, match="cannot be made"):
        Counters(tmp_path / "file" / "counts", 60)


def test_a_link_in_place_of_the_file_is_not_followed(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("not ours")
    (tmp_path / "counts-60").symlink_to(kept)
    with pytest.raises(OSError, match="symbolic link"):
        Counters(tmp_path, 60).count("192.0.2.1")
    assert kept.read_text() == "not ours"


def test_a_folder_that_was_cleared_away_is_made_again(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "counts", CENTURY)
    counters.count("192.0.2.1")
    shutil.rmtree(tmp_path / "counts")
    assert [counters.count("192.0.2.1")[0] for _ in range(2)] == [1, 2]
    assert (tmp_path / "counts").stat().st_mode & 0o777 == 0o700
