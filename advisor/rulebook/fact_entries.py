"""YAML entries → facts with their sources, tables and earlier values."""

from collections.abc import Iterator
from datetime import date

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from advisor.core.facts import Cell, Earlier, Fact, Quote, Source, Tier
from advisor.rulebook.nodes import Entry, Reading

SOURCE_KINDS = ("vendor", "vendor_copy", "price_list", "secondary", "unverified")
_NO_DAY = date(1970, 1, 1)  # stands for one that was refused


def read_fact(reading: Reading, node: Node) -> Fact | None:
    required = ("id", "label", "unit", "source", "source_kind", "checked")
    entry = reading.entry(node, required, ("value", "values", "by", "url", "adjustable", "statement", "earlier"))
    if entry is None:
        return None
    if entry.has("value") == entry.has("values") or entry.has("by") != entry.has("values"):
        entry.refuse("id", "wrong_form", "A fact has either value, or values with by.")
        return None
    by = entry.words("by")
    source = _source(entry, None)
    cells: dict[tuple[str, ...], Quote]
    if entry.has("value"):
        cells = {(): _quote(entry, entry.members["value"], source)}
    else:
        cells = dict(_read_cells(entry, entry.members["values"], source, len(by)))
    return Fact(
        id=entry.id(),
        label=entry.text("label"),
        unit=entry.text("unit"),
        by=by,
        cells=cells,
        statement=entry.text("statement"),
        adjustable=entry.boolean("adjustable"),
        earlier=entry.each("earlier", lambda reading, node: _earlier(reading, node, source)),
    )


def _source(entry: Entry, outer: Source | None) -> Source:
    return Source(
        name=entry.text("source") or (outer.name if outer else ""),
        url=entry.text("url") or (outer.url if outer else ""),
        kind=entry.word("source_kind", SOURCE_KINDS, outer.kind if outer else ""),
        checked=entry.day("checked") or (outer.checked if outer else _NO_DAY),
    )


def _quote(entry: Entry, node: Node, source: Source) -> Quote:
    return Quote(fact=entry.text("id"), value=_cell(entry.reading, node), unit=entry.text("unit"), source=source)


def _cell(reading: Reading, node: Node) -> Cell:
    if isinstance(node, SequenceNode) and node.value and isinstance(node.value[0], MappingNode):
        tiers = []
        for item in node.value:
            tier = reading.entry(item, ("from", "value"))
            if tier is not None:
                tiers.append(Tier(start=tier.number("from"), value=tier.number("value")))
        starts = [tier.start for tier in tiers]
        if starts[:1] != [0] or starts != sorted({*starts}):
            reading.refuse(node, "wrong_tiers", "Tiers start from 0, and each above the one before it.")
        return tuple(tiers)
    value = reading.value(node)
    return "" if value is None else value


def _read_cells(
    entry: Entry, node: Node, source: Source, depth: int, at: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], Quote]]:
    """Nested tables, `depth` keys deep; a cell is a value, or a mapping with its own source."""
    for key, member in entry.reading.members(node).items():
        if depth > 1:
            yield from _read_cells(entry, member, source, depth - 1, (*at, key))
        elif isinstance(member, ScalarNode | SequenceNode):
            yield (*at, key), _quote(entry, member, source)
        else:
            own = entry.reading.entry(member, ("value",), ("source", "url", "source_kind", "checked"))
            if own is not None:
                yield (*at, key), _quote(entry, own.members["value"], _source(own, source))


def _earlier(reading: Reading, node: Node, source: Source) -> Earlier | None:
    entry = reading.entry(node, ("until", "value"), ("source", "url", "source_kind", "checked"))
    if entry is None:
        return None
    until = entry.day("until") or _NO_DAY
    return Earlier(until=until, value=_cell(reading, entry.members["value"]), source=_source(entry, source))
