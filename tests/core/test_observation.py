"""Observed answers beside stated ones: what was stated is kept, what differs is shown, evidence reads again."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from advisor.core.answers import read_answers
from advisor.core.domains import Choices, Interval, Members, known
from advisor.core.errors import AnswersError
from advisor.core.fleet import read_observation, write_observation
from advisor.core.observation import Finding, Observation, find_differences, fit, merge, write_findings
from advisor.rulebook.loader import load_rulebook

QUESTIONS = load_rulebook(Path(__file__).resolve().parents[2] / "rules").questions


def observed(question: str, value: float | str | bool | tuple[str, ...], error: float = 0.0) -> Observation:
    finding = Finding(question=question, domain=known(value), window="24 h", source="a test", error=error)
    return fit(Observation(subject="orders", option="sqs_standard", findings=(finding,)), QUESTIONS)


def merged(given: dict[str, object], observation: Observation) -> dict[str, object]:
    return merge(given, read_answers(given, QUESTIONS), observation, QUESTIONS)


def differing(given: dict[str, object], observation: Observation) -> list[str]:
    return [each.question for each in find_differences(read_answers(given, QUESTIONS), observation, QUESTIONS)]


def test_a_graded_answer_may_say_its_window_source_and_error() -> None:
    answer = {"value": 12.5, "grade": "measured", "window": "24 h", "source": "CloudWatch", "error": "± 5 %"}
    workload = read_answers({"messages_per_second_avg": answer}, QUESTIONS)
    assert workload.messages_per_second_avg == 12.5
    assert workload.grades["messages_per_second_avg"] == "measured"


@pytest.mark.parametrize(
    ("error", "said"), [(0.048, "± 4.8 %"), (0.481, "± 48 %"), (1.0, "± 100 %"), (1.34, "± 130 %")]
)
def test_an_error_is_said_in_per_cent_and_two_figures(error: float, said: str) -> None:
    assert merged({}, observed("messages_per_second_avg", 5.0, error))["messages_per_second_avg"]["error"] == said  # type: ignore[index]


@pytest.mark.parametrize("evidence", [{"window": 24}, {"source": "x" * 501}, {"because": "no such member"}])
def test_evidence_is_short_text_and_nothing_else(evidence: dict[str, object]) -> None:
    with pytest.raises(AnswersError) as caught:
        read_answers({"messages_per_second_avg": {"value": 1, "grade": "measured", **evidence}}, QUESTIONS)
    assert [problem.code for problem in caught.value.problems] == ["wrong_type"]


def test_findings_read_again_as_what_was_found() -> None:
    observation = observed("messages_per_second_avg", 12.3456789)
    workload = read_answers(write_findings(observation.findings), QUESTIONS)
    assert workload.messages_per_second_avg == pytest.approx(12.3457)


def test_what_was_stated_is_kept_and_the_difference_shown() -> None:
    observation = observed("messages_per_second_avg", 12.5)
    given: dict[str, object] = {"messages_per_second_avg": "100/s"}
    assert merged(given, observation) == given
    assert differing(given, observation) == ["messages_per_second_avg"]


def test_a_stated_range_around_the_observation_is_no_difference() -> None:
    assert not differing({"messages_per_second_avg": "10..20"}, observed("messages_per_second_avg", 12.5))


@pytest.mark.parametrize("found", [0.8, 1.2])
def test_an_observation_within_its_error_is_no_difference(found: float) -> None:
    given: dict[str, object] = {"processing_seconds_avg": 1.0}
    assert not differing(given, observed("processing_seconds_avg", found, error=0.3))
    assert differing(given, observed("processing_seconds_avg", found, error=0.1))


@pytest.mark.parametrize("found", [1 / 3, 2 / 3])
def test_what_was_written_of_an_observation_is_no_difference(found: float) -> None:
    observation = observed("messages_per_second_avg", found)
    value = write_findings(observation.findings)["messages_per_second_avg"]["value"]
    assert value != found
    assert not differing({"messages_per_second_avg": value}, observation)
    assert differing({"messages_per_second_avg": found * 1.00001}, observation)


def test_a_record_of_an_observation_is_read_again_with_its_errors() -> None:
    observation = observed("processing_seconds_avg", 1.5, error=1 / 3)
    record = json.loads(json.dumps(write_observation(observation)))
    assert read_observation(record, QUESTIONS) == observation
    older = {name: member for name, member in record.items() if name != "errors"}
    assert read_observation(older, QUESTIONS).findings[0].error == 0.0


@pytest.mark.parametrize(
    "mended",
    [
        {"risks": [["age", "much", "percent"]]},
        {"risks": [["age", None, "percent"]]},
        {"figures": [["tag", {"a": 1}, ""]]},
        {"figures": [["tag", "x"]]},
        {"gaps": [["gone"]]},
        {"answers": ["ordering"]},
    ],
)
def test_a_record_that_was_mended_into_something_else_is_refused(mended: Mapping[str, object]) -> None:
    record = write_observation(observed("consumer_groups", 2.0))
    with pytest.raises(AnswersError) as refused:
        read_observation({**record, **mended}, QUESTIONS)
    assert [problem.code for problem in refused.value.problems] == ["not_a_record"]


@pytest.mark.parametrize("older", ["consumer_groups", "readers"])
def test_an_older_measurement_gives_way_under_whatever_name_it_had(older: str) -> None:
    renamed = replace(QUESTIONS["consumer_groups"], aliases=("readers",))
    questions = {**QUESTIONS, renamed.id: renamed}
    given: dict[str, object] = {older: {"value": 1, "grade": "measured"}, "ordering": "none"}
    after = merge(given, read_answers(given, questions), observed(renamed.id, 2.0), questions)
    assert set(after) == {renamed.id, "ordering"}
    assert read_answers(after, questions).domains[renamed.id] == known(2.0)


def test_findings_are_made_to_fit_their_questions() -> None:
    assert observed("message_size_bytes_avg", 0.0).findings[0].domain == known(1.0)
    assert observed("consumer_groups", 2.6).findings[0].domain == known(3.0)
    assert observed("region", "mars-north-1").findings[0].domain == known("other")
    list_seen = observed("integrations", ("sns",)).findings[0].domain
    assert isinstance(list_seen, Members)
    assert (list_seen.all_of, "lambda" in list_seen.maybe) == (("sns",), True)


def test_choices_and_lists_differ_when_there_is_no_room() -> None:
    assert differing({"ordering": "per-key"}, observed("ordering", "none")) == ["ordering"]
    assert differing({"integrations": ["lambda"]}, observed("integrations", ("sns",))) == ["integrations"]
    assert not differing({"integrations": ["lambda", "sns"]}, observed("integrations", ("sns",)))


def test_open_choices_are_written_so_that_they_read_again() -> None:
    domain = Choices(values=("per-key", "global"))
    finding = Finding(question="ordering", domain=domain, window="now", source="a test")
    assert read_answers(write_findings([finding]), QUESTIONS).domains["ordering"] == domain
    spread = Finding(question="retention_hours", domain=Interval(low=1, high=2), window="now", source="a test")
    assert read_answers(write_findings([spread]), QUESTIONS).domains["retention_hours"] == Interval(low=1, high=2)
