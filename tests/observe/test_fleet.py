"""Many queues at once: bounded calls, what fails is named, runs resumed, reports by money and by risk."""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.management.base import BaseCommand

from advisor import observing, service
from advisor.core.domains import Choices, known
from advisor.core.errors import AnswersError, Problem
from advisor.core.fleet import Row, by_money, by_risk, write_observation
from advisor.core.observation import Figure, Finding, Observation
from advisor.management.fleet import run_fleet
from advisor.observe.sqs import CHUNK, find_queues, make_window, observe_many
from advisor.render.fleet import fleet_csv, fleet_text
from advisor.render.plain import write_money
from tests.observe.account import NOW, Account

WINDOW = make_window(24, NOW, (360.0, 1512.0), is_fleet=True)
RATES = {"orders": 900.0, "mails": 2.0, "clicks": 4000.0, "gone-1": 1.0, "denied-1": 1.0, "idle": 0.0}
HEADER: Mapping[str, object] = {"observe": "sqs", "region": "us-east-1"}


def observe(account: Account, urls: Sequence[str]) -> Iterator[Observation]:
    return observe_many(account.open(), urls, WINDOW, 20.0)


def run(account: Account, tmp_path: Path, err: io.StringIO | None = None, **options: Any) -> str:
    out = io.StringIO()
    given = {"format": "text", "sort": "money", "top": 40, "limit": 5000, "state": None, "stated": {}, "output": None}
    command = BaseCommand(stdout=out, stderr=err or io.StringIO())
    run_fleet(command, HEADER, account.urls, lambda urls: observe(account, urls), given | options)
    return out.getvalue()


@pytest.mark.slow
def test_two_thousand_queues_take_few_calls() -> None:
    account = Account({f"q{number:04}": 1.0 for number in range(2000)}, page=300)
    urls = find_queues(account.open(), "q")
    assert len(urls) == 2000
    assert sum(1 for each in observe(account, urls) if each.findings) == 2000
    assert account.calls["ListSubscriptions"] == 1
    assert account.calls["GetMetricData"] == -(-2000 // CHUNK)
    assert account.calls["GetQueueAttributes"] == account.calls["ListQueueTags"] == 2000
    assert account.calls["ListQueues"] == 7


def test_a_queue_that_fails_is_named_and_the_rest_is_told(tmp_path: Path) -> None:
    text = run(Account(RATES), tmp_path)
    assert text.count("not observed: gone-1: sqs:GetQueueAttributes: It does not exist") == 1
    assert text.count("not observed: denied-1: sqs:GetQueueAttributes: Permission denied") == 1
    assert "not observed: idle: No NumberOfMessagesSent" in text
    assert "6 workloads" in text


def test_what_is_left_out_of_the_text_is_counted(tmp_path: Path) -> None:
    rates = {"orders": 900.0, "denied-1": 1.0, "gone-1": 1.0}
    assert "more: --format json" not in run(Account(rates), tmp_path, top=3)
    text = run(Account(rates), tmp_path, top=1)
    assert text.count("… and 2 more: --format json has all.") == 3  # of both tables and of three refusals
    assert "3 workloads, 2 of them priced" in text


class Ailing(Account):
    """One metric of one queue comes in two parts, the last of which has the status given."""

    def __init__(self, metric: str, status: str) -> None:
        super().__init__({"orders": 5.0, "mails": 5.0})
        self.metric, self.status = metric, status

    def _GetMetricData(self, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as AWS names its calls
        results = super()._GetMetricData(asked)["MetricDataResults"]
        names = {query["Id"]: query["MetricStat"]["Metric"]["MetricName"] for query in asked["MetricDataQueries"]}
        ailing = next(each for each in results if names[each["Id"]] == self.metric)
        first = {**ailing, "StatusCode": "PartialData"}
        message = {"Code": self.status, "Value": "try\nlater."}
        last = {"Id": ailing["Id"], "Timestamps": [], "Values": [], "StatusCode": self.status, "Messages": [message]}
        return {"MetricDataResults": [*(each for each in results if each is not ailing), first, last]}


@pytest.mark.parametrize(
    ("metric", "missing"),
    [
        ("NumberOfMessagesSent", "messages_per_second_avg"),
        ("NumberOfEmptyReceives", "idle_pollers"),
        ("ApproximateNumberOfMessagesDelayed", "delay_seconds"),
    ],
)
def test_a_metric_that_failed_is_no_metric_of_nothing(metric: str, missing: str) -> None:
    account = Ailing(metric, "InternalError")
    orders, mails = observe(account, list(account.urls.values()))
    assert missing not in {finding.question for finding in orders.findings}
    assert missing in {finding.question for finding in mails.findings}
    assert [(gap.code, gap.message) for gap in orders.gaps] == [
        ("no_answer", f"CloudWatch could not read {metric}: InternalError: try later.")
    ]
    assert not mails.gaps


def test_a_metric_that_came_in_parts_is_whole_with_the_last() -> None:
    account = Ailing("NumberOfEmptyReceives", "Complete")
    orders, mails = observe(account, list(account.urls.values()))
    assert (orders.findings, orders.gaps) == (mails.findings, ())


class Fed(Account):
    """A topic feeds the queue and the mail of somebody who has not confirmed that."""

    def _ListSubscriptions(self, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802 - named as AWS names its calls
        topic = "arn:aws:sns:us-east-1:123456789012:placed"
        queue = {"Endpoint": "arn:aws:sqs:us-east-1:123456789012:orders", "SubscriptionArn": f"{topic}:1"}
        mail = {"Endpoint": "me@example.com", "SubscriptionArn": "PendingConfirmation"}
        return {"Subscriptions": [{"TopicArn": topic, **each} for each in (queue, mail)]}

    def _GetSubscriptionAttributes(self, asked: Mapping[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {"Attributes": {}}


def test_who_has_not_confirmed_a_subscription_reads_nothing() -> None:
    account = Fed({"orders": 5.0})
    (orders,) = observe(account, list(account.urls.values()))
    assert [each.domain for each in orders.findings if each.question == "consumer_groups"] == [known(1.0)]


def test_the_text_has_a_table_by_money_and_one_by_risk_and_the_portfolio(tmp_path: Path) -> None:
    text = run(Account(RATES), tmp_path)
    money, risk, portfolio = (text.index(head) for head in ("By money", "By risk", "Portfolio"))
    assert money < risk < portfolio
    assert "sqs_standard" in text


def test_each_workload_is_counted_once_in_the_words_of_the_portfolio(tmp_path: Path) -> None:
    text = run(Account(RATES), tmp_path)
    assert "Cheapest: 4 on queues; together they do not pay" in text
    assert "Left out, for want of a rate or a price: 2." in text  # idle and gone-1
    text = run(Account(RATES), tmp_path, stated={"cloud": "gcp"})  # where there is no queue of AWS
    assert "Cheapest:" not in text
    assert "Neither a queue nor this cluster can take:\n  clicks\n  denied-1\n  mails\n  orders\nLeft out" in text


def test_rates_and_risks_are_written_without_an_exponent() -> None:
    row = Row(subject="clicks", option="sqs_standard", messages_per_second=20_000.0, risk_percent=1234.5, risk="age")
    text = fleet_text([row], None, 9)
    assert "  20,000  " in text
    assert "  1,234  " in text
    assert "e+0" not in text


def test_csv_has_a_line_for_each_and_json_the_answers_to_go_on_with(tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run(Account(RATES), tmp_path, format="csv"))))
    assert {row["subject"] for row in rows} == set(RATES)
    assert next(row for row in rows if row["subject"] == "orders")["messages_per_second"] == "900"
    report = json.loads(run(Account(RATES), tmp_path, format="json"))
    orders = next(each for each in report["workloads"] if each["subject"] == "orders")
    assert orders["answers"]["messages_per_second_avg"]["value"] == 900
    assert orders["answers"]["messages_per_second_avg"]["grade"] == "measured"
    placed = {each["subject"]: each["where"] for each in report["portfolio"]["placements"]}
    assert set(placed) == {"orders", "mails", "clicks", "denied-1"}


def test_what_is_not_known_to_get_any_messages_has_no_price(tmp_path: Path) -> None:
    report = json.loads(run(Account({"orders": 900.0, "idle": 0.0}), tmp_path, format="json"))
    usd = {each["subject"]: each["usd_now"] for each in report["workloads"]}
    assert usd["orders"]
    assert usd["idle"] is None
    assert json.loads(run(Account({"idle": 0.0}), tmp_path, format="json"))["portfolio"] is None


def test_no_cell_is_a_formula_and_numbers_stay_bare() -> None:
    problem = Problem(where="=1+1", code="gone", message="It is not there")
    row = Row(subject="\t=cmd", option="sqs_standard", now_usd=2.0, advised_usd=3.5, risk="@x", problems=(problem,))
    (cells,) = csv.DictReader(io.StringIO(fleet_csv([row]), newline=""))
    assert [cells[name] for name in ("subject", "risk", "usd_saved", "lead")] == ["'\t=cmd", "'@x", "-1.50", ""]
    assert cells["problems"].startswith("'=1+1: ")


def test_what_is_stated_for_all_is_kept_for_all(tmp_path: Path) -> None:
    mine = {"replay_needed": True, "messages_per_second_avg": 7}
    rows = list(csv.DictReader(io.StringIO(run(Account(RATES), tmp_path, format="csv", stated=mine))))
    assert "-" not in {row["messages_per_second"] for row in rows}
    assert {row["messages_per_second"] for row in rows if row["advised"]} == {"7"}
    assert all(row["advised"] != "sqs_standard" for row in rows)


def test_what_is_stated_against_what_is_observed_names_the_workload(tmp_path: Path) -> None:
    text = run(Account({"orders": 900.0, "mails": 2.0}), tmp_path, stated={"messages_per_second_avg": 7})
    assert "not observed: mails: messages_per_second_avg: messages_per_second_avg (7 messages/s) is above" in text


def test_the_answers_to_go_on_with_come_to_what_the_report_advises(tmp_path: Path) -> None:
    mine = {"replay_needed": True, "weight_cost": 9, "as_of": "2026-01-01"}
    (row,) = json.loads(run(Account({"orders": 900.0}), tmp_path, format="json", stated=mine))["workloads"]
    assert service.recommend(service.read_query(row["answers"])).option == row["advised"] != "sqs_standard"
    assert mine.items() <= row["answers"].items()


def test_a_queue_of_an_earlier_day_is_judged_by_what_a_call_took_then(tmp_path: Path) -> None:
    """Two of these messages fitted into a call, where ten do now: too many calls for one order."""
    sizes = {"message_size_bytes_avg": 100_000, "message_size_bytes_max": 200_000}
    mine = {**sizes, "ordering": "global", "batch_size": 10, "work_queue": True, "as_of": "2025-01-01"}
    (row,) = json.loads(run(Account({"orders": 900.0}), tmp_path, format="json", stated=mine))["workloads"]
    assert service.recommend(service.read_query(row["answers"])).option == row["advised"] != "sqs_fifo"


def test_where_kafka_runs_already_a_workload_costs_what_it_adds(tmp_path: Path) -> None:
    runs = {"existing_platforms": ["kafka"], "existing_kafka": "msk_provisioned", "spare_kafka_capacity": True}
    account, mine = Account({"orders": 900.0}), {"replay_needed": True, **runs}
    (row,) = json.loads(run(account, tmp_path, format="json", stated=mine))["workloads"]
    estimate = service.recommend(service.read_query(row["answers"])).verdict("msk_provisioned").estimate
    assert (row["advised"], row["usd_advised"]) == ("msk_provisioned", write_money(estimate.scored_usd))
    assert estimate.scored_usd < estimate.likely_usd
    assert row["is_added"]
    assert "what joins it costs what it adds" in run(account, tmp_path, stated=mine)


def test_what_a_workload_adds_is_no_price_where_another_region_has_to_say_it(tmp_path: Path) -> None:
    runs = {"existing_platforms": ["kafka"], "existing_kafka": "msk_provisioned", "spare_kafka_capacity": True}
    mine = {"replay_needed": True, "region": "ap-south-1", **runs}
    (row,) = json.loads(run(Account({"orders": 900.0}), tmp_path, format="json", stated=mine))["workloads"]
    estimate = service.recommend(service.read_query(row["answers"])).verdict("msk_provisioned").estimate
    assert (row["advised"], row["usd_advised"], row["is_added"]) == ("msk_provisioned", None, True)
    assert estimate.scored_usd > 0


def test_a_topic_runs_on_the_kafka_that_is_stated() -> None:
    topic = Observation(
        subject="orders",
        option="msk_provisioned",  # as far as its address tells
        findings=(
            Finding(
                question="existing_kafka",
                domain=Choices(values=("msk_provisioned", "msk_express")),
                window="now",
                source="the cluster's address",
            ),
            Finding(question="messages_per_second_avg", domain=known(900.0), window="168 h", source="offsets"),
        ),
    )
    rows = [observing.judge_observation(topic, mine)[0] for mine in ({}, {"existing_kafka": "msk_express"})]
    assert [row.option for row in rows] == ["msk_provisioned", "msk_express"]
    assert rows[0].now_usd != rows[1].now_usd
    (queue,) = observe(Account({"mails": 2.0}), list(Account({"mails": 2.0}).urls.values()))
    assert observing.judge_observation(queue, {"existing_kafka": "msk_express"})[0].option == "sqs_standard"


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    state, account = tmp_path / "state.ndjson", Account({f"q{number:02}": 1.0 for number in range(80)})

    def stopped(urls: Sequence[str]) -> Iterator[Observation]:
        for number, observation in enumerate(observe(account, urls)):
            if number == 50:
                raise KeyboardInterrupt
            yield observation

    given = {"format": "csv", "sort": "money", "top": 40, "limit": 5000, "state": state, "stated": {}, "output": None}
    with pytest.raises(KeyboardInterrupt):
        run_fleet(BaseCommand(), HEADER, account.urls, stopped, given)
    with state.open("a") as file:
        file.write('{"subject": "q50", "opt')  # torn in the middle of a line
    account.calls.clear()
    report = run(account, tmp_path, state=state, format="csv")
    assert account.calls["GetQueueAttributes"] == 30
    assert len(list(csv.DictReader(io.StringIO(report)))) == 80
    run(account, tmp_path, state=state)
    assert account.calls["GetQueueAttributes"] == 30  # by now everything is in the file


def test_what_is_told_from_the_state_file_is_counted(tmp_path: Path) -> None:
    state, account, first, again = tmp_path / "state.ndjson", Account({"orders": 5.0}), io.StringIO(), io.StringIO()
    run(account, tmp_path, first, state=state)
    run(account, tmp_path, again, state=state)
    assert "--state" not in first.getvalue()
    assert "1 of 1 are told as --state has them" in again.getvalue()


def test_what_may_go_better_another_time_is_asked_again(tmp_path: Path) -> None:
    state, account = tmp_path / "state.ndjson", Account({"orders": 5.0})
    slow = Observation(subject="orders", option="", gaps=(Problem(where="orders", code="throttled", message="later"),))
    state.write_text(f"{json.dumps(HEADER)}\n{json.dumps(write_observation(slow))}\n")
    assert ",5," in run(account, tmp_path, state=state, format="csv")


def test_without_credentials_no_other_queue_is_asked_and_the_next_run_asks_again(tmp_path: Path) -> None:
    state, account, asked = tmp_path / "state.ndjson", Account({"mails": 5.0, "orders": 5.0}), []
    expired = Problem(where="sqs", code="no_credentials", message="The credentials are not accepted.")

    def refused(urls: Sequence[str]) -> Iterator[Observation]:
        for name in account.urls:
            asked.append(name)
            yield Observation(subject=name, option="", gaps=(expired,))

    given = {"format": "csv", "sort": "money", "top": 40, "limit": 5000, "state": state, "stated": {}, "output": None}
    with pytest.raises(AnswersError, match="credentials"):
        run_fleet(BaseCommand(), HEADER, account.urls, refused, given)
    assert asked == ["mails"]
    assert run(account, tmp_path, state=state, format="csv").count(",5,") == 2


def test_a_record_with_what_ends_lines_elsewhere_is_read_again(tmp_path: Path) -> None:
    state, account = tmp_path / "state.ndjson", Account({"orders": 5.0})
    (seen,) = observe(account, list(account.urls.values()))
    tagged = replace(seen, figures=(Figure(name="tag team", value="shop\u2028floor 2\x85"),))
    state.write_text(f"{json.dumps(HEADER)}\n{json.dumps(write_observation(tagged), ensure_ascii=False)}\n")
    account.calls.clear()
    assert ",5," in run(account, tmp_path, state=state, format="csv")
    assert not account.calls


def test_a_report_that_cannot_be_written_is_not_lost(tmp_path: Path) -> None:
    out, account = io.StringIO(), Account({"orders": 900.0})
    given = {"format": "csv", "sort": "money", "top": 40, "limit": 5000, "state": None, "stated": {}}
    with pytest.raises(AnswersError, match="cannot be written: No such file or directory"):
        run_fleet(
            BaseCommand(stdout=out),
            HEADER,
            account.urls,
            lambda urls: observe(account, urls),
            given | {"output": tmp_path / "gone" / "report.csv"},
        )
    assert "orders,sqs_standard,900" in out.getvalue()


def test_a_state_file_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AnswersError, match=r"It cannot be read: File name too long\."):
        run(Account(RATES), tmp_path, state=tmp_path / ("a" * 300))


def test_a_state_of_another_run_is_refused(tmp_path: Path) -> None:
    state = tmp_path / "state.ndjson"
    state.write_text('{"observe": "kafka"}\n')
    with pytest.raises(AnswersError, match="another run"):
        run(Account(RATES), tmp_path, state=state)


def test_an_empty_state_file_is_begun(tmp_path: Path) -> None:
    state, account = tmp_path / "state.ndjson", Account({"orders": 5.0})
    state.touch()
    assert ",5," in run(account, tmp_path, state=state, format="csv")
    run(account, tmp_path, state=state)
    assert account.calls["GetQueueAttributes"] == 1


def test_no_more_than_the_limit_is_looked_at(tmp_path: Path) -> None:
    account, err = Account(RATES), io.StringIO()
    rows = list(csv.DictReader(io.StringIO(run(account, tmp_path, err, format="csv", limit=2))))
    assert (len(rows), account.calls["GetQueueAttributes"]) == (2, 2)
    assert f"Only the first 2 of {len(RATES)} are looked at" in err.getvalue()


def test_rows_are_ordered_by_what_they_save_and_by_what_is_near() -> None:
    account = Account(RATES)
    rows = [observing.judge_observation(each, {})[0] for each in observe(account, list(account.urls.values()))]
    saved = [row.saving_usd for row in by_money(rows) if row.saving_usd is not None]
    assert saved == sorted(saved, reverse=True)
    near = [row.risk_percent for row in by_risk(rows) if row.risk_percent is not None]
    assert near == sorted(near, reverse=True)
    assert len(near) >= 3


def test_of_what_saves_nothing_known_the_dearest_comes_first() -> None:
    usd = {"cheap": 1.0, "dear": 9.0, "unpriced": None}
    rows = [Row(subject=name, option="sqs_standard", now_usd=each) for name, each in usd.items()]
    assert [row.subject for row in by_money(rows)] == ["dear", "cheap", "unpriced"]


def test_a_risk_is_that_of_what_a_workload_runs_on_and_a_bill_with_a_gap_is_none() -> None:
    account = Account({"clicks": 4000.0})
    (observation,) = observe(account, list(account.urls.values()))
    stated = {"ordering": "global", "processing_seconds_avg": 0.00001, "region": "us-west-2"}
    row, judgement = observing.judge_observation(observation, stated)
    assert judgement is not None
    assert judgement.headrooms[0].used_percent > 100  # of a FIFO queue, which it does not run on
    assert row.risk == "retention_hours"
    assert row.risk_percent == pytest.approx(100 * 96 / 336)
    assert row.now_usd is None


def test_an_observed_risk_is_told_where_no_limit_is_closer() -> None:
    (observation,) = observe(Account({"mails": 0.1}), list(Account({"mails": 0.1}).urls.values()))
    risky = Observation(
        subject=observation.subject,
        option=observation.option,
        findings=observation.findings,
        risks=(Figure(name="oldest message over retention", value=99.0, unit="percent"),),
    )
    row, _ = observing.judge_observation(risky, {})
    assert (row.risk, row.risk_percent) == ("oldest message over retention", 99.0)


def test_observations_read_again_as_they_were_written() -> None:
    account = Account(RATES)
    for observation in observe(account, list(account.urls.values())):
        again = observing.read_record(json.loads(json.dumps(write_observation(observation))))
        assert write_observation(again)["answers"] == write_observation(observation)["answers"]
        assert (again.figures, again.risks, again.gaps) == (observation.figures, observation.risks, observation.gaps)
