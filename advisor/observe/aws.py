"""The AWS clients that observing uses, held to a list of reading calls; any other call is refused before it is made.

Knows no queue. The same list makes the least-privilege policy.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from advisor.core.errors import AnswersError, Problem

if TYPE_CHECKING:
    from mypy_boto3_cloudwatch import CloudWatchClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient

T = TypeVar("T")
READS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "sqs": ("GetQueueAttributes", "ListQueueTags", "ListQueues"),
        "sns": ("GetSubscriptionAttributes", "ListSubscriptions"),
        "cloudwatch": ("GetMetricData",),
    }
)
_TRIES = 8
_TIMEOUT_SECONDS = 15
_GONE = frozenset({"AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NotFound"})
_DENIED = frozenset({"AccessDenied", "AccessDeniedException", "AuthorizationError", "AuthorizationErrorException"})
_KEYS = (  # how the codes of keys and sessions that are not accepted begin
    "AuthFailure", "ExpiredToken", "InvalidAccessKeyId", "InvalidClientTokenId", "InvalidSecurity",
    "MissingAuthenticationToken", "RequestExpired", "SignatureDoesNotMatch", "UnrecognizedClientException",
)  # fmt: skip
_LOGIN = ("Credential", "Login", "Profile", "SSO", "Token")  # what botocore's errors about them have in their names
_BUSY = frozenset(
    {
        "KmsThrottled", "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "Throttled",
        "ThrottledException", "Throttling", "ThrottlingException", "TooManyRequestsException",
    }
)  # fmt: skip
_FAULTS = frozenset({"InternalError", "InternalFailure", "InternalServiceFault", "ServiceUnavailable"})
_SERVER_FAULT = 500  # HTTP's first status of a fault on their side, which may pass


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """The three clients of one Region."""

    region: str
    sqs: "SQSClient"
    sns: "SNSClient"
    cloudwatch: "CloudWatchClient"


def open_aws(region: str, endpoint_url: str | None = None) -> Aws:
    """Clients with the caller's own credentials, which slow down when AWS asks them to.

    Raises AnswersError for a profile, a Region or an address that there cannot be.
    """
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    try:
        _ = urlsplit(endpoint_url or "").port  # a ValueError where it is none; botocore finds out with the first call
        return _open(region, endpoint_url)
    except BotoCoreError as error:
        raise AnswersError(_unreachable("AWS", error)) from None
    except ValueError as error:
        hint = "Write it as http://HOST:PORT."
        raise AnswersError(
            Problem(where="--endpoint-url", code="unreachable", message=f"{error}.", hint=hint)
        ) from None


def _open(region: str, endpoint_url: str | None) -> Aws:
    import boto3  # noqa: PLC0415 - its start-up time is paid only here
    from botocore.config import Config  # noqa: PLC0415

    retries: Any = {"mode": "adaptive", "total_max_attempts": _TRIES}
    config = Config(retries=retries, connect_timeout=_TIMEOUT_SECONDS, read_timeout=_TIMEOUT_SECONDS)
    session = boto3.session.Session(region_name=region)

    def open_client(service: Any) -> Any:
        client = session.client(service, endpoint_url=endpoint_url, config=config)
        client.meta.events.register("before-parameter-build", _refuse_other_calls)
        return client

    return Aws(region=region, sqs=open_client("sqs"), sns=open_client("sns"), cloudwatch=open_client("cloudwatch"))


def _refuse_other_calls(model: Any, **_: object) -> None:
    """The last word on what is sent: a fault of ours must not become a change of somebody's queue."""
    service, call = str(model.service_model.service_name), str(model.name)
    if call not in READS[service]:
        raise PermissionError(f"Observing only reads; {service}:{call} is not on its list.")


def try_read(gaps: list[Problem], what: str, read: Callable[[], T]) -> T | None:
    """What the call answers; where it cannot, None and one line among the gaps."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        return read()
    except ClientError as error:
        answer, status = error.response.get("Error", {}), error.response.get("ResponseMetadata", {})
        code, message = str(answer.get("Code", "")), str(answer.get("Message", error))
        gaps.append(_explain(what, code, message, status.get("HTTPStatusCode", 0)))
    except BotoCoreError as error:
        gaps.append(_unreachable(what, error))
    return None


def must_read(what: str, read: Callable[[], T]) -> T:
    """The same where nothing can go on without it; raises AnswersError."""
    gaps: list[Problem] = []
    answer = try_read(gaps, what, read)
    if gaps or answer is None:
        raise AnswersError(*gaps)
    return answer


def _explain(what: str, code: str, message: str, status: int) -> Problem:
    said = " ".join(message.split())[:300].rstrip(".") + "."
    if code in _GONE or code.endswith("NonExistentQueue"):
        return Problem(where=what, code="gone", message="It does not exist (any more).", hint="Check URL and Region.")
    if code in _DENIED:
        hint = "`observe sqs --iam-policy` prints what is needed."
        return Problem(where=what, code="denied", message=f"Permission denied: {said}", hint=hint)
    if code.startswith(_KEYS):
        return Problem(where=what, code="no_credentials", message=f"The credentials are not accepted: {said}")
    if code in _BUSY:
        message = f"AWS asked to slow down {_TRIES} times in a row."
        return Problem(where=what, code="throttled", message=message, hint="Run it again later with --state.")
    if code in _FAULTS or status >= _SERVER_FAULT:
        hint = "Run it again later with --state."
        return Problem(where=what, code="no_answer", message=f"AWS failed: {code}: {said}", hint=hint)
    return Problem(where=what, code="refused", message=f"{code}: {said}")


def _unreachable(what: str, error: Exception) -> Problem:
    said = " ".join(str(error).split())[:300]
    if any(part in type(error).__name__ for part in _LOGIN):
        hint = "Give AWS credentials, for example by AWS_PROFILE, or log in again."
        return Problem(where=what, code="no_credentials", message=f"{said}.".replace("..", "."), hint=hint)
    hint = "Check the Region, the network and --endpoint-url."
    return Problem(where=what, code="unreachable", message=said, hint=hint)


def write_policy(region: str, account: str = "*", queue: str = "*") -> dict[str, object]:
    """The least that observing needs: on the named queues where AWS can restrict a call to them, else on all."""
    on_queue = [f"sqs:{call}" for call in READS["sqs"] if call != "ListQueues"]
    anywhere = ["sqs:ListQueues", "sns:ListSubscriptions", "cloudwatch:GetMetricData"]
    subscriptions = f"arn:aws:sns:{region}:{account}:*"
    return {
        "Version": "2012-10-17",
        "Statement": [
            _allow("ReadQueues", on_queue, f"arn:aws:sqs:{region}:{account}:{queue}"),
            _allow("ReadSubscriptions", ["sns:GetSubscriptionAttributes"], subscriptions),
            _allow("ListAndMeasure", anywhere, "*"),
        ],
    }


def _allow(sid: str, actions: list[str], resource: str) -> dict[str, object]:
    return {"Sid": sid, "Effect": "Allow", "Action": actions, "Resource": resource}
