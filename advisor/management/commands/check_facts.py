"""`check_facts`: which facts nobody checked for too long, for a schedule to run. Parses, asks the service, writes."""

import argparse
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import CommandError

from advisor import evidence, service
from advisor.management.terminal import DIFFERS, Asking


def _read_days(text: str) -> int:
    try:
        days = int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is no number of days. Write 90, or another.") from None
    if days < 0:
        raise argparse.ArgumentTypeError("days are 0 or more")
    return days


def _read_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text[:40]}” is no day. Write it as 2025-07-01.") from None


class Command(Asking):
    """manage.py check_facts."""

    help = (
        "List the facts that were checked longer ago than so many days, oldest first, each with its source; and those "
        "that say a day that has not come."
    )
    epilog = f"{Asking.epilog} · 3 a fact is older than that, or of a day that has not come"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--max-age", type=_read_days, required=True, metavar="DAYS")
        parser.add_argument("--today", type=_read_day, metavar="DAY", help="count from this day, not today")

    def ask(self, options: Mapping[str, Any]) -> None:
        today = options["today"] or datetime.now(tz=UTC).date()
        aged = evidence.find_aged_facts(options["max_age"], today)
        ahead = evidence.find_facts_ahead(today)
        for each in (*aged, *ahead):
            self.say(f"{each.days:>5} days  {each.fact.id}  {each.source.kind}  {each.source.url}\n")
        number = len(service.get_rulebook().facts)
        found = (
            (aged, f"{len(aged)} of {number} facts were checked more than {options['max_age']} days before {today}."),
            (ahead, f"{len(ahead)} of {number} facts say that they were checked after {today}. Mend the day."),
        )
        if said := [text for facts, text in found if facts]:
            raise CommandError("\n".join(said), returncode=DIFFERS)
        self.stdout.write(f"All {number} facts were checked within {options['max_age']} days before {today}.")
