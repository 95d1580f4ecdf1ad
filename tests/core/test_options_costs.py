"""More load never costs less, whatever the option, and every line multiplies out."""

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from advisor.core.broker_needs import express_fleet, standard_fleet
from advisor.core.brokers import EXPRESS_PARTITIONS, STANDARD_PARTITIONS, Sizes, sizes_of
from advisor.core.costs import Costs
from advisor.core.facts import Facts
from advisor.core.options import OPTIONS, estimate, monthly_usd
from advisor.core.options._kafka import demand, read_stream
from advisor.core.pricing import PRICED, total_usd
from advisor.core.quantities import LIGHTENING
from advisor.core.workload import Workload
from tests.core.pricing_facts import plain_workload, real_facts
from tests.examples import tries

SPANS: dict[str, tuple[float, float]] = {
    "consumer_groups": (1, 30),
    "retention_hours": (0, 9000),
    "ordering_keys": (1, 1e6),
    "hottest_key_messages_per_second": (0, 1e4),
    "messages_per_second_avg": (0, 300_000),
    "messages_per_second_peak": (0, 900_000),
    "message_size_bytes_avg": (1, 1_500_000),
    "message_size_bytes_max": (1, 8_000_000),
    "processing_seconds_avg": (0.001, 600),
    "processing_seconds_max": (0.001, 40_000),
    "delay_seconds": (0, 90_000),
    "latency_ms_target": (1, 60_000),
    "isolation_units": (1, 5000),
    "team_size": (1, 50),
    "budget_usd_per_month": (0, 1e6),
    "growth_percent_per_month": (0, 20),
    "planning_horizon_months": (0, 60),
    "batch_size": (1, 10),
    "outage_hours": (0, 200),
    "operating_hours_per_month": (0, 160),
    "engineer_usd_per_hour": (0, 300),
    "idle_pollers": (0, 500),
    "availability_zones": (1, 3),
    "compression_ratio": (1, 10),
    "peak_hours_per_day": (0, 24),
}


@cache
def _numbers(low: float, high: float) -> st.SearchStrategy[float]:
    spread = st.floats(-6, 6).map(lambda power: min(high, max(low, low + 10**power)))
    return st.one_of(st.floats(low, high), spread, st.sampled_from((low, high)))


_CHOICES: dict[str, tuple[Any, ...]] = {
    "ordering": ("none", "per-key", "global"),
    "delivery": ("at-least-once", "exactly-once"),
    "replay_needed": (False, True),
    "cloud": ("aws", "gcp", "on-prem"),
    "region": ("us-east-1", "eu-west-1", "ap-southeast-1"),
    "use_free_tier": (False, True),
    "existing_platforms": ((), ("kafka",)),
    "existing_kafka": ("unknown", *OPTIONS),
    "spare_kafka_capacity": (False, True),
    "integrations": ((), ("share-groups",), ("log-compaction",)),
}
WORKLOADS = st.fixed_dictionaries(
    {name: _numbers(*span) for name, span in SPANS.items()}
    | {name: st.sampled_from(choices) for name, choices in _CHOICES.items()}
).map(lambda answers: plain_workload(**answers))


def _scored(option: str, workload: Workload) -> float:
    """What lacks a price everywhere counts as dearer than all else."""
    return monthly_usd(option, workload, real_facts())[0]


@pytest.mark.parametrize("option", OPTIONS)
@settings(max_examples=tries(30))
@given(data=st.data())
def test_more_load_never_costs_less(option: str, data: st.DataObject) -> None:
    workload = data.draw(WORKLOADS)
    name = data.draw(st.sampled_from(sorted(SPANS)))
    changed = replace(workload, **{name: data.draw(_numbers(*SPANS[name]))})  # type: ignore[arg-type]
    less, more = sorted((workload, changed), key=lambda given: getattr(given, name), reverse=name in LIGHTENING)
    assert _scored(option, less) <= _scored(option, more) * (1 + 1e-9) + 1e-9


SWEPT = (
    "consumer_groups",
    "retention_hours",
    "messages_per_second_avg",
    "messages_per_second_peak",
    "message_size_bytes_avg",
    "processing_seconds_avg",
    "batch_size",
    "isolation_units",
    "outage_hours",
    "availability_zones",
    "compression_ratio",
)
LARGE = {"messages_per_second_avg": 900.0, "messages_per_second_peak": 4000.0, "message_size_bytes_avg": 43_000.0}


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize("name", SWEPT)
def test_a_number_that_rises_step_by_step_never_saves_at_any_step(option: str, name: str) -> None:
    low, high = SPANS[name]
    points = [low * (high / low) ** (step / 60) if low else high * step / 60 for step in range(61)]
    for workload in (plain_workload(batch_size=10.0), plain_workload(**LARGE)):
        at = [_scored(option, replace(workload, **{name: point})) for point in points]  # type: ignore[arg-type]
        rising = at[::-1] if name in LIGHTENING else at
        for was, now in pairwise(rising):
            assert was <= now * (1 + 1e-9)


@settings(max_examples=tries(50))
@given(data=st.data())
def test_more_load_never_needs_fewer_brokers_of_a_type(data: st.DataObject) -> None:
    workload = data.draw(WORKLOADS)
    name = data.draw(st.sampled_from(sorted(SPANS)))
    changed = replace(workload, **{name: data.draw(_numbers(*SPANS[name]))})  # type: ignore[arg-type]
    less, more = sorted((workload, changed), key=lambda given: getattr(given, name), reverse=name in LIGHTENING)
    for option, prefix in (("msk_provisioned", "broker_hours"), ("kafka_self_managed", "machine_hours")):
        before, after = (
            {name: value for name, value in OPTIONS[option].bill(given, real_facts()) if name.startswith(prefix)}
            for given in (less, more)
        )
        assert all(after[size] >= before[size] for size in before.keys() & after.keys())


@pytest.mark.parametrize("option", OPTIONS)
@settings(max_examples=tries(15))
@given(workload=WORKLOADS)
def test_every_line_multiplies_out_and_the_total_is_their_sum(option: str, workload: Workload) -> None:
    made = estimate(option, workload, real_facts())
    for line in (*made.lines, *(made.marginal_lines or ())):
        if line.unit_price_usd is None:
            assert line.amount_usd is None
            assert made.is_partial
        else:
            assert line.amount_usd == line.quantity * line.unit_price_usd
    assert made.likely_usd == total_usd(made.lines)
    if made.scored_by == PRICED:
        assert made.scored_usd == total_usd(made.lines if made.marginal_lines is None else made.marginal_lines)


def test_a_missing_price_makes_no_heavier_load_look_cheaper() -> None:
    """Beyond Confluent's Enterprise clusters there is no price; growth leads there, and so does the heaviest load."""
    light = plain_workload(
        messages_per_second_peak=1_900_000.0, message_size_bytes_avg=1000.0, processing_seconds_avg=0.001
    )
    heavy = replace(light, messages_per_second_peak=1_930_000.0)
    grown = replace(light, growth_percent_per_month=20.0, planning_horizon_months=12.0)
    made = estimate("confluent_cloud", grown, real_facts(), (light, heavy))
    assert made.is_partial
    assert made.low_usd <= made.likely_usd <= min(made.high_usd, made.horizon_usd)


FELT_BY_BROKERS = (
    "compression_ratio",
    "consumer_groups",
    "growth_percent_per_month",
    "message_size_bytes_avg",
    "messages_per_second_peak",
    "processing_seconds_avg",
    "retention_hours",
)
BROKER_TABLES = (("standard", STANDARD_PARTITIONS, standard_fleet), ("express", EXPRESS_PARTITIONS, express_fleet))


@pytest.mark.parametrize(("kind", "table", "make"), BROKER_TABLES, ids=("standard", "express"))
@settings(max_examples=tries(30))
@given(data=st.data())
def test_more_load_never_needs_fewer_brokers_of_any_size(kind: str, table: str, make: Any, data: st.DataObject) -> None:
    """Each size by itself, whichever is the cheapest; the same tier of storage, as tiering moves load off the disks."""
    facts, workload = real_facts(), data.draw(WORKLOADS)
    sizes = Sizes(utilization=facts.number("msk_sizing_utilization", kind), partitions=table, pays_throughput=True)
    name = data.draw(st.sampled_from(FELT_BY_BROKERS))
    changed = replace(workload, **{name: data.draw(_numbers(*SPANS[name]))})  # type: ignore[arg-type]
    less, more = sorted((workload, changed), key=lambda given: getattr(given, name), reverse=name in LIGHTENING)
    light, heavy = (demand(read_stream(given, facts), facts) for given in (less, more))
    own = "express." if kind == "express" else "kafka."
    for size in (
        size for size in sizes_of(table, facts, own) if size != "kafka.t3.small"
    ):  # no throughput is published
        assert make(size, light, sizes, facts).brokers <= make(size, heavy, sizes, facts).brokers


STEPPED = ("broker_hours", "machine_hours", "throughput_", "volume_mib", "serverless_partition", "confluent_unit")


@pytest.mark.parametrize("option", OPTIONS)
@settings(max_examples=tries(25))
@given(workload=WORKLOADS)
def test_cost_jumps_only_where_brokers_partitions_or_units_do(option: str, workload: Workload) -> None:
    """Over the rate; the size of a message steps at each 64 KiB too."""
    near = replace(workload, messages_per_second_avg=workload.messages_per_second_avg * (1 + 1e-9))
    (here, there) = (dict(OPTIONS[option].bill(given, real_facts())) for given in (workload, near))
    stepped = [name for name in here if name.startswith(STEPPED)]
    if all(here[name] == there.get(name) for name in stepped):
        assert _scored(option, near) == pytest.approx(_scored(option, workload), rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("option", OPTIONS)
def test_an_estimate_prices_exactly_what_its_sizing_says(option: str) -> None:
    model, workload = OPTIONS[option], plain_workload()
    assert model.size(workload, real_facts()).quantities == model.bill(workload, real_facts())


@pytest.mark.parametrize("option", OPTIONS)
def test_every_fact_that_a_step_names_exists(option: str) -> None:
    lambda_workload = plain_workload(consumer_runtime="lambda", ordering="per-key", retention_hours=2000.0)
    steps = OPTIONS[option].size(lambda_workload, real_facts()).steps
    assert {fact for step in steps for fact in step.facts} <= set(real_facts())


@pytest.mark.parametrize("option", OPTIONS)
@settings(max_examples=tries(20))
@given(data=st.data())
def test_choices_that_the_cost_is_said_not_to_read_do_not_move_it(option: str, data: st.DataObject) -> None:
    workload = data.draw(WORKLOADS)
    free = {
        "ordering": ("none", "per-key", "global"),
        "delivery": ("at-least-once", "exactly-once"),
        "replay_needed": (True, False),
        "cloud": ("aws", "gcp", "azure", "on-prem", "multi"),
        "region": ("us-east-1", "eu-west-1", "ap-southeast-1"),
        "use_free_tier": (True, False),
        "consumer_runtime": ("lambda", "containers"),
        "existing_platforms": ((), ("kafka",), ("postgres",)),
        "existing_kafka": ("unknown", "msk_provisioned", "other"),
        "spare_kafka_capacity": (True, False),
        "integrations": ((), ("share-groups",), ("log-compaction",), ("connectors",)),
        "work_queue": (True, False),
    }
    for name in free.keys() - set(OPTIONS[option].reads):
        changed = replace(workload, **{name: data.draw(st.sampled_from(free[name]))})  # type: ignore[arg-type]
        assert monthly_usd(option, changed, real_facts()) == monthly_usd(option, workload, real_facts())


@pytest.mark.parametrize("option", OPTIONS)
@settings(max_examples=tries(20))
@given(
    workload=WORKLOADS,
    platforms=st.lists(st.sampled_from(("kafka", "sqs", "rabbitmq", "postgres")), unique=True).map(tuple),
)
def test_of_the_platforms_a_bill_looks_for_kafka_only(
    option: str, workload: Workload, platforms: tuple[str, ...]
) -> None:
    ways = platforms, tuple({"kafka"}.intersection(platforms))
    one, other = (monthly_usd(option, replace(workload, existing_platforms=way), real_facts()) for way in ways)
    assert one == other


@settings(max_examples=tries(20))
@given(workload=WORKLOADS, words=st.lists(st.sampled_from(("share-groups", "log-compaction", "flink"))).map(tuple))
def test_of_the_integrations_a_bill_looks_for_share_groups_only(workload: Workload, words: tuple[str, ...]) -> None:
    ways = words, tuple({"share-groups"}.intersection(words))
    one, other = (_scored("confluent_cloud", replace(workload, integrations=way)) for way in ways)
    assert one == other


@pytest.mark.parametrize("option", OPTIONS)
@settings(max_examples=tries(20))
@given(data=st.data())
def test_numbers_that_the_cost_is_said_not_to_read_do_not_move_it(option: str, data: st.DataObject) -> None:
    workload = data.draw(WORKLOADS)
    for name in SPANS.keys() - set(OPTIONS[option].numbers):
        changed = replace(workload, **{name: data.draw(_numbers(*SPANS[name]))})  # type: ignore[arg-type]
        assert monthly_usd(option, changed, real_facts()) == monthly_usd(option, workload, real_facts())


def test_what_is_remembered_of_bills_is_right_and_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("advisor.core.costs.REMEMBERED", 5)
    facts = Facts(real_facts())
    for rate in (1.0, 20.0, 300.0, 1.0):
        workload = plain_workload(messages_per_second_avg=rate)
        asked = Costs(facts).all_usd(workload)
        assert {option: asked[option] for option in OPTIONS} == {
            option: monthly_usd(option, workload, facts) for option in OPTIONS
        }
    assert 0 < len(facts.remember("bills", dict)) <= 5


def test_development_brokers_are_sized_and_never_chosen() -> None:
    workload = replace(plain_workload(), messages_per_second_avg=1.0, messages_per_second_peak=1.0)
    found = estimate("msk_provisioned", workload, real_facts()).sizing

    sized = next(step for step in found.steps if step.id == "brokers_kafka.t3.small")
    assert sized.value == 3
    assert "msk_standard_network_bytes_per_second_max" in sized.facts
    assert not any(name.endswith("t3.small") for name, _ in found.quantities)
