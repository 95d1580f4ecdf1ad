"""Writes a kit to disk: into a new or empty folder, or as one archive. Never over what is there."""

from collections.abc import Mapping, Set
from pathlib import Path

from advisor.core.errors import AnswersError, Problem

_ARCHIVES = {".zip": "zip", ".tgz": "tgz", ".tar.gz": "tgz"}
_OTHERS = (".tar", ".rar", ".7z", ".gz", ".bz2", ".xz", ".zst", ".tbz", ".txz", ".jar")
_EXECUTABLE = 0o755


def find_kind(path: Path) -> str:
    """Which archive the name asks for; nothing where it is a folder's. Raises AnswersError for what is neither."""
    if str(path) == "-":
        raise _refuse(path, "not_writable", "No project goes to standard output.", "Name a folder or an archive.")
    name = path.name.lower()
    kind = next((kind for ending, kind in _ARCHIVES.items() if name.endswith(ending)), "")
    if not kind and name.endswith(_OTHERS):
        raise _refuse(path, "unknown_ending", "Such an archive is not written.", f"End it in {', '.join(_ARCHIVES)}.")
    return kind


def write_folder(files: Mapping[str, bytes], executables: Set[str], folder: Path) -> None:
    """Raises AnswersError where something is there already or the disk refuses."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise _refuse(folder, "not_empty", "Something is there already.", "Name a new folder.")
        folder.mkdir(parents=True, exist_ok=True)
        for path, content in files.items():
            target = folder / path
            if not target.resolve().is_relative_to(folder.resolve()):
                raise ValueError(f"{path!r} would leave the folder")  # a bug of ours: kits hold relative paths
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            if path in executables:
                target.chmod(_EXECUTABLE)
    except OSError as error:
        raise _refuse(folder, "not_writable", f"It cannot be written: {error.strerror}.") from None


def write_archive(content: bytes, path: Path) -> None:
    """Raises AnswersError where a file is there already or the disk refuses; a half is not left there."""
    try:
        with path.open("xb") as file:
            try:
                file.write(content)
                file.flush()
            except BaseException:  # a full disk, or Ctrl-C
                path.unlink()
                raise
    except FileExistsError:
        raise _refuse(path, "not_empty", "A file is there already.", "Name a new one.") from None
    except OSError as error:
        raise _refuse(path, "not_writable", f"It cannot be written: {error.strerror}.") from None


def _refuse(path: Path, code: str, message: str, hint: str = "") -> AnswersError:
    return AnswersError(Problem(where=str(path), code=code, message=message, hint=hint))
