"""Worked examples about Confluent Cloud: units from rates, limits from units, and traffic by the gigabyte."""

from advisor.core.examples._values import KIB, Adapter, Inputs, Outcome
from advisor.core.options._model import round_up

TYPES = ("basic", "standard", "enterprise", "dedicated", "freight")


def units_from_rate(inputs: Inputs) -> Outcome:
    """Units for a peak, with headroom on top."""
    raw = inputs.number("peak_egress_mb_s", "peak_ingress_mb_s") / inputs.number(
        "per_ecku_egress_mb_s", "per_ecku_ingress_mb_s"
    )
    units = float(round_up(raw * (1 + inputs.number("headroom"))))
    beyond = {"needs": "a sentence about private networking"}
    return Outcome(got={"raw_ecku": raw, "ecku": units, "units": units}, beyond=beyond)


def limits_from_units(inputs: Inputs) -> Outcome:
    """A cluster's limits; partitions have a ceiling of their own for some types."""
    units = inputs.number("units")
    per_unit = inputs.maybe("partitions_per_unit")
    kind = next((kind for kind in TYPES if inputs.says(kind)), "")
    most = inputs.facts.number("confluent_partitions_max", kind) if kind else float("inf")
    return Outcome(
        got={
            "ingress_mb_s": units * inputs.number("ingress_per_unit"),
            "egress_mb_s": units * inputs.number("egress_per_unit"),
            "partitions": most if per_unit is None else min(most, units * per_unit),
        }
    )


def growth(inputs: Inputs) -> Outcome:
    """What so many more units carry."""
    units = inputs.number("ecku_per_10_min")
    kind = next((kind for kind in TYPES if inputs.says(kind)), "freight")
    rates = (inputs.facts.number(f"confluent_unit_{way}_bytes_per_second", kind) / 1e6 for way in ("ingress", "egress"))
    return Outcome(got=dict(zip(("ingress_mb_s", "egress_mb_s"), (units * rate for rate in rates), strict=True)))


def traffic(inputs: Inputs) -> Outcome:
    """A steady rate in a month; the source reads megabytes as MiB and gigabytes as GiB."""
    rate = inputs.number("ingress_mb_s") + inputs.number("egress_mb_s")
    volume = rate * 3600 * inputs.number("hours", default=730.0) / KIB
    return Outcome(got={"monthly_gb": volume, "monthly_usd": volume * inputs.number("price_per_gb")})


ADAPTERS = (
    Adapter(run=units_from_rate, any_of=("per_ecku_egress_mb_s", "per_ecku_ingress_mb_s")),
    Adapter(run=limits_from_units, needs=("units",), any_of=("ingress_per_unit", "egress_per_unit")),
    Adapter(run=growth, needs=("ecku_per_10_min",)),
    Adapter(run=traffic, needs=("price_per_gb",), any_of=("ingress_mb_s", "egress_mb_s")),
)
