"""`manage.py refresh_prices --region R`: reads the AWS price list and prints a change of rules/facts as a diff."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from advisor import observing
from advisor.management.terminal import Asking


class Command(Asking):
    """Writes nothing: `manage.py refresh_prices --region eu-west-1 | patch -p1` is for you to decide."""

    help = "Propose price changes as a unified diff, read with the AWS credentials of the environment."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The Region, and whether prices that still hold get today's date."""
        parser.add_argument("--region", required=True)
        parser.add_argument(
            "--confirm", action="store_true", help="also give unchanged prices their new date and source"
        )

    def ask(self, options: Mapping[str, Any]) -> None:
        """What changed goes to stderr so that stdout is the diff alone."""
        proposal = observing.propose_prices(options["region"], timezone.now().date(), confirm=options["confirm"])
        for change in proposal.changes:
            self.stderr.write(f"{change.kind}: {change.fact} {' '.join(change.at)}: {change.was} -> {change.now}")
        if not proposal.changes:
            self.stderr.write("Every price that the price list has is as the facts say.")
        self.stdout.write(proposal.diff, ending="")
