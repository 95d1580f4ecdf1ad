"""The hall of the command line alone: reading live queues and clusters, which no door of the server may ask for.

Knows no terminal. It stands apart from the service so that an import shows who can reach a network (pyproject.toml).
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from advisor.core.answers import read_answers
from advisor.core.errors import AnswersError, Problem
from advisor.core.fleet import Judgement, Row, judge, make_row, read_observation
from advisor.core.observation import Difference, Observation, find_differences, fit, merge
from advisor.core.options.shared_cluster import assign_fleet
from advisor.core.portfolio import Portfolio
from advisor.core.recommendation import KAFKA
from advisor.core.workload import Workload
from advisor.observe.aws import must_read, open_aws, write_policy
from advisor.observe.kafka import Plan, find_topics
from advisor.observe.kafka import observe_topics as observe_topics_of
from advisor.observe.kafka_access import KafkaAccess, open_cluster
from advisor.observe.prices import open_price_list, read_prices
from advisor.observe.propose import Proposal, propose
from advisor.observe.sqs import find_queues, make_window, observe_many, observe_one
from advisor.service import find_folder, get_rulebook, get_rulebook_of, read_query, read_workload

__all__ = (  # the doors may name these two types, which are made further down
    "KafkaAccess",
    "Plan",
    "assign_portfolio",
    "find_observed_differences",
    "judge_observation",
    "list_queues",
    "list_topics",
    "longest_window_hours",
    "merge_observed",
    "observe_queue",
    "observe_queues",
    "observe_topics",
    "propose_prices",
    "read_record",
    "write_queue_policy",
)
_LONG_POLL = "sqs_long_poll_seconds_max"


def longest_window_hours() -> int:
    """How far back CloudWatch has counts at all."""
    return int(get_rulebook().facts.number("cloudwatch_hours_kept_hours"))


def _kept_hours() -> tuple[float, float]:
    facts = get_rulebook().facts
    return facts.number("cloudwatch_minutes_kept_hours"), facts.number("cloudwatch_five_minutes_kept_hours")


def observe_queue(region: str, url: str, hours: int, now: datetime, endpoint_url: str | None) -> Observation:
    """One queue by its address; raises AnswersError when it is not there or cannot be reached."""
    aws = open_aws(region, endpoint_url)
    return _fit(observe_one(aws, url, make_window(hours, now, _kept_hours()), get_rulebook().facts.number(_LONG_POLL)))


def list_queues(region: str, prefix: str, endpoint_url: str | None = None) -> tuple[str, ...]:
    """The addresses of the queues whose names start so; raises AnswersError when they cannot be listed."""
    return find_queues(open_aws(region, endpoint_url), prefix)


def observe_queues(
    region: str, urls: Sequence[str], hours: int, now: datetime, endpoint_url: str | None = None
) -> Iterator[Observation]:
    """Many queues, in order; what cannot be read is a gap of its own queue and stops no other."""
    window = make_window(hours, now, _kept_hours(), is_fleet=True)
    poll = get_rulebook().facts.number(_LONG_POLL)
    return map(_fit, observe_many(open_aws(region, endpoint_url), urls, window, poll))


def write_queue_policy(region: str, url: str, prefix: str) -> dict[str, object]:
    """The least-privilege policy for one queue, those whose names start so, or all."""
    account, _, name = url.rstrip("/").rpartition("/")
    return write_policy(region, account.rpartition("/")[2] or "*", name or f"{prefix}*")


def observe_topics(access: KafkaAccess, names: Sequence[str], plan: Plan) -> Iterator[Observation]:
    """Topics by their names, in order; raises AnswersError when the cluster cannot be reached."""
    with open_cluster(access) as cluster:
        yield from map(_fit, observe_topics_of(cluster, names, plan, access.bootstrap_servers))


def list_topics(access: KafkaAccess, prefix: str) -> tuple[str, ...]:
    """The topics whose names start so, without Kafka's own; raises AnswersError when they cannot be listed."""
    with open_cluster(access) as cluster:
        return find_topics(cluster, prefix)


def propose_prices(region: str, checked: date, *, confirm: bool = False) -> Proposal:
    """A change of rules/facts that the AWS price list calls for, as a diff, read with the asker's credentials.

    Raises AnswersError when the list cannot be read or has nothing of that Region.
    """
    found = must_read("pricing:GetProducts", lambda: read_prices(open_price_list(), region))
    if not found:
        message, hint = f"The price list has no price of ours in “{region[:40]}”.", "Write it as eu-west-1."
        raise AnswersError(Problem(where="--region", code="nothing_found", message=message, hint=hint))
    return propose(find_folder("rules") / "facts", found, checked, confirm=confirm)


def merge_observed(observation: Observation, given: Mapping[str, object]) -> dict[str, object]:
    """Raw answers with what was observed put in where nothing was stated; raises AnswersError for bad ones."""
    return merge(given, _read(given), observation, get_rulebook().questions)


def find_observed_differences(observation: Observation, given: Mapping[str, object]) -> tuple[Difference, ...]:
    """Where what was stated cannot be what was observed."""
    return tuple(find_differences(_read(given), observation, get_rulebook().questions))


def read_record(record: Mapping[str, object]) -> Observation:
    """An observation that was written as plain values; raises AnswersError for anything else."""
    return read_observation(record, get_rulebook().questions)


def judge_observation(observation: Observation, given: Mapping[str, object]) -> tuple[Row, Judgement | None]:
    """Who wins for one of many, `given` stated for all of them; its problems where nothing can be said."""
    if not observation.findings:
        return make_row(observation, None), None
    try:
        query = read_query(merge_observed(observation, given))
        workload = read_workload(query)
    except AnswersError as error:
        named = (replace(each, where=f"{observation.subject}: {each.where}") for each in error.problems)
        return make_row(observation, None, named), None
    judgement = judge(workload, get_rulebook_of(query), query.weights)
    return make_row(_name_kafka(observation, workload), judgement), judgement


def _name_kafka(observation: Observation, workload: Workload) -> Observation:
    """With the kind of Kafka that is stated: no address tells brokers of MSK Express from Standard ones."""
    told, options = workload.existing_kafka, get_rulebook().options
    kafka = {name for name, option in options.items() if option.family == KAFKA}
    return replace(observation, option=told) if {observation.option, told} <= kafka else observation


def assign_portfolio(members: Sequence[tuple[str, Judgement]]) -> Portfolio | None:
    """The cheapest assignment of all together whose rates are known, in the Region that most of them name; None where
    none is priced."""
    rated = [(name, judgement) for name, judgement in members if judgement.is_rated]
    regions = Counter(judgement.workload.region for _, judgement in rated)
    region = min(regions, key=lambda name: (-regions[name], name), default="")
    return assign_fleet(rated, region, get_rulebook().facts) if region else None


def _read(given: Mapping[str, object]) -> Workload:
    return read_answers(read_query(given).answers, get_rulebook().questions)


def _fit(observation: Observation) -> Observation:
    return fit(observation, get_rulebook().questions)
