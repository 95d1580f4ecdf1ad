"""Counts of one window of time in one file of one size, shared by all processes of a machine.

Numbers and nothing else are read from it. Must not know who is counted, or why.
"""

import fcntl
import hashlib
import os
import stat
import time
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

_PLACES = 1 << 20  # none is ever dropped; two of a thousand askers share one in four windows of ten
_WIDTH = 4  # bytes for each
_NUMBER, _SALT = 8, 16
_HEAD = _NUMBER + _SALT
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


class Counters:
    """The counts of the window that now is; those of the one before are gone when the first of a new one is asked.

    Who is counted has a place by a digest, salted anew for each window, so nobody can choose whose place to share.
    """

    def __init__(self, folder: Path, window: int) -> None:
        self._window = window
        self._file = _open_folder(folder) / f"counts-{window}"

    def count(self, name: str) -> tuple[int, int]:
        """How often this name was counted in this window, with this time, and for how many seconds it still lasts."""
        try:
            file = _open_file(self._file)
        except FileNotFoundError:  # whatever clears temporary folders took it
            file = _open_file(_open_folder(self._file.parent) / self._file.name)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            number, seconds = divmod(int(time.time()), self._window)  # with the lock, so that it never goes back
            place = _find_place(name, _read_salt(file, number))
            counted = int.from_bytes(os.pread(file, _WIDTH, place)) + 1
            os.pwrite(file, min(counted, 256**_WIDTH - 1).to_bytes(_WIDTH), place)
            return counted, self._window - seconds
        finally:
            os.close(file)


def _open_file(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


def _open_folder(folder: Path) -> Path:
    """The folder, made where it is not there; one in which somebody else could write is refused."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = folder.lstat()
    except OSError as error:
        raise _refuse(folder, f"cannot be made: {error.strerror}") from None
    if not stat.S_ISDIR(found.st_mode):
        raise _refuse(folder, "is a link and no folder")
    if found.st_uid != os.geteuid():
        raise _refuse(folder, f"belongs to user {found.st_uid}, and the service runs as user {os.geteuid()}")
    if found.st_mode & _OTHERS_WRITE:
        raise _refuse(folder, f"has mode {stat.S_IMODE(found.st_mode):04o}, so others may write in it")
    return folder


def _refuse(folder: Path, why: str) -> ImproperlyConfigured:
    way_out = "Set ADVISOR_CACHE_DIR to a folder that is the service's own, with mode 0700."
    return ImproperlyConfigured(f"ADVISOR_RATE_LIMIT is counted in {folder}, which {why}. {way_out}")


def _read_salt(file: int, number: int) -> bytes:
    """That of this window; where the file is another window's or new, it is emptied first."""
    head = os.pread(file, _HEAD, 0)
    if head[:_NUMBER] != number.to_bytes(_NUMBER):
        head = number.to_bytes(_NUMBER) + os.urandom(_SALT)
        os.ftruncate(file, 0)
        os.ftruncate(file, _HEAD + _PLACES * _WIDTH)
        os.pwrite(file, head, 0)
    return head[_NUMBER:]


def _find_place(name: str, salt: bytes) -> int:
    digest = hashlib.blake2b(name.encode(), key=salt, digest_size=8).digest()
    return _HEAD + int.from_bytes(digest) % _PLACES * _WIDTH
