"""The official parsers of AsyncAPI and Mermaid, in Node.js, from the cache. Knows no kit."""

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.brokers.cache import built_once, key_of

HERE = Path(__file__).parent
SOURCES = tuple(HERE / name for name in ("package.json", "package-lock.json", ".npmrc", "check.mjs"))


def find_faults(papers: Sequence[tuple[str, str]]) -> list[list[str]]:
    """For each paper, (kind, text), what its parser has against it; in one process, since it starts slowly."""
    for program in ("node", "npm"):
        if shutil.which(program) is None:
            pytest.skip(f"no {program}: apt-get install nodejs npm")
    folder = built_once(key_of("papers", *SOURCES), _install)
    written = json.dumps([{"kind": kind, "text": text} for kind, text in papers])
    done = subprocess.run(
        ("node", "check.mjs"), cwd=folder, input=written, capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    faults: list[list[str]] = json.loads(done.stdout)
    return faults


def _install(folder: Path) -> None:
    for source in SOURCES:
        shutil.copy(source, folder)
    subprocess.run(("npm", "ci", "--silent"), cwd=folder, check=True, timeout=600)
