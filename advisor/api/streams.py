"""Bodies of any length, part by part. Knows requests; what the bytes mean is for the service's readers of batches."""

from django.http import HttpRequest, UnreadablePostError

from advisor import service
from advisor.api.bodies import is_chunked, open_chunked, refuse_coded


def open_body(request: HttpRequest) -> service.ReadPart:
    """What reads the next part of the body."""
    refuse_coded(request)
    if is_chunked(request):
        return open_chunked(request).read

    def read(size: int) -> bytes:
        try:
            return request.read(size)
        except UnreadablePostError:  # the client went away; what came is answered
            return b""

    return read
