"""A call to a FIFO queue or topic brings one message of each key, as the projects send; so it is sized and billed."""

import random

import pytest

from advisor.core.domains import Interval, known
from advisor.core.options import OPTIONS, monthly_usd
from advisor.core.quantities import mean_batch
from advisor.core.workload import Workload, vary
from tests.core.pricing_facts import plain_workload, real_facts

MONTH = 10 * 2_628_000  # messages


def keyed(keys: float, **answers: object) -> Workload:
    load = plain_workload(ordering="per-key", ordering_keys=keys, batch_size=10.0, processing_seconds_avg=0.1)
    return vary(load, **answers)


@pytest.mark.parametrize(
    ("load", "together"),
    [
        (keyed(1.0), 1),
        (keyed(2.0), 1 + 1 / 2),
        (keyed(3.0), 1 + 2 / 3 + 2 / 9),
        (keyed(3.0, batch_size=2.0), 1 + 2 / 3),
        (keyed(3.0, message_size_bytes_avg=2.0**19), 1 + 2 / 3),  # two fit into a call
        (keyed(1e9), 10),
        (keyed(1000.0, ordering="global"), 1),
        (keyed(2.0, ordering="none"), 10),
    ],
)
def test_few_keys_make_small_calls_and_they_are_billed(load: Workload, together: float) -> None:
    sizing = OPTIONS["sqs_fifo"].size(load, real_facts())
    steps = {step.id: step for step in sizing.steps}
    chunks = max(1, load.message_size_bytes_avg / 65_536)
    if chunks == 1:
        assert steps["send_requests"].value == pytest.approx(MONTH / together)
        assert dict(sizing.quantities)["fifo_requests"] == pytest.approx(
            MONTH * (1 / together + 2.01 / load.batch_size)
        )
    else:
        assert steps["send_requests"].value == pytest.approx(MONTH * chunks)
    assert steps["queue_calls_per_second"].value == pytest.approx(30 / together)
    assert mean_batch(load) == pytest.approx(together)
    assert ("sent_together" in steps) is (load.ordering != "none")
    topic = dict(OPTIONS["sns_sqs"].bill(vary(load, delivery="exactly-once"), real_facts()))
    if chunks == 1:
        assert topic["sns_fifo_requests"] == pytest.approx(MONTH / together)


def test_it_is_what_the_producer_of_the_projects_sends_of_keys_that_are_all_alike() -> None:
    """It keeps what is in hand until ten are, or until a second one of a key comes."""
    draw, calls, in_hand, messages = random.Random(7), 0, set[int](), 200_000
    for _ in range(messages):
        key = draw.randrange(20)
        if key in in_hand or len(in_hand) == 10:
            calls, in_hand = calls + 1, set()
        in_hand.add(key)
    assert mean_batch(keyed(20.0)) == pytest.approx(messages / calls, rel=0.01)


def test_the_step_says_the_chances_and_why() -> None:
    steps = OPTIONS["sqs_fifo"].size(keyed(3.0), real_facts()).steps
    (formula,) = (step.formula for step in steps if step.id == "sent_together")
    assert formula.startswith("1 + 0.6667 + 0.2222: of each of 10 the chance to be in it, with 3 keys, all alike;")
    assert "may refuse the first and take the second" in formula


@pytest.mark.parametrize(("keys", "is_high"), [(3.0, True), (1000.0, False)])
def test_few_keys_bring_a_queue_to_high_throughput_sooner(keys: float, is_high: bool) -> None:
    """800 messages a second are 424 calls with three keys, and some 80 with a thousand."""
    load = keyed(keys, messages_per_second_peak=800.0, hottest_key_messages_per_second=270.0)
    settings = {setting.id: setting.value for setting in OPTIONS["sqs_fifo"].size(load, real_facts()).settings}
    assert settings["high_throughput_fifo"] is is_high


def test_the_busiest_sequence_uses_its_group_message_by_message() -> None:
    load = keyed(1000.0, hottest_key_messages_per_second=30.0)
    steps = {step.id: step.value for step in OPTIONS["sqs_fifo"].size(load, real_facts()).steps}
    assert steps["group_share"] == pytest.approx(10)


def test_a_busy_key_that_is_stated_is_said_to_take_more_calls_than_are_billed() -> None:
    busy = keyed(1000.0, hottest_key_messages_per_second=15.0)
    stated = vary(busy, domains={"hottest_key_messages_per_second": known(15.0)})
    assumed = vary(busy, domains={"hottest_key_messages_per_second": Interval(low=0.03, high=30)})
    for option in ("sqs_fifo", "sns_sqs"):
        said = [OPTIONS[option].size(load, real_facts()).notes for load in (stated, assumed, keyed(1000.0))]
        assert [any("at least 50 calls" in note for note in notes) for notes in said] == [True, False, False]


def test_large_messages_pay_for_their_chunks_however_few_go_together() -> None:
    """Of 40 KiB each: alone one request; together two for two, and of ten never fewer than five for eight."""
    for keys, rate in ((1.0, 1.0), (2.0, 1.0), (1e9, 5 / 8)):
        steps = {
            each.id: each
            for each in OPTIONS["sqs_fifo"].size(keyed(keys, message_size_bytes_avg=40_960.0), real_facts()).steps
        }
        assert steps["requests_per_message"].value == pytest.approx(rate)


def test_a_standard_queue_has_full_batches_whatever_the_keys() -> None:
    one, other = (monthly_usd("sqs_standard", keyed(keys), real_facts()) for keys in (1.0, 1e6))
    assert one == other


def test_deletes_are_those_of_each_second_of_work_and_at_most_one_a_message() -> None:
    assert real_facts().number("plan_delete_seconds") == 1  # which the quantity reckons with
    for seconds, calls in ((0.25, 7.5), (1.0, 30), (60.0, 30)):
        assert keyed(10.0, processing_seconds_avg=seconds).delete_calls_per_second_peak == calls
