"""Turns prices that were found into a proposed change of rules/facts, as a unified diff. Writes nothing.

Keeps every other character of a file as it is: comments, order and the author's layout.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from advisor.observe.prices import NAME, FoundPrice
from advisor.render.diffs import write_diff

SAME = 1e-9
_Edit = tuple[int, int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One cell: what the file says and what the price list says; `kind` is changed, new or confirmed."""

    fact: str
    at: tuple[str, ...]
    kind: str
    was: tuple[tuple[float, float], ...]
    now: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A diff to look at and apply by hand (`patch -p1`), and what is in it."""

    diff: str
    changes: tuple[Change, ...]


def propose(folder: Path, found: Iterable[FoundPrice], checked: date, *, confirm: bool = False) -> Proposal:
    """The change of the fact files under `folder` that the found prices call for.

    Prices that are still true are left alone, unless `confirm` asks for their new date and source.
    """
    wanted = {(price.fact, price.at): price for price in found}
    diffs: list[str] = []
    changes: list[Change] = []
    for path in sorted(folder.glob("*.yaml")):
        text = path.read_text(encoding="utf-8")
        edits = list(_edits(text, wanted, checked, confirm, changes))
        if edits:
            name = f"rules/facts/{path.name}"
            diffs.append(write_diff(text, _apply(text, edits), f"a/{name}", f"b/{name}"))
    return Proposal(diff="".join(diffs), changes=tuple(changes))


def _edits(
    text: str,
    wanted: Mapping[tuple[str, tuple[str, ...]], FoundPrice],
    checked: date,
    confirm: bool,
    changes: list[Change],
) -> Iterator[_Edit]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)  # the slower loader counts characters, as we do
    for entry in root.value if isinstance(root, SequenceNode) else ():
        table = _member(entry, "values")
        fact = _member(entry, "id")
        if isinstance(table, MappingNode) and isinstance(fact, ScalarNode):
            cells = {at: price for (name, at), price in wanted.items() if name == fact.value}
            yield from _edit_table(table, cells, checked, confirm, changes)


def _edit_table(
    table: MappingNode,
    cells: Mapping[tuple[str, ...], FoundPrice],
    checked: date,
    confirm: bool,
    changes: list[Change],
) -> Iterator[_Edit]:
    """Replaces the cells that are there, and adds the others below them: a Region once, with all its sizes."""
    there = {key.value: (key, value) for key, value in table.value}
    by_name: dict[str, dict[tuple[str, ...], FoundPrice]] = {}
    for at, price in cells.items():
        by_name.setdefault(at[0], {})[at[1:]] = price
    for name, inner in by_name.items():
        key, value = there.get(name, (None, None))
        if key is None:
            for price in inner.values():
                changes.append(Change(fact=price.fact, at=price.at, kind="new", was=(), now=price.tiers))
            column, end = table.value[0][0].start_mark.column, _end(table.value[-1][1])
            yield end, end, "".join(_lines(name, inner, " " * column, checked))
        elif () not in inner:
            if isinstance(value, MappingNode):
                yield from _edit_table(value, inner, checked, confirm, changes)
        else:
            price, was = inner[()], _read_tiers(value)
            kind = "confirmed" if _is_same(was, price.tiers) else "changed"
            if kind == "changed" or confirm:
                changes.append(Change(fact=price.fact, at=price.at, kind=kind, was=was, now=price.tiers))
                yield key.end_mark.index, _end(value), f": {_cell(price, checked)}"


def _lines(name: str, cells: Mapping[tuple[str, ...], FoundPrice], indent: str, checked: date) -> Iterator[str]:
    """A new cell, or a new Region above its sizes."""
    if () in cells:
        yield f"\n{indent}{name}: {_cell(cells[()], checked)}"
        return
    yield f"\n{indent}{name}:"
    for at, price in cells.items():
        yield from _lines(at[0], {at[1:]: price}, f"{indent}  ", checked)


def _member(node: Node, name: str) -> Node | None:
    members = node.value if isinstance(node, MappingNode) else ()
    return next((value for key, value in members if key.value == name), None)


def _end(node: Node) -> int:
    """Where a node's own text ends; a block's end mark stands at whatever comes after it."""
    if isinstance(node, MappingNode) and not node.flow_style:
        return _end(node.value[-1][1])
    if isinstance(node, SequenceNode) and not node.flow_style:
        return _end(node.value[-1])
    return node.end_mark.index


def _read_tiers(node: Node) -> tuple[tuple[float, float], ...]:
    """A cell's value as tiers; a value that is no number reads as none at all, and so as another."""
    if isinstance(node, MappingNode):
        inner = _member(node, "value")
        return _read_tiers(inner) if inner is not None else ()
    if isinstance(node, SequenceNode):
        parts = ((_member(item, "from"), _member(item, "value")) for item in node.value)
        return tuple((_number(start), _number(value)) for start, value in parts)
    return ((0.0, _number(node)),)


def _number(node: Node | None) -> float:
    try:
        return float(node.value) if isinstance(node, ScalarNode) else float("nan")
    except ValueError:
        return float("nan")


def _is_same(was: tuple[tuple[float, float], ...], now: tuple[tuple[float, float], ...]) -> bool:
    if len(was) != len(now):
        return False
    pairs = ((a, b) for before, after in zip(was, now, strict=True) for a, b in zip(before, after, strict=True))
    return all(abs(a - b) <= SAME * max(1.0, abs(b)) for a, b in pairs)


def _cell(price: FoundPrice, checked: date) -> str:
    if len(price.tiers) == 1:
        value = _say(price.tiers[0][1])
    else:
        value = "[" + ", ".join(f"{{from: {_say(start)}, value: {_say(usd)}}}" for start, usd in price.tiers) + "]"
    source = f"{NAME}, published {price.published}" if price.published else NAME
    return f'{{value: {value}, source: "{source}", source_kind: price_list, checked: {checked.isoformat()}}}'


def _say(value: float) -> str:
    return str(int(value)) if value == int(value) else f"{value:.10f}".rstrip("0")


def _apply(text: str, edits: list[_Edit]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text
