"""Signing in: secrets come from the environment, and what is missing is said before a broker is asked."""

import json
from dataclasses import replace

import pytest
from kafka.net.sasl.msk import SaslMechanismAwsMskIam

from messaging.connection import MissingError, connection
from messaging.settings import load_settings

LOCAL = replace(load_settings({}), security_protocol="SASL_SSL")


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SASL_USERNAME", "SASL_PASSWORD", "AWS_REGION", "AWS_DEFAULT_REGION"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-512"])
def test_a_password_comes_from_the_environment(mechanism: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingError, match="SASL_PASSWORD"):
        connection(replace(LOCAL, sasl_mechanism=mechanism))
    monkeypatch.setenv("SASL_USERNAME", "me")
    monkeypatch.setenv("SASL_PASSWORD", "secret")
    arguments = connection(replace(LOCAL, sasl_mechanism=mechanism))
    assert (arguments["sasl_plain_username"], arguments["sasl_plain_password"]) == ("me", "secret")


def test_msk_is_signed_for_with_the_machines_credentials_and_region(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "x"),
        ("AWS_REGION", "eu-west-1"),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    arguments = connection(replace(LOCAL, sasl_mechanism="AWS_MSK_IAM"))
    signed = json.loads(SaslMechanismAwsMskIam(host="b-1.example", **arguments).auth_bytes())
    assert signed["action"] == "kafka-cluster:Connect"
    assert signed["x-amz-credential"].startswith("AKIDEXAMPLE/")
    assert "/eu-west-1/kafka-cluster/" in signed["x-amz-credential"]
