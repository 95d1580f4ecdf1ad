"""Ends well when broker and queue answer at the settings' addresses, or when those are not on this machine."""

import socket
import sys
from urllib.parse import urlsplit

from bridge.settings import load_settings_or_exit


def main() -> int:
    settings = load_settings_or_exit()
    addresses = (f"kafka://{settings.bootstrap_servers.split(',')[0]}", settings.endpoint_url or "")
    found = [_answers(address) for address in addresses]
    return 0 if all(found) else 1


def _answers(address: str) -> bool:
    server = urlsplit(address)
    if server.hostname not in ("127.0.0.1", "localhost"):
        return True
    try:
        socket.create_connection((server.hostname, server.port or 80), timeout=3).close()
    except OSError:
        print(f"nothing answers at {address}", file=sys.stderr)
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
