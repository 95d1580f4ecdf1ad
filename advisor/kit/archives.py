"""Files as one archive, the same bytes every time: sorted paths, fixed times, no owner. Knows no request.

What is in them was decided elsewhere; here only the paths are judged once more, since they end up on somebody's disk.
"""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping, Set
from pathlib import PurePosixPath

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can hold
_PLAIN, _EXECUTABLE = 0o644, 0o755
_REGULAR = 0o100000  # the file type bits of a regular file
_UNIX = 3


def write_zip(folder: str, files: Mapping[str, bytes], executables: Set[str]) -> bytes:
    """A zip with everything inside `folder`."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(place(folder, path), _EPOCH)
            entry.create_system = _UNIX
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (_REGULAR | _mode(path, executables)) << 16
            archive.writestr(entry, files[path])
    return buffer.getvalue()


def write_tgz(folder: str, files: Mapping[str, bytes], executables: Set[str]) -> bytes:
    """A gzipped tar with everything inside `folder`."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(files):
            entry = tarfile.TarInfo(place(folder, path))
            entry.size, entry.mode, entry.mtime = len(files[path]), _mode(path, executables), 0
            archive.addfile(entry, io.BytesIO(files[path]))
    return gzip.compress(buffer.getvalue(), compresslevel=6, mtime=0)


WRITERS = {"zip": write_zip, "tgz": write_tgz}


def place(folder: str, path: str) -> str:
    """Where a file lies in the archive; a path that leaves the folder is a bug of ours, so ValueError."""
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\\" in path or ":" in path or "\0" in path:
        raise ValueError(f"{path!r} would leave the archive's folder")
    return "/".join((folder, *parts))


def _mode(path: str, executables: Set[str]) -> int:
    return _EXECUTABLE if path in executables else _PLAIN
