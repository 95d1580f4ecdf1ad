"""What stands in the way of a better answer, said as warnings. Knows ranking, not reasons."""

from collections.abc import Collection, Iterator

from advisor.core.assume import ASSUMED, STATED
from advisor.core.domains import NOT_TOLD
from advisor.core.errors import Problem, problem_at
from advisor.core.pricing import ELSEWHERE, REFERENCE_REGION
from advisor.core.probes import Lab
from advisor.core.units import format_quantity
from advisor.core.workload import Workload

_ROUNDED = 0.95  # of a share: people write two digits of it
_MANY_WORKERS = 1_000  # from here on an assumed time decides the size of a cluster, and nobody would guess it


def find_gaps(lab: Lab, kept: Collection[str]) -> Iterator[Problem]:
    """What stands in the way of a better answer: answers that ask for another, and prices of the options that no hard
    limit rules out which are not all known."""
    workload = lab.workload
    if workload.running_kafka == NOT_TOLD:
        message = "Each Kafka is reckoned as added to the one that runs, which is of one kind only."
        yield problem_at("existing_kafka", "goes_with", message, "Say which Kafka runs.")
    for name in () if workload.running_kafka else ("existing_kafka", "spare_kafka_capacity"):
        if getattr(workload, name) and workload.grades[name] == STATED:
            message = "A Kafka cluster is reckoned with only where Kafka is among the platforms that run."
            yield problem_at(name, "goes_with", message, "Name kafka in existing_platforms.")
    if workload.hottest_key_messages_per_second > workload.messages_per_second_peak:
        message = "The busiest key alone has more messages a second than the peak that is assumed."
        yield problem_at("messages_per_second_peak", "goes_with", message, "Answer it, or the average.")
    yield from _busiest_key(workload)
    yield from _at_odds(workload)
    busy, seconds = workload.in_flight_messages, workload.processing_seconds_avg
    if busy >= _MANY_WORKERS and workload.grades["processing_seconds_avg"] == ASSUMED:
        message = (
            f"By the {format_quantity(seconds, 'seconds')} that are assumed, the peak keeps {busy:,.0f} workers busy; "
            "partitions, brokers and bills follow from that."
        )
        yield problem_at("processing_seconds_avg", "goes_with", message, "Answer it, if only as a range.")
    usd = lab.costs.all_usd(workload)
    if any(usd[option][1] == ELSEWHERE for option in kept):
        here, there = workload.region.replace("other", "this Region"), REFERENCE_REGION
        message = f"Some prices are not known in {here}; options are compared by those of {there}."
        yield problem_at("region", "not_priced", message, "Totals in which one is missing are marked partial.")


def _busiest_key(workload: Workload) -> Iterator[Problem]:
    """An even share of the peak is more than the busiest key is said to have; limits on one key would be overlooked."""
    name, peak = "hottest_key_messages_per_second", workload.messages_per_second_peak
    most = workload.hottest_key_messages_per_second * workload.ordering_keys
    if workload.ordering == "per-key" and workload.grades[name] == STATED and most < peak * _ROUNDED:
        together, at_peak = (format_quantity(rate, "messages/s") for rate in (most, peak))
        message = f"{workload.ordering_keys:,.0f} keys as busy as the busiest have {together}; the peak has {at_peak}."
        yield problem_at(name, "implausible", message, "Say its rate at the peak, and how many keys there are.")


def _at_odds(workload: Workload) -> Iterator[Problem]:
    """Answers that hardly go together; each still counts as it was given."""
    for word in sorted({*workload.existing_platforms} & {*workload.replacing}):
        message = f"{word} is said both to run and to be replaced, and counts as both."
        yield problem_at("replacing", "at_odds", message, "Leave it out of the platforms that stay, if all of it goes.")
    if workload.cloud not in ("aws", "multi"):
        in_aws = {"consumer_runtime": "lambda", "existing_kafka": "msk_"}
        for name in (name for name, start in in_aws.items() if getattr(workload, name).startswith(start)):
            message = "That runs in AWS, and the broker is to run elsewhere."
            yield problem_at(name, "at_odds", message, "If both are so, say multi for the cloud.")
