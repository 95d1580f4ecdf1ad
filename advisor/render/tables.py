"""Documents as tables, for people with spreadsheets. Knows the documents' members and no address."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

OPTIONS = (
    "option", "family", "label", "status", "score", "likely_usd", "low_usd", "high_usd", "region", "scored_usd",
    "is_partial",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(document: Mapping[str, Any]) -> str:
    """A series (of a sweep) or the options (of a recommendation)."""
    if "series" in document:
        series = document["series"]
        return write_rows(tuple(series[0]), (tuple(point.values()) for point in series))
    return write_rows(OPTIONS, (_option(verdict) for verdict in document["verdicts"]))


def _option(verdict: Mapping[str, Any]) -> tuple[object, ...]:
    flat = {**verdict["estimate"], **verdict}
    return tuple(flat[name] for name in OPTIONS)


def write_rows(heads: Sequence[object], rows: Iterable[Sequence[object]]) -> str:
    parts = _Parts()
    writer = csv.writer(parts)
    writer.writerow([write_cell(head) for head in heads])
    writer.writerows([write_cell(cell) for cell in row] for row in rows)
    return "".join(parts)


class _Parts(list[str]):
    """What the writer takes for a file."""

    write = list.append


def write_line(cells: Sequence[object]) -> bytes:
    """One row, for tables that are sent as they grow."""
    return write_rows(cells, ()).encode()


def write_cell(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers, and yes or no is written as in JSON."""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, str) and cell.startswith(_FORMULA) and not _is_number(cell):
        return f"'{cell}"
    return "" if cell is None else cell


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdigit()
