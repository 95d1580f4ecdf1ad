"""Our own application as it is served, over the same engine as the others."""

import bench.servers.engine  # noqa: F401 - which keeps the answer where the run wants it
from advisor.wsgi import application

__all__ = ["application"]
