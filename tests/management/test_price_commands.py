"""The commands that price, size and check: what they print, and how they refuse."""

import json
import re
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from advisor import observing
from advisor.observe.propose import Change, Proposal

EXAMPLES = Path(__file__).resolve().parents[2] / "rules" / "examples" / "worked-examples.yaml"


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def refuse(*arguments: str) -> CommandError:
    with pytest.raises(CommandError) as caught:
        run(*arguments)
    return caught.value


def test_a_bill_shows_quantity_price_amount_fact_date_and_region() -> None:
    text = run("price", "msk_provisioned", "broker_hours:kafka.m7g.large=2190", "--region", "us-east-1")
    for word in ("kafka.m7g.large", "2,190", "0.204", "$446.76", "price_msk_broker_hour", "20"):
        assert word in text
    assert text.endswith("\nTotal a month in us-east-1: $446.76\n")


def test_a_small_quantity_is_not_nothing() -> None:
    text = run("price", "sqs_standard", "standard_requests=5", "--region", "us-east-1")
    assert text.splitlines()[1].split("  ")[1:3] == ["0.000005", "million requests"]


def test_a_missing_price_is_said_and_the_total_marked() -> None:
    text = run("price", "msk_provisioned", "storage_gb_months=10", "--region", "eu-west-1")
    assert text.count("not priced") >= 2
    assert "Total a month in eu-west-1: not priced" in text
    brokers = "broker_hours:kafka.m7g.large=100"
    text = run("price", "msk_provisioned", brokers, "storage_gb_months=10", "--region", "eu-west-1")
    assert text.endswith("\nTotal a month in eu-west-1: $22.75, without what is not priced\n")


def test_at_the_planning_horizon_a_sizing_has_the_bill_of_the_grown_load(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    grown = "growth_percent_per_month: 100\nplanning_horizon_months: 1\n"
    file.write_text(f"messages_per_second_avg: 100\nregion: us-east-1\n{grown}", encoding="utf-8")
    text = run("size", "sqs_standard", str(file))
    today, later = (
        float(re.search(rf"{words}: \$([\d.]+)\n", text)[1])  # type: ignore[index]
        for words in ("Total a month in us-east-1", "At the planning horizon")
    )
    assert later == pytest.approx(2 * today, rel=0.01)  # calls of idle workers do not grow


def test_every_total_of_a_sizing_says_that_a_price_is_missing(tmp_path: Path) -> None:
    file = tmp_path / "answers.yaml"
    runs = "existing_platforms: [kafka]\nexisting_kafka: msk_express\n"
    file.write_text(f"messages_per_second_avg: 5..9\nregion: eu-west-1\n{runs}", encoding="utf-8")
    text = run("size", "msk_express", str(file))
    assert len(re.findall(r"(?:Total a month in eu-west-1|horizon|Alone|high) ?:? \$[\d.]+, without what", text)) == 5
    assert re.search(r"which is scored: \$[\d.]+, by another Region’s prices", text)


def test_a_bill_as_json_has_its_lines_and_whether_it_is_partial() -> None:
    bill = json.loads(run("price", "sqs_fifo", "fifo_requests=10e6", "--region", "us-east-1", "--format", "json"))
    assert (bill["total_usd"], bill["is_partial"]) == ("5.00", False)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sqs_standard", "brokers=3"), "brokers"),
        (("sqs_standard", "standard_requests=many"), "many"),
        (("sqs_standard", "standard_requests=-1"), "standard_requests"),
        (("sqs_standard", "standard_requests=nan"), "standard_requests"),
        (("kafka", "brokers=3"), "kafka"),
    ],
)
def test_what_cannot_be_priced_is_refused_with_exit_code_2(arguments: tuple[str, ...], words: str) -> None:
    error = refuse("price", *arguments, "--region", "us-east-1")
    assert error.returncode == 2
    assert words in str(error)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("sqs_standard", "standard_requests=1", "--region", "mars"), "region: “mars” is not known here. Known: "),
        (("msk_provisioned", "broker_hours:foo=3", "--region", "us-east-1"), "“foo” is not known here. Known: express"),
        (("msk_provisioned", "broker_hours=3", "--region", "us-east-1"), "It is counted by size: write one"),
        (("sqs_standard", "standard_requests:big=1", "--region", "us-east-1"), "It is counted without a size."),
        (("sqs_standard", "standard_requests=1", "standard_requests=2", "--region", "us-east-1"), "more than once"),
    ],
)
def test_a_slip_is_no_missing_price(arguments: tuple[str, ...], words: str) -> None:
    error = refuse("price", *arguments)
    assert error.returncode == 2
    assert words in str(error)


def test_all_that_is_wrong_with_a_bill_or_a_sizing_is_said_at_once(tmp_path: Path) -> None:
    quantities = ("standard_requests=1", "standard_requests=2", "brokers=3", "broker_hours:foo=1", "nonsense")
    said = str(refuse("price", "kafka", *quantities, "--region", "mars"))
    for words in (
        "“kafka” is no option",
        "more than once",
        "“brokers”",
        "“foo”",
        "“nonsense” is no quantity",
        "“mars”",
    ):
        assert words in said
    answers = tmp_path / "answers.yaml"
    answers.write_text("cloud: moon")
    said = str(refuse("size", "kafka", str(answers)))
    for words in ("“kafka” is no option", "answers.yaml:1: cloud"):
        assert words in said


def test_no_region_is_chosen_for_anyone() -> None:
    assert "--region" in str(refuse("price", "sqs_standard", "standard_requests=1"))


def test_a_sizing_shows_each_constraint_with_its_numbers(tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text(
        "{messages_per_second_avg: 20k/s, message_size_bytes_avg: 2 KiB, processing_seconds_avg: 100 ms}"
    )
    text = run("size", "msk_provisioned", str(answers))
    assert "* Brokers for partitions" in text
    assert "Workers" in text
    assert "partitions" in text
    answers.write_text("ordering: global")
    assert "Time to work it off: never" in run("size", "msk_provisioned", str(answers))
    answers.write_text("{messages_per_second_avg: 20k/s, region: us-east-1}")
    sizing = json.loads(run("size", "sqs_standard", str(answers), "--format", "json"))
    assert sizing["region"] == "us-east-1"


@pytest.mark.parametrize("text", ["- 3", "a: [", "messages_per_second_avg: many"])
def test_answers_that_cannot_be_read_are_refused_with_exit_code_2(text: str, tmp_path: Path) -> None:
    answers = tmp_path / "answers.yaml"
    answers.write_text(text)
    assert refuse("size", "sqs_fifo", str(answers)).returncode == 2


def test_the_published_examples_pass_and_are_counted() -> None:
    report = json.loads(run("check_examples", str(EXAMPLES), "--format", "json"))
    assert report["summary"] == {"pass": 62, "fail": 0, "not_applicable": 10}
    assert len(report["examples"]) == 72
    assert "62 pass, 0 fail, 10 not applicable" in run("check_examples", str(EXAMPLES))


def test_an_example_that_fails_ends_with_exit_code_1_and_shows_the_difference(tmp_path: Path) -> None:
    file = tmp_path / "examples.yaml"
    file.write_text("- {id: a, inputs: {instances: 1, hours: 2, price: 3}, outputs: {monthly_usd: 7}}")
    out = StringIO()
    with pytest.raises(CommandError) as caught:
        call_command("check_examples", str(file), stdout=out)
    assert caught.value.returncode == 1
    assert "! monthly_usd: expected 7.0, got 6.0, off by -1" in out.getvalue()


def test_a_file_without_examples_is_refused_with_exit_code_2(tmp_path: Path) -> None:
    assert refuse("check_examples", str(tmp_path / "none.yaml")).returncode == 2


def test_examples_that_are_no_text_are_refused_in_our_words(tmp_path: Path) -> None:
    file = tmp_path / "bin.yaml"
    file.write_bytes(b"\xff\n")
    assert str(refuse("check_examples", str(file))).endswith("bin.yaml: Byte 0 is no UTF-8. Save the file as UTF-8.")


def test_refreshed_prices_are_printed_as_a_diff_and_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    change = Change(fact="price_msk_storage", at=("eu-west-1",), kind="new", was=(), now=((0.0, 0.11),))
    seen: list[tuple[str, date, bool]] = []

    def propose_prices(region: str, checked: date, *, confirm: bool = False) -> Proposal:
        seen.append((region, checked, confirm))
        return Proposal(diff="--- a/x\n+++ b/x\n", changes=(change,))

    monkeypatch.setattr(observing, "propose_prices", propose_prices)
    assert run("refresh_prices", "--region", "eu-west-1", "--confirm") == "--- a/x\n+++ b/x\n"
    assert [(region, confirm) for region, _, confirm in seen] == [("eu-west-1", True)]


def test_without_credentials_refreshing_ends_with_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    refused = refuse("refresh_prices", "--region", "eu-west-1")
    assert refused.returncode == 2
    assert "credentials" in str(refused).lower()
