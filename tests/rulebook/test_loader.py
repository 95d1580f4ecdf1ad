"""The rulebook's reader: what lies in rules/ loads, and every fault an author can make is named with file and line."""

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from advisor.core.errors import Problem, RulebookError
from advisor.core.rulebook import Rulebook
from advisor.rulebook.loader import digest, load_rulebook

RULES = Path(__file__).resolve().parents[2] / "rules"


class Shelf:
    """A copy of rules/ that a test may spoil."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def replace(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, old
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def add(self, file: str, text: str) -> int:
        """Appends an entry and returns the line on which it starts."""
        path = self.folder / file
        before = path.read_text(encoding="utf-8") if path.exists() else ""
        path.write_text(before.rstrip("\n") + "\n" + text, encoding="utf-8")
        return len(before.rstrip("\n").split("\n")) + 1

    def problems(self) -> tuple[Problem, ...]:
        with pytest.raises(RulebookError) as caught:
            load_rulebook(self.folder)
        return caught.value.problems

    def load(self) -> Rulebook:
        return load_rulebook(self.folder)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    folder = tmp_path / "rules"
    shutil.copytree(RULES, folder, ignore=shutil.ignore_patterns("cases", "examples", "*.md"))
    return Shelf(folder)


FACT = """
- id: spare_fact
  label: A fact
  unit: count
  value: 5
  source: A page
  source_kind: vendor
  checked: 2026-01-01
"""
CONSTRAINT = """
- id: spare_limit
  options: [sqs_standard]
  when:
    consumer_groups: {more_than: 500}
  because: There are too many.
  facts: [spare_fact]
"""
PREFERENCE = """
- id: spare_preference
  criterion: shape
  points: {'family:sqs': 5, sqs_fifo: 3}
  when: {work_queue: true}
  because: It is so.
  facts: [spare_fact]
"""
SIGNPOST = """
- id: spare_signpost
  to: elsewhere
  label: Elsewhere
  strength: beside
  when: {work_queue: true}
  because: It is so.
  facts: [spare_fact]
"""
QUESTION = """
- id: spare_question
  group: shape
  kind: number
  unit: count
  text: How many?
  help: Count them.
  why_we_ask: It matters.
  bounds: {low: 0, high: 10}
  plausible: {low: 1, high: 5}
  plausible_because: So it is.
  assume: 2
  assume_because: So it is.
"""
OPTION = """
- {id: spare_option, family: sqs, label: A queue, summary: A queue., starters: [sqs]}
"""
ROW = """
- id: spare_row
  factor: type
  kafka: {text: 'It has {spare_fact}.', facts: [spare_fact]}
  sqs: {text: It has none., facts: [spare_fact]}
"""
ENTRIES = {
    "facts/zz_spare.yaml": FACT,
    "constraints.yaml": CONSTRAINT,
    "preferences.yaml": PREFERENCE,
    "signposts.yaml": SIGNPOST,
    "comparison.yaml": ROW,
}


def test_the_rulebook_as_it_lies_loads() -> None:
    book = load_rulebook(RULES)
    assert len(book.questions) > 50
    assert set(book.options) >= {"sqs_standard", "sqs_fifo", "msk_provisioned", "kafka_self_managed"}
    assert book.version == digest(RULES)
    assert re.fullmatch(r"[0-9a-f]{12}", book.version)


def test_entries_in_good_order_are_read(shelf: Shelf) -> None:
    for file, entry in ENTRIES.items():
        shelf.add(file, entry)
    book = shelf.load()
    assert book.facts.number("spare_fact") == 5
    assert next(rule for rule in book.constraints if rule.id == "spare_limit").options == ("sqs_standard",)
    points = dict(next(rule for rule in book.preferences if rule.id == "spare_preference").points)
    assert points == {"sqs_standard": 5, "sqs_fifo": 3, "sns_sqs": 5}
    row = next(row for row in book.comparisons if row.id == "spare_row")
    assert row.kafka.text == "It has 5."


FAULTS: list[tuple[str, str, str, str, str]] = [  # file, entry, what is replaced in it, by what, the code
    ("facts/zz_spare.yaml", FACT, "  unit: count\n", "", "missing_key"),
    ("facts/zz_spare.yaml", FACT, "  unit: count\n", "  unit: count\n  color: red\n", "unknown_key"),
    ("facts/zz_spare.yaml", FACT, "  unit: count\n", "  unit: count\n  unit: bytes\n", "duplicate_key"),
    ("facts/zz_spare.yaml", FACT, "spare_fact", "Spare Fact", "bad_id"),
    ("facts/zz_spare.yaml", FACT, "spare_fact", "sqs_delay_seconds_max", "duplicate_id"),
    ("facts/zz_spare.yaml", FACT, "2026-01-01", "soon", "bad_date"),
    ("facts/zz_spare.yaml", FACT, "2026-01-01", "2026-13-01", "bad_date"),
    ("facts/zz_spare.yaml", FACT, "vendor", "hearsay", "unknown_word"),
    ("facts/zz_spare.yaml", FACT, "  value: 5\n", "", "wrong_form"),
    ("facts/zz_spare.yaml", FACT, "  value: 5\n", "  value: 5\n  by: [region]\n", "wrong_form"),
    ("facts/zz_spare.yaml", FACT, "  value: 5\n", "  by: [region]\n  values: {}\n", "empty_fact"),
    ("facts/zz_spare.yaml", FACT, "value: 5", "value:", "wrong_type"),
    ("facts/zz_spare.yaml", FACT, "value: 5", "value: 0x10", "wrong_type"),
    ("facts/zz_spare.yaml", FACT, "value: 5", "value: .nan", "wrong_type"),
    ("facts/zz_spare.yaml", FACT, "value: 5", "value: 1:30", "wrong_type"),
    ("facts/zz_spare.yaml", FACT, "value: 5", "value: !!float 1.2.3", "wrong_type"),
    ("facts/zz_spare.yaml", FACT, "value: 5", "value: !!int '_'", "wrong_type"),
    ("facts/zz_spare.yaml", FACT, "value: 5", "value: 1.0e+999", "not_finite"),
    ("facts/zz_spare.yaml", FACT, "unit: count", "unit: furlongs", "unknown_unit"),
    ("facts/zz_spare.yaml", FACT, "source: A page", "source: A page\n  url: nope", "bad_url"),
    ("facts/zz_spare.yaml", FACT, "source: A page", "source: A page\n  url: https://a\n    https://b", "bad_url"),
    ("facts/zz_spare.yaml", FACT, "label: A fact", "label: [a]", "wrong_type"),
    ("facts/zz_spare.yaml", FACT, "label: A fact", "label: A fact\n  ? [a, b]\n  : c", "wrong_type"),
    ("facts/zz_spare.yaml", FACT, "source: A page", "source: ''", "no_source"),
    ("constraints.yaml", CONSTRAINT, "sqs_standard", "sqs_quantum", "unknown_option"),
    ("constraints.yaml", CONSTRAINT, "sqs_standard", "'family:pigeon'", "unknown_option"),
    ("constraints.yaml", CONSTRAINT, "spare_fact", "no_such_fact", "unknown_fact"),
    ("constraints.yaml", CONSTRAINT, "consumer_groups", "consumer_gruops", "unknown_question"),
    ("constraints.yaml", CONSTRAINT, "more_than: 500", "over: 500", "unknown_word"),
    ("constraints.yaml", CONSTRAINT, "more_than: 500", "more_than: many", "wrong_type"),
    ("constraints.yaml", CONSTRAINT, "more_than: 500", "more_than: {fact: nowhere}", "unknown_fact"),
    ("constraints.yaml", CONSTRAINT, "more_than: 500", "more_than: {fact: sqs_standard_ordering}", "wrong_type"),
    ("constraints.yaml", CONSTRAINT, "consumer_groups: {more_than: 500}", "{}", "empty_when"),
    ("constraints.yaml", CONSTRAINT, "consumer_groups: {more_than: 500}", "ordering: {more_than: 5}", "wrong_type"),
    ("constraints.yaml", CONSTRAINT, "consumer_groups: {more_than: 500}", "ordering: sideways", "unknown_choice"),
    ("constraints.yaml", CONSTRAINT, "consumer_groups: {more_than: 500}", "ordering: [none, global]", "wrong_type"),
    ("constraints.yaml", CONSTRAINT, "consumer_groups: {more_than: 500}", "work_queue: often", "unknown_choice"),
    *(
        ("constraints.yaml", CONSTRAINT, "consumer_groups: {more_than: 500}", *fault)
        for fault in (
            ("work_queue: {is: 1}", "unknown_choice"),
            ("work_queue: {is: {fact: spare_fact}}", "wrong_type"),
            ("cloud: {one_of: []}", "empty_when"),
            ("cloud: {none_of: []}", "empty_when"),
            ("cloud: {one_of: [[aws]]}", "wrong_type"),
            ("cloud: {one_of: [aws, ~]}", "wrong_type"),
            ("cloud: {is: aws, none_of: [aws]}", "never_holds"),
            ("work_queue: {none_of: true, is: true}", "never_holds"),
            ("integrations: {one_of: [cdc, s3], none_of: [s3, cdc]}", "never_holds"),
            ("consumer_groups: {at_least: 5, at_most: 3}", "never_holds"),
            ("consumer_groups: {more_than: 3, less_than: 4}", "never_holds"),
            ("consumer_groups: {more_than: 1.0e+12}", "never_holds"),
            ("consumer_groups: {more_than: {fact: spare_fact}, at_most: 5}", "never_holds"),
            ("in_flight_messages: {less_than: 0}", "never_holds"),
            ("consumer_groups: {more_than: 1.0e+999}", "not_finite"),
            ("consumer_groups: {at_least: 1}", "always_holds"),
            ("cloud: {is: aws}\n    in_flight_messages: {at_least: 0}", "always_holds"),
        )
    ),
    *(
        (
            "facts/zz_spare.yaml",
            FACT,
            "value: 5",
            f"value: [{{from: {first}, value: 5}}, {{from: {second}, value: 4}}]",
            code,
        )
        for first, second, code in ((1, 9, "wrong_tiers"), (0, 0, "wrong_tiers"), (0, -9, "wrong_tiers"))
    ),
    ("constraints.yaml", CONSTRAINT, "because: There are too many.", "", "missing_key"),
    ("constraints.yaml", CONSTRAINT, "[sqs_standard]", "sqs_standard", "wrong_type"),
    ("constraints.yaml", CONSTRAINT, "- id", "- since: yesterday\n  id", "bad_date"),
    ("preferences.yaml", PREFERENCE, "criterion: shape", "criterion: beauty", "unknown_criterion"),
    ("preferences.yaml", PREFERENCE, "criterion: shape", "criterion: cost", "computed_criterion"),
    ("preferences.yaml", PREFERENCE, "sqs_fifo: 3", "sqs_fifo: 31", "out_of_bounds"),
    ("preferences.yaml", PREFERENCE, "sqs_fifo: 3", "sqs_fifo: 2.5", "out_of_bounds"),
    ("preferences.yaml", PREFERENCE, "sqs_fifo: 3", "sqs_fifo: lots", "wrong_type"),
    ("preferences.yaml", PREFERENCE, "sqs_fifo: 3", "sqs_quantum: 3", "unknown_option"),
    ("signposts.yaml", SIGNPOST, "beside", "behind", "unknown_word"),
    ("signposts.yaml", SIGNPOST, "because: It is so.", "because: ''", "missing_key"),
    ("comparison.yaml", ROW, "{spare_fact}", "{no_such_fact}", "unknown_fact"),
    ("comparison.yaml", ROW, "none., facts: [spare_fact]", "none., facts: []", "no_fact"),
    ("options.yaml", OPTION, "family: sqs", "family: pigeon", "unknown_word"),
    ("options.yaml", OPTION, "- {id", "- {id", "missing_model"),
    ("questions.yaml", QUESTION, "kind: number", "kind: poem", "unknown_word"),
    ("questions.yaml", QUESTION, "  bounds: {low: 0, high: 10}\n", "", "missing_key"),
    ("questions.yaml", QUESTION, "  plausible: {low: 1, high: 5}\n", "", "missing_key"),
    ("questions.yaml", QUESTION, "{low: 0, high: 10}", "{low: 10, high: 0}", "min_over_max"),
    ("questions.yaml", QUESTION, "assume: 2", "assume: two", "wrong_type"),
    ("questions.yaml", QUESTION, "assume: 2", "assume: 7", "outside_domain"),
    ("questions.yaml", QUESTION, "assume: 2", "assume: 2\n  closed_to: 99", "outside_domain"),
    ("questions.yaml", QUESTION, "high: 5}", "high: 50}", "outside_domain"),
    ("questions.yaml", QUESTION, "assume: 2", "assume: {of: nothing, times: 2}", "not_above"),
    ("questions.yaml", QUESTION, "assume: 2", "assume: 2\n  at_least: ordering", "unknown_question"),
    ("questions.yaml", QUESTION, "assume: 2", "assume: 2\n  assume_from: {of: ordering, times: 2}", "unknown_question"),
    *(
        ("questions.yaml", QUESTION, "assume: 2", f"assume: 2\n  assume_up_to: {{amount: 2, over: {over}}}", code)
        for over, code in (("ordering", "unknown_question"), ("nothing", "not_above"))
    ),
    ("questions.yaml", QUESTION, "assume: 2", "assume: 2\n  only_where: {of: nothing, word: kafka}", "not_above"),
    *(
        ("questions.yaml", QUESTION, "assume: 2", f"assume: 2\n  only_where: {{of: {of}}}", "unknown_choice")
        for of in ("existing_platforms, word: pigeon", "cloud, word: aws")
    ),
    ("questions.yaml", QUESTION, "kind: number", "kind: choice", "missing_key"),
    ("questions.yaml", QUESTION, "- id", "- id", "missing_field"),
]


@pytest.mark.parametrize(
    ("file", "entry", "old", "new", "code"),
    [pytest.param(*fault, id=f"{fault[0]}-{fault[3] or fault[2]}-{fault[4]}".replace("\n", " ")) for fault in FAULTS],
)
def test_a_fault_is_named_with_its_file_and_line(
    shelf: Shelf, file: str, entry: str, old: str, new: str, code: str
) -> None:
    if file != "facts/zz_spare.yaml":
        shelf.add("facts/zz_spare.yaml", FACT)
    assert old in entry
    start = shelf.add(file, entry.strip("\n").replace(old, new, 1) + "\n")
    found = {problem.code: problem for problem in shelf.problems()}
    assert code in found
    name, _, line = found[code].where.rpartition(":")
    assert name == file
    assert start <= int(line) <= start + entry.count("\n") + 2
    assert found[code].message


@pytest.mark.parametrize(
    "when",
    [
        "consumer_groups: {more_than: 3, less_than: 5}",
        "cloud: {none_of: [aws]}",
        "replacing: {is: rabbitmq, none_of: [redis]}",
        "messages_per_second_avg: {more_than: 3, less_than: 4}",
    ],
)
def test_what_some_answers_meet_and_some_do_not_is_a_condition(shelf: Shelf, when: str) -> None:
    shelf.add("facts/zz_spare.yaml", FACT)
    shelf.add("constraints.yaml", CONSTRAINT.replace("consumer_groups: {more_than: 500}", when))
    shelf.load()


def test_a_fault_of_a_rule_stands_at_its_key_and_says_the_way_out(shelf: Shelf) -> None:
    shelf.add("facts/zz_spare.yaml", FACT)
    entry = CONSTRAINT.replace("sqs_standard", "sqs_standrd").replace("consumer_groups:", "consumer_gruops:")
    line = shelf.add("constraints.yaml", entry.replace("more_than: 500", "more_than: {fact: spare}").strip("\n"))
    found = {problem.code: (problem.where, problem.hint) for problem in shelf.problems()}
    assert found == {
        "unknown_option": (f"constraints.yaml:{line + 1}", "Did you mean sqs_standard?"),
        "unknown_question": (f"constraints.yaml:{line + 3}", "Did you mean consumer_groups?"),
        "unknown_fact": (f"constraints.yaml:{line + 3}", "Did you mean spare_fact?"),
    }


def test_beside_a_missing_key_the_others_are_read_and_nothing_follows_from_it(shelf: Shelf) -> None:
    wrong = QUESTION.replace("kind: number", "kind: poem").replace("{low: 0, high: 10}", "{low: 10, high: 0}")
    shelf.add("questions.yaml", re.sub(r"  help: .*\n", "", wrong))
    shelf.add("facts/zz_spare.yaml", FACT.replace("  unit: count\n", "").replace("2026-01-01", "soon"))
    found = {(each.where.partition(":")[0], each.code) for each in shelf.problems()}
    assert found == {
        ("facts/zz_spare.yaml", "bad_date"),
        ("facts/zz_spare.yaml", "missing_key"),
        ("questions.yaml", "min_over_max"),
        ("questions.yaml", "missing_key"),
        ("questions.yaml", "unknown_word"),
    }


@pytest.mark.parametrize(
    ("file", "name", "key"),
    [
        ("questions.yaml", "messages_per_second_avg", "help"),  # others are assumed from it and bounded by it
        ("questions.yaml", "existing_platforms", "help"),
        ("options.yaml", "sqs_standard", "summary"),
        ("facts/sqs.yaml", "sqs_in_flight_max", "value"),  # a comparison shows it
    ],
)
def test_of_a_broken_entry_the_cause_alone_is_said(shelf: Shelf, file: str, name: str, key: str) -> None:
    path = shelf.folder / file
    entries = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
    at = next(at for at, entry in enumerate(entries) if entry.startswith(f"- id: {name}\n"))
    entries[at] = re.sub(rf"(?m)^  {key}:.*\n", "", entries[at])
    path.write_text("".join(entries), encoding="utf-8")
    shelf.add("preferences.yaml", PREFERENCE)  # a fault of another kind: it names a fact that is nowhere
    assert {each.code for each in shelf.problems()} <= {"missing_key", "wrong_form", "unknown_fact"}
    assert len(shelf.problems()) == 2, shelf.problems()


def test_of_a_limit_on_a_broken_fact_nobody_knows_how_it_is_sourced(shelf: Shelf) -> None:
    shelf.add("facts/zz_spare.yaml", FACT.replace("vendor", "secondary"))
    shelf.add("facts/zz_spare.yaml", FACT.replace("spare_fact", "other_fact").replace("  unit: count\n", ""))
    shelf.add("constraints.yaml", CONSTRAINT.replace("[spare_fact]", "[spare_fact, other_fact]"))
    assert {each.code for each in shelf.problems()} == {"missing_key"}


def test_after_a_key_too_many_the_others_are_read_all_the_same(shelf: Shelf) -> None:
    shelf.add("facts/zz_spare.yaml", FACT.replace("2026-01-01", "soon").replace("  unit", "  colour: red\n  unit"))
    shelf.add("constraints.yaml", CONSTRAINT)  # the fact that it names is there
    assert {problem.code for problem in shelf.problems()} == {"unknown_key", "bad_date"}


@pytest.mark.parametrize("name", ["sqs_fifo", "kafka_with_sqs"])
def test_an_option_of_the_code_that_no_entry_has_is_missed(shelf: Shelf, name: str) -> None:
    path = shelf.folder / "options.yaml"
    entries = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
    path.write_text("".join(entry for entry in entries if not entry.startswith(f"- id: {name}\n")), encoding="utf-8")
    missed = next(problem for problem in shelf.problems() if problem.code == "missing_option")
    assert (name in missed.message, missed.where) == (True, "options.yaml:1")


def test_a_table_by_option_needs_a_value_for_each(shelf: Shelf) -> None:
    shelf.replace("facts/sizing.yaml", "    sqs_fifo: 0.05\n", "    sqs_fi: 0.05\n")
    found = {problem.code: problem for problem in shelf.problems()}
    assert found.keys() == {"missing_cell", "unknown_option"}
    assert found["missing_cell"].message == "plan_operating_share has no value for the option sqs_fifo."
    assert found["unknown_option"].hint == "Did you mean sqs_fifo?"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("infrastructure: [strimzi]", "infrastructure: [strimzy]", "templates/infra/strimzy"),
        ("starters: [kafka, sqs, bridge]", "starters: [kafka, sqs, brigde]", "templates/starters/brigde_go"),
    ],
)
def test_what_an_option_is_built_from_must_lie_in_templates(shelf: Shelf, old: str, new: str, said: str) -> None:
    shelf.replace("options.yaml", old, new)
    shelf.load()
    with pytest.raises(RulebookError) as caught:
        load_rulebook(shelf.folder, RULES.parent / "templates")
    assert {problem.code for problem in caught.value.problems} == {"missing_starter"}
    found = next(problem for problem in caught.value.problems if said in problem.message)
    line = (shelf.folder / "options.yaml").read_text(encoding="utf-8").split(new)[0].count("\n") + 1
    assert found.where == f"options.yaml:{line}"


@pytest.mark.parametrize(
    ("file", "code"), [("facts/folder.yaml", "not_read"), ("signposts.yaml", "not_read"), ("more.yaml", None)]
)
def test_a_folder_where_a_file_should_be_is_named(shelf: Shelf, file: str, code: str | None) -> None:
    (shelf.folder / file).unlink(missing_ok=True)
    (shelf.folder / file).mkdir()
    if code is None:  # no file of ours has that name
        shelf.load()
    else:
        assert (code, f"{file}:1") in {(problem.code, problem.where) for problem in shelf.problems()}


def test_a_hard_limit_may_not_rest_on_hearsay_alone(shelf: Shelf) -> None:
    shelf.add("facts/zz_spare.yaml", FACT.replace("vendor", "secondary"))
    line = shelf.add("constraints.yaml", CONSTRAINT.strip("\n") + "\n")
    (problem,) = shelf.problems()
    assert (problem.code, problem.where) == ("weak_source", f"constraints.yaml:{line}")
    shelf.replace("constraints.yaml", "facts: [spare_fact]", "facts: [spare_fact, sqs_delay_seconds_max]")
    shelf.load()


def test_a_question_that_reads_a_later_one_is_refused(shelf: Shelf) -> None:
    path = shelf.folder / "questions.yaml"
    entries = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
    peak = next(entry for entry in entries if entry.startswith("- id: messages_per_second_peak\n"))
    entries.remove(peak)
    path.write_text(entries[0] + peak + "".join(entries[1:]), encoding="utf-8")
    assert {problem.code for problem in shelf.problems()} == {"not_above"}


@pytest.mark.parametrize("name", ["growth_percent_per_month", "nothing_else", "cloud"])
def test_a_field_of_the_workload_without_its_question_is_missed(shelf: Shelf, name: str) -> None:
    path = shelf.folder / "questions.yaml"
    entries = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
    path.write_text("".join(entry for entry in entries if not entry.startswith(f"- id: {name}\n")), encoding="utf-8")
    missed = next(problem for problem in shelf.problems() if problem.code == "missing_question")
    assert name in missed.message
    assert missed.where == "questions.yaml:1"


@pytest.mark.parametrize(
    "name",
    [
        "hours_per_month",
        "price_lambda_requests",  # in no bill of an option, but one can be priced with it
        "lambda_sqs_pollers_max",  # of consumers on Lambda alone
        "sns_fifo_archive_hours_min",  # of a topic that can replay
        "internet_out_free_gb_per_month",  # of readers outside AWS
        "lambda_kafka_ordering",  # shown, and reckoned with nowhere
    ],
)
def test_a_fact_that_the_arithmetic_asks_for_is_missed(shelf: Shelf, name: str) -> None:
    for path in (shelf.folder / "facts").glob("*.yaml"):
        entries = re.split(r"(?m)^(?=- id: )", path.read_text(encoding="utf-8"))
        path.write_text("".join(each for each in entries if not each.startswith(f"- id: {name}\n")), encoding="utf-8")
    assert {each.code for each in shelf.problems()} == {"missing_fact"}
    assert all(name in each.message for each in shelf.problems())


def test_a_fact_that_the_arithmetic_asks_for_is_a_number_with_a_value_for_each_size(shelf: Shelf) -> None:
    shelf.replace("facts/confluent.yaml", "- id: confluent_units_max\n", "- id: confluent_units_max_before\n")
    shelf.add(
        "facts/confluent.yaml",
        FACT.replace("spare_fact", "confluent_units_max").replace(
            "value: 5\n", "by: [size]\n  values: {standard: 1}\n"
        ),
    )
    (problem,) = shelf.problems()
    assert (problem.code, problem.where.partition(":")[0]) == ("missing_fact", "facts/confluent.yaml")
    assert problem.message.endswith("the fact confluent_units_max, which has no value for enterprise.")
    shelf.replace("facts/sizing.yaml", "- id: hours_per_month\n", "- id: hours_before\n")
    shelf.add("facts/sizing.yaml", FACT.replace("spare_fact", "hours_per_month").replace("value: 5", "value: many"))
    found = {(each.code, each.where.partition(":")[0]) for each in shelf.problems()}
    assert ("wrong_type", "facts/sizing.yaml") in found


def test_the_criterion_cost_cannot_be_left_out(shelf: Shelf) -> None:
    shelf.replace("criteria.yaml", "- {id: cost, label: Cost, weight: 3}\n", "")
    assert ("missing_criterion", "criteria.yaml:1") in {(each.code, each.where) for each in shelf.problems()}


@pytest.mark.parametrize(
    "file",
    ["questions.yaml", "options.yaml", "criteria.yaml", "constraints.yaml", "preferences.yaml", "comparison.yaml"],
)
def test_a_missing_file_is_named(shelf: Shelf, file: str) -> None:
    (shelf.folder / file).unlink()
    assert ("missing_file", f"{file}:1") in {(problem.code, problem.where) for problem in shelf.problems()}


def test_an_empty_folder_is_all_missing_and_nothing_else_happens(tmp_path: Path) -> None:
    with pytest.raises(RulebookError) as caught:
        load_rulebook(tmp_path)
    assert {problem.code for problem in caught.value.problems} == {"missing_file"}


def test_a_file_that_cannot_be_read_hides_in_no_faults_of_those_that_name_its_entries(shelf: Shelf) -> None:
    line = shelf.add("questions.yaml", "\t- id: one\n")
    shelf.add("facts/zz_spare.yaml", FACT.replace("2026-01-01", "soon"))
    assert [(each.code, each.where.partition(":")[0]) for each in shelf.problems()] == [
        ("bad_date", "facts/zz_spare.yaml"),
        ("not_yaml", "questions.yaml"),
    ]
    assert f"questions.yaml:{line}" == shelf.problems()[1].where


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda text: text + b"\n\t- [unclosed", "not_yaml"),
        (lambda text: b"\xff\xfe" + text, "not_utf8"),
        (lambda text: b"just words\n", "wrong_type"),
        (lambda text: text + b"\n---\nmore: 1\n", "not_yaml"),
    ],
)
def test_a_file_that_is_no_list_of_entries_is_named(shelf: Shelf, spoil: Callable[[bytes], bytes], code: str) -> None:
    path = shelf.folder / "signposts.yaml"
    path.write_bytes(spoil(path.read_bytes()))
    assert any(each.code == code and each.where.startswith("signposts.yaml:") for each in shelf.problems())


def test_all_faults_come_at_once_in_the_order_of_files_and_lines(shelf: Shelf) -> None:
    shelf.add("facts/zz_spare.yaml", FACT.replace("2026-01-01", "soon"))
    shelf.add("constraints.yaml", CONSTRAINT.replace("sqs_standard", "sqs_quantum"))
    shelf.add("preferences.yaml", PREFERENCE.replace("sqs_fifo: 3", "sqs_fifo: 99"))
    problems = shelf.problems()
    assert {"bad_date", "unknown_option", "out_of_bounds"} <= {problem.code for problem in problems}
    assert list(problems) == sorted(problems)


def test_the_version_follows_what_the_rules_say_and_not_the_cases(shelf: Shelf) -> None:
    before = digest(shelf.folder)
    (shelf.folder / "cases").mkdir()
    shelf.add("cases/mine.yaml", "- {}\n")
    assert digest(shelf.folder) == before
    shelf.add("facts/zz_spare.yaml", FACT)
    assert digest(shelf.folder) != before


def test_a_fact_by_region_bounds_a_rule_by_region(shelf: Shelf) -> None:
    table = "  by: [region]\n  values: {us-east-1: 5, other: 3}\n"
    shelf.add("facts/zz_spare.yaml", FACT.replace("  value: 5\n", table))
    shelf.add("constraints.yaml", CONSTRAINT.replace("more_than: 500", "more_than: {fact: spare_fact}"))
    (test,) = next(rule for rule in shelf.load().constraints if rule.id == "spare_limit").when[0]
    assert test.by_region == (("us-east-1", 5.0), ("other", 3.0))
    assert test.bound == 5.0


@pytest.mark.parametrize("by", ["region", "{}"])
def test_a_fact_that_cannot_be_read_stops_no_check_of_a_rule_that_compares_with_it(shelf: Shelf, by: str) -> None:
    table = f"  by: {by}\n  values: {{us-east-1: 5, other: 3}}\n"
    shelf.add("facts/zz_spare.yaml", FACT.replace("  value: 5\n", table))
    shelf.add("constraints.yaml", CONSTRAINT.replace("more_than: 500", "more_than: {fact: spare_fact}"))
    assert any(problem.where.startswith("facts/zz_spare.yaml:") for problem in shelf.problems())


def test_an_earlier_value_and_a_later_rule_follow_the_day(shelf: Shelf) -> None:
    shelf.add("facts/zz_spare.yaml", FACT + "  earlier:\n  - {until: 2025-08-01, value: 3}\n")
    shelf.add("constraints.yaml", CONSTRAINT.replace("more_than: 500", "more_than: {fact: spare_fact}"))
    shelf.add("preferences.yaml", PREFERENCE + "  since: 2025-08-01\n")
    book = shelf.load()
    then, now = book.as_of(date(2025, 7, 31)), book.as_of(date(2025, 8, 1))
    bounds = [next(r for r in each.constraints if r.id == "spare_limit").when[0][0].bound for each in (then, now)]
    assert bounds == [3.0, 5.0]
    assert not any(rule.id == "spare_preference" for rule in then.preferences)
    assert any(rule.id == "spare_preference" for rule in now.preferences)
