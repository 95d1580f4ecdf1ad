"""Raw answers: every kind is read, every fault is named at its question, and only AnswersError is ever raised."""

import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.answers import read_plain, write_answers
from advisor.core.assume import MEASURED, stated_of
from advisor.core.domains import NOT_TOLD, Choices, Domain, Interval, Members, known
from advisor.core.errors import AnswersError, Problem
from advisor.core.parse import Read, read_answer
from advisor.core.query import read_query
from advisor.core.workload import vary
from tests.core.workloads import full_answers, read, real_rulebook, some_answers
from tests.examples import tries

BOOK = real_rulebook().questions
QUESTIONS = sorted(BOOK)
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(10**400),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["min", "max", "one_of", "all_of", "x"]), inner)
    ),
    max_leaves=6,
)


def problems_of(**answers: object) -> tuple[Problem, ...]:
    with pytest.raises(AnswersError) as caught:
        read(answers)
    return caught.value.problems


def try_reading(answers: dict[str, Any]) -> tuple[Problem, ...]:
    try:
        read(answers)
    except AnswersError as error:
        return error.problems
    return ()


def code_of(**answers: object) -> str:
    (problem,) = problems_of(**answers)
    return problem.code


@pytest.mark.parametrize(
    ("question", "answer", "domain"),
    [
        ("messages_per_second_avg", 5, known(5.0)),
        ("messages_per_second_avg", "5k/s", known(5000.0)),
        ("messages_per_second_avg", {"min": 100, "max": "1k/s"}, Interval(low=100, high=1000)),
        ("messages_per_second_avg", "100..500", Interval(low=100, high=500)),
        ("messages_per_second_avg", "60..120/min", Interval(low=1, high=2)),
        ("messages_per_second_avg", "100..5k", Interval(low=100, high=5000)),
        ("message_size_bytes_avg", "64..256 KiB", Interval(low=65_536, high=262_144)),
        ("processing_seconds_avg", "1..2 min", Interval(low=60, high=120)),
        ("retention_hours", "1..2 days", Interval(low=24, high=48)),
        ("retention_hours", "1 hour..2 days", Interval(low=1, high=48)),
        ("retention_hours", {"min": "1", "max": "2 days"}, Interval(low=1, high=48)),
        ("retention_hours", "14 d", known(336.0)),
        ("consumer_groups", 3, known(3.0)),
        ("work_queue", True, known(True)),
        ("work_queue", "no", known(False)),
        ("work_queue", "yes|no", Choices(values=(True, False))),
        ("ordering", "per-key", known("per-key")),
        ("ordering", "none|per-key", Choices(values=("none", "per-key"))),
        ("ordering", {"one_of": ["per-key", "none"]}, Choices(values=("none", "per-key"))),
        ("integrations", ["s3", "lambda"], Members(all_of=("lambda", "s3"))),
        ("integrations", "s3, lambda", Members(all_of=("lambda", "s3"))),
        ("integrations", "none", Members(all_of=())),
        ("integrations", [], Members(all_of=())),
        ("integrations", {"all_of": ["s3"], "maybe": ["cdc", "s3"]}, Members(all_of=("s3",), maybe=("cdc",))),
        ("integrations", {"maybe": ["cdc"]}, Members(all_of=(), maybe=("cdc",))),
    ],
)
def test_each_kind_of_answer_leaves_its_domain(question: str, answer: object, domain: Domain) -> None:
    workload = read({question: answer})
    assert workload.domains[question] == domain
    assert stated_of(workload) == {question: domain}


@pytest.mark.parametrize("unknown", [None, "", "  ", "unknown", "dont_know", "I don't know", "null"])
def test_not_knowing_is_no_answer(unknown: str | None) -> None:
    assert stated_of(read({"ordering": unknown, "messages_per_second_avg": unknown, "integrations": unknown})) == {}


@pytest.mark.parametrize(
    ("question", "answer", "code"),
    [
        ("messages_per_second_avg", -1, "out_of_bounds"),
        ("messages_per_second_avg", 1e12, "out_of_bounds"),
        ("messages_per_second_avg", math.nan, "not_finite"),
        ("messages_per_second_avg", math.inf, "not_finite"),
        ("messages_per_second_avg", 10**400, "not_finite"),
        ("messages_per_second_avg", True, "wrong_type"),
        ("messages_per_second_avg", [1], "wrong_type"),
        ("messages_per_second_avg", {"min": 1}, "wrong_type"),
        ("messages_per_second_avg", {"min": 5, "max": 1}, "min_over_max"),
        ("messages_per_second_avg", {"min": math.nan, "max": 1}, "not_finite"),
        ("messages_per_second_avg", "lots", "not_a_number"),
        ("messages_per_second_avg", "1..2k", "ambiguous_unit"),
        ("messages_per_second_avg", "100-200/min", "unknown_unit"),
        ("retention_hours", "1 to frogs", "unknown_unit"),
        ("retention_hours", "1-2 days", "unknown_unit"),
        ("retention_hours", "30..1 day", "min_over_max"),
        ("retention_hours", "1..9999999 days", "out_of_bounds"),
        ("messages_per_second_avg", "5000 messages", "ambiguous_unit"),
        ("message_size_bytes_avg", "2 KB", "ambiguous_unit"),
        ("retention_hours", "3 parsecs", "unknown_unit"),
        ("consumer_groups", 2.5, "not_an_integer"),
        ("work_queue", 1, "wrong_type"),
        ("work_queue", "maybe", "wrong_type"),
        ("ordering", "per_key", "unknown_choice"),
        ("ordering", ["per-key"], "unknown_choice"),
        ("ordering", {"one_of": []}, "wrong_type"),
        ("ordering", {"one_of": "per-key"}, "wrong_type"),
        ("integrations", 5, "wrong_type"),
        ("integrations", [5], "wrong_type"),
        ("integrations", {"all": ["s3"]}, "wrong_type"),
        ("integrations", {}, "wrong_type"),
        ("integrations", ["none", "s3"], "contradiction"),
        ("integrations", "s3, None", "contradiction"),
        ("existing_platforms", "none,maybe:kafka", "contradiction"),
        ("existing_platforms", {"all_of": ["none", "kafka"]}, "contradiction"),
        ("work_queue", {"value": True, "grade": "certain"}, "wrong_type"),
        ("work_queue", {"value": True, "why": "x"}, "wrong_type"),
        ("work_queue", {"value": True, "source": "x" * 501}, "wrong_type"),
    ],
)
def test_a_bad_answer_is_refused_at_its_question(question: str, answer: object, code: str) -> None:
    (problem,) = problems_of(**{question: answer})
    assert (problem.where, problem.code) == (question, code)
    assert problem.message


def test_a_yes_in_place_of_a_number_is_shown_as_it_was_sent() -> None:
    (problem,) = problems_of(messages_per_second_avg=True)
    assert problem.message == "“true” is no answer to this question."


def test_ends_the_wrong_way_round_are_said_with_the_units_in_which_they_were_read() -> None:
    (problem,) = problems_of(processing_seconds_avg="30..2 min")
    assert problem.hint == "min 30 minutes is over max 2 minutes; swap them, or write each with its unit."
    (problem,) = problems_of(consumer_groups="5..1")
    assert problem.hint == "min 5 is over max 1; swap them."


def test_an_unknown_question_is_met_with_the_nearest_one() -> None:
    (problem,) = problems_of(message_per_second_avg=5)
    assert problem.code == "unknown_question"
    assert "messages_per_second_avg" in problem.hint


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("replay", "replay_needed"),
        ("Budget", "budget_usd_per_month"),
        ("groups", "consumer_groups"),
        ("replacng", "replacing"),
        ("us", ""),
        ("x", ""),
    ],
)
def test_a_name_that_is_part_of_another_means_that_one(typed: str, meant: str) -> None:
    (problem,) = problems_of(**{typed: "yes"})
    assert problem.hint == (
        f"Did you mean {meant}?" if meant else "/api/v1/questions and recommend --questions list them all."
    )


def test_of_many_unknown_questions_all_are_named_and_the_nearest_ones_are_looked_for_the_first_few() -> None:
    problems = problems_of(**{f"ordering{at}": "none" for at in range(50)})
    assert {problem.code for problem in problems} == {"unknown_question"}
    assert len(problems) == 50
    assert [problem.where for problem in problems if "Did you mean" in problem.hint] == [
        "ordering0", "ordering1", "ordering2",
    ]  # fmt: skip


def test_a_misspelt_choice_is_met_with_the_nearest_one() -> None:
    (problem,) = problems_of(ordering="per_key")
    assert "per-key" in problem.hint


def test_all_problems_come_at_once_each_at_its_place() -> None:
    problems = problems_of(ordering="x", consumer_groups=0.5, nonsense=1, message_size_bytes_avg="2 KB")
    assert [problem.where for problem in problems] == [
        "consumer_groups",
        "message_size_bytes_avg",
        "nonsense",
        "ordering",
    ]


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ("messages_per_second_avg", "messages_per_second_peak"),
        ("message_size_bytes_avg", "message_size_bytes_max"),
        ("processing_seconds_avg", "processing_seconds_max"),
        ("hottest_key_messages_per_second", "messages_per_second_peak"),
    ],
)
def test_answers_that_contradict_each_other_are_both_named(small: str, large: str) -> None:
    for problem in problems_of(**{small: 100, large: 10}):
        assert problem.code == "contradiction"
        assert small in str(problem)
        assert large in str(problem)


@pytest.mark.parametrize(
    ("said", "name", "part"),
    [
        (
            {"messages_per_second_avg": "10..1000", "messages_per_second_peak": 100},
            "messages_per_second_avg",
            (10, 100),
        ),
        ({"messages_per_second_avg": 50, "messages_per_second_peak": "10..90"}, "messages_per_second_peak", (50, 90)),
        (
            {"hottest_key_messages_per_second": "1..40", "messages_per_second_peak": "5..9"},
            "hottest_key_messages_per_second",
            (1, 9),
        ),
    ],
)
def test_of_a_range_that_overlaps_its_bound_the_part_that_can_be_is_taken(
    said: dict[str, Any], name: str, part: tuple[float, float]
) -> None:
    workload = read(said)
    assert workload.domains[name] == Interval(low=part[0], high=part[1])
    assert [(remark.code, remark.where) for remark in workload.remarks] == [("narrowed", name)]
    assert part[0] <= getattr(workload, name) <= part[1]
    assert read(write_answers(workload)).domains == workload.domains


def test_a_range_that_its_bound_leaves_whole_is_not_remarked_on() -> None:
    assert not read({"messages_per_second_avg": "10..90", "messages_per_second_peak": "90..100"}).remarks


def test_words_that_no_rule_knows_are_kept_and_reported() -> None:
    workload = read({"existing_platforms": ["kafka", "other:zeromq", "zeromq"]})
    assert workload.existing_platforms == ("kafka", "other:zeromq", "zeromq")
    assert [(remark.code, remark.where) for remark in workload.remarks] == [("unknown_word", "existing_platforms")]
    assert read({"existing_platforms": "x" * 101}).existing_platforms == ("x" * 100,)


def test_nothing_in_a_word_steers_a_terminal_or_breaks_a_line() -> None:
    for typed in ("other:a\x1b[2J", "other:a\x9b[2J", "other:a \x00\n\n[2J", "other:a\u2028\x7f[2J\t"):
        assert read({"integrations": [typed]}).integrations == ("other:a [2J",)


def test_a_list_takes_fifty_words_of_its_own_beside_all_that_the_rulebook_has() -> None:
    listed = [choice.id for choice in BOOK["integrations"].choices]
    own = [f"own {number}" for number in range(50)]
    assert len(read({"integrations": [*listed, *own]}).integrations) == len(listed) + 50
    for answer in ([*listed, *own, "one more"], ", ".join([*listed, *own, "one more"])):
        (problem,) = problems_of(integrations=answer)
        assert (problem.code, problem.hint) == ("too_many", "Write at most 50 words of your own.")


def test_a_misspelt_word_of_a_list_is_met_with_the_nearest_one_the_first_few_times() -> None:
    remarks = read({"integrations": ["1", "2", "debezum", "kafka-conect", "other:debezum"]}).remarks
    assert [remark.hint for remark in remarks] == ["", "", "Did you mean debezium?", ""]


def test_words_of_a_list_in_one_text_are_parted_by_commas_or_semicolons() -> None:
    assert read({"existing_platforms": "redis; kafka,sqs"}).existing_platforms == ("kafka", "redis", "sqs")
    assert read({"existing_platforms": ["redis, kafka", "sqs"]}).existing_platforms == ("kafka", "redis", "sqs")
    assert read({"existing_platforms": ["other:one, two", "sqs"]}).existing_platforms == ("other:one, two", "sqs")
    assert [remark.hint for remark in read({"integrations": "cdc|debezium"}).remarks] == ["Part words by commas."]


def test_an_answer_far_from_the_usual_is_taken_and_asked_back() -> None:
    workload = read({"messages_per_second_avg": 1_000_000})
    assert workload.messages_per_second_avg == 1_000_000
    assert [remark.code for remark in workload.remarks] == ["implausible"]


@pytest.mark.parametrize(("rate", "far"), [("10..1M", "1,000,000 messages/s"), ("0..10", "0 messages/s")])
def test_of_a_range_the_end_far_from_the_usual_is_asked_back(rate: str, far: str) -> None:
    (remark,) = read({"messages_per_second_avg": rate}).remarks
    assert remark.code == "implausible"
    assert remark.message.startswith(f"{far} is outside the usual")


@pytest.mark.parametrize(("weight", "taken"), [(None, {}), (5, {"cost": 5}), (5.0, {"cost": 5}), ("5", {"cost": 5})])
def test_a_weight_is_a_whole_number_or_not_said(weight: object, taken: dict[str, int]) -> None:
    assert read_query({"weight_cost": weight}, real_rulebook()).weights == taken


def test_weights_in_one_are_refused_with_the_name_that_each_has() -> None:
    with pytest.raises(AnswersError) as caught:
        read_query({"weights": {}, "weight_cots": 3}, real_rulebook())
    assert [problem.where for problem in caught.value.problems] == ["weights", "weight_cots"]
    assert "weight_cost=5" in caught.value.problems[0].hint


@pytest.mark.parametrize("name", ["explain", "format"])
def test_how_to_answer_is_no_question_and_has_its_own_place(name: str) -> None:
    with pytest.raises(AnswersError) as caught:
        read_query({name: "none", "work_queue": True}, real_rulebook())
    (problem,) = caught.value.problems
    assert (problem.where, problem.code) == (name, "unknown_question")
    assert f"?{name}=" in problem.hint


@pytest.mark.parametrize(
    "asked",
    [
        {"weight_cost": 5.5},
        {"weight_cost": True},
        {"as_of": 20250701},
        {"release": 1},
        {"rulebook": ["a"]},
        {"name": 5},
    ],
)
def test_what_is_no_weight_and_no_day_is_refused(asked: dict[str, object]) -> None:
    with pytest.raises(AnswersError):
        read_query(asked, real_rulebook())


def test_a_day_before_or_after_all_that_is_on_record_gets_a_remark() -> None:
    first, last, day = real_rulebook().changes()[0], real_rulebook().last_checked(), timedelta(days=1)
    for as_of, codes in ((first - day, ["before_records"]), (first, []), (last, []), (last + day, ["after_records"])):
        workload = read_query({"as_of": as_of}, real_rulebook()).workload
        assert workload is not None
        assert [remark.code for remark in workload.remarks] == codes


@pytest.mark.parametrize(("day", "calls"), [(None, 100), ("2025-08-04", 100), ("2025-08-03", 500)])
def test_before_august_2025_a_call_to_sqs_took_256_kib(day: str | None, calls: float) -> None:
    said = {"messages_per_second_peak": 1000, "message_size_bytes_avg": 100_000, "batch_size": 10}
    workload = read_query({**said, "growth_percent_per_month": 0, "as_of": day}, real_rulebook()).workload
    assert workload is not None
    assert workload.send_calls_per_second_peak == calls
    assert vary(workload, messages_per_second_peak=2000.0).send_calls_per_second_peak == 2 * calls


def test_words_of_the_rulebook_are_known_however_they_are_capitalised() -> None:
    workload = read(
        {"cloud": "AWS", "region": "US-EAST-1", "existing_platforms": ["Kafka", "maybe:SQS", "other:ZeroMQ"]}
    )
    assert (workload.cloud, workload.region) == ("aws", "us-east-1")
    assert workload.domains["existing_platforms"] == Members(all_of=("kafka", "other:ZeroMQ"), maybe=("sqs",))
    assert not workload.remarks
    assert read({"replacing": "None"}).replacing == ()


def test_a_measured_answer_keeps_its_grade() -> None:
    workload = read({"messages_per_second_avg": {"value": 5, "grade": "measured"}, "work_queue": {"value": "yes"}})
    assert workload.grades["messages_per_second_avg"] == MEASURED
    assert workload.grades["work_queue"] == "stated"
    assert workload.grades["ordering"] == "assumed"


def test_the_order_of_open_choices_makes_no_difference() -> None:
    there, back = ({"cloud": {"one_of": words}} for words in (["gcp", "on-prem"], ["on-prem", "gcp"]))
    assert read(there) == read(back)


@given(st.dictionaries(st.sampled_from(QUESTIONS) | st.text(max_size=30), ANYTHING, max_size=4))
def test_nothing_but_an_answers_error_is_ever_raised(answers: dict[str, Any]) -> None:
    problems = try_reading(answers)
    assert all(problem.where and problem.code and problem.message for problem in problems)


@given(st.sampled_from(QUESTIONS), st.text(max_size=30))
def test_any_text_is_an_answer_or_a_named_problem(question: str, text: str) -> None:
    assert {problem.where for problem in try_reading({question: text})} <= {question}


def test_a_number_too_long_to_print_is_refused_like_any_other() -> None:
    assert code_of(messages_per_second_avg=10**5000) == "not_finite"
    assert code_of(ordering=10**5000) == "unknown_choice"


def test_a_deeply_nested_answer_is_refused_like_any_other() -> None:
    nested: list[Any] = []
    for _ in range(5000):
        nested = [nested]
    for question in ("messages_per_second_avg", "ordering", "work_queue", "integrations"):
        assert code_of(**{question: nested}) in ("wrong_type", "unknown_choice")


@given(some_answers())
def test_written_answers_read_back_to_the_same_workload(answers: dict[str, Any]) -> None:
    workload = read(answers)
    written = write_answers(workload)
    again = read(written)
    assert vary(again, remarks=()) == vary(workload, remarks=())  # what was cut to one value is written as that
    assert write_answers(again) == written
    assert list(written) == sorted(written)


@given(full_answers())
def test_what_was_answered_is_taken_as_it_was_answered(answers: dict[str, Any]) -> None:
    workload = read(answers)
    for name, answer in answers.items():
        expected = tuple(sorted(answer)) if isinstance(answer, list) else answer
        assert getattr(workload, name) == expected
        assert workload.domains[name] == known(expected)


WORDS = [choice.id for question in BOOK.values() for choice in question.choices]
PLAIN_ANSWERS: st.SearchStrategy[object] = (
    st.booleans()
    | st.integers(-2, 10**7)
    | st.floats()
    | st.sampled_from(["", "yes", "true", "no", "none", "null", "unknown", "aws", " aws", "5", 10**400, None, []])
    | st.sampled_from(WORDS)
    | st.lists(st.sampled_from([*WORDS, "none", "maybe:sqs", " sqs", "", 5, ["sqs"]]), max_size=3)
)


@pytest.mark.parametrize("name", QUESTIONS)
@given(answer=PLAIN_ANSWERS)
@settings(max_examples=tries(30))
def test_what_is_read_in_one_step_reads_as_if_it_was_looked_at(name: str, answer: object) -> None:
    question = BOOK[name]
    plain = read_plain(question, answer)
    if plain is not None:
        assert read_answer(question, answer) == Read(domain=plain)


def test_most_answers_are_read_in_one_step() -> None:
    """Else the test above says nothing."""
    for question in BOOK.values():
        assumed = question.assume
        if isinstance(assumed, int | float | str) and assumed != NOT_TOLD:
            assert read_plain(question, assumed) is not None, question.id
        if question.kind == "list":
            words = [choice.id for choice in question.choices]
            assert read_plain(question, [*words, *words]) == Members(all_of=tuple(sorted(words)))


def test_a_region_that_is_not_listed_is_no_misspelt_other_one() -> None:
    (problem,) = problems_of(region="eu-north-1")
    assert problem.code == "unknown_choice"
    assert problem.hint.startswith("Choose other for what is not listed.")
    (misspelt,) = problems_of(ordering="per-kei")
    assert misspelt.hint.startswith("Did you mean per-key?")
