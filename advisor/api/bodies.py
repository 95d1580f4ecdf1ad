"""Reads a request's body, never more than is allowed. It waits for what was promised as long as the connection lasts:
WSGI has no word for a time limit, so a thread is held meanwhile; a proxy in front should hold the body instead.

Knows sizes and framing; what the bytes mean is for the parsers.
"""

from typing import IO, cast

from django.conf import settings
from django.http import HttpRequest, UnreadablePostError

from advisor.api.problems import Refused
from advisor.core.errors import Problem

# ASCII is the same in all of them, and some clients name the last unasked; what is no UTF-8 is refused where it stands.
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii", "iso-8859-1"})


def read_body(request: HttpRequest, most: int | None = None) -> bytes:
    """The whole body; refuses one that is too large, cut short, or of a length that the server cannot know."""
    refuse_coded(request)
    limit = most or settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    body = _read_chunked(request, limit) if is_chunked(request) else _read_declared(request, limit)
    if not body.strip():
        raise _malformed("empty_body", "The body is empty.", "Send {} to answer no question.")
    return body


def refuse_coded(request: HttpRequest) -> None:
    """Raises Refused for a body that is compressed, as unpacked it could be of any size, or of another charset."""
    coding = request.META.get("HTTP_CONTENT_ENCODING", "").strip()  # request.headers reads all of them first
    if coding.lower() not in ("", "identity"):
        detail = f"Content-Encoding says {coding[:100]}; this address reads bodies that are not compressed."
        raise Refused("unsupported_media_type", detail, headers={"Accept-Encoding": "identity"})
    charset = (request.content_params or {}).get("charset") or "utf-8"
    if charset.lower() not in _CHARSETS:
        raise Refused("unsupported_media_type", f"Content-Type says charset={charset[:100]}; this address reads UTF-8.")


def is_chunked(request: HttpRequest) -> bool:
    return "chunked" in request.META.get("HTTP_TRANSFER_ENCODING", "").lower()


def open_chunked(request: HttpRequest) -> IO[bytes]:
    """The stream of a body without a length; only a server that ends it for us can be trusted with one."""
    if not request.META.get("wsgi.input_terminated"):
        raise Refused("length_required", "This server cannot read chunked bodies; send Content-Length.")
    return cast(IO[bytes], request.META["wsgi.input"])


def _read_chunked(request: HttpRequest, most: int) -> bytes:
    stream = open_chunked(request)
    body = b""
    while len(body) <= most and (part := stream.read(most + 1 - len(body))):
        body += part
    return _refuse_over(body, most)


def _read_declared(request: HttpRequest, most: int) -> bytes:
    declared = _declared_length(request)
    if declared > most:
        raise _too_large(most)
    try:
        body = request.read(most + 1)
    except UnreadablePostError:
        body = b""
    if len(body) < declared:
        message = f"The body ends after {len(body)} of {declared} announced bytes."
        raise _malformed("cut_short", message, "Send all of it, or mend Content-Length.")
    return _refuse_over(body, most)


def _declared_length(request: HttpRequest) -> int:
    text = str(request.META.get("CONTENT_LENGTH") or "0")
    if not (text.isascii() and text.isdigit()):
        raise Refused("malformed_request", "Content-Length is no number.")
    return int(text[:20])


def _refuse_over(body: bytes, most: int) -> bytes:
    if len(body) > most:
        raise _too_large(most)
    return body


def _too_large(most: int) -> Refused:
    return Refused("body_too_large", f"The body is larger than {most // 1024} KiB.")


def _malformed(code: str, message: str, hint: str) -> Refused:
    return Refused("malformed_body", message, (Problem(where="body", code=code, message=message, hint=hint),))
