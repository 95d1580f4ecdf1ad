"""What can be billed: which price each quantity has, and in which unit. Knows no option, no workload and no amount."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from advisor.core.errors import AnswersError, Problem
from advisor.core.estimate import Quantity
from advisor.core.facts import Facts

MILLION = 1e6
_MOST = 1e18  # more of anything than a month can have: what is above is a slip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """One kind of billed quantity: the price fact, and how many base units make one priced unit."""

    id: str
    label: str
    unit: str
    price: str
    per: float = 1.0


def _tariffs(*rows: tuple[str, str, str, str] | tuple[str, str, str, str, float]) -> Mapping[str, Tariff]:
    made = (Tariff(id=row[0], label=row[1], unit=row[2], price=row[3], per=(*row, 1.0)[4]) for row in rows)
    return MappingProxyType({tariff.id: tariff for tariff in made})


# A quantity of a sized thing carries the size behind a colon: broker_hours:kafka.m7g.large.
# Ids keep the vendors' word, GB, for what is counted in GiB; SNS alone means 10^9 bytes.
TARIFFS = _tariffs(
    ("standard_requests", "Requests to standard queues", "million requests", "price_sqs_standard", MILLION),
    ("fifo_requests", "Requests to FIFO queues", "million requests", "price_sqs_fifo", MILLION),
    ("fair_requests", "Fair-queue surcharge", "million requests", "price_sqs_fair", MILLION),
    ("sns_requests", "Publishes to standard topics", "million requests", "price_sns_requests", MILLION),
    ("sns_queue_deliveries", "Deliveries to queues", "million deliveries", "price_sns_queue_delivery", MILLION),
    ("sns_lambda_deliveries", "Deliveries to functions", "million deliveries", "price_sns_queue_delivery", MILLION),
    ("sns_http_deliveries", "Deliveries to HTTP", "million deliveries", "price_sns_http", MILLION),
    ("sns_email_deliveries", "Deliveries by e-mail", "million deliveries", "price_sns_email", MILLION),
    ("sns_mobile_push", "Mobile push notifications", "million deliveries", "price_sns_mobile_push", MILLION),
    ("sns_firehose_deliveries", "Deliveries to Data Firehose", "million deliveries", "price_sns_firehose", MILLION),
    ("sns_fifo_requests", "Publishes to FIFO topics", "million requests", "price_sns_fifo_publish", MILLION),
    ("sns_fifo_payload_gb", "Payload published to FIFO topics", "GB", "price_sns_fifo_publish_payload"),
    ("sns_fifo_deliveries", "FIFO deliveries", "million messages", "price_sns_fifo_subscription", MILLION),
    ("sns_fifo_delivered_gb", "Payload delivered by FIFO topics", "GB", "price_sns_fifo_subscription_payload"),
    ("sns_archive_gb", "FIFO archive, processed", "GB", "price_sns_fifo_archive_processing"),
    ("sns_archive_gb_months", "FIFO archive, kept", "GB-month", "price_sns_fifo_archive_storage"),
    ("sns_body_filter_gb", "Filtering by body", "GB", "price_sns_body_filter"),
    ("sns_scanned_gb", "Message data protection, scanned", "GB", "price_sns_data_protection_scan"),
    ("sns_audited_gb", "Message data protection, audited", "GB", "price_sns_data_protection_audit"),
    ("broker_hours", "Brokers", "broker-hours", "price_msk_broker_hour"),
    ("storage_gb_months", "Broker storage", "GiB-month", "price_msk_storage"),
    ("throughput_mib_months", "Provisioned storage throughput", "MiB/s-month", "price_msk_storage_throughput"),
    ("tiered_gb_months", "Tiered storage", "GiB-month", "price_msk_tiered"),
    ("tiered_read_gb", "Tiered storage, read back", "GiB", "price_msk_tiered_retrieval"),
    ("express_storage_gb_months", "Express storage", "GiB-month", "price_msk_express_storage"),
    ("express_in_gb", "Express, data written", "GiB", "price_msk_express_data_in"),
    ("serverless_cluster_hours", "Serverless cluster", "cluster-hours", "price_msk_serverless_cluster_hour"),
    ("serverless_partition_hours", "Serverless partitions", "partition-hours", "price_msk_serverless_partition_hour"),
    ("serverless_in_gb", "Serverless, data written", "GiB", "price_msk_serverless_data_in"),
    ("serverless_out_gb", "Serverless, data read", "GiB", "price_msk_serverless_data_out"),
    ("serverless_storage_gb_months", "Serverless storage", "GiB-month", "price_msk_serverless_storage"),
    ("connect_unit_hours", "MSK Connect capacity", "MCU-hours", "price_msk_connect_unit_hour"),
    ("machine_hours", "Machines", "instance-hours", "price_ec2_hour"),
    ("volume_gb_months", "Volumes (gp3)", "GiB-month", "price_ebs_gp3"),
    ("volume_mib_months", "Volume throughput above the base", "MiB/s-month", "price_ebs_gp3_throughput"),
    ("volume_iops_months", "Volume operations above the base", "IOPS-month", "price_ebs_gp3_iops"),
    ("confluent_unit_hours", "Confluent units", "unit-hours", "price_confluent_unit_hour"),
    ("confluent_gb", "Confluent, data written and read", "GiB", "price_confluent_data"),
    ("confluent_storage_gb_months", "Confluent storage", "GiB-month", "price_confluent_storage"),
    ("cross_zone_gb", "Traffic between zones, each direction", "GiB", "price_cross_zone"),
    ("internet_gb", "Traffic out to the internet", "GiB", "price_internet_out"),
    ("other_region_gb", "Traffic to other Regions", "GiB", "price_other_region"),
    ("us_east_gb", "Traffic between us-east-1 and us-east-2", "GiB", "price_us_east_to_us_east"),
    ("endpoint_hours", "Interface endpoints", "hours", "price_endpoint_hour"),
    ("endpoint_gb", "Interface endpoints, data processed", "GiB", "price_endpoint_data"),
    ("nat_hours", "NAT gateways", "hours", "price_nat_hour"),
    ("lambda_requests", "Lambda requests", "million requests", "price_lambda_requests", MILLION),
    ("lambda_gb_seconds", "Lambda duration", "GB-seconds", "price_lambda_gb_second"),
    ("lambda_sqs_poller_hours", "Lambda event pollers for SQS", "EPU-hours", "price_lambda_poller_sqs_hour"),
    ("lambda_kafka_poller_hours", "Lambda event pollers for Kafka", "EPU-hours", "price_lambda_poller_kafka_hour"),
)


def read_quantities(quantities: Mapping[str, float], known: Iterable[str] = TARIFFS) -> tuple[Quantity, ...]:
    """Typed quantities; every name we cannot price and every impossible amount is a problem of its own."""
    problems = tuple(_problems(quantities, tuple(known)))
    if problems:
        raise AnswersError(*problems)
    return tuple(quantities.items())


def check_priced(quantities: Iterable[str], region: str, facts: Facts) -> None:
    """Raises AnswersError for a Region or a size that no fact knows, since a slip would look like a gap of ours."""
    problems = [] if region in (known := _list_keys("region", facts)) else [_unknown("region", region, known)]
    for quantity in quantities:
        name, _, size = quantity.partition(":")
        if name not in TARIFFS:
            continue  # read_quantities says so
        sizes = _list_keys("size", facts, TARIFFS[name].price) or ("",)
        if size not in sizes:
            problems.append(_unknown(quantity, size, sizes))
    if problems:
        raise AnswersError(*problems)


def _list_keys(key: str, facts: Facts, *of: str) -> tuple[str, ...]:
    """The Regions, or the sizes, of these facts, else of all."""
    chosen = [facts[name] for name in of or facts]
    return tuple(sorted({at[fact.by.index(key)] for fact in chosen if key in fact.by for at in fact.cells} - {"other"}))


def _unknown(where: str, what: str, known: tuple[str, ...]) -> Problem:
    hint = f"Known: {', '.join(known)}." if any(known) else "It is counted without a size."
    message = f"“{what}” is not known here." if what else "It is counted by size: write one after a colon."
    return Problem(where=where, code="unknown_choice", message=message, hint=hint)


def unit_of(quantity: str) -> str:
    """The unit in which a quantity is counted, before any millions."""
    return TARIFFS[quantity.partition(":")[0]].unit.removeprefix("million ")


def _problems(quantities: Mapping[str, float], known: tuple[str, ...]) -> Iterator[Problem]:
    for name, value in quantities.items():
        if name.partition(":")[0] not in known:
            yield Problem(
                where=name,
                code="unknown_quantity",
                message=f"“{name}” is no quantity we can price here.",
                hint=f"Known: {', '.join(known)}.",
            )
        elif not 0 <= value <= _MOST:
            message = f"A quantity of a month is a number from 0 to {_MOST:g}."
            yield Problem(where=name, code="out_of_bounds", message=message)
