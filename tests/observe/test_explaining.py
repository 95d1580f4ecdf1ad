"""What AWS and Kafka refuse, as one line with a stable code; what may pass is asked again."""

from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
    SSOTokenLoadError,
    TokenRetrievalError,
    UnauthorizedSSOTokenError,
)
from kafka.errors import (
    CoordinatorNotAvailableError,
    InvalidTopicError,
    KafkaTimeoutError,
    SaslAuthenticationFailedError,
    TopicAuthorizationFailedError,
    UnknownTopicOrPartitionError,
)

from advisor.core.errors import AnswersError, Problem
from advisor.core.observation import Observation
from advisor.management import fleet
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


def client_error(code: str, status: int = 400) -> ClientError:
    answer: Any = {
        "Error": {"Code": code, "Message": "because\nof that"},
        "ResponseMetadata": {"HTTPStatusCode": status},
    }
    return ClientError(answer, "GetQueueAttributes")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (client_error("AccessDenied"), "denied"),
        (client_error("AuthorizationError"), "denied"),
        (client_error("AWS.SimpleQueueService.NonExistentQueue"), "gone"),
        (client_error("ThrottlingException"), "throttled"),
        (client_error("ExpiredToken"), "no_credentials"),
        (client_error("InvalidClientTokenId"), "no_credentials"),
        (client_error("RequestExpired"), "no_credentials"),
        (client_error("AuthFailure"), "no_credentials"),
        (client_error("InvalidAccessKeyId"), "no_credentials"),
        (client_error("RequestLimitExceeded"), "throttled"),
        (client_error("ThrottledException"), "throttled"),
        (client_error("Throttled"), "throttled"),
        (client_error("InternalFailure"), "no_answer"),
        (client_error("InternalError"), "no_answer"),
        (client_error("ServiceUnavailable"), "no_answer"),
        (client_error("Whatever", status=503), "no_answer"),
        (client_error("KmsDisabled", status=400), "refused"),
        (NoCredentialsError(), "no_credentials"),
        (ProfileNotFound(profile="nope"), "no_credentials"),
        (SSOTokenLoadError(error_msg="no file"), "no_credentials"),
        (UnauthorizedSSOTokenError(), "no_credentials"),
        (TokenRetrievalError(provider="sso", error_msg="expired"), "no_credentials"),
        (EndpointConnectionError(endpoint_url="http://q"), "unreachable"),
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
        (InvalidTopicError(), "gone"),
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


@pytest.mark.parametrize(
    ("profile", "region", "endpoint_url", "code"),
    [
        ("nope", "eu-west-1", None, "no_credentials"),
        ("", "eu west", None, "unreachable"),
        ("", "eu-west-1", "foo", "unreachable"),
        ("", "eu-west-1", "http://[", "unreachable"),
        ("", "eu-west-1", "http://localhost:99999", "unreachable"),
    ],
)
def test_where_no_client_can_be_made_is_a_line(
    profile: str, region: str, endpoint_url: str | None, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if profile:
        monkeypatch.setenv("AWS_PROFILE", profile)
    with pytest.raises(AnswersError) as caught:
        aws.open_aws(region, endpoint_url)
    assert [problem.code for problem in caught.value.problems] == [code]
    assert "\n" not in str(caught.value)


def test_what_aws_may_answer_another_time_is_asked_again_by_a_fleet() -> None:
    for code in ("Throttled", "ThrottledException", "RequestLimitExceeded", "InternalFailure", "ServiceUnavailable"):
        gaps: list[Problem] = []
        aws.try_read(gaps, "orders", refusing(client_error(code)))
        assert fleet._may_go_better(Observation(subject="orders", option="", gaps=tuple(gaps)))


def test_a_fault_of_our_own_is_not_taken_for_a_refusal() -> None:
    with pytest.raises(ZeroDivisionError):
        aws.try_read([], "orders", lambda: 1 // 0)
