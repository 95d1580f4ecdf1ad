"""YAML bodies, read as strictly as the command line reads its files: what one takes, the other takes.

Rule authors and kits have their answers in YAML, so it can be posted as it is.
"""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from advisor import service
from advisor.api.parsers import refuse_body
from advisor.core.errors import AnswersError


class YAMLAnswers(BaseParser):
    """`application/yaml` (RFC 9512): a mapping of answers, or one that has it under `answers`."""

    media_type = "application/yaml"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, object]:
        return read_yaml(stream.read())


def read_yaml(body: bytes) -> dict[str, object]:
    """The answers in this text; raises Refused for everything else, each problem with its line."""
    try:
        return dict(service.read_answers_text(body, "body").given)
    except AnswersError as error:
        raise refuse_body(error) from None
