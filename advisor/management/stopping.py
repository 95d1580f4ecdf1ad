"""How a command ends that is stopped by Ctrl-C while it still loads. Must import nothing that takes long itself."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

STOPPED = 130


@contextmanager
def stoppable() -> Iterator[None]:
    """One word instead of the traceback of whatever was being loaded."""
    try:
        yield
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(STOPPED)


def main() -> int:
    """Where the installed program enters."""
    with stoppable():
        from advisor.management.program import main as run  # noqa: PLC0415 - it loads everything

        return run()
