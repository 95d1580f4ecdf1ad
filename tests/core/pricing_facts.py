"""The real facts, and a plain workload to vary, for tests of sizing and price."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from advisor.core.errors import Problem
from advisor.core.facts import Fact, Facts
from advisor.core.workload import Workload
from advisor.rulebook.fact_entries import read_fact
from advisor.rulebook.nodes import Reading

FACTS = Path(__file__).resolve().parents[2] / "rules" / "facts"
PLAIN: dict[str, Any] = {
    "work_queue": True,
    "consumer_groups": 1.0,
    "replay_needed": False,
    "retention_hours": 96.0,
    "ordering": "none",
    "ordering_keys": 1000.0,
    "hottest_key_messages_per_second": 1.0,
    "delivery": "at-least-once",
    "messages_per_second_avg": 10.0,
    "messages_per_second_peak": 30.0,
    "message_size_bytes_avg": 2000.0,
    "message_size_bytes_max": 20000.0,
    "processing_seconds_avg": 0.5,
    "processing_seconds_max": 5.0,
    "slow_or_uneven_work": False,
    "per_message_retry_or_dlq": True,
    "delay_seconds": 0.0,
    "priority_needed": False,
    "latency_ms_target": 1000.0,
    "stream_processing": False,
    "content_routing": False,
    "schema_contracts": False,
    "isolation_units": 1.0,
    "idle_or_bursty": False,
    "inspect_queue": False,
    "transactional_outbox": False,
    "cloud": "aws",
    "portability_needed": False,
    "multi_region": "none",
    "minimal_setup": False,
    "ops_tolerance": "low",
    "team_size": 5.0,
    "existing_platforms": (),
    "existing_kafka": "unknown",
    "replacing": (),
    "integrations": (),
    "compliance": (),
    "budget_usd_per_month": 1000.0,
    "cost_sensitive": False,
    "region": "us-east-1",
    "growth_percent_per_month": 0.0,
    "planning_horizon_months": 24.0,
    "batch_size": 1.0,
    "outage_hours": 2.0,
    "operating_hours_per_month": 20.0,
    "engineer_usd_per_hour": 80.0,
    "use_free_tier": False,
    "idle_pollers": 0.0,
    "consumer_runtime": "containers",
    "availability_zones": 3.0,
    "compression_ratio": 1.0,
    "peak_hours_per_day": 4.0,
    "spare_kafka_capacity": False,
    "nothing_else": False,
}


@cache
def real_facts() -> Facts:
    """All facts of rules/facts, whatever state the rules beside them are in."""
    problems: list[Problem] = []
    found: dict[str, Fact] = {}
    for path in sorted(FACTS.glob("*.yaml")):
        reading = Reading(name=path.name, problems=problems)
        for node in reading.items(reading.open(path)):
            fact = read_fact(reading, node)
            assert fact is not None, problems
            found[fact.id] = fact
    assert not problems, problems
    return Facts(found)


def plain_workload(**answers: Any) -> Workload:
    """A small steady workload on AWS, with some answers replaced."""
    return Workload(**{**PLAIN, **answers})


def facts_with(fact: str, *at: str, kind: str) -> Facts:
    """The real facts with one cell from another kind of source."""
    facts = real_facts()
    quote = facts[fact].cells[at]
    changed = replace(quote, source=replace(quote.source, kind=kind))
    return Facts({**facts, fact: replace(facts[fact], cells={**facts[fact].cells, at: changed})})
