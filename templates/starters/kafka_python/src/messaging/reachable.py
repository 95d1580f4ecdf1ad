"""Ends well when a broker answers at the settings' address, or when that address is not on this machine."""

import socket
import sys

from messaging.settings import load_settings_or_exit


def main() -> int:
    host, _, port = load_settings_or_exit().bootstrap_servers.split(",")[0].rpartition(":")
    if host not in ("127.0.0.1", "localhost"):
        return 0
    try:
        socket.create_connection((host, int(port)), timeout=3).close()
    except OSError:
        print(f"no broker at {host}:{port}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
