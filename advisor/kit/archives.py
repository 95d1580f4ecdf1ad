"""Parts as one archive, the same bytes every time: sorted paths, fixed times, no owner. Knows no request.

Nothing is compressed here but names: parts are joined as they are, which zipfile and tarfile cannot do. What is in
them was decided elsewhere; here only the paths are judged once more, since they end up on somebody's disk.
"""

import hashlib
import struct
import tarfile
import zlib
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from advisor.kit.parts import LAST_BLOCK, Part, deflate


@dataclass(frozen=True, slots=True, kw_only=True)
class Archive:
    """A kit as one file, with its digest."""

    name: str
    content: bytes
    sha256: bytes


_PLAIN, _EXECUTABLE = 0o644, 0o755
_REGULAR = 0o100000  # the file type bits of a regular file
# APPNOTE.TXT of PKWARE: what local and central headers share, and what stands before and after it.
_SHARED = struct.Struct("<HHHHHIIIHH")
_LOCAL, _CENTRAL, _MADE_BY = b"PK\3\4", b"PK\1\2", struct.pack("<H", 3 << 8 | 20)
_PLACED, _END = struct.Struct("<HHHII"), struct.Struct("<4sHHHHIIH")
_VERSION, _UTF8, _DEFLATED = 20, 0x800, 8
_MIDNIGHT, _FIRST_DAY = 0, 1 << 5 | 1  # 1980-01-01, the first moment that a zip can hold
# RFC 1952: deflate, no name, no time, compressed at its best, on a system that is nobody's business.
_GZIP = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff"
_NAMES_KEPT = 8192


def write_zip(folder: str, parts: Mapping[str, Part], executables: Set[str]) -> bytes:
    """A zip with everything inside `folder`."""
    written: list[bytes] = []
    central: list[bytes] = []
    offset = 0
    for path in sorted(parts):
        part, name = parts[path], place(folder, path).encode()
        packed = part.deflated + LAST_BLOCK
        shared = _SHARED.pack(
            *(_VERSION, _UTF8, _DEFLATED, _MIDNIGHT, _FIRST_DAY, part.crc, len(packed), part.size, len(name), 0)
        )
        placed = _PLACED.pack(0, 0, 0, (_REGULAR | _mode(path, executables)) << 16, offset)
        central += (_CENTRAL, _MADE_BY, shared, placed, name)
        written += (_LOCAL, shared, name, packed)
        offset += len(_LOCAL) + len(shared) + len(name) + len(packed)
    directory = b"".join(central)
    end = _END.pack(b"PK\5\6", 0, 0, len(parts), len(parts), len(directory), offset, 0)
    return b"".join((*written, directory, end))


def write_tgz(folder: str, parts: Mapping[str, Part], executables: Set[str]) -> bytes:
    """A gzipped tar with everything inside `folder`."""
    crc = size = 0
    written = [_GZIP]
    for plain, deflated in _members(folder, parts, executables):
        crc, size = zlib.crc32(plain, crc), size + len(plain)
        written.append(deflated)
    return b"".join((*written, LAST_BLOCK, struct.pack("<II", crc, size)))


def _members(folder: str, parts: Mapping[str, Part], executables: Set[str]) -> Iterator[tuple[bytes, bytes]]:
    """The tar piece by piece, plain and deflated."""
    for path in sorted(parts):
        part = parts[path]
        yield _tar_header(place(folder, path), part.size, _mode(path, executables))
        yield part.content, part.deflated
        yield _zeros(-part.size % tarfile.BLOCKSIZE)
    yield _zeros(2 * tarfile.BLOCKSIZE)


@lru_cache(_NAMES_KEPT)
def _tar_header(name: str, size: int, mode: int) -> tuple[bytes, bytes]:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, mode, 0
    header = entry.tobuf(tarfile.PAX_FORMAT)
    return header, deflate(header)


@lru_cache(2 * tarfile.BLOCKSIZE)
def _zeros(count: int) -> tuple[bytes, bytes]:
    return bytes(count), deflate(bytes(count))


_WRITERS = {"zip": write_zip, "tgz": write_tgz}


def write_archive(kind: str, folder: str, parts: Mapping[str, Part], executables: Set[str]) -> Archive:
    """A zip or a tgz with everything inside `folder`."""
    content = _WRITERS[kind](folder, parts, executables)
    return Archive(name=f"{folder}.{kind}", content=content, sha256=hashlib.sha256(content).digest())


def place(folder: str, path: str) -> str:
    """Where a file lies in the archive; a path that leaves the folder is a bug of ours, so ValueError."""
    return f"{folder}/{_inside(path)}"


@lru_cache(_NAMES_KEPT)  # most are those of the starters
def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or ":" in path or "\0" in path:
        raise ValueError(f"{path!r} would leave the archive's folder")
    return "/".join(parts)


def _mode(path: str, executables: Set[str]) -> int:
    return _EXECUTABLE if path in executables else _PLAIN
