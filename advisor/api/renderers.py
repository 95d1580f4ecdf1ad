"""Plain values as bytes, one class per format. Every format is a rendering of the same document.

Knows no recommendation: advisor/render makes the document and its texts.
"""

import json
from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer


class JSON(BaseRenderer):
    """`application/json`: sorted names, so that the same answer has the same bytes."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        return b"" if data is None else write_json(data)


def write_json(value: object) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, sort_keys=True, indent=2)
    return text.encode() + b"\n"
