"""Many answers as one array, as lines, or as rows, item by item as they come; and a refusal as a problem object.

Both doors that take batches write them so. Knows no rule, and no way that items come in.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson

from advisor.core.errors import Problem
from advisor.render.document import Document
from advisor.render.meanings import KINDS
from advisor.render.plain import write_problem
from advisor.render.tables import write_line

COLUMNS = (
    *("line", "status", "id", "outcome", "state", "option", "option_state", "margin", "headline"),
    *("problems", "warnings"),
)

Items = Iterable[tuple[int, Document]]  # the number of the item or line, and what it is answered with


def describe_refusal(kind: str, detail: str, problems: Iterable[Problem], home: str = "/problems/") -> Document:
    """The members of an RFC 9457 problem; `home` is where the types resolve."""
    return {
        "type": f"{home}{kind}",
        "title": KINDS[kind].title,
        "status": KINDS[kind].status,
        "detail": detail,
        "problems": [write_problem(problem) for problem in problems],
    }


def summarize(problems: tuple[Problem, ...]) -> str:
    """What a refusal for these says in one sentence."""
    many = f"{len(problems)} problems with the answers; each stands in problems."
    return problems[0].message if len(problems) == 1 else many


def write_array(items: Items) -> Iterator[bytes]:
    """`[{"status": 200, "recommendation": {…}}, {"status": 422, "problem": {…}}]`, item by item."""
    lead = b"[\n"
    for _, item in items:
        status = item.get("status", 200)
        member = "recommendation" if status == 200 else "problem"
        yield lead + _dump({"status": status, member: item})
        lead = b",\n"
    yield b"[]\n" if lead == b"[\n" else b"\n]\n"


def write_ndjson(items: Items) -> Iterator[bytes]:
    """A document or a problem object a line; both say which line they answer."""
    for number, item in items:
        yield _dump(item | {"line": number}) + b"\n"


def write_csv(items: Items) -> Iterator[bytes]:
    """A row for each, and one for their names."""
    yield write_line(COLUMNS)
    for number, item in items:
        problems, warnings = (_join(item.get(name, [])) for name in ("problems", "warnings"))
        said = {"status": item.get("status", 200), "problems": problems or item.get("detail"), "warnings": warnings}
        yield write_line([(item | {"line": number} | said).get(column) for column in COLUMNS])


def _join(problems: Iterable[Mapping[str, str]]) -> str:
    return "; ".join(str(Problem(**each)) for each in problems)


def _dump(value: Mapping[str, Any]) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
