"""Runs published worked examples through our own arithmetic and says which of them it reproduces.

An example is read by the shape of its inputs, never by its id. Knows no file.
"""

from collections.abc import Iterable, Mapping

from advisor.core.examples._compare import compare
from advisor.core.examples._confluent import ADAPTERS as CONFLUENT
from advisor.core.examples._kafka import ADAPTERS as KAFKA
from advisor.core.examples._msk import ADAPTERS as MSK
from advisor.core.examples._queues import ADAPTERS as QUEUES
from advisor.core.examples._topics import ADAPTERS as TOPICS
from advisor.core.examples._transfer import ADAPTERS as TRANSFER
from advisor.core.examples._values import Adapter, Checked, Example, ExamplesReport, Inputs
from advisor.core.facts import Facts

ADAPTERS: tuple[Adapter, ...] = (*QUEUES, *TOPICS, *MSK, *KAFKA, *CONFLUENT, *TRANSFER)
NEIGHBOURS: Mapping[str, tuple[str, ...]] = {
    "Kinesis": ("kinesis",),
    "EventBridge": ("eventbridge",),
    "Amazon MQ": ("amazon mq", "rabbitmq", "activemq"),
    "Pub/Sub": ("pub/sub",),
    "Service Bus": ("service bus",),
    "NATS": ("nats", "jetstream"),
    "Redis": ("redis", "elasticache"),
}

__all__ = ["Checked", "Example", "ExamplesReport", "check_examples"]


def check_examples(examples: Iterable[Example], facts: Facts) -> ExamplesReport:
    """Every example as pass, fail or not applicable, with expected, got and the difference."""
    return ExamplesReport(examples=tuple(_check(example, facts) for example in examples))


def _check(example: Example, facts: Facts) -> Checked:
    reason = _why_not(example)
    if reason:
        return Checked(example=example, status="not_applicable", reason=reason)
    inputs, names = Inputs(example=example, facts=facts), ", ".join(sorted(example.inputs))
    adapter = next((adapter for adapter in ADAPTERS if adapter.reads(inputs)), None)
    if adapter is None:
        return Checked(example=example, status="not_applicable", reason=f"no rule of ours reads these inputs: {names}")
    try:
        return compare(example, adapter.run(inputs))
    except (ArithmeticError, LookupError, ValueError) as error:
        reason = f"our rule for this kind needs more than {names} ({error})"
        return Checked(example=example, status="not_applicable", reason=reason)


def _why_not(example: Example) -> str:
    """Why an example says nothing about our options; empty when it may."""
    words = f"{example.id} {example.about}".lower().replace("-", " ")
    for service, marks in NEIGHBOURS.items():
        if any(f" {mark}" in f" {words}" for mark in marks):
            return f"{service} is a neighbour that we name and do not price"
    if not example.reproduces:
        return "the source gives no figure that its own inputs reproduce"
    return ""
