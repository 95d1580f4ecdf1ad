"""Chooses the format of an answer: `?format=`, an extension, or the Accept header with its q-values.

Needed because DRF's own negotiation ignores q-values and answers an unknown format with 404.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

Renderers = Sequence[BaseRenderer]


class Negotiation(DefaultContentNegotiation):
    """The format asked for by name wins; else the best of the Accept header; else 406 with what exists."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        offered = tuple(renderers)
        named = [format_suffix] if format_suffix else [*filter(None, request.query_params.getlist("format"))]
        found = _named(named, offered) if named else _best(self.get_accept_list(request), offered)
        if found is None:
            shown = ", ".join(f"{renderer.media_type} (format={renderer.format})" for renderer in offered)
            raise NotAcceptable(f"There is {shown}.")
        return found, found.media_type or ""


def _named(names: list[str], offered: Renderers) -> BaseRenderer | None:
    """None where two are named as well."""
    return next((renderer for renderer in offered if [renderer.format] == names), None)


def _best(accepted: Any, offered: Renderers) -> BaseRenderer | None:
    """The offer with the highest q; among equals the one offered first."""
    ranges = [_read_range(token) for token in accepted]
    rated = [(_quality(renderer.media_type or "", ranges), renderer) for renderer in offered]
    quality, best = max(rated, key=lambda pair: pair[0])
    return best if quality > 0 else None


def _read_range(token: str) -> tuple[str, float]:
    media_range, *parameters = (part.strip().lower() for part in token.split(";"))
    quality = next((part[2:] for part in parameters if part.startswith("q=")), "1")
    try:
        return media_range, min(max(float(quality), 0.0), 1.0)
    except ValueError:
        return media_range, 0.0


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> float:
    """The q of the most specific range that matches, as RFC 9110 (12.5.1) wants it."""
    for wanted in (media_type, media_type.split("/", maxsplit=1)[0] + "/*", "*/*"):
        found = [quality for media_range, quality in ranges if media_range == wanted]
        if found:
            return max(found)
    return 0.0
