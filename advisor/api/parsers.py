"""JSON bodies as a mapping of raw answers. Knows media types; what is strict about them is below the service."""

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


def read_json(body: bytes) -> dict[str, object]:
    """The object in these bytes; raises Refused for everything else."""
    try:
        return service.read_json(body)
    except AnswersError as error:
        raise as_malformed(error) from None


def as_malformed(error: AnswersError) -> Refused:
    """A body that cannot be read, which is another kind than answers that cannot be."""
    return Refused("malformed_body", error.problems[0].message, error.problems)
