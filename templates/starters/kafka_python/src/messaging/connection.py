"""How to reach the brokers. Secrets come from the environment, never from settings.json."""

import os
from typing import Any

from messaging.settings import Settings


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
    # AWS_MSK_IAM signs with the AWS credentials of the machine and needs botocore beside kafka-python.
    return arguments | {
        "sasl_mechanism": settings.sasl_mechanism,
        "sasl_plain_username": os.environ.get("SASL_USERNAME"),
        "sasl_plain_password": os.environ.get("SASL_PASSWORD"),
    }
