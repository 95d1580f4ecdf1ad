"""The project of a query: as one archive, as a list of its files, each file, and what sets the two sides apart.

All take the same query as the page.
"""

import base64
import hashlib
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response

from advisor import service
from advisor.api.caching import answer_cached
from advisor.api.endpoint import PRESENTATION, Endpoint, raw
from advisor.api.renderers import JSON, YAML

PLAIN, DIFF = "text/plain; charset=utf-8", "text/x-diff; charset=utf-8"


class AsNamed(BaseContentNegotiation):
    """The address says what it is, so no Accept header is consulted: browsers and curl send odd ones."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Starter(Endpoint):
    """One archive of the kit for the query's workload."""

    archive: str = "zip"
    content_negotiation_class = AsNamed

    def get(self, request: Request) -> HttpResponseBase:
        query = service.read_query(self.read_given(request))
        archive = service.pack_kit(query, self.archive)
        response = HttpResponse(archive.content, content_type=service.ARCHIVES[self.archive])
        # The name was validated as a queue name before it became the kit's: no quote, no path, no line break.
        response.headers["Content-Disposition"] = f'attachment; filename="{archive.name}"'
        response.headers["Content-Digest"] = _write_digest(archive.sha256)
        return answer_cached(raw(request), archive.sha256.hex()[:32], query, lambda: response)


class KitFiles(Endpoint):
    """What the kit holds, before anything is downloaded."""

    renderer_classes = (JSON, YAML)

    def get(self, request: Request) -> HttpResponseBase:
        query = service.read_query(self.read_given(request))
        kit = service.build_kit(query)
        mark = f"{_mark(kit)}-{request.accepted_renderer.format}"
        return answer_cached(raw(request), mark, query, lambda: Response(_list_files(kit, _asked(request))))


class KitFile(Endpoint):
    """One file of the kit, as plain text at an address that can be passed on."""

    content_negotiation_class = AsNamed

    def get(self, request: Request, path: str) -> HttpResponseBase:
        query = service.read_query(self.read_given(request))
        kit = service.build_kit(query)
        part = kit.parts.get(path)
        if part is None:  # no folder is ever asked: what is not a name in the kit is nowhere
            raise NotFound(f"The project has no file {path[:100]}.")
        digest = {"Content-Digest": _write_digest(bytes.fromhex(part.sha256))}
        response = HttpResponse(part.content, content_type=PLAIN, headers=digest)
        return answer_cached(raw(request), part.sha256[:32], query, lambda: response)


class KitDiff(Endpoint):
    """What the Kafka project has otherwise than the SQS project for the same workload."""

    content_negotiation_class = AsNamed

    def get(self, request: Request) -> HttpResponseBase:
        query = service.read_query(self.read_given(request))
        changes = service.compare_kits(query)
        body = "".join(change.diff for change in changes).encode()
        response = HttpResponse(body, content_type=DIFF)
        return answer_cached(raw(request), hashlib.sha256(body).hexdigest()[:32], query, lambda: response)


def _asked(request: Request) -> str:
    """The query string as it came, but for how to answer it."""
    pairs = raw(request).GET.copy()
    for name in PRESENTATION:
        pairs.pop(name, None)
    return pairs.urlencode()


def _list_files(kit: service.Kit, asked: str) -> dict[str, object]:
    return {
        "name": kit.name,
        "files": [
            {
                "path": path,
                "bytes": part.size,
                "sha256": part.sha256,
                "is_executable": path in kit.executables,
                "link": f"{reverse('api-kit-file', args=(path,))}?{asked}",
            }
            for path, part in kit.parts.items()
        ],
        "links": {
            name: f"{reverse(address)}?{asked}"
            for name, address in (("zip", "starter-zip"), ("tgz", "starter-tgz"), ("diff", "api-kit-diff"))
        },
    }


def _mark(kit: service.Kit) -> str:
    """What all of its files are, in one digest; their names and those of the queues are in them."""
    return hashlib.sha256("".join(part.sha256 for part in kit.parts.values()).encode()).hexdigest()[:32]


def _write_digest(digest: bytes) -> str:
    return f"sha-256=:{base64.b64encode(digest).decode()}:"
