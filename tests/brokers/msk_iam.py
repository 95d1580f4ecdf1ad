"""What an MSK cluster with IAM sees of a client, which no emulator takes: its proof, held against botocore's signature.

Speaks Kafka over TLS as far as the sign-in, keeps what the client sends, and lets nobody in.
"""

import base64
import json
import queue
import re
import socketserver
import ssl
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from unittest.mock import patch
from urllib.parse import parse_qsl, urlsplit

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

SERVICE, ACTION = "kafka-cluster", "kafka-cluster:Connect"
MECHANISMS = ("AWS_MSK_IAM", "OAUTHBEARER")
METADATA, HANDSHAKE, API_VERSIONS, AUTHENTICATE = 3, 17, 18, 36
SPOKEN = {METADATA: (0, 12), HANDSHAKE: (0, 1), API_VERSIONS: (0, 3), AUTHENTICATE: (0, 2)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a client signed: for which host, and the X-Amz-* parameters in lower case."""

    host: str
    signed: Mapping[str, str]

    @property
    def at(self) -> datetime:
        return datetime.strptime(self.signed["x-amz-date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)

    def expected_signature(self, credentials: Credentials, region: str) -> str:
        """By botocore, for the same host and moment."""
        request = AWSRequest(method="GET", url=f"https://{self.host}/?Action={ACTION}")
        signer = SigV4QueryAuth(credentials, SERVICE, region, expires=int(self.signed["x-amz-expires"]))
        with patch("botocore.auth.get_current_datetime", lambda: self.at):
            signer.add_auth(request)
        return dict(parse_qsl(urlsplit(str(request.url)).query))["X-Amz-Signature"]


def read_proof(sent: bytes) -> Proof:
    """As AWS_MSK_IAM has it, an object; as OAUTHBEARER has it, a signed URL in Base64."""
    token = re.fullmatch(rb"n,,\x01auth=Bearer ([\w-]+)\x01\x01", sent)
    if token is None:
        signed = json.loads(sent)
        return Proof(host=signed["host"], signed=signed)
    url = urlsplit(base64.urlsafe_b64decode(token[1] + b"==").decode())
    signed = {name.lower(): value for name, value in parse_qsl(url.query)}
    return Proof(host=url.netloc, signed=signed)


@contextmanager
def listening_for_proofs(certificate: Path) -> Iterator[tuple[str, "queue.Queue[bytes]"]]:
    """Its address, and what clients prove themselves with."""
    proofs: queue.Queue[bytes] = queue.Queue()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _answering(context, proofs)) as server:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, name="msk", daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}", proofs
        server.shutdown()


def _answering(context: ssl.SSLContext, proofs: "queue.Queue[bytes]") -> type[socketserver.BaseRequestHandler]:
    class Conversation(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                with context.wrap_socket(self.request, server_side=True) as connection:
                    stream = connection.makefile("rwb")
                    while size := stream.read(4):
                        request = BytesIO(stream.read(int.from_bytes(size, "big")))
                        answer = _answer(request, proofs)
                        if answer is None:
                            return
                        stream.write(len(answer).to_bytes(4, "big") + answer)
                        stream.flush()
            except OSError:  # clients that were killed, or that give up
                return

    return Conversation


def _answer(request: BytesIO, proofs: "queue.Queue[bytes]") -> bytes | None:
    """Nothing where the conversation ends."""
    api, version, correlation, length = struct.unpack(">hhih", request.read(10))
    request.read(max(0, length))  # the client's name
    header = struct.pack(">i", correlation)
    if api == API_VERSIONS:
        return header + _api_versions(version)
    if api == HANDSHAKE:
        names = b"".join(len(name).to_bytes(2, "big") + name.encode() for name in MECHANISMS)
        return header + struct.pack(">hi", 0, len(MECHANISMS)) + names
    if api == AUTHENTICATE:
        is_compact = version >= 2
        request.read(1 if is_compact else 0)  # tagged fields, of which there are none
        size = _uvarint(request) - 1 if is_compact else int.from_bytes(request.read(4), "big")
        proofs.put(request.read(size))
    return None


def _api_versions(version: int) -> bytes:
    lowest_highest = [(api, *span) for api, span in SPOKEN.items()]
    if version > SPOKEN[API_VERSIONS][1]:
        return struct.pack(">hi", 35, 1) + struct.pack(">hhh", API_VERSIONS, *SPOKEN[API_VERSIONS])
    if version == SPOKEN[API_VERSIONS][1]:
        entries = b"".join(struct.pack(">hhhB", *each, 0) for each in lowest_highest)
        return struct.pack(">hB", 0, len(SPOKEN) + 1) + entries + struct.pack(">iB", 0, 0)
    entries = b"".join(struct.pack(">hhh", *each) for each in lowest_highest)
    return struct.pack(">hi", 0, len(SPOKEN)) + entries + (b"" if version == 0 else bytes(4))


def _uvarint(stream: BytesIO) -> int:
    value = shift = 0
    while (byte := stream.read(1)[0]) & 0x80:
        value |= (byte & 0x7F) << shift
        shift += 7
    return value | byte << shift
