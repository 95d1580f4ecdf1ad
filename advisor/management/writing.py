"""The formats in which the command line writes the decision document. Each is a rendering of the same document."""

from collections.abc import Callable, Mapping

from advisor import service
from advisor.render.document import Document, to_json
from advisor.render.markdown import to_markdown
from advisor.render.text import to_text


def write_json(document: Document) -> str:
    return to_json(document).decode()


def write_record(document: Document) -> str:
    return to_markdown(document, service.get_rulebook())


WRITERS: Mapping[str, Callable[[Document], str]] = {
    "text": to_text,
    "json": write_json,
    "markdown": write_record,
    "yaml": service.write_yaml,
}
