"""`lint_rules` names what the cases say of the rules, and counts it."""

import io

from django.core.management import call_command


def test_each_finding_has_its_kind_and_the_last_line_counts_them() -> None:
    out = io.StringIO()

    call_command("lint_rules", stdout=out)

    *findings, counts = out.getvalue().splitlines()
    kinds = {line.split()[0] for line in findings}
    # The others are failures of tests/test_cases.py.
    assert kinds <= {"never_decides", "single_turner", "unanswered_question", "unread_question"}
    assert counts == ", ".join(f"{sum(line.startswith(kind) for line in findings)} {kind}" for kind in sorted(kinds))
