"""The decision document in each format, one class per format. Every format is a rendering of the same document.

Knows media types; the texts themselves are made in advisor/render.
"""

from collections.abc import Mapping
from typing import Any

from rest_framework.renderers import BaseRenderer

from advisor import service
from advisor.render.document import to_json
from advisor.render.markdown import to_markdown
from advisor.render.tables import write_csv
from advisor.render.text import to_text

Context = Mapping[str, Any] | None


class JSON(BaseRenderer):
    """`application/json`: sorted names, so that the same answer has the same bytes."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Context = None) -> bytes:
        return b"" if data is None else to_json(data)


class YAML(BaseRenderer):
    """`application/yaml` (RFC 9512): the same members in the same order."""

    media_type = "application/yaml"
    format = "yaml"
    charset = None

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Context = None) -> bytes:
        return service.write_yaml(data).encode()


class Markdown(BaseRenderer):
    """`text/markdown` (RFC 7763): the decision record."""

    media_type = "text/markdown"
    format = "md"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Context = None) -> bytes:
        return to_markdown(data, service.get_rulebook()).encode()


class Text(BaseRenderer):
    """`text/plain`: 80 columns, for a terminal."""

    media_type = "text/plain"
    format = "txt"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Context = None) -> bytes:
        return to_text(data).encode()


class CSV(BaseRenderer):
    """`text/csv` (RFC 4180): one table of what was answered."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Context = None) -> bytes:
        return write_csv(data).encode()


class NDJSON(BaseRenderer):
    """`application/x-ndjson`: named here to be negotiated; a batch writes its lines itself, one by one."""

    media_type = "application/x-ndjson"
    format = "ndjson"
    charset = None


class JSONLines(NDJSON):
    """`application/jsonl`: the same under the name that OpenAPI 3.2 uses."""

    media_type = "application/jsonl"
    format = "jsonl"
