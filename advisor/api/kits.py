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
from advisor.api.endpoint import Endpoint, raw
from advisor.api.renderers import JSON, YAML

PLAIN, DIFF = "text/plain; charset=utf-8", "text/x-diff; charset=utf-8"


class AsNamed(BaseContentNegotiation):
    """The address says what it is, so no Accept header is consulted: browsers and curl send odd ones."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: str | None = None) -> Any:
        return renderers[0], renderers[0].media_type


class Starter(Endpoint):
    """One archive of the kit for the query's workload."""

    archive: str = "zip"
    shows = frozenset()
    content_negotiation_class = AsNamed

    def get(self, request: Request) -> HttpResponseBase:
        query = service.read_kit_query(self.read_given(request))
        return answer_cached(raw(request), _mark(query, self.archive), query, lambda: self.pack(query))

    def pack(self, query: service.Query) -> HttpResponse:
        archive = service.pack_kit(query, self.archive)
        response = HttpResponse(archive.content, content_type=service.ARCHIVES[self.archive])
        # The name was validated as a queue name before it became the kit's: no quote, no path, no line break.
        response.headers["Content-Disposition"] = f'attachment; filename="{archive.name}"'
        response.headers["Content-Digest"] = _write_digest(archive.sha256)
        return response


class KitFiles(Endpoint):
    """What the kit holds, before anything is downloaded."""

    renderer_classes = (JSON, YAML)

    def get(self, request: Request) -> HttpResponseBase:
        query = service.read_kit_query(self.read_given(request))
        mark, asked = _mark(query, f"files.{request.accepted_renderer.format}"), _asked(request)
        return answer_cached(raw(request), mark, query, lambda: Response(_list_files(service.build_kit(query), asked)))


class KitFile(Endpoint):
    """One file of the kit, as plain text at an address that can be passed on."""

    shows = frozenset()
    content_negotiation_class = AsNamed

    def get(self, request: Request, path: str) -> HttpResponseBase:
        query = service.read_kit_query(self.read_given(request))
        return answer_cached(raw(request), _mark(query, f"file {path}"), query, lambda: _show_file(query, path))


def _show_file(query: service.Query, path: str) -> HttpResponse:
    part = service.build_kit(query).parts.get(path)
    if part is None:  # no folder is ever asked: what is not a name in the kit is nowhere
        raise NotFound(f"The project has no file {path[:100]}.")
    digest = {"Content-Digest": _write_digest(bytes.fromhex(part.sha256))}
    return HttpResponse(part.content, content_type=PLAIN, headers=digest)


class KitDiff(Endpoint):
    """What the Kafka project has otherwise than the SQS project for the same workload."""

    shows = frozenset()
    content_negotiation_class = AsNamed

    def get(self, request: Request) -> HttpResponseBase:
        query = service.read_kit_query(self.read_given(request))
        return answer_cached(raw(request), _mark(query, "diff"), query, lambda: _show_changes(query))


def _show_changes(query: service.Query) -> HttpResponse:
    body = "".join(change.diff for change in service.compare_kits(query))
    return HttpResponse(body, content_type=DIFF)


def _asked(request: Request) -> str:
    """The query string as it came, but for how to answer it."""
    pairs = raw(request).GET.copy()
    pairs.pop("format", None)
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


def _mark(query: service.Query, what: str) -> str:
    """Stands for one thing made of the query's kit; two things have two marks, as one of them may not be there."""
    return hashlib.sha256(" ".join((*service.identify_kit(query), what)).encode(errors="replace")).hexdigest()[:32]


def _write_digest(digest: bytes) -> str:
    return f"sha-256=:{base64.b64encode(digest).decode()}:"
