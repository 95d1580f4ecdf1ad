"""The project as a file to download: /starter.zip and /starter.tgz with the same query as the page."""

import base64
import hashlib
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request

from advisor import service
from advisor.api.caching import lifetime
from advisor.api.endpoint import Endpoint, raw

CONTENT_TYPES: Mapping[str, str] = {"zip": "application/zip", "tgz": "application/gzip"}


class AsNamed(BaseContentNegotiation):
    """The address says which archive it is, so no Accept header is consulted: browsers and curl send odd ones."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Starter(Endpoint):
    """One archive of the kit for the query's workload."""

    archive: str = "zip"
    content_negotiation_class = AsNamed

    def get(self, request: Request) -> HttpResponseBase:
        query = service.read_query(self.read_given(request))
        kept = lifetime(query)
        kit = service.build_kit(query)
        body = service.archive_kit(kit, self.archive)
        response = HttpResponse(body, content_type=CONTENT_TYPES[self.archive])
        # The name was validated as a queue name before it became the kit's: no quote, no path, no line break.
        response.headers["Content-Disposition"] = f'attachment; filename="{kit.name}.{self.archive}"'
        digest = hashlib.sha256(body).digest()
        response.headers["Content-Digest"] = f"sha-256=:{base64.b64encode(digest).decode()}:"
        response.headers["ETag"] = f'"{digest.hex()[:32]}"'
        response.headers["Cache-Control"] = kept
        return get_conditional_response(raw(request), etag=response.headers["ETag"], response=response) or response
