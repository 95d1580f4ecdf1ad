"""Ends well when a server answers at the settings' endpoint, or when that endpoint is not on this machine."""

import socket
import sys
from urllib.parse import urlsplit

from messaging.settings import load_settings_or_exit


def main() -> int:
    endpoint = urlsplit(load_settings_or_exit().endpoint_url or "")
    if endpoint.hostname not in ("127.0.0.1", "localhost"):
        return 0
    try:
        socket.create_connection((endpoint.hostname, endpoint.port or 80), timeout=3).close()
    except OSError:
        print(f"no SQS server at {endpoint.geturl()}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
