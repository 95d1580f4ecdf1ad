"""Bodies of any length, part by part. Knows requests; what the bytes mean is for who reads them."""

from collections.abc import Callable

from django.http import HttpRequest, UnreadablePostError

from advisor.api.bodies import is_chunked, open_chunked


def open_body(request: HttpRequest) -> Callable[[int], bytes]:
    if is_chunked(request):
        return open_chunked(request).read

    def read(size: int) -> bytes:
        try:
            return request.read(size)
        except UnreadablePostError:  # the client went away; what came is answered
            return b""

    return read
