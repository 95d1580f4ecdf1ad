"""Published worked examples: ours reproduce, a wrong figure fails, and what we cannot price says why."""

from dataclasses import replace

import pytest

from advisor.core.examples import Checked, Example, check_examples
from advisor.rulebook.worked_examples import read_examples
from tests.core.pricing_facts import FACTS, real_facts

EXAMPLES = read_examples(FACTS.parent / "examples" / "worked-examples.yaml")


def check(example: Example) -> Checked:
    (checked,) = check_examples([example], real_facts()).examples
    return checked


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.id))
def test_a_published_example_reproduces_or_says_why_it_does_not_apply(example: Example) -> None:
    checked = check(example)
    assert checked.status in ("pass", "not_applicable"), checked
    if checked.status == "not_applicable":
        assert checked.reason


def test_most_published_examples_apply_to_our_options() -> None:
    report = check_examples(EXAMPLES, real_facts())
    assert (report.count("pass"), report.count("fail"), report.count("not_applicable")) == (62, 0, 10)


def test_only_neighbours_and_bare_formulas_do_not_apply() -> None:
    reasons = {check(example).reason for example in EXAMPLES} - {""}
    assert all("neighbour" in reason or "no figure" in reason or "no rule" in reason for reason in reasons), reasons


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: str(example.id))
def test_an_example_with_a_wrong_figure_fails(example: Example) -> None:
    checked = check(example)
    for output in checked.checks:
        if isinstance(output.expected, float) and "." not in output.output and output.expected:
            tolerance = float(example.tolerance) if example.tolerance[:1].isdigit() else 0.0
            wrong = {**example.outputs, output.output: output.expected * 1.1 + tolerance + 1}
            assert check(replace(example, outputs=wrong)).status == "fail"


def test_where_our_rule_is_another_on_purpose_the_example_says_so() -> None:
    differing = {example.id: check(example).differs for example in EXAMPLES if check(example).differs}
    assert "73,840.00" in differing["sqs-short-poll-10000-workers-10ms"]
    assert "0.023" in differing["msk-script-large-300mib"]


def example(about: str, inputs: dict[str, object], outputs: dict[str, object], **more: object) -> Example:
    return Example(id="unseen", about=about, inputs=inputs, outputs=outputs, **more)  # type: ignore[arg-type]


UNSEEN = (
    example("FIFO with a free tier", {"fifo_requests": 2_000_000, "free_tier_applied": True}, {"fifo_usd": 0.5}),
    example(
        "FIFO resource", {"queue": "fifo", "requests": 3_000_000, "request_size_kb": 65}, {"billed_requests": 6_000_000}
    ),
    example("Queue by bytes", {"message_bytes": 262_145, "api_calls": 3}, {"billed_requests": 15}),
    example(
        "Workers by Little's law",
        {"messages_per_second": 50, "processing_seconds": 0.25},
        {"in_flight": 12.5, "workers": 13},
    ),
    example(
        "MSK in Singapore",
        {"region": "ap-southeast-1", "brokers": 3, "instance": "kafka.m5.large", "hours": 730, "volume_gb": 100},
        {"brokers_usd": 575.97, "storage_usd": 36.0, "total_usd": 611.97},
    ),
    example(
        "MSK Serverless bill",
        {"hours": 730, "partitions": 60, "data_in_gib": 100, "data_out_gib": 200, "storage_gb": 50},
        {"cluster_usd": 547.5, "partitions_usd": 65.7, "in_usd": 10, "out_usd": 10, "total_usd": 638.2},
    ),
    example("EC2 by type", {"instances": 2, "hours": 100, "instance": "m7g.xlarge"}, {"monthly_usd": 32.64}),
    example(
        "gp3 volume", {"volume_gb": 100, "throughput_mb_s": 225, "iops": 4000}, {"storage_usd": 8, "monthly_usd": 17}
    ),
    example(
        "SNS FIFO with two subscriptions",
        {"requests": 2_000_000, "request_size_kb": 10, "subscriptions": 2},
        {"requests_usd": 0.6, "payload_gb": 20, "payload_usd": 0.34, "subscription_usd": 0.04},
    ),
    example("Lambda only", {"memory_mb": 512, "invocations_per_day": 1000, "avg_seconds": 2}, {"gb_seconds": 30_000}),
    example("Express by rate", {"ingress_mb_s": 100, "egress_mb_s": 100, "size": "express.m7g.xlarge"}, {"brokers": 6}),
    example(
        "A month of messages",
        {"messages_per_month": 1e8, "requests_per_message": 3},
        {"requests": 3e8, "monthly_usd": 120},
    ),
    example(
        "FIFO at a price",
        {"requests": 3e6, "free_requests": 1e6, "price_per_million": 0.5},
        {"paid_requests": 2e6, "monthly_usd": 1},
    ),
    example(
        "A backlog", {"backlog": 36_000, "consume_per_second": 30, "produce_per_second": 10}, {"drain_minutes": 30}
    ),
    example(
        "A week on disk",
        {"write_mib_s": 1, "retention_days": 7, "replication_factor": 3},
        {"one_copy_gb": 590.625, "total_gb": 1771.875},
    ),
    example(
        "MSK by what the bill calls GB-months",
        {"brokers": 3, "instance": "kafka.m5.large", "hours": 744, "storage_gb_months": 1552.5},
        {"brokers_usd": 468.72, "storage_usd": 155.25, "total_usd": 623.97},
    ),
    example(
        "MSK Express: hours, what is written and what is kept",
        {"brokers": 3, "instance": "express.m7g.large", "hours": 744, "data_in_gb": 1000, "storage_gb": 500},
        {"brokers_usd": 910.66, "data_in_usd": 10, "storage_usd": 50, "total_usd": 970.66},
    ),
    example(
        "Tiered storage in Singapore",
        {"region": "ap-southeast-1", "tiered_gb": 1000, "retrieval_gb": 100},
        {"tiered_usd": 65.2, "retrieval_usd": 0.18, "total_usd": 65.38},
    ),
    example("Serverless partitions alone", {"partitions": 10, "hours": 730}, {"partitions_usd": 10.95}),
    example(
        "Partitions by whatever the rates are called",
        {"target_mb_s": 100, "produce_mb_s_per_partition": 10, "consume_mb_s_per_partition": 20},
        {"partitions": 10},
    ),
    example(
        "Ten Kafka mappings that share their poller units, by the guide of AWS Lambda",
        {"mappings": 10, "pollers_per_mapping": 1, "pollers_per_epu": 10, "hours": 720, "epu_price": 0.185},
        {"epu": 1, "total_usd": 133.2},
    ),
    example(
        "Ten Kafka mappings, each with a poller unit of its own",
        {"mappings": 10, "pollers_per_mapping": 1, "hours": 720},
        {"epu": 10, "epu_usd": 1332},
    ),
    example(
        "Hidden for six function timeouts and the window",
        {"function_timeout_seconds": 30, "batching_window_seconds": 5},
        {"visibility_timeout_seconds": 185},
    ),
    example("Endpoint in three zones", {"endpoints": 2, "azs": 3, "hours": 730}, {"monthly_usd": 43.8}),
)


@pytest.mark.parametrize("unseen", UNSEEN, ids=lambda unseen: str(unseen.about))
def test_an_unseen_example_of_a_known_kind_is_read_by_its_shape(unseen: Example) -> None:
    checked = check(unseen)
    assert checked.status == "pass", checked


def test_an_unknown_kind_is_not_applicable_and_names_its_inputs() -> None:
    checked = check(example("Something else", {"moons": 3}, {"tides_usd": 1}))
    assert checked.status == "not_applicable"
    assert "moons" in checked.reason


def test_an_example_that_leaves_out_what_its_kind_needs_says_so_and_stops_no_other() -> None:
    bare = example("Partitions", {"target_mb_s": 100}, {"partitions": 10})
    still = example("Received by nobody", {"receive_latency_ms": 0, "messages_per_receive": 10}, {"a_second": 1})
    report = check_examples([bare, still, UNSEEN[0]], real_facts())
    assert [checked.status for checked in report.examples] == ["not_applicable", "not_applicable", "pass"]
    assert "what one partition carries" in report.examples[0].reason


def test_a_price_we_do_not_have_is_a_failure_and_not_zero() -> None:
    checked = check(example("Far away", {"region": "mars-1", "standard_requests": 1e6}, {"standard_usd": 0.0}))
    assert checked.status == "fail"
    assert checked.checks[0].got is None
