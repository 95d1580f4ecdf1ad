"""The agreement with published decisions, as plain values and as a table: both say the same."""

import json
from dataclasses import replace

from advisor import evidence
from advisor.core.agreement import Agreement
from advisor.render.agreement import to_plain, to_table

AGREEMENTS = [evidence.score_published(case) for case in evidence.get_published_cases()[:8]]
MEMBERS = {"family_agree", "family_of", "option_agree", "option_of", "decided_of", "wrong_under_decided"}


def test_the_summary_has_exactly_what_it_promises() -> None:
    plain = to_plain(AGREEMENTS)

    assert set(plain) == {"summary", "weak", "by_family", "by_state", "cases"}
    assert set(plain["summary"]) == set(plain["weak"]) == MEMBERS
    json.dumps(plain, allow_nan=False)


def test_the_groups_add_up_to_the_summary() -> None:
    plain = to_plain(AGREEMENTS)

    for groups in (plain["by_family"], plain["by_state"]):
        for member in MEMBERS:
            assert sum(tally[member] for tally in groups.values()) == plain["summary"][member]
    assert plain["summary"]["family_of"] == sum(each.case.is_counted for each in AGREEMENTS)


def test_each_case_says_what_was_chosen_what_is_advised_and_why() -> None:
    for each, written in zip(AGREEMENTS, to_plain(AGREEMENTS)["cases"], strict=True):
        assert written["expected"]["family"] == each.case.family
        assert written["outcome"] == each.outcome
        assert written["state"] == each.state
        assert [reason["rule"] for reason in written["reasons"]] == [reason.rule for reason in each.reasons]


def test_the_table_has_a_line_for_each_case_and_the_totals() -> None:
    table = to_table(AGREEMENTS)
    summary = to_plain(AGREEMENTS)["summary"]

    for each in AGREEMENTS:
        line = next(line for line in table.splitlines() if line.startswith(each.case.id[:37]))
        assert each.state in line
        assert all(reason.rule in line for reason in each.reasons)
    assert f"family {summary['family_agree']} of {summary['family_of']}" in table
    assert "weak, apart:" in table
    assert "state: " in table
    assert "chosen: " in table


def test_weak_and_regretted_cases_are_told_apart() -> None:
    weak = [_restated(AGREEMENTS[0], strength="weak"), _restated(AGREEMENTS[1], is_left_out=True)]

    plain = to_plain(weak)
    assert plain["summary"]["family_of"] == 0
    assert plain["weak"]["family_of"] == 1
    assert "1 cases were regretted" in to_table(weak)
    assert "strong*" in to_table([_restated(AGREEMENTS[0], strength="strong", is_left_out=True)])


def _restated(agreement: Agreement, **changes: object) -> Agreement:
    return replace(agreement, case=replace(agreement.case, **changes))  # type: ignore[arg-type]


def test_words_that_no_rule_knows_are_said() -> None:
    case = replace(AGREEMENTS[0].case, answers={"cloud": "aws", "integrations": ["carrier-pigeon"]})
    scored = evidence.score_published(case)

    assert "carrier-pigeon" in to_table([scored])
    assert any("carrier-pigeon" in remark["message"] for remark in to_plain([scored])["cases"][0]["remarks"])
