"""A fleet as text, CSV and plain values: by money, by risk, and as a portfolio. Knows no client and no door."""

from collections.abc import Sequence

from advisor.core.fleet import Row, by_money, by_risk, total_usd
from advisor.core.portfolio import CLUSTER, NEITHER, Portfolio
from advisor.render.plain import Plain, write_money, write_number
from advisor.render.tables import write_rows
from advisor.render.words import money, quantity

COLUMNS = (
    "subject", "runs_on", "messages_per_second", "usd_now", "advised", "usd_advised", "usd_saved", "lead",
    "risk_percent", "risk", "problems",
)  # fmt: skip
_HEADS = ("workload", "runs on", "msg/s", "USD now", "advised", "USD then", "saves", "risk %", "risk")


def fleet_text(rows: Sequence[Row], portfolio: Portfolio | None, top: int) -> str:
    """Two tables, the portfolio, and a line for each workload that could not be observed in full."""
    shown = ((name, order(rows)) for name, order in (("By money", by_money), ("By risk", by_risk)))
    parts = [_section(name, ordered, top) for name, ordered in shown]
    parts.append(portfolio_text(portfolio, len(rows), top))
    problems = dict.fromkeys(str(problem) for row in rows for problem in row.problems)
    parts.append("\n".join(_cut([f"not observed: {problem}" for problem in problems], top)))
    priced = sum(row.now_usd is not None for row in rows)
    cost = f"{priced} of them priced, each by itself today: {money(write_money(total_usd(rows)))} a month."
    added = " Kafka runs already: what joins it costs what it adds." if any(row.is_added for row in rows) else ""
    total = f"{len(rows)} workloads, {cost}{added}"
    return "\n\n".join(part for part in (*parts, total) if part) + "\n"


def _section(name: str, rows: Sequence[Row], top: int) -> str:
    table = [_HEADS, *map(_cells, rows)]
    widths = [max(len(row[at]) for row in table[: top + 1]) for at in range(len(_HEADS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]
    return "\n".join([name, "", lines[0], *_cut(lines[1:], top)])


def _cut(lines: Sequence[str], top: int) -> list[str]:
    more = [f"… and {len(lines) - top} more: --format json has all."] if len(lines) > top else []
    return [*lines[:top], *more]


def _cells(row: Row) -> tuple[str, ...]:
    rate = "-" if row.messages_per_second is None else quantity(row.messages_per_second)
    risk = "-" if row.risk_percent is None else quantity(row.risk_percent)
    usd = [money(write_money(amount)) for amount in (row.now_usd, row.advised_usd, row.saving_usd)]
    advised = row.advised or row.outcome or "-"
    return row.subject, row.option or "-", rate, usd[0], advised, usd[1], usd[2], risk, row.risk


def portfolio_text(portfolio: Portfolio | None, total: int, top: int) -> str:
    """The cheapest assignment of all together, how many of the total have no part in it, and from which workload on a
    shared cluster pays."""
    if portfolio is None:
        return "Portfolio\n\nNothing whose rate is known is in a Region where queues and a shared cluster are priced."
    on_cluster = [each for each in portfolio.placements if each.where == CLUSTER]
    nowhere = [f"  {each.name}" for each in portfolio.placements if each.where == NEITHER]
    on_queues = len(portfolio.placements) - len(on_cluster) - len(nowhere)
    lines = ["Portfolio: the cheapest for all together, one new MSK Standard cluster shared", ""]
    lines.append(f"All on queues, where they can be: {money(write_money(portfolio.queues_usd))} a month.")
    if on_cluster:
        brokers, size = portfolio.units * portfolio.unit.brokers, portfolio.unit.size
        lines.append(
            f"Cheapest: {money(write_money(portfolio.total_usd))} a month, {len(on_cluster)} on a cluster of {brokers} "
            f"brokers {size} ({money(write_money(portfolio.brokers_usd))}), {on_queues} on queues."
        )
        added = [f"  on the cluster: {each.name} (adds {money(write_money(each.usd))})" for each in on_cluster]
        lines += _cut(added, top)
    elif on_queues:
        lines.append(f"Cheapest: {on_queues} on queues; together they do not pay for the brokers of a cluster.")
    if portfolio.pays_at:
        lines.append(f"It pays from the {portfolio.pays_at}. workload on, largest saving first: {portfolio.pays_from}.")
    lines += ["Neither a queue nor this cluster can take:", *_cut(nowhere, top)] if nowhere else []
    left_out = total - len(portfolio.placements)
    lines += [f"Left out, for want of a rate or a price: {left_out}."] if left_out else []
    return "\n".join(lines)


def fleet_csv(rows: Sequence[Row]) -> str:
    """One line each, in the order given, under the columns' names."""
    plain = ({**row_plain(row), "problems": "; ".join(map(str, row.problems))} for row in rows)
    return write_rows(COLUMNS, ([each[name] for name in COLUMNS] for each in plain))


def row_plain(row: Row) -> Plain:
    """A row as JSON values."""
    return {
        "subject": row.subject,
        "runs_on": row.option,
        "messages_per_second": write_number(row.messages_per_second),
        "usd_now": write_money(row.now_usd),
        "outcome": row.outcome,
        "advised": row.advised,
        "usd_advised": write_money(row.advised_usd),
        "usd_saved": write_money(row.saving_usd),
        "lead": row.margin,
        "risk_percent": write_number(row.risk_percent),
        "risk": row.risk,
        "is_added": row.is_added,
        "problems": [{"where": each.where, "code": each.code, "message": each.message} for each in row.problems],
    }


def portfolio_plain(portfolio: Portfolio | None) -> Plain | None:
    """The assignment as JSON values."""
    if portfolio is None:
        return None
    return {
        "total_usd": write_money(portfolio.total_usd),
        "queues_usd": write_money(portfolio.queues_usd),
        "brokers_usd": write_money(portfolio.brokers_usd),
        "brokers": portfolio.units * portfolio.unit.brokers,
        "broker_size": portfolio.unit.size,
        "pays_at": portfolio.pays_at,
        "pays_from": portfolio.pays_from,
        "placements": [
            {"subject": each.name, "where": each.where, "usd": write_money(each.usd)} for each in portfolio.placements
        ],
    }
