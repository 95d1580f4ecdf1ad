"""Bills, sizings and worked examples as plain text and plain values, for people at a terminal. Knows no terminal."""

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from advisor.core.estimate import CostLine, Estimate, Step
from advisor.core.examples import Checked, ExamplesReport
from advisor.core.pricing import ELSEWHERE, is_partial, total_usd
from advisor.core.units import format_quantity
from advisor.render.plain import Plain, write_line, write_money, write_number, write_price, write_total
from advisor.render.words import money, say_region

_STATUSES = ("pass", "fail", "not_applicable")


def bill_text(lines: Sequence[CostLine], region: str) -> str:
    """The lines as a table, their total, and where and when the prices were read."""
    rows: list[tuple[str, ...]] = [("item", "quantity", "unit", "USD each", "USD a month", "price fact", "checked")]
    rows.extend(_row(line) for line in lines)
    total = _total(total_usd(lines), is_partial=is_partial(lines))
    return f"{_table(rows)}\n\nTotal a month in {say_region(region)}: {total}\n"


def bill_plain(lines: Sequence[CostLine], region: str) -> Plain:
    """The same as plain values."""
    return {
        "region": region,
        "lines": [write_line(line) for line in lines],
        "total_usd": write_total(total_usd(lines), is_partial=is_partial(lines)),
        "is_partial": is_partial(lines),
    }


def sizing_text(estimate: Estimate) -> str:
    """Each constraint's arithmetic with the numbers filled in, the settings that follow, and the bill today."""
    sizing = estimate.sizing
    settings: list[tuple[str, ...]] = [("setting", "value", "because")]
    settings.extend((each.id, f"{_value(each.value)} {each.unit}".strip(), each.because) for each in sizing.settings)
    notes = "\n".join(f"- {note}" for note in sizing.notes)
    return "\n".join(
        (
            f"{estimate.option} in {say_region(estimate.region)}, at the planning horizon (* marks what binds)\n",
            *(_step(step) for step in sizing.steps),
            f"\n{_table(settings)}\n",
            notes,
            f"\nThe bill today\n\n{bill_text(estimate.lines, estimate.region)}",
            f"At the planning horizon: {_total(estimate.horizon_usd, is_partial=estimate.is_partial)}",
            *_range(estimate),
            *_marginal(estimate),
            f"Working hours, apart from the bill: {money(write_money(estimate.operating_usd))}",
            f"Not included: {'; '.join(estimate.not_included)}.\n",
        )
    )


def examples_text(report: ExamplesReport) -> str:
    """Every example with expected, got and the difference, and how many reproduce."""
    parts = [line for checked in report.examples for line in _checked_lines(checked)]
    summary = ", ".join(f"{report.count(status)} {status.replace('_', ' ')}" for status in _STATUSES)
    return "\n".join((*parts, "", summary, ""))


def examples_plain(report: ExamplesReport) -> Plain:
    """The same as plain values: `summary` and `examples`."""
    return {
        "summary": {status: report.count(status) for status in _STATUSES},
        "examples": [_checked_plain(checked) for checked in report.examples],
    }


def _row(line: CostLine) -> tuple[str, ...]:
    label = f"{line.label} ({line.note})" if line.note and line.amount_usd is not None else line.label
    checked = line.checked.isoformat() if line.checked else "-"
    price = write_price(line.unit_price_usd) or "not priced"
    return (
        label,
        _quantity(line.quantity),
        line.unit,
        price,
        money(write_money(line.amount_usd)),
        line.fact,
        checked,
    )


def _quantity(quantity: float) -> str:
    """Four decimal places; below one four significant figures: of a price a million, five requests are not nothing."""
    text = f"{quantity:,.4f}" if abs(quantity) >= 1 else f"{Decimal(f'{quantity:.4g}'):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _marginal(estimate: Estimate) -> tuple[str, ...]:
    if estimate.marginal_lines is None:
        return ()
    alone, added = _total(estimate.likely_usd, is_partial=estimate.is_partial), money(write_money(estimate.scored_usd))
    if estimate.scored_by == ELSEWHERE:
        added += ", by another Region’s prices where this one’s are not known"
    return (
        f"\nKafka runs already. Alone: {alone}. What it adds to a cluster of its own kind, which is scored: {added}\n",
        f"{bill_text(estimate.marginal_lines, estimate.region)}",
    )


def _range(estimate: Estimate) -> tuple[str, ...]:
    if estimate.low_usd == estimate.high_usd:
        return ()
    low, likely = (
        money(write_total(usd, is_partial=estimate.is_partial)) for usd in (estimate.low_usd, estimate.likely_usd)
    )
    high = _total(estimate.high_usd, is_partial=estimate.is_partial)
    return (f"Over the ranges you stated: low {low}, likely {likely}, high {high}",)


def _total(usd: float, *, is_partial: bool) -> str:
    total = write_total(usd, is_partial=is_partial)
    return money(total) + (", without what is not priced" if total and is_partial else "")


def _step(step: Step) -> str:
    mark = "*" if step.is_binding else " "
    value = "never" if math.isinf(step.value) else format_quantity(step.value, step.unit)
    return f"{mark} {step.label}: {value}\n      {step.formula}"


def _value(value: float | str | bool) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else f"{value:g}" if value < 1e6 else f"{value:.0f}"


def _table(rows: Iterable[Sequence[str]]) -> str:
    """Columns as wide as their longest cell."""
    rows = list(rows)
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    )


def _checked_lines(checked: Checked) -> list[str]:
    lines = [f"{checked.status:<15}{checked.example.id}" + (f": {checked.reason}" if checked.reason else "")]
    for check in checked.checks:
        off = "" if check.difference is None else f", off by {check.difference:.6g}"
        mark = "  " if check.agrees else "! "
        lines.append(f"    {mark}{check.output}: expected {check.expected}, got {check.got}{off}")
    lines.extend(f"      not compared: {reason}" for reason in checked.not_compared)
    if checked.differs:
        lines.append(f"      differs on purpose: {checked.differs}")
    return lines


def _checked_plain(checked: Checked) -> Plain:
    return {
        "id": checked.example.id,
        "about": checked.example.about,
        "status": checked.status,
        "reason": checked.reason,
        "checks": [
            {
                "output": check.output,
                "expected": _plain(check.expected),
                "got": _plain(check.got),
                "difference": write_number(check.difference),
                "agrees": check.agrees,
            }
            for check in checked.checks
        ],
        "not_compared": list(checked.not_compared),
        "differs_on_purpose": checked.differs,
    }


def _plain(value: float | str | bool | None) -> object:
    """A figure to ten digits: enough to tell a cent in a billion, and no noise of floats."""
    return float(f"{value:.10g}") if isinstance(value, float) else value
