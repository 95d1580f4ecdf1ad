"""`make bench`: every group in one run, its tables on the terminal and in RESULTS.md, the figures in RESULTS.json.

`python -m bench engines http` measures these groups only; the figures of the others stay as they were.
"""

import dataclasses
import json
import os
import platform
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "advisor.settings")
django.setup()

from advisor import service  # noqa: E402 - Django wants its settings first
from bench.batch import measure_batch  # noqa: E402
from bench.engines import measure_engines  # noqa: E402
from bench.http import measure_http  # noqa: E402
from bench.kits import measure_kits  # noqa: E402
from bench.measure import Row, Table  # noqa: E402
from bench.pages import measure_pages  # noqa: E402
from bench.starting import measure_starting  # noqa: E402
from bench.streams import measure_clients, measure_stream  # noqa: E402

RESULTS = Path(__file__).parent / "RESULTS.md"
FLEET, LONG_FLEET = 20_000, 1_000_000
GROUPS: dict[str, Callable[[], Iterator[Table]]] = {
    "engines": measure_engines,
    "batch": lambda: measure_batch(FLEET, 3),
    "http": measure_http,
    "clients": measure_clients,
    "kits": measure_kits,
    "pages": measure_pages,
    "starting": measure_starting,
}
LONG: dict[str, Callable[[], Iterator[Table]]] = {  # only where they are named; each takes many minutes
    "million": lambda: measure_batch(LONG_FLEET, 1),
    "stream": lambda: measure_stream(LONG_FLEET),
}
_PACKAGES = (
    "Django", "djangorestframework", "granian", "zen-engine", "common-expression-language", "maykin-json-logic-py",
    "django-ninja", "fastapi", "orjson", "uvicorn",
)  # fmt: skip


def main(wanted: Sequence[str]) -> None:
    """Measure the groups that are wanted, all but the long ones unless some are named."""
    unknown = [name for name in wanted if name not in GROUPS | LONG]
    if unknown:
        sys.exit(f"no group {', '.join(unknown)}; there are {', '.join(GROUPS | LONG)}")
    for name, measure in (GROUPS | LONG).items():
        if name in (wanted or GROUPS):
            tables = []
            for table in measure():
                tables.append(table)
                sys.stdout.write("\n".join(_lines(table)) + "\n\n")
                sys.stdout.flush()
            _keep(name, tables)


def _keep(group: str, tables: Sequence[Table]) -> None:
    """This group's figures instead of its last ones, beside those of the others."""
    figures = RESULTS.with_suffix(".json")
    kept = json.loads(figures.read_text(encoding="utf-8")) if figures.exists() else {}
    kept[group] = {
        "with": f"Python {platform.python_version()}, rulebook {service.get_rulebook().version}, {_versions()}",
        "tables": [{**dataclasses.asdict(table), "is_noisy": table.is_noisy} for table in tables],
    }
    figures.write_text(json.dumps(kept, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    head = [
        "# What was measured last",
        "",
        "By `make bench`; ratios to the first row of each table, median and spread of the interleaved rounds.",
    ]
    blocks = ["\n".join(head), *(block for name in GROUPS | LONG if name in kept for block in _blocks(kept[name]))]
    RESULTS.write_text("\n\n".join(blocks) + "\n", encoding="utf-8")


def _blocks(kept: Mapping[str, Any]) -> Iterator[str]:
    for figures in kept["tables"]:
        known = {each.name for each in dataclasses.fields(Table)} - {"rows"}
        rows = tuple(Row(**row) for row in figures["rows"])
        yield "\n".join(_lines(Table(rows=rows, **{name: figures[name] for name in known})))
    yield f"With {kept['with']}."


def _versions() -> str:
    found = []
    for package in _PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    return ", ".join(found)


def _lines(table: Table) -> list[str]:
    noisy = ["**Noisy run: the same work differed from itself; do not quote it.**", ""] if table.is_noisy else []
    rows = [_row(row) for row in table.rows]
    remarks = [f"- {remark}" for remark in (*table.remarks, *(f"Skipped: {line}" for line in table.skipped))]
    return [
        f"## {table.title}",
        "",
        *noisy,
        "| Work | Ratio | Spread | µs |",
        "| --- | --- | --- | --- |",
        *rows,
        *(["", *remarks] if remarks else []),
    ]


def _row(row: Row) -> str:
    return f"| {row.name} | {row.ratio:.2f} | {row.least:.2f} – {row.most:.2f} | {row.microseconds:,.1f} |"


if __name__ == "__main__":
    main(sys.argv[1:])
