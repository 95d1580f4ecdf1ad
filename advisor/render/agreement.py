"""How far the advice agrees with published decisions: as plain values, and as a table for a terminal.

Must not score anything itself.
"""

import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence

from advisor.core.agreement import Agreement, Tally, count, count_by
from advisor.render.plain import Plain, write_problem

_HEADS = ("case", "strength", "chosen", "advice", "state", "family", "option", "because")
_ALIGNED = (38, 8, 28, 28, 10, 6, 6)


def to_plain(agreements: Sequence[Agreement]) -> Plain:
    """`summary` counts strong and medium cases that nobody regretted; weak ones are counted apart."""
    counted = _counted(agreements)
    return {
        "summary": _write_tally(count(counted)),
        "weak": _write_tally(count(_weak(agreements))),
        "by_family": _write_tallies(count_by(counted, _family)),
        "by_state": _write_tallies(count_by(counted, _state)),
        "cases": [_write_case(each) for each in agreements],
    }


def _counted(agreements: Sequence[Agreement]) -> list[Agreement]:
    return [each for each in agreements if each.case.is_counted]


def _weak(agreements: Sequence[Agreement]) -> list[Agreement]:
    return [each for each in agreements if not each.case.is_counted and not each.case.is_left_out]


def _family(agreement: Agreement) -> str:
    return agreement.case.family


def _state(agreement: Agreement) -> str:
    return agreement.state


def _write_tally(tally: Tally) -> Plain:
    return {
        "family_agree": tally.family_agree,
        "family_of": tally.family_of,
        "option_agree": tally.option_agree,
        "option_of": tally.option_of,
        "decided_of": tally.decided_of,
        "wrong_under_decided": tally.wrong_under_decided,
    }


def _write_tallies(tallies: Mapping[str, Tally]) -> Plain:
    return {name: _write_tally(tally) for name, tally in tallies.items()}


def _write_case(agreement: Agreement) -> Plain:
    case = agreement.case
    return {
        "id": case.id,
        "title": case.title,
        "source": case.source,
        "summary": case.summary,
        "strength": case.strength,
        "expected": {"family": case.family, "option": case.option or None, "also_accepted": list(case.also_accepted)},
        "is_counted": case.is_counted,
        "is_left_out": case.is_left_out,
        "outcome": agreement.outcome,
        "state": agreement.state,
        "option": agreement.option or None,
        "family_agrees": agreement.family_agrees,
        "option_agrees": agreement.option_agrees,
        "reasons": [{"rule": reason.rule, "because": reason.because} for reason in agreement.reasons],
        "remarks": [write_problem(remark) for remark in agreement.remarks],
    }


def to_table(agreements: Sequence[Agreement]) -> str:
    """One line for each case, then the totals."""
    counted = _counted(agreements)
    lines = [
        _line(_HEADS),
        *(_line(_cells(each)) for each in agreements),
        *_words_unknown(agreements),
        "",
        _totals("strong and medium", count(counted)),
        *_grouped("chosen: ", counted, _family),
        *_grouped("state: ", counted, _state),
        _totals("weak, apart", count(_weak(agreements))),
        f"{sum(each.case.is_left_out for each in agreements)} cases were regretted or reversed and are not counted.",
    ]
    return "\n".join(lines) + "\n"


def _grouped(prefix: str, agreements: Sequence[Agreement], key: Callable[[Agreement], str]) -> Iterator[str]:
    for name, tally in count_by(agreements, key).items():
        yield _totals(f"  {prefix}{name}", tally)


def _cells(agreement: Agreement) -> tuple[str, ...]:
    case = agreement.case
    return (
        case.id,
        f"{case.strength}{'*' if case.is_left_out else ''}",
        _named(case.family, case.option),
        _named(agreement.outcome, agreement.option),
        agreement.state,
        "yes" if agreement.family_agrees else "no",
        {True: "yes", False: "no", None: "–"}[agreement.option_agrees],
        ", ".join(reason.rule for reason in agreement.reasons),
    )


def _named(family: str, option: str) -> str:
    return f"{family} {option}".strip()


def _line(cells: Sequence[str]) -> str:
    *fixed, last = cells
    shown = (f"{_cut(cell, width):<{width}}" for cell, width in zip(fixed, _ALIGNED, strict=True))
    return f"{' '.join(shown)} {last}".rstrip()


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"


def _words_unknown(agreements: Sequence[Agreement]) -> Iterator[str]:
    """What could not be used is said, and hinders nothing."""
    for each in agreements:
        said = "; ".join(remark.message for remark in each.remarks if remark.code != "implausible")
        if said:
            yield from textwrap.wrap(f"{each.case.id}: {said}", 120, initial_indent="  ", subsequent_indent="    ")


def _totals(name: str, tally: Tally) -> str:
    return (
        f"{name + ':':<22} family {tally.family_agree} of {tally.family_of}, "
        f"option {tally.option_agree} of {tally.option_of}, "
        f"decided {tally.decided_of}, wrong under decided {tally.wrong_under_decided}"
    )
