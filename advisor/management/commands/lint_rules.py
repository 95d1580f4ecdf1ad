"""`lint_rules`: what the cases say of the rules, for their authors. Parses, asks the service, writes."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from advisor import evidence
from advisor.management.terminal import Asking


class Command(Asking):
    """manage.py lint_rules."""

    help = (
        "List rules that no case sees, that repeat or contradict another, that alone decide no case, or that turn the "
        "family of exactly one case; options that never win or are never excluded; and questions that nothing reads or "
        "no case answers; and cases that name what there is not."
    )

    def ask(self, _options: Mapping[str, Any]) -> None:
        problems = evidence.lint_rules()
        for problem in problems:
            self.stdout.write(f"{problem.code:<20} {problem.message} {problem.hint}")
        found = Counter(problem.code for problem in problems)
        self.stdout.write(", ".join(f"{number} {code}" for code, number in sorted(found.items())) or "nothing found")
