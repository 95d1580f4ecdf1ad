"""What readings of a topic mean, without a cluster: no group and no record, or some that may not be read."""

from collections.abc import Mapping
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from kafka import TopicPartition
from kafka.errors import GroupAuthorizationFailedError, KafkaTimeoutError

from advisor.core.domains import Choices, Interval, known
from advisor.core.errors import Problem
from advisor.core.observation import Observation
from advisor.observe import kafka
from advisor.observe.groups import read_groups as read_groups_of
from advisor.observe.kafka_access import Cluster
from advisor.observe.series import HOUR, Rates
from advisor.observe.topic import Group, Sampled, TopicReadings, interpret_topic

BEHIND = TopicReadings(
    name="orders",
    bootstrap_servers="b:9092",
    partitions=1,
    replicas=3,
    in_sync=3,
    racks=3,
    config={"retention.ms": str(720 * 3_600_000), "cleanup.policy": "delete"},
    retained=(300,),
    past=Rates(seconds=168 * HOUR, period=HOUR, counts=(36.0,) * 168),
    groups=(Group(name="mails", lag=5),),
)
OLD = Rates(seconds=168 * HOUR, period=HOUR, counts=(0.0,) * 168)


def risks_of(readings: TopicReadings) -> dict[str, Any]:
    return {risk.name: risk.value for risk in interpret_topic(readings, ()).risks}


def answer(observation: Observation, question: str) -> Any:
    return next((finding.domain for finding in observation.findings if finding.question == question), None)


@pytest.mark.parametrize(
    ("address", "kinds", "option"),
    [
        ("boot-abc.c1.kafka-serverless.eu-west-1.amazonaws.com:9098", ["msk_serverless"], "msk_serverless"),
        ("b-1.x.y.c1.kafka.eu-west-1.amazonaws.com:9098", ["msk_provisioned", "msk_express"], "msk_provisioned"),
        ("pkc-1.eu-west-1.aws.confluent.cloud:9092", ["confluent_cloud"], "confluent_cloud"),
        ("kafka.example.com:9092", None, "kafka_self_managed"),
    ],
)
def test_which_kafka_it_is_shows_where_the_address_is_that_of_a_service(
    address: str, kinds: list[str] | None, option: str
) -> None:
    seen = interpret_topic(replace(BEHIND, bootstrap_servers=address), ())
    assert answer(seen, "existing_kafka") == (kinds and Choices(values=tuple(kinds)))
    assert seen.option == option


def test_a_group_is_behind_by_what_it_takes_to_arrive_over_what_is_kept() -> None:
    assert risks_of(BEHIND) == {"lag over retention": pytest.approx(100 * 500 / (720 * 3600))}


@pytest.mark.parametrize(
    "readings",
    [
        replace(BEHIND, past=OLD),  # all that is kept is older than the window
        replace(BEHIND, config={"retention.ms": "0"}),
        replace(BEHIND, config={"retention.ms": "-1"}),
        replace(BEHIND, config={}),
    ],
)
def test_where_nothing_arrives_or_is_deleted_no_lag_is_a_risk(readings: TopicReadings) -> None:
    assert risks_of(readings) == {}


def test_nothing_in_some_seconds_is_no_rate_of_nothing() -> None:
    silent = Rates(seconds=30, period=1, counts=(0.0,) * 30)
    observation = interpret_topic(replace(BEHIND, past=None, live=silent), ())
    assert answer(observation, "messages_per_second_avg") is None
    assert [gap.code for gap in observation.gaps] == ["no_rates"]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"retention.ms": "-1"}, "kept_for_ever"),
        ({"retention.ms": "-1", "retention.bytes": "-1"}, "kept_for_ever"),
        ({"retention.ms": "-1", "retention.bytes": "1048576"}, "kept_by_size"),
        ({"cleanup.policy": "compact", "retention.bytes": "1048576"}, "kept_for_ever"),
        ({"retention.ms": "3600000", "retention.bytes": "-1"}, "Kafka retention.ms, as set"),
        (
            {"retention.ms": "3600000", "retention.bytes": "9"},
            "Kafka retention.ms, as set; retention.bytes may end it sooner",
        ),
    ],
)
def test_how_long_records_are_kept_says_where_their_size_ends_it(config: Mapping[str, str], said: str) -> None:
    observation = interpret_topic(replace(BEHIND, config=config), ())
    sources = [finding.source for finding in observation.findings if finding.question == "retention_hours"]
    assert [gap.code for gap in observation.gaps] + sources == [said]


def test_where_no_settings_are_told_that_is_said_and_no_compression_is_reckoned() -> None:
    told = {"orders": {}, "mails": {"cleanup.policy": {"value": "delete"}}}
    admin = SimpleNamespace(describe_configs=lambda *_, **__: {"topic": told})
    gaps: list[Problem] = []
    configs = kafka._read_configs(Cluster(admin=admin, consumer=None), ["orders", "mails"], gaps)
    assert [(gap.code, gap.message) for gap in gaps] == [("denied", "No settings are told of orders.")]
    kept = replace(BEHIND, disk_bytes=3000.0, sample=(Sampled(octets=100, key=None),))
    for name, is_reckoned in {"orders": False, "mails": True}.items():
        ratio = answer(interpret_topic(replace(kept, config=configs[name]), ()), "compression_ratio")
        assert (ratio is not None) == is_reckoned


def test_a_size_on_disk_is_told_only_of_all_that_is_kept() -> None:
    partitions = [TopicPartition("orders", at) for at in range(2)]
    disk = dict.fromkeys(partitions, 5.0)
    assert kafka.find_disk(disk, partitions, {"remote.storage.enable": "false"}) == disk
    assert not kafka.find_disk(disk, partitions, {"remote.storage.enable": "true"})  # local segments are a part
    assert not kafka.find_disk({partitions[0]: 5.0}, partitions, {})


def read_groups(number: int, refused: Mapping[str, Exception], shared: int = 0) -> tuple[Any, int, list[str], int]:
    """What is found of so many groups, all readers of the topic, some of which cannot be read, and of share groups; and
    the calls made."""
    calls = 0

    def list_group_offsets(names: list[str]) -> dict[str, dict[Any, Any]]:
        nonlocal calls
        calls += 1
        for name in names:
            if name in refused:
                raise refused[name]
        return {name: {TopicPartition("orders", 0): SimpleNamespace(offset=5)} for name in names}

    listed = [{"group_id": f"g{at:03}", "group_type": "classic"} for at in range(number)]
    listed += [{"group_id": f"s{at:03}", "group_type": "share"} for at in range(shared)]
    admin = SimpleNamespace(list_groups=lambda: listed, list_group_offsets=list_group_offsets)
    gaps: list[Problem] = []
    committed, unread, _ = read_groups_of(Cluster(admin=admin, consumer=None), gaps)
    return committed, unread, [str(gap) for gap in gaps], calls


def test_a_group_that_may_not_be_read_hides_no_other() -> None:
    committed, unread, gaps, _ = read_groups(120, {"g055": GroupAuthorizationFailedError("g055")})
    assert (len(committed), unread) == (119, 1)
    (gap,) = gaps
    assert "Of 120 groups 1 could not be read. Permission denied" in gap


def test_groups_that_do_not_answer_are_counted_and_not_waited_for_one_by_one() -> None:
    committed, unread, gaps, calls = read_groups(120, {"g055": KafkaTimeoutError("too late")})
    assert (len(committed), unread, calls, len(gaps)) == (70, 50, 3, 1)


def test_share_groups_commit_nothing_and_may_read_it_all_the_same() -> None:
    committed, unread, gaps, _ = read_groups(2, {}, shared=3)
    assert (len(committed), unread) == (2, 3)
    (gap,) = gaps
    assert "Share groups, 3 of 5 groups" in gap


def test_what_could_not_be_read_or_has_no_members_makes_a_range_and_no_claim_that_nobody_reads() -> None:
    assert answer(interpret_topic(BEHIND, ()), "consumer_groups") == known(1.0)
    awake, *asleep = (Group(name=name, lag=0, is_empty=name != "mails") for name in ("mails", "old", "nightly"))
    for groups in ((awake, *asleep), tuple(asleep)):
        seen = answer(interpret_topic(replace(BEHIND, groups=groups), ()), "consumer_groups")
        assert seen == Interval(low=1, high=len(groups))
    some = interpret_topic(replace(BEHIND, unread_groups=2), ())
    assert answer(some, "consumer_groups") == Interval(low=1, high=3)
    none = interpret_topic(replace(BEHIND, groups=(), unread_groups=2), ())
    assert answer(none, "consumer_groups") is None
    assert not none.gaps
    nobody = interpret_topic(replace(BEHIND, groups=()), ())
    assert [gap.code for gap in nobody.gaps] == ["no_groups"]
