"""Bodies of any length as lines, holding one line at a time.

Knows bytes and line ends; what a line means is for batch.py.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.http import HttpRequest, UnreadablePostError

from advisor.api.bodies import is_chunked, open_chunked

LONGEST_LINE = 64 * 1024
_PART = 64 * 1024


@dataclass(frozen=True)
class TooLong:
    """Stands where a line was that is longer than is read; the line itself was passed over."""


def read_lines(request: HttpRequest) -> Iterator[bytes | TooLong]:
    """Each line without its end, in order."""
    return split_lines(_reader(request))


def _reader(request: HttpRequest) -> Callable[[int], bytes]:
    if is_chunked(request):
        return open_chunked(request).read

    def read(size: int) -> bytes:
        try:
            return request.read(size)
        except UnreadablePostError:  # the client went away; what came is answered
            return b""

    return read


def split_lines(read: Callable[[int], bytes]) -> Iterator[bytes | TooLong]:
    """Lines ending in LF or CR LF; the last one needs no end."""
    held, is_skipping = b"", False
    while part := read(_PART):
        *whole, held = (held + part).split(b"\n")
        for line in whole:
            yield TooLong() if is_skipping or len(line) > LONGEST_LINE else line.removesuffix(b"\r")
            is_skipping = False
        if len(held) > LONGEST_LINE:
            held, is_skipping = b"", True
    if held or is_skipping:
        yield TooLong() if is_skipping else held.removesuffix(b"\r")
