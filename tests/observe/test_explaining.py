"""What AWS and Kafka refuse, as one line with a stable code; what may pass is asked again."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, NoCredentialsError
from kafka.errors import (
    CoordinatorNotAvailableError,
    KafkaTimeoutError,
    SaslAuthenticationFailedError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from advisor.core.errors import Problem
from advisor.observe import aws, kafka_access


def refusing(error: Exception, times: int = 99) -> Any:
    """A call that fails so often, and then answers how often it was made."""
    calls = 0

    def call() -> int:
        nonlocal calls
        calls += 1
        if calls <= times:
            raise error
        return calls

    return call


def client_error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "because\nof that"}}, "GetQueueAttributes")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (client_error("AccessDenied"), "denied"),
        (client_error("AuthorizationError"), "denied"),
        (client_error("AWS.SimpleQueueService.NonExistentQueue"), "gone"),
        (client_error("ThrottlingException"), "throttled"),
        (client_error("ExpiredToken"), "no_credentials"),
        (client_error("InvalidClientTokenId"), "no_credentials"),
        (client_error("KmsDisabled"), "refused"),
        (NoCredentialsError(), "no_credentials"),
    ],
)
def test_what_aws_refuses_is_a_line_with_a_code(error: Exception, code: str) -> None:
    gaps: list[Problem] = []
    assert aws.try_read(gaps, "orders", refusing(error)) is None
    assert [gap.code for gap in gaps] == [code]
    assert "\n" not in str(gaps[0])


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (TopicAuthorizationFailedError(), "denied"),
        (UnknownTopicOrPartitionError(), "gone"),
        (SaslAuthenticationFailedError(), "login_failed"),
        (KafkaTimeoutError("too late"), "no_answer"),
    ],
)
def test_what_kafka_refuses_is_a_line_with_a_code(error: Exception, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_access, "_PAUSES", (0.0, 0.0, 0.0))
    gaps: list[Problem] = []
    assert kafka_access.try_read(gaps, "orders", refusing(error)) is None
    assert [gap.code for gap in gaps] == [code]


def test_what_may_pass_is_asked_again_and_what_timed_out_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kafka_access, "_PAUSES", (0.0, 0.0, 0.0))
    gaps: list[Problem] = []
    assert kafka_access.try_read(gaps, "groups", refusing(CoordinatorNotAvailableError(), times=2)) == 3
    assert not gaps
    assert kafka_access.try_read(gaps, "groups", refusing(KafkaTimeoutError(), times=1)) is None


def test_a_fault_of_our_own_is_not_taken_for_a_refusal() -> None:
    with pytest.raises(ZeroDivisionError):
        aws.try_read([], "orders", lambda: 1 // 0)
