"""Scoring against published decisions: what counts as right, what is left out, and how it adds up."""

from dataclasses import replace

import pytest

from advisor import evidence, service
from advisor.core.agreement import (
    Agreement,
    PublishedCase,
    count,
    count_by,
    deciding_reasons,
    score_case,
    unreadable,
)
from advisor.core.errors import Problem
from advisor.core.recommendation import Recommendation

RULEBOOK = service.get_rulebook()
JOBS: dict[str, object] = {"work_queue": True, "cloud": "aws", "consumer_groups": 1}
AZURE_PRIORITY: dict[str, object] = {"priority_needed": True, "cloud": "azure", "work_queue": True}


def published(**changes: object) -> PublishedCase:
    case = PublishedCase(
        id="case",
        title="A case",
        source="https://example.com",
        summary="",
        strength="strong",
        answers=JOBS,
        family="sqs",
        option="sqs-standard",
        also_accepted=(),
        notes="",
        is_left_out=False,
    )
    return replace(case, **changes)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def jobs() -> Recommendation:
    return service.recommend(service.read_query(JOBS))


def score(recommendation: Recommendation, **changes: object) -> tuple[bool, bool | None]:
    scored = score_case(published(**changes), recommendation, RULEBOOK)
    return scored.family_agrees, scored.option_agrees


def test_the_chosen_family_and_option_are_right(jobs: Recommendation) -> None:
    assert (jobs.outcome, jobs.option) == ("sqs", "sqs_standard")
    assert score(jobs) == (True, True)


def test_another_option_of_the_family_agrees_in_family_only(jobs: Recommendation) -> None:
    assert score(jobs, option="sqs-fifo") == (True, False)


def test_an_option_that_the_source_does_not_name_is_not_compared(jobs: Recommendation) -> None:
    assert score(jobs, option="") == (True, None)


def test_options_are_compared_only_where_the_family_agrees(jobs: Recommendation) -> None:
    assert score(jobs, family="kafka", option="msk-provisioned") == (False, None)
    assert score(jobs, family="neither", option="kinesis") == (False, None)
    assert score(jobs, family="both", option="") == (False, None)


def test_what_the_source_calls_as_good_counts(jobs: Recommendation) -> None:
    assert score(jobs, family="neither", option="kinesis", also_accepted=("sqs-standard",)) == (True, True)
    assert score(jobs, family="kafka", option="msk-express", also_accepted=("sqs-fifo",)) == (True, False)
    assert score(jobs, family="kafka", option="msk-express", also_accepted=("sqs",)) == (True, False)


def test_a_note_that_says_how_to_score_is_followed(jobs: Recommendation) -> None:
    note = "family 'both' stands for one of two; score kinesis or sqs as agreement"
    assert score(jobs, family="both", option="kinesis", notes=note)[0] is True
    assert score(jobs, family="both", option="kinesis", notes="score kafka or kinesis as agreement")[0] is False
    assert score(jobs, family="both", option="kinesis", notes="a high score")[0] is False


def test_kinesis_and_its_like_are_neither() -> None:
    neither = service.recommend(service.read_query(AZURE_PRIORITY))
    assert neither.outcome == "neither"
    signpost = next(each for each in RULEBOOK.signposts if each.id == neither.signposts[0].rule)

    assert score(neither, family="neither", option=signpost.to) == (True, True)
    assert score(neither, family="neither", option=f"other:{signpost.to}-streams") == (True, True)
    assert score(neither, family="neither", option="kinesis") == (True, False)
    assert score(neither, family="sqs", also_accepted=("kinesis",)) == (True, False)


def test_the_deciding_reasons_set_the_winner_apart(jobs: Recommendation) -> None:
    reasons = deciding_reasons(jobs)

    assert 1 <= len(reasons) <= 3
    assert jobs.alternative is not None
    winner, rival = jobs.verdict(jobs.option), jobs.verdict(jobs.alternative.option)
    for reason in reasons:
        theirs = next((each.contribution for each in rival.reasons if each.rule == reason.rule), 0)
        assert reason in winner.reasons
        assert reason.contribution > theirs


def test_what_rules_the_other_family_out_comes_first() -> None:
    big = service.recommend(service.read_query({"message_size_bytes_max": "3 MiB", "cloud": "aws"}))
    assert big.alternative is not None
    assert big.alternative.excluded_by

    assert deciding_reasons(big)[0] == big.alternative.excluded_by[0]


def test_for_neither_the_signpost_decides() -> None:
    neither = service.recommend(service.read_query(AZURE_PRIORITY))

    assert deciding_reasons(neither) == neither.signposts[:1]


def outcome(*, family: bool, option: bool | None, state: str = "leaning", **changes: object) -> Agreement:
    return Agreement(
        case=published(**changes),
        outcome="sqs",
        state=state,
        option="sqs_standard",
        family_agrees=family,
        option_agrees=option,
    )


def test_the_totals_count_what_they_say() -> None:
    tally = count(
        [
            outcome(family=True, option=True, state="decided"),
            outcome(family=True, option=False),
            outcome(family=True, option=None),
            outcome(family=False, option=None, state="decided"),
            outcome(family=False, option=None, state="open"),
        ]
    )

    assert (tally.family_agree, tally.family_of) == (3, 5)
    assert (tally.option_agree, tally.option_of) == (1, 2)
    assert (tally.decided_of, tally.wrong_under_decided) == (2, 1)


def test_totals_by_a_key_are_in_order_and_complete() -> None:
    each = [outcome(family=True, option=None), outcome(family=False, option=None, state="decided")]

    by_state = count_by(each, lambda one: one.state)
    assert list(by_state) == ["decided", "leaning"]
    assert sum(tally.family_of for tally in by_state.values()) == 2


def test_weak_and_regretted_cases_do_not_count() -> None:
    assert published().is_counted
    assert published(strength="medium").is_counted
    assert not published(strength="weak").is_counted
    assert not published(is_left_out=True).is_counted


def test_a_case_that_cannot_be_read_disagrees_and_says_why() -> None:
    problem = Problem(where="cloud", code="unknown_choice", message="No such cloud.")
    scored = unreadable(published(), (problem,))

    assert (scored.family_agrees, scored.option_agrees, scored.remarks) == (False, None, (problem,))
    assert evidence.score_published(published(answers={"cloud": "moon"})).state == "unreadable"


def test_complete_answers_that_nothing_else_is_needed_unless_the_case_says() -> None:
    answers = {**JOBS, "messages_per_second_avg": 40}
    plain = evidence.score_published(published(answers=answers))
    complete = evidence.score_published(published(answers=answers), complete=True)
    kept = evidence.score_published(published(answers={**answers, "nothing_else": False}), complete=True)

    assert plain.state == "leaning"
    assert complete.state == "decided"
    assert kept.state == plain.state
