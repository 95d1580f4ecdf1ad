"""YAML as a mapping of raw answers, strictly: no name twice, no anchors, no tags, not deep.

Rule authors and the command line write YAML, so what they have can be posted as it is.
"""

from collections.abc import Iterator, Mapping
from typing import IO, Any

import yaml
from rest_framework.parsers import BaseParser

from advisor.api.parsers import DEEPEST, as_answers, malformed, read_text

_START = (yaml.MappingStartEvent, yaml.SequenceStartEvent)
_END = (yaml.MappingEndEvent, yaml.SequenceEndEvent)


class YAMLAnswers(BaseParser):
    """`application/yaml` (RFC 9512)."""

    media_type = "application/yaml"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, object]:
        return read_yaml(stream.read())


def read_yaml(body: bytes) -> dict[str, object]:
    """The mapping in this text; raises Refused for everything else."""
    text = read_text(body)
    try:
        _refuse_structure(yaml.parse(text, Loader=yaml.SafeLoader))
        content = yaml.load(text, Loader=_Strict)  # noqa: S506  # a SafeLoader, and stricter
    except yaml.YAMLError as error:
        raise malformed("not_yaml", f"No YAML: {' '.join(str(error).split())[:200]}") from None
    except (ValueError, OverflowError):  # a date that is none, a number that is too long
        raise malformed("not_yaml", "A value looks like a date or a number and is none.") from None
    return as_answers(content)


class _Strict(yaml.SafeLoader):
    """Refuses a mapping with a name that stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [name.value for name, _ in node.value]
        for name in names:
            if names.count(name) > 1:
                raise malformed("duplicate_key", f"“{str(name)[:100]}” is given twice.", "Keep one of the two.")
        return super().construct_mapping(node, deep=deep)


def _refuse_structure(events: Iterator[yaml.Event]) -> None:
    """Before the composer recurses: aliases multiply, tags construct, depth exhausts."""
    depth = 0
    for event in events:
        depth += isinstance(event, _START) - isinstance(event, _END)
        if depth > DEEPEST:
            raise malformed("too_deep", f"More than {DEEPEST} levels.", "An answer needs three.")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) or getattr(event, "tag", None):
            raise malformed("not_yaml", "Anchors, aliases and tags are not read.", "Write the value itself.")
