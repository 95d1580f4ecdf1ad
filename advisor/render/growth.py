"""What the stated growth makes of a limit and of a budget: held at the planning horizon, with what is true today.

Works on plain JSON values; must not know a page, a door or the rulebook.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from advisor.render.words import months, quantity, winner_of


def needed_and_limit(reason: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """`needed 2 MiB, limit 1 MiB` of a reason that compares a number with a limit, else nothing."""
    if reason["needed"] is None or reason["limit"] is None:
        return ""
    compared = f"needed {quantity(reason['needed'], reason['unit'])}, limit {quantity(reason['limit'], reason['unit'])}"
    grown = say_grown(reason, document)
    return f"{compared}, {grown}" if grown else compared


def say_grown(reason: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """Where a limit is held against a load that grows: what is needed today, and when that is at the limit, if it is
    not yet; else nothing."""
    today = _find_today(reason, document)
    if today is None:
        return ""
    when = today["months_until_reached"]
    reached = f", at the limit {months(when)}" if when else ""
    return f"at the planning horizon; today {quantity(today['needed'], today['unit'])}{reached}"


def say_headline_grown(document: Mapping[str, Any]) -> str:
    """The same of the limit that the headline speaks of, where today's load is still inside of it."""
    for reason in document["ruled_out"]:
        today = _find_today(reason, document)
        if today and today["months_until_reached"] and reason["because"] in document["headline"]:
            return f"That is {say_grown(reason, document)}."
    return ""


def _find_today(reason: Mapping[str, Any], document: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The measure of the same limit at today's load, where that needs something else."""
    parts = ("rule", "option", "needed_name")
    found = (each for each in document["headroom"] if all(each[part] == reason[part] for part in parts))
    today = next(found, None)
    return today if today and reason["needed"] not in (None, today["needed"]) else None


def is_growing(document: Mapping[str, Any]) -> bool:
    """Whether growth is reckoned with; without it no limit is ever reached, which says nothing about the limit."""
    return any(each["months_until_reached"] for each in document["headroom"])


def say_outgrown(estimate: Mapping[str, Any], document: Mapping[str, Any]) -> str:
    """That a bill which is within the stated budget today is over it at the planning horizon; else nothing.

    What an option adds to a cluster that runs is held against the budget, and has no sum at the horizon.
    """
    budget, today, then = _most(document), estimate["scored_usd"], estimate["horizon_usd"]
    if budget is None or today is None or then is None or estimate["is_added"]:
        return ""
    is_outgrown = Decimal(today) <= budget < Decimal(then)
    return f"more than the budget of {quantity(float(budget), 'USD')}" if is_outgrown else ""


def say_option_outgrown(document: Mapping[str, Any]) -> str:
    """The same of the recommended option, as a sentence."""
    winner = winner_of(document)
    more = say_outgrown(winner["estimate"], document) if winner else ""
    if winner is None or not more:
        return ""
    then = quantity(float(winner["estimate"]["horizon_usd"]), "USD")
    return f"At the planning horizon {winner['label']} costs {then} a month, {more}."


def _most(document: Mapping[str, Any]) -> Decimal | None:
    """The stated budget; of a range the upper end."""
    budget = document["answers"].get("budget_usd_per_month")
    budget = budget["max"] if isinstance(budget, Mapping) else budget
    return None if budget is None else Decimal(str(budget))
