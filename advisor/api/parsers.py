"""Bodies as a mapping of raw answers, by the service's strict readers; what these refuse is a malformed body.

Knows media types, and no format. Rule authors and kits have their answers in YAML, so it can be posted as it is; it is
read as the command line reads its files.
"""

from collections.abc import Mapping
from typing import IO, Any

from rest_framework.parsers import BaseParser

from advisor import service
from advisor.api.problems import Refused
from advisor.core.errors import AnswersError


class JSONAnswers(BaseParser):
    """`application/json`: one object, no name twice, no NaN, not deep."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, object]:
        return read_json(stream.read())


class YAMLAnswers(BaseParser):
    """`application/yaml` (RFC 9512): a mapping of answers, or one that has it under `answers`."""

    media_type = "application/yaml"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> dict[str, object]:
        try:
            return dict(service.read_answers_text(stream.read(), "body").given)
        except AnswersError as error:
            raise refuse_body(error) from None


def read_json(body: bytes) -> dict[str, object]:
    """The object in these bytes; raises Refused for everything else."""
    try:
        return service.read_object(body)
    except AnswersError as error:
        raise refuse_body(error) from None


def refuse_body(error: AnswersError) -> Refused:
    """What the reader found wrong, as a refusal of the body."""
    return Refused("malformed_body", error.problems[0].message, error.problems)
