"""Compresses the stylesheet and the script on their way out, since they lie as they are written.

Must leave all else alone: pages compress themselves, and a stream of the API must reach its reader line by line.
"""

from typing import cast

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_KNOWN = "HTTP_IF_NONE_MATCH"
_TEXT = (".css", ".js", ".svg")


class CompressStatic(GZipMiddleware):
    """Above what serves the files."""

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        is_ours = request.path.startswith("/static/") and request.path.endswith(_TEXT)
        if is_ours and _KNOWN in request.META:  # compressed, it had a weak one, and the strong is looked for
            request.META[_KNOWN] = request.META[_KNOWN].removeprefix("W/")
        return cast(HttpResponseBase, super().__call__(request) if is_ours else self.get_response(request))
