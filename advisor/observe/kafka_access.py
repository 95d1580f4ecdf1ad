"""How a Kafka cluster is reached and read: TLS, passwords, certificates, IAM; its errors as one line each.

Knows no topic. Only what describes, lists and fetches is used; no group is joined and no offset committed.
"""

import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from advisor.core.errors import AnswersError, Problem

T = TypeVar("T")
_KNOCK_SECONDS = 5.0
_CONNECT_MS = 15_000
_REQUEST_MS = 15_000
_PAUSES = (0.5, 1.0, 2.0)  # before a question is asked again
_DENIED = "AuthorizationFailed"
_LOGIN = ("Authentication", "Sasl")
_LOGIN_WORDS = ("sasl", "authenticat")
_TLS = ("ssl", "certificate", "tls")
_ADDRESS = ("refused", "resolve")
_SAYS = ">: "  # in the client's log, between a connection and what became of it
_GREETED = "broker_version=("


@dataclass(frozen=True, slots=True, kw_only=True)
class KafkaAccess:
    """Where the cluster is and how to log in; secrets are never shown."""

    bootstrap_servers: str
    security_protocol: str = "PLAINTEXT"
    sasl_mechanism: str | None = None
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    certificate_file: str | None = None
    key_file: str | None = None
    key_password: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """An admin client that describes, and a consumer that belongs to no group."""

    admin: Any
    consumer: Any


@contextmanager
def open_cluster(access: KafkaAccess) -> Iterator[Cluster]:
    """Both clients, closed again; raises AnswersError with the cause when the cluster cannot be reached."""
    from kafka import KafkaAdminClient, KafkaConsumer  # noqa: PLC0415 - its start-up time is paid only here

    _refuse_half(access)
    _knock(access)
    settings = _settings(access)
    with _last_words() as words:
        admin = _open(lambda: KafkaAdminClient(**settings), access, words)
        try:
            consumer = _open(lambda: _open_consumer(KafkaConsumer, settings), access, words)
            try:
                yield Cluster(admin=admin, consumer=consumer)
            finally:
                consumer.close(autocommit=False)
        finally:
            admin.close()


def _refuse_half(access: KafkaAccess) -> None:
    """A login of which a part is missing is refused by the broker without a word; raises AnswersError."""
    if not access.security_protocol.startswith("SASL"):
        return
    needed = {"--sasl-mechanism": access.sasl_mechanism}
    if access.sasl_mechanism != "AWS_MSK_IAM":
        needed |= {"--username": access.username, "KAFKA_SASL_PASSWORD": access.password}
    missing = [name for name, value in needed.items() if not value]
    if missing:
        message = f"{access.security_protocol} needs {', '.join(missing)} as well."
        raise AnswersError(Problem(where="--security-protocol", code="login_failed", message=message))


def _knock(access: KafkaAccess) -> None:
    """Whether one of the servers can be reached, over TLS where that is asked for; raises AnswersError.

    The client would retry for its whole time limit, say only that it is over, and leave its sockets open.
    """
    causes: list[OSError] = []
    try:
        tls = _tls(access)
    except OSError as error:
        raise AnswersError(_explain_opening(access, error, "certificate files")) from None
    for server in access.bootstrap_servers.split(","):
        try:
            _greet(server, tls)
        except (OSError, ValueError) as error:
            causes.append(error if isinstance(error, OSError) else OSError(f"“{server[:100]}” is no HOST:PORT"))
        else:
            return
    raise AnswersError(_explain_opening(access, causes[-1], "TLS" if isinstance(causes[-1], ssl.SSLError) else ""))


def _tls(access: KafkaAccess) -> ssl.SSLContext | None:
    if "SSL" not in access.security_protocol:
        return None
    context = ssl.create_default_context(cafile=access.ca_file)
    if access.certificate_file:
        context.load_cert_chain(access.certificate_file, access.key_file, access.key_password)
    return context


def _greet(server: str, tls: ssl.SSLContext | None) -> None:
    host, _, port = server.strip().rpartition(":")
    with socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK_SECONDS) as plain:
        if tls is not None:
            tls.wrap_socket(plain, server_hostname=host).close()


def _open_consumer(make: Callable[..., Any], settings: dict[str, Any]) -> Any:
    consumer = make(
        **settings,
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        max_partition_fetch_bytes=256 * 1024,
        fetch_max_bytes=4 * 1024 * 1024,
    )
    # Asking about a topic must not make it. kafka-python 3.0.12 has a setting for that and never hands it on.
    consumer._client.cluster.config["allow_auto_create_topics"] = False
    return consumer


def _settings(access: KafkaAccess) -> dict[str, Any]:
    given = {
        "bootstrap_servers": access.bootstrap_servers.split(","),
        "client_id": "broker-advisor-observe",
        "security_protocol": access.security_protocol,
        "sasl_mechanism": access.sasl_mechanism,
        "sasl_plain_username": access.username,
        "sasl_plain_password": access.password,
        "ssl_cafile": access.ca_file,
        "ssl_certfile": access.certificate_file,
        "ssl_keyfile": access.key_file,
        "ssl_password": access.key_password,
        "bootstrap_timeout_ms": _CONNECT_MS,
        "request_timeout_ms": _REQUEST_MS,
    }
    return {name: value for name, value in given.items() if value is not None}


class _Listener(logging.Handler):
    """Keeps what the client last complained of: its exceptions say only that time ran out."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.words: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.words.append(" ".join(record.getMessage().split()))


@contextmanager
def _last_words() -> Iterator[list[str]]:
    """What the client logs, kept from the terminal; its lines would drown ours."""
    logger, listener = logging.getLogger("kafka"), _Listener()
    before = logger.propagate
    logger.addHandler(listener)
    logger.propagate = False
    try:
        yield listener.words
    finally:
        logger.removeHandler(listener)
        logger.propagate = before


def _open(make: Callable[[], T], access: KafkaAccess, words: list[str]) -> T:
    from kafka.errors import KafkaError  # noqa: PLC0415

    try:
        return make()
    except (KafkaError, OSError, ValueError, AssertionError) as error:
        raise AnswersError(_explain_opening(access, error, _find_cause(words, access))) from None


def _find_cause(words: list[str], access: KafkaAccess) -> str:
    """The last word about a login, else about TLS or the address; not who says it: each line names a transport.

    A broker refuses a login and hangs up; over TLS the client mostly sees the second alone. Only a broker that had
    TLS has told its version, so what it hung up on after that is the login.
    """
    said = [word.rpartition(_SAYS)[2] for word in reversed(words)]
    hung_up = bool(access.sasl_mechanism) and any(_GREETED in word for word in words)
    for parts in (_LOGIN_WORDS, _ADDRESS, *([] if hung_up else [_TLS, ("",)])):
        for word in said:
            if any(part in word.lower() for part in parts):
                return word
    return "The broker told its version and hung up at authentication" if hung_up else ""


def _explain_opening(access: KafkaAccess, error: Exception, cause: str) -> Problem:
    where, said = access.bootstrap_servers, f"{error} {cause}".strip()[:400].rstrip(".") + "."
    if any(part in said.lower() for part in _LOGIN_WORDS):
        hint = "Check --sasl-mechanism, --username and KAFKA_SASL_PASSWORD."
        return Problem(where=where, code="login_failed", message=f"The login failed: {said}", hint=hint)
    if any(part in said.lower() for part in _TLS):
        hint = "Check --security-protocol, --ca-file and the certificate's names."
        return Problem(where=where, code="tls_failed", message=f"TLS failed: {said}", hint=hint)
    hint = "Check the address, the network and --security-protocol."
    return Problem(where=where, code="unreachable", message=f"The cluster cannot be reached: {said}", hint=hint)


def try_read(gaps: list[Problem], what: str, read: Callable[[], T]) -> T | None:
    """What the cluster answers, asked again after a while when it says so; else None and one line among the gaps."""
    from kafka.errors import KafkaError, KafkaTimeoutError  # noqa: PLC0415

    for pause in (*_PAUSES, None):
        try:
            return read()
        except (KafkaError, OSError) as error:
            may_pass = getattr(error, "retriable", False) and not isinstance(error, KafkaTimeoutError)
            if pause is None or not may_pass:
                gaps.append(explain(what, error))
                return None
        time.sleep(pause)
    return None


def explain(what: str, error: Exception) -> Problem:
    """The error as a line with a way out."""
    name, said = type(error).__name__, " ".join(str(error).split())[:300]
    if _DENIED in name:
        return Problem(
            where=what, code="denied", message=f"Permission denied: {said}.", hint="Allow DESCRIBE and READ."
        )
    if "UnknownTopic" in name or "InvalidTopic" in name:
        return Problem(where=what, code="gone", message="There is no such topic (any more).", hint="Check its name.")
    if any(part in name for part in _LOGIN):
        return Problem(where=what, code="login_failed", message=said)
    return Problem(where=what, code="no_answer", message=said, hint="Run it again when the cluster is well.")
