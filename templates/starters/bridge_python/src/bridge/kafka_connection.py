"""How to reach the brokers. Secrets come from the environment, never from settings.json."""

import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bridge.settings import Settings


class MissingError(Exception):
    """Something that the bridge needs is not there; the message says the way out."""


@contextmanager
def exit_where_missing() -> Iterator[None]:
    """For programs, which end with that message alone."""
    try:
        yield
    except MissingError as error:
        raise SystemExit(str(error)) from None


def connection(settings: Settings) -> dict[str, Any]:
    """Arguments that every Kafka client of this project shares."""
    arguments: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap_servers.split(","),
        "security_protocol": settings.security_protocol,
        **(_certificates() if settings.security_protocol.endswith("SSL") else {}),
    }
    if settings.sasl_mechanism is None:
        return arguments
    arguments["sasl_mechanism"] = settings.sasl_mechanism
    if settings.sasl_mechanism == "AWS_MSK_IAM":  # signs with the AWS credentials of the machine
        if "AWS_REGION" in os.environ:  # what containers and Lambda set; kafka-python asks botocore, which reads this
            os.environ.setdefault("AWS_DEFAULT_REGION", os.environ["AWS_REGION"])
        return arguments
    if not (os.environ.get("SASL_USERNAME") and os.environ.get("SASL_PASSWORD")):
        raise MissingError(f"{settings.sasl_mechanism} needs SASL_USERNAME and SASL_PASSWORD in the environment")
    return arguments | {
        "sasl_plain_username": os.environ["SASL_USERNAME"],
        "sasl_plain_password": os.environ["SASL_PASSWORD"],
    }


def _certificates() -> dict[str, str]:
    """PEM files, all tried here: a client that cannot read one would try again for ever."""
    files = {name: os.environ[name] for name in ("SSL_CAFILE", "SSL_CERTFILE", "SSL_KEYFILE") if os.environ.get(name)}
    if ("SSL_CERTFILE" in files) != ("SSL_KEYFILE" in files):
        raise MissingError("SSL_CERTFILE and SSL_KEYFILE go together: set both, or neither")
    trial = ssl.create_default_context()
    try:
        for name, file in files.items():
            named = f"{name}: {file}"
            Path(file).read_bytes()
        if "SSL_CAFILE" in files:
            named = f"SSL_CAFILE: {files['SSL_CAFILE']}"
            trial.load_verify_locations(files["SSL_CAFILE"])
        if "SSL_CERTFILE" in files:
            named = f"SSL_CERTFILE, SSL_KEYFILE: {files['SSL_CERTFILE']}, {files['SSL_KEYFILE']}"
            trial.load_cert_chain(files["SSL_CERTFILE"], files["SSL_KEYFILE"])
    except OSError as error:  # SSLError is one
        why = f"cannot be used ({error.strerror}); name PEM files that this process may read"
        raise MissingError(f"{named} {why}") from None
    return {name.lower(): file for name, file in files.items()}
