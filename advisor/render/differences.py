"""What two rulebooks decide differently, as lines for a terminal. Must not compare anything itself."""

from collections.abc import Iterator

from advisor.core.differences import Change, Changed, Difference, Result


def to_lines(difference: Difference) -> Iterator[str]:
    """The entries that differ, then the cases that change and the entry that does it."""
    yield f"{len(difference.changes)} entries differ{':' if difference.changes else '.'}"
    for change in difference.changes:
        yield f"  {_named(change)}"
    yield f"{len(difference.changed)} of {difference.cases} cases change{':' if difference.changed else '.'}"
    for changed in difference.changed:
        yield from _case(changed)


def _case(changed: Changed) -> Iterator[str]:
    yield f"  {changed.case}: {_result(changed.before)} → {_result(changed.after)}"
    more = sorted(set(changed.after.excluded) - set(changed.before.excluded))
    fewer = sorted(set(changed.before.excluded) - set(changed.after.excluded))
    if more:
        yield f"    now ruled out: {', '.join(more)}"
    if fewer:
        yield f"    no longer ruled out: {', '.join(fewer)}"
    blamed = ", ".join(_named(change) for change in changed.because)
    yield f"    because of {blamed or 'several entries together'}"


def _result(result: Result) -> str:
    return f"{result.outcome} {result.option}".strip()


def _named(change: Change) -> str:
    kind, name = change
    return f"{kind.removesuffix('s') if kind != 'criteria' else 'criterion'} {name}"
