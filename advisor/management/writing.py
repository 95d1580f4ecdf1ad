"""The formats in which the command line writes the decision document. Each is a rendering of the document alone."""

from collections.abc import Callable, Mapping

import yaml

from advisor.render.document import Document, to_json
from advisor.render.markdown import to_markdown
from advisor.render.text import to_text

_DUMPER = getattr(yaml, "CSafeDumper", yaml.SafeDumper)  # the C dumper is many times faster


def write_json(document: Document) -> str:
    return to_json(document).decode()


def write_yaml(document: Document) -> str:
    text: str = yaml.dump(document, Dumper=_DUMPER, allow_unicode=True, sort_keys=True, width=120)
    return text


WRITERS: Mapping[str, Callable[[Document], str]] = {
    "text": to_text,
    "json": write_json,
    "markdown": to_markdown,
    "yaml": write_yaml,
}
