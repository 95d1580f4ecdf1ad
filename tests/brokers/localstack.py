"""An SQS-compatible server, LocalStack's core in an environment of its own. Knows nothing of the advisor.

Its packages would fight with ours, so they live below .cache/ and are pinned by hash in localstack.lock.
"""

import os
import subprocess
import sys
import urllib.error
import urllib.request
import venv
from pathlib import Path
from typing import Any

import boto3

from tests.brokers.cache import built_once, key_of
from tests.brokers.server import Server, free_port, start_server

LOCK = Path(__file__).with_name("localstack.lock")


def start_localstack(folder: Path, *, services: str = "sqs,sns", addresses: str = "path") -> tuple[Server, str]:
    """Start a fresh, empty server whose state lies below `folder`; return it with its endpoint.

    `addresses` is how it names a queue: by "path" Regions are told apart, "off" has the form that Terraform insists on.
    """
    python = built_once(key_of("localstack", LOCK), _install) / "bin" / "python"
    port = free_port()
    endpoint = f"http://127.0.0.1:{port}"
    server = start_server(
        "LocalStack 4.10.0",
        (str(python), "-m", "localstack.runtime.main"),
        folder=folder,
        environment=_environment(folder, port) | {"SERVICES": services, "SQS_ENDPOINT_STRATEGY": addresses},
        is_ready=lambda: _answers(endpoint),
    )
    return server, endpoint


def open_client(service: Any, endpoint: str) -> Any:
    """boto3's client of a service of that server."""
    return boto3.client(
        service,
        region_name="us-east-1",
        endpoint_url=endpoint,
        aws_access_key_id="local",
        aws_secret_access_key="local",
    )


def _install(folder: Path) -> None:
    venv.create(folder, with_pip=True)
    pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "--disable-pip-version-check")
    subprocess.run((*pip, "--require-hashes", "-r", str(LOCK)), check=True, timeout=300)


def _environment(folder: Path, port: int) -> dict[str, str]:
    # Only hypercorn obeys GATEWAY_LISTEN; the other gateway listens on every address. HOME is moved because a list of
    # plug-ins is cached there and outlives the environment that it describes.
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "TMPDIR": str(folder),
        "FILESYSTEM_ROOT": str(folder / "state"),
        "GATEWAY_LISTEN": f"127.0.0.1:{port}",
        "GATEWAY_SERVER": "hypercorn",
        "DISABLE_EVENTS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "PYTHONUNBUFFERED": "1",
        "PYTHONDONTWRITEBYTECODE": "1" if sys.flags.dont_write_bytecode else "",
    }


def _answers(endpoint: str) -> bool:
    try:
        with urllib.request.urlopen(f"{endpoint}/_localstack/health", timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False
