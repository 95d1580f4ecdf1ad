"""Events on a log and jobs on a queue: MSK Standard brokers and one standard queue, each for the whole load."""

from collections.abc import Iterator
from dataclasses import replace

from advisor.core.estimate import Quantity, Setting, Sizing, Step
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options import msk_provisioned, sqs_standard
from advisor.core.options._model import Model
from advisor.core.workload import Workload, vary

SPLIT = "Both halves are reckoned with the whole load; what flows through one only would cost less."


def bill(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """Both bills."""
    return (*msk_provisioned.bill(workload, facts), *sqs_standard.bill(_jobs(workload), facts))


def added(workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    """The queue's bill, and what the log adds to the cluster that runs already, whichever that is."""
    return (*msk_provisioned.added(workload, facts), *sqs_standard.bill(_jobs(workload), facts))


def size(workload: Workload, facts: Facts) -> Sizing:
    """Both sizings, one after the other; a setting that both have is the log's."""
    log, queue = msk_provisioned.size(workload, facts), sqs_standard.size(_jobs(workload), facts)
    return Sizing(
        option="kafka_with_sqs",
        steps=(*log.steps, *_own_steps(log, queue)),
        settings=_settings(log, queue),
        quantities=(*log.quantities, *queue.quantities),
        notes=(SPLIT, *log.notes, *queue.notes),
    )


@once
def _jobs(workload: Workload) -> Workload:
    """What the queue has of it: many may read the log, and the workers of one read the queue."""
    return vary(workload, consumer_groups=1.0) if workload.consumer_groups > 1 else workload


def _own_steps(log: Sizing, queue: Sizing) -> Iterator[Step]:
    """What the queue does not share with the log; what is reckoned in another way for it says so."""
    said = {step.id: step for step in log.steps}
    for step in queue.steps:
        if step.id not in said:
            yield step
        elif step != said[step.id]:
            yield replace(step, id=f"queue_{step.id}", label=f"{step.label}, from the queue")


def _settings(log: Sizing, queue: Sizing) -> tuple[Setting, ...]:
    """Both have what is assumed of messages; the queue's must fit a queue."""
    return tuple({setting.id: setting for setting in (*log.settings, *queue.settings)}.values())


_LOG_READS = [name for name in msk_provisioned.MODEL.reads if name != "existing_kafka"]  # it is a log of any kind
MODEL = Model(
    bill=bill,
    size=size,
    added=added,
    quantities=(*msk_provisioned.MODEL.quantities, *sqs_standard.MODEL.quantities),
    numbers=tuple(dict.fromkeys((*msk_provisioned.MODEL.numbers, *sqs_standard.MODEL.numbers))),
    reads=tuple(dict.fromkeys((*_LOG_READS, *sqs_standard.MODEL.reads))),
    not_included=tuple(dict.fromkeys((*msk_provisioned.MODEL.not_included, *sqs_standard.MODEL.not_included))),
)
