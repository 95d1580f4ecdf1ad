"""The guided order, answered from each published case and "I don't know" where it is silent."""

from collections.abc import Mapping, Sequence

from advisor import evidence, service
from advisor.core.answers import read_answers
from advisor.core.costs import Costs
from advisor.core.probes import Lab
from advisor.core.rank import Ranking, merge_weights, rank
from advisor.core.sensitivity import choose_next, turning_powers

RULEBOOK = service.get_rulebook()
WEIGHTS = merge_weights(RULEBOOK, {})
COSTS = Costs(RULEBOOK.facts)
MOST = 12


def stand(given: Mapping[str, object], asked: Sequence[str] = ()) -> tuple[Ranking, tuple[str, ...]]:
    """The ranking now, and the questions worth asking, the most urgent first."""
    workload = read_answers(given, RULEBOOK.questions)
    now = rank(workload, RULEBOOK, WEIGHTS, COSTS)
    lab = Lab(workload=workload, rulebook=RULEBOOK, weights=WEIGHTS, costs=COSTS)
    powers = turning_powers(lab, now)
    turning = tuple(name for name, power, _ in powers if power or RULEBOOK.questions[name].needed_to_lean)
    unasked = tuple(each for each in powers if each[0] not in asked)
    following = choose_next(lab, now, unasked)
    pair = (following.question, following.with_question) if following and following.with_question else ()
    return now, (*turning, *pair)


def walk(answers: Mapping[str, object]) -> Ranking:
    """At most twelve questions, each answered from `answers` or not at all."""
    given: dict[str, object] = {}
    asked: list[str] = []
    while len(asked) < MOST:
        left = [name for name in stand(given, asked)[1] if name not in asked and name != "nothing_else"]
        if not left:
            break
        asked.append(left[0])
        given |= {left[0]: answers[left[0]]} if left[0] in answers else {}
    return stand(given)[0]


def test_twelve_questions_come_to_the_outcome_of_the_whole_case() -> None:
    cases = evidence.get_published_cases()
    whole = {case.id: stand(case.answers)[0].outcome for case in cases}
    missed = [case.id for case in cases if walk(case.answers).outcome != whole[case.id]]

    assert len(missed) <= len(cases) * 0.05, missed


def test_the_first_question_is_the_one_without_which_nothing_leans() -> None:
    assert stand({})[1][0] == "work_queue"


def test_two_answers_that_one_rule_waits_for_are_asked_together() -> None:
    """The Redis that runs already speaks instead only for a team that runs little; all else of its rule holds."""
    asked = stand({"work_queue": False, "cloud": "azure", "message_size_bytes_max": "15 MB", "consumer_groups": 2})[1]

    assert asked == ("existing_platforms", "ops_tolerance")
