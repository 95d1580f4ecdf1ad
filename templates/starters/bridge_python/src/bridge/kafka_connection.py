"""How to reach the brokers. Secrets come from the environment, never from settings.json."""

import os
from typing import Any

from bridge.settings import Settings


def connection(settings: Settings) -> dict[str, Any]:
    """Arguments that every Kafka client of this project shares."""
    arguments: dict[str, Any] = {
        "bootstrap_servers": settings.bootstrap_servers.split(","),
        "security_protocol": settings.security_protocol,
        "ssl_cafile": os.environ.get("SSL_CAFILE"),
        "ssl_certfile": os.environ.get("SSL_CERTFILE"),
        "ssl_keyfile": os.environ.get("SSL_KEYFILE"),
    }
    if settings.sasl_mechanism is None:
        return arguments
    arguments["sasl_mechanism"] = settings.sasl_mechanism
    if settings.sasl_mechanism == "AWS_MSK_IAM":  # signs with the AWS credentials of the machine
        if "AWS_REGION" in os.environ:  # what containers and Lambda set; kafka-python asks botocore, which reads this
            os.environ.setdefault("AWS_DEFAULT_REGION", os.environ["AWS_REGION"])
        return arguments
    if not (os.environ.get("SASL_USERNAME") and os.environ.get("SASL_PASSWORD")):
        raise SystemExit(f"{settings.sasl_mechanism} needs SASL_USERNAME and SASL_PASSWORD in the environment")
    return arguments | {
        "sasl_plain_username": os.environ["SASL_USERNAME"],
        "sasl_plain_password": os.environ["SASL_PASSWORD"],
    }
