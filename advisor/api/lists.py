"""What the advisor knows, to read: questions, options, criteria, facts and rules, each as a list and one by one.

Knows shelves; the entries are written by plain.py.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponseBase
from rest_framework.request import Request
from rest_framework.response import Response

from advisor import service
from advisor.api.caching import answer_cached
from advisor.api.endpoint import Endpoint, raw
from advisor.api.plain import (
    Plain,
    write_criterion,
    write_fact,
    write_layout,
    write_option,
    write_question,
    write_rule,
)
from advisor.api.problems import Refused
from advisor.api.renderers import JSON, YAML
from advisor.core.errors import read_all
from advisor.core.rulebook import Rule, Rulebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One kind of entry of the rulebook, and how it is written."""

    kind: str
    plural: str
    pick: Callable[[Rulebook], Mapping[str, Any]]
    write: Callable[[Any], Plain]
    beside: Callable[[], Plain] = dict  # what belongs to the list and to no entry


def _rules(rulebook: Rulebook) -> Mapping[str, Rule]:
    return {rule.id: rule for rule in rulebook.rules}


SHELVES = (
    Shelf(
        kind="question", plural="questions", pick=lambda book: book.questions, write=write_question, beside=write_layout
    ),
    Shelf(kind="option", plural="options", pick=lambda book: book.options, write=write_option),
    Shelf(kind="criterion", plural="criteria", pick=lambda book: book.criteria, write=write_criterion),
    Shelf(kind="fact", plural="facts", pick=lambda book: book.facts, write=write_fact),
    Shelf(kind="rule", plural="rules", pick=_rules, write=write_rule),
)


class Entries(Endpoint):
    """One shelf: all of its entries, or the one that the address names."""

    shelf: Shelf = SHELVES[0]
    renderer_classes = (JSON, YAML)
    takes = frozenset({"as_of", "rulebook", "release"})

    def get(self, request: Request, name: str = "") -> HttpResponseBase:
        given = service.read_pairs(request.query_params.lists())
        asked = {each: given[each] for each in given if each in self.takes}
        _, query = read_all(lambda: self.read_names(request), lambda: service.read_query(asked))
        rulebook = service.get_rulebook_of(query)
        if name and name not in self.shelf.pick(rulebook):
            raise Refused("not_found", f"There is no {self.shelf.kind} “{name[:100]}”.")
        mark = f"{service.release()}-{rulebook.version}-{query.as_of or 'today'}-{request.accepted_renderer.format}"
        return answer_cached(raw(request), mark, query, lambda: self.write(rulebook, name))

    def write(self, rulebook: Rulebook, name: str) -> Response:
        entries = self.shelf.pick(rulebook)
        if not name:
            written = [self.shelf.write(entry) for entry in entries.values()]
            return Response({"rulebook": rulebook.version, self.shelf.plural: written, **self.shelf.beside()})
        return Response(self.shelf.write(entries[name]))
