"""Compresses the stylesheet and the script on their way out, since they lie as they are written.

Must leave all else alone: pages compress themselves, and a stream of the API must reach its reader line by line.
"""

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

_TEXT = (".css", ".js", ".svg")


class CompressStatic(GZipMiddleware):
    """Above what serves the files."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        is_ours = request.path.startswith("/static/") and request.path.endswith(_TEXT)
        return super().process_response(request, response) if is_ours else response
