"""How the items of a batch are framed, coming in and going out: JSON array, NDJSON, CSV. Knows no rule."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from advisor import service
from advisor.api.bodies import read_body
from advisor.api.parsers import refuse_body
from advisor.api.streams import open_body
from advisor.core.errors import AnswersError
from advisor.render.batch import Items, write_array, write_csv, write_ndjson

MOST_ARRAY = 1024 * 1024  # an array must be held whole; NDJSON has no end

Read = Callable[[HttpRequest], Iterator[tuple[int, service.Given]]]


def read_array(request: HttpRequest) -> Iterator[tuple[int, service.Given]]:
    """The whole array is read, and refused if it is none, before the first item is answered."""
    try:
        return service.read_array(read_body(request, MOST_ARRAY))
    except AnswersError as error:
        raise refuse_body(error) from None


def read_ndjson(request: HttpRequest) -> Iterator[tuple[int, service.Given]]:
    return service.read_ndjson(open_body(request))


def read_csv(request: HttpRequest) -> Iterator[tuple[int, service.Given]]:
    return service.read_csv(open_body(request))


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How a batch goes out."""

    content_type: str
    write: Callable[[Items], Iterator[bytes]]


READERS: Mapping[str, Read] = {
    "application/json": read_array,
    "application/x-ndjson": read_ndjson,
    "application/jsonl": read_ndjson,
    "text/csv": read_csv,
}
FORMS: Mapping[str, Form] = {
    "json": Form(content_type="application/json", write=write_array),
    "ndjson": Form(content_type="application/x-ndjson", write=write_ndjson),
    "jsonl": Form(content_type="application/jsonl", write=write_ndjson),
    "csv": Form(content_type="text/csv; charset=utf-8", write=write_csv),
}
