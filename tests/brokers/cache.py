"""Where downloaded broker software is kept between test runs, and how it is built exactly once.

Knows nothing of what is built: callers bring a key and a function.
"""

import fcntl
import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path

CACHE_FOLDER = Path(__file__).resolve().parents[2] / ".cache" / "tests"


def key_of(name: str, *sources: Path) -> str:
    """A folder name that changes whenever one of the files it is built from changes."""
    digest = hashlib.sha256(b"".join(source.read_bytes() for source in sources))
    return f"{name}-{digest.hexdigest()[:16]}"


def built_once(key: str, build: Callable[[Path], None]) -> Path:
    """Return the cached folder, building it under a lock, so that parallel runs do not trample each other."""
    folder, complete = CACHE_FOLDER / key, CACHE_FOLDER / f"{key}.complete"
    CACHE_FOLDER.mkdir(parents=True, exist_ok=True)
    with (CACHE_FOLDER / f"{key}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not complete.exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            started = time.monotonic()
            build(folder)
            complete.write_text(f"built in {time.monotonic() - started:.1f} s\n", encoding="utf-8")
            print(f"[brokers] {key} built in {time.monotonic() - started:.1f} s")
    return folder
