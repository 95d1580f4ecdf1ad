"""Every option's sizing and price, and the estimate made of them. Knows no rule and no question's words."""

from collections.abc import Mapping
from types import MappingProxyType

from advisor.core.domains import NOT_TOLD
from advisor.core.errors import AnswersError, Problem, read_all
from advisor.core.estimate import CostLine, Estimate, Quantity
from advisor.core.facts import Facts
from advisor.core.once import once
from advisor.core.options import (
    confluent_cloud,
    kafka_self_managed,
    kafka_with_sqs,
    msk_express,
    msk_provisioned,
    msk_serverless,
    sns_sqs,
    sqs_fifo,
    sqs_standard,
)
from advisor.core.options._model import Model
from advisor.core.pricing import comparable_usd, cost_lines, is_partial, price_usd, total_usd
from advisor.core.tariffs import TARIFFS, check_priced, read_quantities
from advisor.core.units import format_quantity
from advisor.core.workload import Workload, vary

OPTIONS: Mapping[str, Model] = MappingProxyType(
    {
        "sqs_standard": sqs_standard.MODEL,
        "sqs_fifo": sqs_fifo.MODEL,
        "sns_sqs": sns_sqs.MODEL,
        "kafka_self_managed": kafka_self_managed.MODEL,
        "msk_provisioned": msk_provisioned.MODEL,
        "msk_express": msk_express.MODEL,
        "msk_serverless": msk_serverless.MODEL,
        "confluent_cloud": confluent_cloud.MODEL,
        "kafka_with_sqs": kafka_with_sqs.MODEL,
    }
)
_COMPARED: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        cloud: frozenset(name for name, model in OPTIONS.items() if cloud in model.compared_in)
        for cloud in {cloud for model in OPTIONS.values() for cloud in model.compared_in}
    }
)


def estimate(option: str, workload: Workload, facts: Facts, ends: tuple[Workload, Workload] | None = None) -> Estimate:
    """Sizing at the horizon; the bill today and then, and at the lightest and the heaviest load that was stated."""
    model, now = OPTIONS[option], today(workload)
    sizing, is_growing = model.size(workload, facts), workload.growth_factor != now.growth_factor
    bill = model.bill(now, facts) if is_growing else sizing.quantities
    lines = cost_lines(bill, workload.region, facts)
    likely = total_usd(lines), is_partial(lines)
    low, high = (
        likely if each is workload else price_usd(model.bill(today(each), facts), workload.region, facts)
        for each in ends or (workload, workload)
    )
    later = likely if sizing.quantities == bill else price_usd(sizing.quantities, workload.region, facts)
    added = _added(option, now, facts)
    scored_usd, scored_by = comparable_usd(bill if added is None else added, workload.region, facts)
    return Estimate(
        option=option,
        region=workload.region,
        sizing=sizing,
        lines=lines,
        low_usd=min(low[0], likely[0]),  # where a price is missing, a heavier load may say less than a lighter one
        likely_usd=likely[0],
        high_usd=max(high[0], likely[0]),
        horizon_usd=max(later[0], likely[0]) if later[1] and workload.growth_factor > now.growth_factor else later[0],
        scored_usd=scored_usd,
        scored_by=scored_by,
        is_partial=likely[1] or low[1] or high[1] or later[1],
        marginal_lines=None if added is None else cost_lines(added, workload.region, facts),
        operating_usd=_operating_usd(option, workload, facts),
        not_included=(
            *(_emptier_calls(model, now, likely, facts) if _assumes_batches(model, workload, ends) else ()),
            *model.not_included,
            *_beyond_one_place(workload),
            *_beyond_aws(option, workload),
        ),
    )


def monthly_usd(option: str, workload: Workload, facts: Facts) -> tuple[float, int]:
    """What the cost criterion looks at (today's bill; the marginal one where Kafka runs), and how it is known: PRICED,
    ELSEWHERE or UNPRICED.

    Rises with every number but the lightening ones, so two corners bound it.
    """
    return comparable_usd(_scored(option, workload, facts), workload.region, facts)


def priced_usd(option: str, workload: Workload, facts: Facts) -> float:
    """Of the same the part that is priced in this Region: it costs at least as much."""
    return price_usd(_scored(option, workload, facts), workload.region, facts)[0]


def _scored(option: str, workload: Workload, facts: Facts) -> tuple[Quantity, ...]:
    model, now = OPTIONS[option], today(workload)
    added = _added(option, now, facts)
    return model.bill(now, facts) if added is None else added


def _added(option: str, now: Workload, facts: Facts) -> tuple[Quantity, ...] | None:
    """What is billed more where Kafka of this kind runs already, or of one that nobody told, which may be nothing; None
    where that is not the question."""
    model, running = OPTIONS[option], now.running_kafka
    is_ours = running in (option, NOT_TOLD) or "existing_kafka" not in model.reads
    return model.added(now, facts) if model.added is not None and running and is_ours else None


def price_quantities(option: str, quantities: Mapping[str, float], region: str, facts: Facts) -> tuple[CostLine, ...]:
    """The cost lines of a bill of quantities; raises AnswersError for all that is not billed or not known."""
    billed = OPTIONS[option].quantities if option in OPTIONS else TARIFFS
    _, read, _ = read_all(
        lambda: check_option(option),
        lambda: read_quantities(quantities, billed),
        lambda: check_priced(quantities, region, facts),
    )
    return cost_lines(read, region, facts)


def check_option(option: str) -> None:
    """Raises AnswersError where there is no such option."""
    if option not in OPTIONS:
        message, hint = f"“{option[:40]}” is no option.", f"Choose one of {', '.join(OPTIONS)}."
        raise AnswersError(Problem(where="option", code="unknown_choice", message=message, hint=hint))


def compared_in(cloud: str) -> frozenset[str]:
    """The options whose figures are those of another cloud there: no budget rules them out."""
    return _COMPARED.get(cloud, frozenset())


def today(workload: Workload) -> Workload:
    """The same workload before it has grown."""
    return _ungrown(workload) if workload.planning_horizon_months else workload


@once
def _ungrown(workload: Workload) -> Workload:
    return vary(workload, planning_horizon_months=0.0)


def _assumes_batches(model: Model, workload: Workload, ends: tuple[Workload, Workload] | None) -> bool:
    """Whether its bill reads how many messages go into a call, and nobody said a value or a range."""
    domain = workload.domains.get("batch_size")
    is_open = "batch_size" in model.numbers and domain is not None and not domain.is_known
    return is_open and (ends is None or ends[0].batch_size == ends[1].batch_size)


def _emptier_calls(model: Model, now: Workload, likely: tuple[float, bool], facts: Facts) -> tuple[str, ...]:
    """What it costs where one message goes into each call; nothing where that is no more."""
    usd, has_gap = price_usd(model.bill(vary(now, batch_size=1.0), facts), now.region, facts)
    if has_gap or likely[1] or usd <= likely[0]:
        return ()
    assumed = f"calls with fewer than the {format_quantity(now.batch_size, 'messages')} that are assumed"
    return (f"{assumed} (with one in each it costs {format_quantity(usd, 'USD')})",)


def _beyond_one_place(workload: Workload) -> tuple[str, ...]:
    """What no bill has of a second Region or cloud: one cluster, or one set of queues, is reckoned."""
    missing = (
        ("a second Region's cluster or queues and the replication to them", workload.multi_region != "none"),
        ("traffic between clouds", workload.cloud == "multi"),
    )
    return tuple(what for what, is_needed in missing if is_needed)


def _beyond_aws(option: str, workload: Workload) -> tuple[str, ...]:
    """Where the figures are those of another cloud, what the machines cost where they stand."""
    here = "the prices of your own cloud or data centre (those of AWS stand for them, to compare with)"
    return (here,) if option in compared_in(workload.cloud) else ()


def _operating_usd(option: str, workload: Workload, facts: Facts) -> float:
    share = facts.number("plan_operating_share", option)
    return workload.operating_hours_per_month * share * workload.engineer_usd_per_hour
