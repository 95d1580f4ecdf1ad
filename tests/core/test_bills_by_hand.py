"""Bills and sizings worked out by hand, and what each says of brokers, Lambda, growth and a Kafka that runs already."""

import math
from typing import Any

import pytest

from advisor.core.answers import read_answers
from advisor.core.evaluate import estimate_option
from advisor.core.options import OPTIONS, estimate, monthly_usd
from advisor.core.options._model import say
from advisor.core.pricing import total_usd
from advisor.core.workload import vary
from tests.core.pricing_facts import facts_with, plain_workload, real_facts
from tests.core.workloads import real_rulebook


def test_readers_outside_aws_pay_for_what_leaves_it_whichever_family_it_comes_from() -> None:
    workload = plain_workload(cloud="gcp", consumer_groups=2.0)
    for option in ("sqs_standard", "msk_provisioned", "msk_express", "msk_serverless"):
        bill = dict(OPTIONS[option].bill(workload, real_facts()))
        assert bill["internet_gb"] == pytest.approx(10 * 2_628_000 * 2000 * 2 / 2**30)


def test_the_free_tier_of_what_leaves_aws_is_taken_off_too() -> None:
    load = plain_workload(cloud="gcp", use_free_tier=True)
    for option in ("sqs_standard", "sqs_fifo", "sns_sqs", "msk_provisioned", "msk_express", "msk_serverless"):
        bill = dict(OPTIONS[option].bill(vary(load, message_size_bytes_avg=9000.0), real_facts()))
        assert bill["internet_gb"] == pytest.approx(10 * 2_628_000 * 9000 / 2**30 - 100)
        assert "internet_gb" not in dict(OPTIONS[option].bill(load, real_facts()))


@pytest.mark.parametrize(("cloud", "is_billed"), [("aws", True), ("multi", True), ("gcp", True), ("on-prem", False)])
def test_nobody_bills_traffic_between_the_rooms_of_ones_own_data_centre(cloud: str, is_billed: bool) -> None:
    size = OPTIONS["kafka_self_managed"].size(plain_workload(cloud=cloud), real_facts())
    assert ("cross_zone_gb" in dict(size.quantities)) is is_billed
    assert next(step.value > 0 for step in size.steps if step.id == "cross_zone_gb") is is_billed


def test_clients_and_copies_in_three_zones_are_billed_on_both_sides() -> None:
    """Two thirds of what is written once and read twice, and two copies of what is written, each GB twice."""
    bill = dict(OPTIONS["kafka_self_managed"].bill(plain_workload(consumer_groups=2.0), real_facts()))
    assert bill["cross_zone_gb"] == pytest.approx((2 * 2 / 3 * 3 + 2 * 2) * 10 * 2_628_000 * 2000 / 2**30)


@pytest.mark.parametrize(("zones", "far"), [(1.0, 0), (2.0, 4 / 3), (3.0, 2), (4.0, 2)])
def test_of_three_copies_in_two_zones_two_share_one(zones: float, far: float) -> None:
    """Whichever leads: for two of three leaders one copy is in the other zone, for the third both are."""
    load = plain_workload(availability_zones=zones)
    among = min(zones, 3)
    bill = dict(OPTIONS["kafka_self_managed"].bill(load, real_facts()))
    moved = 2 * ((among - 1) / among * 2 + far) * 10 * 2_628_000 * 2000 / 2**30
    assert bill.get("cross_zone_gb", 0.0) == pytest.approx(moved)


@pytest.mark.parametrize("option", ["sqs_standard", "sqs_fifo"])
def test_the_free_tier_is_a_million_requests_and_no_more(option: str) -> None:
    billed = [
        sum(amount for name, amount in OPTIONS[option].bill(plain_workload(**more), real_facts()) if "requests" in name)
        for more in ({}, {"use_free_tier": True}, {"use_free_tier": True, "messages_per_second_avg": 0.001})
    ]
    assert billed[0] - billed[1] == pytest.approx(1_000_000)
    assert billed[2] == 0


@pytest.mark.parametrize(("ordering", "requests"), [("none", "standard_requests"), ("per-key", "fifo_requests")])
def test_the_queues_behind_a_topic_are_of_its_kind(ordering: str, requests: str) -> None:
    bill = dict(OPTIONS["sns_sqs"].bill(plain_workload(ordering=ordering), real_facts()))
    assert bill.keys() & {"standard_requests", "fifo_requests"} == {requests}


def test_an_archive_is_switched_on_for_whole_days() -> None:
    sizing = OPTIONS["sns_sqs"].size(plain_workload(replay_needed=True, retention_hours=30.0), real_facts())
    assert any("archive on, for 48 hours" in note for note in sizing.notes)
    assert dict(sizing.quantities)["sns_archive_gb_months"] == pytest.approx(10 * 2000 * 48 * 3600 / 1e9)
    shown = {step.id: step.formula for step in sizing.steps}
    assert shown["archived"] == "52.56 GB a month x 48 h ÷ 730 h"


@pytest.mark.parametrize("option", ["msk_provisioned", "msk_express", "kafka_self_managed"])
@pytest.mark.parametrize("has_room", [True, False])
def test_what_a_running_cluster_has_room_for_takes_no_machine_more(option: str, has_room: bool) -> None:
    added = OPTIONS[option].added
    assert added is not None
    lines = added(plain_workload(existing_platforms=("kafka",), spare_kafka_capacity=has_room), real_facts())
    assert any(name.startswith(("broker_hours", "machine_hours")) for name, _ in lines) is not has_room


@pytest.mark.parametrize("option", ["sqs_fifo", "sns_sqs"])
@pytest.mark.parametrize(("hours", "percent"), [(3.25, 97.5), (3.5, 105.0)])
def test_what_an_outage_leaves_of_the_busiest_key_is_held_against_what_a_fifo_queue_looks_through(
    option: str, hours: float, percent: float
) -> None:
    """A third of all is that key's on average as at the peak: 10 of 30 messages a second, so 36,000 an hour."""
    load = plain_workload(ordering="per-key", messages_per_second_avg=30.0, messages_per_second_peak=90.0)
    made = OPTIONS[option].size(vary(load, hottest_key_messages_per_second=30.0, outage_hours=hours), real_facts())
    assert {step.id: step.value for step in made.steps}["key_backlog_share"] == pytest.approx(percent)
    assert any("looks for other keys" in note for note in made.notes) is (percent > 100)
    beyond_all = OPTIONS[option].size(vary(load, hottest_key_messages_per_second=1e6, outage_hours=hours), real_facts())
    assert {step.id: step.value for step in beyond_all.steps}["key_backlog_share"] == pytest.approx(3 * percent)
    in_one_order = OPTIONS[option].size(vary(load, ordering="global", outage_hours=100.0), real_facts())
    assert "key_backlog_share" not in {step.id for step in in_one_order.steps}


ASKED_OF_THE_TOPIC = ({"ordering": "per-key"}, {"delivery": "exactly-once"}, {"replay_needed": True})


@pytest.mark.parametrize("asked", [*ASKED_OF_THE_TOPIC, {"retention_hours": 337.0}])
def test_order_exactly_once_replay_and_a_long_history_make_the_topic_and_its_queues_fifo(asked: dict[str, Any]) -> None:
    size = OPTIONS["sns_sqs"].size(plain_workload(**asked), real_facts())
    assert {"sns_fifo_requests", "fifo_requests"} < dict(size.quantities).keys()
    assert "standard_requests" not in dict(size.quantities)
    assert next(setting.value for setting in size.settings if setting.id == "fifo") is True
    assert size.notes[0].startswith("One FIFO topic")


def test_what_is_read_again_is_archived_and_paid_for() -> None:
    plain, replayed = plain_workload(), plain_workload(replay_needed=True)
    bill = dict(OPTIONS["sns_sqs"].bill(replayed, real_facts()))
    assert bill["sns_archive_gb"] == pytest.approx(10 * 2_628_000 * 2000 / 1e9)
    assert bill["sns_archive_gb_months"] == pytest.approx(10 * 96 * 3600 * 2000 / 1e9)
    for kept, billed in ((1.0, 24), (336.0, 336), (9000.0, 8760)):
        bill = dict(OPTIONS["sns_sqs"].bill(plain_workload(replay_needed=True, retention_hours=kept), real_facts()))
        assert bill["sns_archive_gb_months"] == pytest.approx(10 * billed * 3600 * 2000 / 1e9)
    assert not {"sns_archive_gb", "sns_archive_gb_months"} & dict(OPTIONS["sns_sqs"].bill(plain, real_facts())).keys()
    lines = {line.id: line.unit_price_usd for line in estimate("sns_sqs", replayed, real_facts()).lines}
    assert (lines["sns_archive_gb"], lines["sns_archive_gb_months"]) == (0.1, 0.023)


def test_a_fifo_queue_needs_enough_busy_message_groups_for_its_rate() -> None:
    for seconds, groups in ((0.0001, 11), (0.01, 301)):
        load = {"messages_per_second_peak": 30_001.0, "batch_size": 10.0, "processing_seconds_avg": seconds}
        load["ordering_keys"] = 1e9
        size = OPTIONS["sqs_fifo"].size(plain_workload(ordering="per-key", **load), real_facts())
        found = {step.id: step.value for step in size.steps}
        assert found["queue_calls_per_second"] == pytest.approx(3000.1)
        assert found["message_groups"] == groups


@pytest.mark.parametrize(
    ("option", "step", "said"),
    [
        ("sqs_standard", "send_requests", "x 1 queue"),
        ("sqs_standard", "in_flight_share", "1 worker x 1 ÷"),
        ("sns_sqs", "deliveries", "x 1 queue"),
        ("msk_provisioned", "partitions", ", 1 worker)"),
        ("msk_provisioned", "useful_consumers", "3 partitions, 1 distinct key"),
        ("sqs_standard", "drain_hours", "(the rate of 1 worker -"),
    ],
)
def test_one_of_a_thing_is_written_as_one(option: str, step: str, said: str) -> None:
    load = {"messages_per_second_avg": 0.1, "messages_per_second_peak": 0.3, "ordering_keys": 1.0}
    size = OPTIONS[option].size(plain_workload(ordering="per-key", **load), real_facts())
    formula = {step.id: step for step in size.steps}[step].formula
    assert said in formula
    assert f"{said}s" not in formula


def test_a_number_next_to_nothing_has_no_exponent_in_a_formula() -> None:
    assert [say(value) for value in (0.00001234, 0.0001234, 12.345)] == ["0.00001234", "0.0001234", "12.35"]


@pytest.mark.parametrize(
    ("option", "asked", "workers", "said"),
    [
        ("sqs_fifo", {"ordering": "global"}, 1, "= 125; one order over everything: 1 finds work"),
        ("sns_sqs", {"ordering": "global"}, 1, "= 125; one order over everything: 1 finds work"),
        (
            "sqs_fifo",
            {"ordering": "per-key", "ordering_keys": 30.0},
            30,
            "; 30 keys, one message of each at a time: 30 find work",
        ),
        ("sqs_fifo", {"ordering": "per-key", "ordering_keys": 125.0}, 125, "= 125"),
        ("sqs_standard", {}, 125, "= 125"),
        ("msk_provisioned", {"ordering": "global"}, 1, "= 125; one order over everything: 1 finds work"),
        ("msk_provisioned", {"ordering": "per-key", "ordering_keys": 30.0}, 30, "30 find work"),
        ("msk_provisioned", {}, 125, "= 125"),
    ],
)
def test_no_more_workers_find_work_than_order_lets_and_the_step_says_why(
    option: str, asked: dict[str, Any], workers: int, said: str
) -> None:
    load = {"messages_per_second_avg": 20.0, "messages_per_second_peak": 50.0, "processing_seconds_avg": 2.0}
    size = OPTIONS[option].size(plain_workload(**load, **asked), real_facts())
    found = {step.id: step for step in size.steps}
    assert found["workers"].value == workers
    assert found["workers"].formula.endswith(said)
    spare = workers / 2 - 20
    assert found["drain_hours"].value == (pytest.approx(20 * 2 / spare) if spare > 0 else float("inf"))
    count = [setting.value for setting in size.settings if setting.id == "worker_count" and workers <= 30]
    assert count in ([], [workers])


def test_strict_order_over_everything_leaves_one_partition_and_may_never_catch_up() -> None:
    steps = OPTIONS["msk_provisioned"].size(plain_workload(ordering="global"), real_facts()).steps
    found = {step.id: step.value for step in steps}
    assert found["partitions"] == found["useful_consumers"] == 1
    assert found["drain_hours"] == float("inf")


@pytest.mark.parametrize(
    ("option", "kilobytes", "machine", "disk"),
    [  # a broker is planned to take in half of its disk's rate ÷ 6.5
        ("msk_provisioned", 6_350, "m7g.large", 82_575_360),
        ("msk_provisioned", 12_600, "m7g.xlarge", 163_840_000),
        ("msk_provisioned", 80_000, "m7g.8xlarge", 1_048_576_000),
        ("msk_provisioned", 90_000, "m7g.16xlarge", 1_048_576_000),  # too much for any
        ("kafka_self_managed", 6_350, "m7g.large", 82_575_360),
        ("kafka_self_managed", 50_000, "m7g.4xlarge", 655_360_000),
        ("kafka_self_managed", 51_000, "m7g.8xlarge", 1_048_576_000),
        ("kafka_self_managed", 90_000, "m7g.16xlarge", 1_048_576_000),  # too much for any
    ],
)
def test_one_broker_is_large_enough_to_lead_the_only_partition(
    option: str, kilobytes: int, machine: str, disk: float
) -> None:
    share = kilobytes * 1000 / (disk / 13)
    told = {
        "messages_per_second_peak": float(kilobytes),
        "message_size_bytes_avg": 1000.0,
        "processing_seconds_avg": 1e-6,
    }
    made = estimate(option, plain_workload(ordering="global", **told), real_facts()).sizing
    spread = estimate(option, plain_workload(ordering="per-key", **told), real_facts()).sizing
    found = {step.id: step for step in made.steps}
    assert (found["brokers"].value, found["brokers"].label.removeprefix("Brokers, kafka.")) == (3, machine)
    assert found["leader"].value == pytest.approx(share)
    assert found["leader"].formula.endswith("; no size with a price is planned for so much") is (share > 1)
    assert "leader" not in {step.id for step in spread.steps}


@pytest.mark.parametrize(
    ("option", "hottest", "brokers", "machine"),
    [  # of 100 MB/s an m7g.large is planned to take in 6.35, an m7g.xlarge 12.6
        ("msk_provisioned", 1_000, 18, "m7g.large"),
        ("msk_provisioned", 6_000, 18, "m7g.large"),
        ("msk_provisioned", 7_000, 9, "m7g.xlarge"),
        ("kafka_self_managed", 50_000, 3, "m7g.4xlarge"),
    ],
)
def test_a_broker_is_large_enough_to_lead_the_busiest_key(
    option: str, hottest: int, brokers: int, machine: str
) -> None:
    told = {
        "messages_per_second_peak": 100_000.0,
        "message_size_bytes_avg": 1000.0,
        "hottest_key_messages_per_second": float(hottest),
        "processing_seconds_avg": 1e-6,
    }
    steps = estimate(option, plain_workload(ordering="per-key", **told), real_facts()).sizing.steps
    found = {step.id: step for step in steps}
    assert (found["brokers"].value, found["brokers"].label.removeprefix("Brokers, kafka.")) == (brokers, machine)


def test_a_log_that_no_disk_holds_whole_is_said() -> None:
    told = {"message_size_bytes_avg": 1000.0, "messages_per_second_avg": 20_000.0, "retention_hours": 250.0}
    for ordering, is_said in (("global", True), ("per-key", False)):
        notes = OPTIONS["msk_provisioned"].size(plain_workload(ordering=ordering, **told), real_facts()).notes
        assert any(note.startswith("The only partition lies whole on each of three disks") for note in notes) is is_said


def test_separate_lanes_take_and_pay_for_a_partition_each() -> None:
    lanes = plain_workload(isolation_units=2000.0)
    made = estimate("msk_serverless", lanes, real_facts())
    billed = {line.id: line.amount_usd for line in made.lines}
    found = {step.id: step for step in made.sizing.steps}
    assert billed["serverless_partition_hours"] == pytest.approx(2000 * 730 * 0.0015)
    assert found["partitions_share"].value == pytest.approx(100 * 2000 / 2400)
    assert found["partitions"].formula.endswith("2,000 separate lanes)")
    assert monthly_usd("msk_provisioned", plain_workload(isolation_units=80_000.0), real_facts())[0] > 10_000


ONE_ORDER = {"message_size_bytes_avg": 1000.0, "ordering": "global"}


@pytest.mark.parametrize(
    ("answers", "cluster_type"),
    [
        ({}, "standard"),
        ({"message_size_bytes_max": 2.0**23}, "standard"),
        ({"message_size_bytes_max": 2.0**23 + 1}, "enterprise"),
        ({"integrations": ("share-groups",)}, "enterprise"),
        ({"messages_per_second_peak": 5000.0, **ONE_ORDER}, "standard"),
        ({"messages_per_second_peak": 5001.0, **ONE_ORDER}, "enterprise"),
        ({"messages_per_second_peak": 6001.0, **ONE_ORDER}, "dedicated"),
        ({"messages_per_second_peak": 4000.0, "consumer_groups": 4.0, **ONE_ORDER}, "enterprise"),
        ({"messages_per_second_peak": 4000.0, "consumer_groups": 5.0, **ONE_ORDER}, "dedicated"),
        ({"messages_per_second_peak": 250_001.0, "message_size_bytes_avg": 1000.0}, "enterprise"),
        ({"messages_per_second_peak": 1_920_001.0, "message_size_bytes_avg": 1000.0}, "dedicated"),
        ({"isolation_units": 2501.0}, "enterprise"),
        ({"isolation_units": 96_001.0}, "dedicated"),
    ],
)
def test_confluent_is_billed_as_the_least_cluster_type_that_takes_the_workload(
    answers: dict[str, Any], cluster_type: str
) -> None:
    made = estimate("confluent_cloud", plain_workload(processing_seconds_avg=0.001, **answers), real_facts())
    units = dict(made.sizing.quantities)[f"confluent_unit_hours:{cluster_type}"] / 730
    assert units <= real_facts().number("confluent_units_max", cluster_type)
    assert made.is_partial == (cluster_type != "standard")
    assert made.sizing.notes[0].startswith(f"{cluster_type.title()} cluster")


@pytest.mark.parametrize(
    ("seconds", "taken", "deleted", "extended"),
    [  # 30 s of work in hand at most; deleted within a second, extended every 20 s
        (0.0, 10, 0.1, 0.0),
        (0.25, 10, 0.25, 0.0),
        (3.0, 10, 1.0, 0.1),
        (3.1, 9, 1.0, 0.105),
        (21.0, 1, 1.0, 1.0),
        (601.0, 1, 1.0, 30.0),
    ],
)
def test_a_worker_takes_deletes_and_extends_as_the_kits_do_and_all_of_it_is_billed(
    seconds: float, taken: int, deleted: float, extended: float
) -> None:
    load = plain_workload(
        messages_per_second_avg=10.0,
        messages_per_second_peak=20.0,
        message_size_bytes_avg=2000.0,
        batch_size=10.0,
        processing_seconds_avg=seconds,
        processing_seconds_max=2 * seconds,
    )
    messages = 10 * 730 * 3600.0
    made = estimate("sqs_standard", load, real_facts())
    steps = {step.id: step.value for step in made.sizing.steps}
    assert steps["send_requests"] == pytest.approx(messages / 10)
    assert steps["receive_requests"] == pytest.approx(1.01 * messages / taken)
    assert steps["delete_requests"] == pytest.approx(messages * deleted)
    assert steps["extension_requests"] == pytest.approx(messages * extended)
    assert made.likely_usd == pytest.approx(0.4e-6 * messages * (0.1 + 1.01 / taken + deleted + extended))


def test_lambda_deletes_whole_batches_and_extends_nothing() -> None:
    load = plain_workload(batch_size=10.0, processing_seconds_avg=3.0, consumer_runtime="lambda")
    steps = {step.id: step.value for step in estimate("sqs_fifo", load, real_facts()).sizing.steps}
    assert steps["delete_requests"] == pytest.approx(steps["messages"] / 10)
    assert steps["extension_requests"] == 0


@pytest.mark.parametrize(
    ("hours", "unit_hours"),
    [(0.0, 730.0), (6.0, 1095.0), (24.0, 2190.0)],  # 1 unit, 3 in a quarter of the time, 3
)
def test_an_elastic_cluster_of_confluent_is_paid_for_its_peak_in_the_hours_of_the_peak(
    hours: float, unit_hours: float
) -> None:
    load = plain_workload(
        messages_per_second_avg=25_000.0,
        messages_per_second_peak=75_000.0,
        message_size_bytes_avg=1000.0,
        consumer_groups=1.0,
        processing_seconds_avg=1e-5,
        peak_hours_per_day=hours,
    )
    made = estimate("confluent_cloud", load, real_facts())
    assert dict(made.sizing.quantities)["confluent_unit_hours:standard"] == pytest.approx(unit_hours)
    assert [step.value for step in made.sizing.steps if step.id in ("units", "units_off_peak")] == [3, 1]


@pytest.mark.parametrize(
    ("option", "share"), [("msk_express", 2 / 3), ("msk_provisioned", 1 / 2), ("kafka_self_managed", 0.0)]
)
def test_a_cluster_lies_in_the_zones_that_its_service_has_whatever_is_answered(option: str, share: float) -> None:
    load = plain_workload(messages_per_second_avg=1000.0, message_size_bytes_avg=2048.0, availability_zones=1.0)
    lines = dict(estimate(option, load, real_facts()).sizing.quantities)
    moved = (1 + load.consumer_groups) * 1000 * 2048 / load.compression_ratio * 730 * 3600 / 2**30
    assert lines.get("cross_zone_gb", 0.0) == pytest.approx(2 * share * moved)


def test_a_dedicated_cluster_of_confluent_is_paid_for_its_peak_all_day() -> None:
    load = plain_workload(
        messages_per_second_avg=1e5, messages_per_second_peak=2e6, message_size_bytes_avg=1000.0, peak_hours_per_day=1.0
    )
    made = estimate("confluent_cloud", load, real_facts())
    units = next(step.value for step in made.sizing.steps if step.id == "units")
    assert dict(made.sizing.quantities)["confluent_unit_hours:dedicated"] == pytest.approx(730 * units)


def test_it_is_said_why_confluent_takes_a_larger_cluster_type() -> None:
    large = plain_workload(message_size_bytes_max=12e6)
    notes = OPTIONS["confluent_cloud"].size(large, real_facts()).notes
    assert notes[0] == "Enterprise cluster, since Standard takes 8,388,608 bytes of a message and not 12,000,000."


@pytest.mark.parametrize(("option", "carried"), [("confluent_cloud", (5e6, 15e6)), ("msk_serverless", (5e6, 10e6))])
@pytest.mark.parametrize("groups", [1.0, 4.0])
def test_a_partition_is_planned_for_what_the_service_says_it_carries(
    option: str, carried: tuple[float, float], groups: float
) -> None:
    rate = plain_workload(
        messages_per_second_peak=100_000.0,
        message_size_bytes_avg=1000.0,
        consumer_groups=groups,
        processing_seconds_avg=1e-4,
    )
    found = {step.id: step for step in OPTIONS[option].size(rate, real_facts()).steps}["partitions"]
    written, read = carried
    assert found.value == math.ceil(max(1e8 / written, groups * 1e8 / read))
    reads = f"{groups * 1e8:,.0f} ÷ {read:,.0f} read"
    assert found.formula == f"max(3, 100,000,000 ÷ {written:,.0f} written, {reads}, 13 workers)"
    assert {fact.partition("_")[0] for fact in found.facts[:2]} == {option.partition("_")[0]}


@pytest.mark.parametrize(
    ("option", "cloud", "is_said"),
    [
        ("kafka_self_managed", "on-prem", True),
        ("kafka_self_managed", "gcp", True),
        ("kafka_self_managed", "aws", False),
        ("confluent_cloud", "gcp", False),
    ],
)
def test_a_bill_by_prices_of_aws_says_so_elsewhere(option: str, cloud: str, is_said: bool) -> None:
    missing = estimate(option, plain_workload(cloud=cloud), real_facts()).not_included
    assert any("those of AWS stand for them" in each for each in missing) is is_said


@pytest.mark.parametrize("option", OPTIONS)
def test_what_a_second_region_and_a_second_cloud_add_is_named_as_not_included(option: str) -> None:
    def missing(**answers: Any) -> tuple[str, ...]:
        return estimate(option, plain_workload(**answers), real_facts()).not_included

    usual = missing()
    assert missing(cloud="multi") == (*usual, "traffic between clouds")
    for several in ("failover", "active-active"):
        assert missing(multi_region=several)[:-1] == usual
        assert "second Region" in missing(multi_region=several)[-1]


@pytest.mark.parametrize("region", ["us-east-1", "ap-southeast-1"])
@pytest.mark.parametrize(("hours", "told"), [(169.0, True), (168.0, False)])
def test_all_is_kept_on_disks_as_the_projects_have_it_and_what_tiered_storage_would_save_is_said(
    hours: float, told: bool, region: str
) -> None:
    for option in ("msk_provisioned", "kafka_with_sqs"):
        made = OPTIONS[option].size(plain_workload(retention_hours=hours, region=region), real_facts())
        assert any("no tiered storage" in note for note in made.notes) == told
        assert dict(made.quantities)["storage_gb_months"] == pytest.approx(10 * 2000 * hours * 3600 * 3 * 2 / 2**30)
        share = next(each.value for each in made.settings if each.id == "broker_volume_gib")
        assert share == math.ceil(10 * 2000 * hours * 3600 * 2 / 2**30)


@pytest.mark.parametrize(
    ("hours", "peak", "peak_hours", "kept"),
    [
        (2.0, 30.0, 2.0, 6.0),  # in hours of the average: two of the peak
        (2.0, 30.0, 0.5, 2.0),  # half an hour of the peak is less than two of the average
        (5.0, 30.0, 2.0, 6.0),
        (8.0, 30.0, 2.0, 8.0),
        (2.0, 1000.0, 2.0, 24.0),  # more than a day brings does not come in two hours
        (24.0, 1000.0, 24.0, 24.0),
    ],
)
def test_disks_that_keep_a_few_hours_hold_what_comes_at_the_peak(
    hours: float, peak: float, peak_hours: float, kept: float
) -> None:
    load = plain_workload(
        retention_hours=hours, messages_per_second_peak=peak, peak_hours_per_day=peak_hours, outage_hours=0.0
    )
    for option, line in (("msk_provisioned", "storage_gb_months"), ("kafka_self_managed", "volume_gb_months")):
        made = OPTIONS[option].size(load, real_facts())
        assert dict(made.quantities)[line] == pytest.approx(10 * 2000 * kept * 3600 * 3 * 2 / 2**30)
        (shown,) = (each.formula for each in made.steps if each.id == "disk_gib")
        assert ("busiest hours" in shown) is (kept > hours)
    assert dict(OPTIONS["msk_express"].bill(load, real_facts()))["express_storage_gb_months"] == pytest.approx(
        10 * 2000 * hours * 3600 / 2**30
    )


def test_no_option_reckons_with_compaction_and_each_says_so() -> None:
    plain = plain_workload(retention_hours=720.0)
    compacted = vary(plain, integrations=("log-compaction",))
    for option in ("kafka_self_managed", "msk_provisioned", "msk_express", "msk_serverless", "confluent_cloud"):
        notes, others = (OPTIONS[option].size(load, real_facts()).notes for load in (compacted, plain))
        assert any("Compaction is not" in note for note in notes)
        assert not any("Compaction is not" in note for note in others)
        assert not any("tiered storage" in note for note in notes)


def test_one_message_a_second_unbatched_is_three_calls_and_a_retry_in_a_hundred() -> None:
    workload = plain_workload(messages_per_second_avg=1.0)
    usd, _ = monthly_usd("sqs_standard", workload, real_facts())
    assert usd == pytest.approx(2_628_000 * 3.01 * 0.4 / 1e6)


def test_workers_that_wait_call_each_of_their_queues_every_twenty_seconds() -> None:
    busy = plain_workload(consumer_groups=3.0)
    polled, told = (dict(OPTIONS["sqs_standard"].bill(vary(busy, idle_pollers=n), real_facts())) for n in (5.0, 0.0))
    assert polled["standard_requests"] - told["standard_requests"] == pytest.approx(3 * 5 * 2_628_000 / 20)


def test_full_batches_cost_a_tenth() -> None:
    soon = plain_workload(processing_seconds_avg=0.1)
    one, ten = (monthly_usd("sqs_standard", vary(soon, batch_size=batch), real_facts())[0] for batch in (1.0, 10.0))
    assert ten == pytest.approx(one / 10)


def test_a_publish_is_no_bigger_than_a_topic_takes() -> None:
    """Two of 100 KiB are four chunks; seven would be eleven, and more than 256 KiB."""
    load = plain_workload(message_size_bytes_avg=102_400.0, batch_size=10.0)
    bill = dict(OPTIONS["sns_sqs"].bill(load, real_facts()))
    assert bill["sns_requests"] == pytest.approx(10 * 2_628_000 * 2)
    ordered = dict(OPTIONS["sns_sqs"].bill(vary(load, delivery="exactly-once"), real_facts()))
    assert ordered["sns_fifo_requests"] == pytest.approx(10 * 2_628_000 / 2)
    steps = {step.id: step for step in OPTIONS["sns_sqs"].size(load, real_facts()).steps}
    assert steps["requests_per_message"].value == 2
    assert "sns_message_bytes_default" in steps["requests_per_message"].facts
    assert (steps["publishes"].value, steps["publishes"].formula) == (52_560_000, "26,280,000 x 2")


def test_a_fifo_topic_bills_calls_and_bytes_and_so_takes_the_fullest_batch() -> None:
    """A standard topic takes 3 of 40 KiB in two chunks; four would be three."""
    load = plain_workload(message_size_bytes_avg=40_960.0, batch_size=4.0)
    standard = OPTIONS["sns_sqs"].size(load, real_facts())
    ordered = OPTIONS["sns_sqs"].size(vary(load, delivery="exactly-once"), real_facts())
    assert any("batches of 3" in note for note in standard.notes)
    assert any("batches of 4" in note for note in ordered.notes)
    steps = {step.id: step for step in ordered.steps}
    assert steps["publishes"].formula == "26,280,000 in batches of 4"
    assert "requests_per_message" not in steps


@pytest.mark.parametrize("option", OPTIONS)
def test_what_one_message_a_call_costs_is_said_where_nobody_said_how_many_there_are(option: str) -> None:
    def said(**answers: Any) -> list[str]:
        asked = {"cloud": "aws", "region": "us-east-1", "messages_per_second_avg": 100, "message_size_bytes_avg": 2000}
        workload = read_answers(asked | answers, real_rulebook().questions)
        return [each for each in estimate_option(option, workload, real_rulebook()).not_included if "calls" in each]

    usd = {"sqs_standard": "$316.52", "sqs_fifo": "$395.65", "sns_sqs": "$342.80", "kafka_with_sqs": "$814.95"}
    expected = f"calls with fewer than the 10 messages that are assumed (with one in each it costs {usd.get(option)})"
    assert said() == ([expected] if option in usd else [])
    assert said(batch_size=10) == said(batch_size={"min": 2, "max": 8}) == []


def test_many_readers_of_a_log_leave_one_queue_for_the_jobs_beside_it() -> None:
    readers = plain_workload(consumer_groups=5.0, cloud="aws")
    both, log = (dict(OPTIONS[option].bill(readers, real_facts())) for option in ("kafka_with_sqs", "msk_provisioned"))
    one = dict(OPTIONS["sqs_standard"].bill(plain_workload(), real_facts()))
    assert both == log | one
    size = OPTIONS["kafka_with_sqs"].size(readers, real_facts())
    assert dict(size.quantities) == both
    assert any("queues: 1," in note for note in size.notes)


def test_publishes_have_a_free_tier_of_their_own_and_two_tenants_make_a_queue_fair() -> None:
    load = plain_workload(isolation_units=2.0)
    paid, free = (dict(OPTIONS["sns_sqs"].bill(vary(load, use_free_tier=on), real_facts())) for on in (False, True))
    assert paid["sns_requests"] - free["sns_requests"] == 1e6
    assert dict(OPTIONS["sqs_standard"].bill(load, real_facts()))["fair_requests"] == pytest.approx(10 * 2_628_000)


def test_a_fifo_topic_is_billed_for_the_bytes_of_each_copy() -> None:
    load = plain_workload(ordering="per-key", consumer_groups=3.0)
    bill = dict(OPTIONS["sns_sqs"].bill(load, real_facts()))
    assert bill["sns_fifo_payload_gb"] == pytest.approx(10 * 2_628_000 * 2000 / 1e9)
    assert bill["sns_fifo_delivered_gb"] == pytest.approx(3 * bill["sns_fifo_payload_gb"])


def test_a_message_of_the_largest_size_is_billed_sixteen_times_a_call() -> None:
    size = OPTIONS["sqs_standard"].size(plain_workload(message_size_bytes_avg=2.0**20), real_facts())
    assert next(step.value for step in size.steps if step.id == "requests_per_message") == 16


def test_an_idle_cluster_costs_its_floor() -> None:
    workload = plain_workload(messages_per_second_avg=1e-6, messages_per_second_peak=1e-6, retention_hours=0.1)
    assert monthly_usd("msk_provisioned", workload, real_facts())[0] == pytest.approx(446.76, abs=0.01)
    assert monthly_usd("msk_express", workload, real_facts())[0] == pytest.approx(893.52, abs=0.01)
    assert monthly_usd("msk_serverless", workload, real_facts())[0] == pytest.approx(
        730 * (0.75 + 3 * 0.0015), abs=0.01
    )


def test_where_kafka_runs_with_room_only_storage_and_traffic_count() -> None:
    workload = plain_workload(existing_platforms=("kafka",), spare_kafka_capacity=True)
    made = estimate("msk_provisioned", workload, real_facts())
    assert made.marginal_lines is not None
    assert {line.id for line in made.marginal_lines} == {"storage_gb_months", "cross_zone_gb"}
    assert made.scored_usd == total_usd(made.marginal_lines) < made.likely_usd


@pytest.mark.parametrize(
    ("option", "brokers", "machine"),
    [
        ("msk_provisioned", 3, "broker_hours:kafka.m7g.large"),  # MSK adds one in each zone, and refuses less
        ("msk_express", 3, "broker_hours:express.m7g.large"),
        ("kafka_self_managed", 1, "machine_hours:m7g.large"),
    ],
)
def test_where_kafka_runs_without_room_the_added_brokers_count(option: str, brokers: int, machine: str) -> None:
    made = estimate(option, plain_workload(existing_platforms=("kafka",)), real_facts())
    assert made.marginal_lines is not None
    assert {line.id: line.quantity for line in made.marginal_lines}[machine] == brokers * 730


@pytest.mark.parametrize("option", ["msk_provisioned", "msk_express", "kafka_self_managed", "confluent_cloud"])
def test_where_kafka_runs_with_room_nothing_added_costs_nothing(option: str) -> None:
    idle = plain_workload(
        existing_platforms=("kafka",),
        spare_kafka_capacity=True,
        messages_per_second_avg=0.0,
        messages_per_second_peak=0.0,
        retention_hours=0.0,
    )
    made = estimate(option, idle, real_facts())
    assert (made.scored_usd, made.marginal_lines) == (0, ())
    assert made.likely_usd > 0
    assert monthly_usd(option, idle, real_facts()) == (0, False)


KINDS = ["kafka_self_managed", "msk_provisioned", "msk_express", "msk_serverless", "confluent_cloud"]


@pytest.mark.parametrize("option", KINDS)
def test_only_the_kafka_that_runs_is_added_to_and_any_other_is_a_new_cluster(option: str) -> None:
    untold = plain_workload(existing_platforms=("kafka",), spare_kafka_capacity=True)
    for kind in (*KINDS, "other"):
        made = estimate(option, vary(untold, existing_kafka=kind), real_facts())
        if kind == option:
            assert made == estimate(option, untold, real_facts())
            assert made.scored_usd < made.likely_usd
        else:
            assert (made.marginal_lines, made.scored_usd) == (None, made.likely_usd)


@pytest.mark.parametrize("kind", [*KINDS, "other"])
def test_queues_beside_kafka_are_added_to_whichever_runs(kind: str) -> None:
    untold = plain_workload(existing_platforms=("kafka",), spare_kafka_capacity=True)
    made = estimate("kafka_with_sqs", vary(untold, existing_kafka=kind), real_facts())
    assert made == estimate("kafka_with_sqs", untold, real_facts())


def test_sqs_has_no_marginal_cost_of_its_own() -> None:
    made = estimate("sqs_standard", plain_workload(existing_platforms=("kafka", "sqs")), real_facts())
    assert made.marginal_lines is None
    assert made.scored_usd == made.likely_usd


@pytest.mark.parametrize("name", ["messages_per_second_avg", "messages_per_second_peak", "message_size_bytes_max"])
@pytest.mark.parametrize("option", OPTIONS)
def test_low_and_high_are_the_bills_of_who_states_these_ends(option: str, name: str) -> None:
    """What is assumed from a stated range goes with it to its ends, and nothing else that is assumed moves."""
    made, low, high = (
        estimate_option(option, read_answers({name: answer}, real_rulebook().questions), real_rulebook())
        for answer in ("100..20000", 100, 20_000)
    )
    assert (made.low_usd, made.high_usd) == (low.likely_usd, high.likely_usd)
    assert made.low_usd <= made.likely_usd <= made.high_usd


def test_a_horizon_that_is_a_range_moves_no_bill_of_today() -> None:
    said = {"growth_percent_per_month": 10, "planning_horizon_months": "24..36"}
    workload = read_answers(said, real_rulebook().questions)
    made = estimate_option("sqs_standard", workload, real_rulebook())
    assert made.low_usd == made.likely_usd == made.high_usd < made.horizon_usd


def test_growth_shows_at_the_horizon_and_not_in_the_bill_of_today() -> None:
    made = estimate("sqs_standard", plain_workload(growth_percent_per_month=5.0), real_facts())
    still = estimate("sqs_standard", plain_workload(), real_facts())
    assert made.likely_usd == still.likely_usd == still.horizon_usd
    assert made.horizon_usd == pytest.approx(still.likely_usd * 1.05**24)


def test_brokers_that_no_quota_fits_are_the_largest() -> None:
    workload = plain_workload(
        messages_per_second_avg=10_000_000.0, messages_per_second_peak=10_000_000.0, message_size_bytes_avg=1000.0
    )
    sizing = OPTIONS["msk_provisioned"].size(workload, real_facts())
    assert sizing.quantities[0][0] == "broker_hours:kafka.m7g.16xlarge"
    assert "quota" in sizing.notes[-1]


def test_drain_time_is_never_where_workers_only_just_keep_up() -> None:
    workload = plain_workload(messages_per_second_avg=16.0, messages_per_second_peak=16.0, processing_seconds_avg=0.05)
    steps = {step.id: step for step in OPTIONS["sqs_standard"].size(workload, real_facts()).steps}
    assert steps["workers"].value == 1
    assert steps["drain_hours"].value == pytest.approx(16 * 2 / (1 / 0.05 - 16))


def test_a_size_whose_throughput_has_no_price_is_not_chosen() -> None:
    """Large brokers need provisioned throughput; where that is not priced they are left out, not taken as free."""
    facts = facts_with("price_msk_storage_throughput", "us-east-1", kind="unverified")
    heavy = plain_workload(
        messages_per_second_avg=1_000_000.0, messages_per_second_peak=1_000_000.0, message_size_bytes_avg=2000.0
    )
    lines = OPTIONS["msk_provisioned"].bill(heavy, facts)
    assert lines[0][0] in ("broker_hours:kafka.m5.2xlarge", "broker_hours:kafka.m7g.2xlarge")
    assert "throughput_mib_months" not in dict(lines)


def test_lambda_works_on_one_message_group_or_one_partition_at_a_time() -> None:
    answers = {"consumer_runtime": "lambda", "ordering": "per-key", "ordering_keys": 4.0, "processing_seconds_avg": 0.2}
    workload = plain_workload(messages_per_second_peak=40.0, **answers)
    fifo = {step.id: step.value for step in OPTIONS["sqs_fifo"].size(workload, real_facts()).steps}
    log = {step.id: step.value for step in OPTIONS["msk_provisioned"].size(workload, real_facts()).steps}
    assert fifo["lambda_group_share"] == pytest.approx(100 * 8 / 4)
    assert fifo["lambda_batch_messages_max"] == 10
    assert log["lambda_partition_share"] == pytest.approx(100 * 8 / log["partitions"])
    assert log["lambda_pollers"] == 1


def test_of_log_and_queue_together_each_says_what_lambda_reads_it_by() -> None:
    load = plain_workload(consumer_runtime="lambda", messages_per_second_peak=600.0, processing_seconds_avg=0.5)
    both, log, queue = (
        {step.id: step.value for step in OPTIONS[option].size(load, real_facts()).steps}
        for option in ("kafka_with_sqs", "msk_provisioned", "sqs_standard")
    )
    assert both["lambda_pollers"] == log["lambda_pollers"] == 1
    assert both["queue_lambda_pollers"] == queue["lambda_pollers"] == 30
    assert both["workers"] == log["workers"] == queue["workers"]
    assert "queue_workers" not in both


def test_lambda_needs_pollers_for_its_bytes_and_for_its_concurrency() -> None:
    workload = plain_workload(
        consumer_runtime="lambda",
        messages_per_second_peak=10_000.0,
        message_size_bytes_avg=10_000.0,
        processing_seconds_avg=0.05,
    )
    queue = {step.id: step.value for step in OPTIONS["sqs_standard"].size(workload, real_facts()).steps}
    log = {step.id: step.value for step in OPTIONS["msk_express"].size(workload, real_facts()).steps}
    assert (queue["lambda_pollers"], log["lambda_pollers"]) == (100, 20)
    assert queue["lambda_concurrency_share"] == pytest.approx(100 * 500 / 1250)
    assert queue["lambda_batch_messages_max"] == log["lambda_batch_messages_max"] == 10_000


@pytest.mark.parametrize(
    ("rate", "seconds", "formula"),
    [(5.0, 0, "5 at once from the start"), (8.0, 0.6, "(min(8, 1,250) - 5) ÷ 300 a minute x 60")],
)
def test_what_lambda_starts_with_needs_no_time(rate: float, seconds: float, formula: str) -> None:
    load = {"messages_per_second_avg": rate, "messages_per_second_peak": rate, "processing_seconds_avg": 1.0}
    size = OPTIONS["sqs_standard"].size(plain_workload(consumer_runtime="lambda", **load), real_facts())
    ramp = next(step for step in size.steps if step.id == "lambda_ramp_seconds")
    assert (round(ramp.value, 9), ramp.formula) == (seconds, formula)


def test_without_lambda_nothing_of_lambda_is_shown() -> None:
    for model in OPTIONS.values():
        assert not [
            step.id for step in model.size(plain_workload(), real_facts()).steps if step.id.startswith("lambda")
        ]
