"""Worked examples about SNS: standard and FIFO topics, deliveries and their free bands."""

from advisor.core.examples._values import KIB, Adapter, Inputs, Outcome, summed
from advisor.core.options._sqs import billed_requests
from advisor.core.tariffs import MILLION

# The calculator's field, what it counts, and the free band that the calculator itself takes off.
DELIVERIES = (
    ("http", "sns_http_deliveries", "sns_free_http_per_month"),
    ("email", "sns_email_deliveries", "sns_free_email_per_month"),
    ("mobile", "sns_mobile_push", "sns_free_mobile_push_per_month"),
    ("sqs", "sns_queue_deliveries", ""),
    ("lambda", "sns_lambda_deliveries", ""),
    ("firehose", "sns_firehose_deliveries", ""),
)
VOLUMES = (("scanning", "sns_scanned_gb"), ("audit", "sns_audited_gb"), ("filter", "sns_body_filter_gb"))
FIELDS = {"mobile": "mobile_push_m", "filter": "payload_filter_gb"}


def calculator(inputs: Inputs) -> Outcome:
    """Millions of requests and deliveries, and GB scanned, as the AWS calculator asks for them."""
    amounts: dict[str, float | None] = {
        "requests_usd": inputs.usd(sns_requests=inputs.number("requests_m") * MILLION),
    }
    for name, tariff, free_fact in DELIVERIES:
        free = inputs.facts.number(free_fact) if free_fact else 0.0
        count = max(0.0, inputs.number(FIELDS.get(name, f"{name}_m")) * MILLION - free)
        amounts[f"{name}_usd"] = inputs.usd(**{tariff: count})
    for name, tariff in VOLUMES:
        amounts[f"{name}_usd"] = inputs.usd(**{tariff: inputs.number(FIELDS.get(name, f"{name}_gb"))})
    return Outcome(got={**amounts, "total_usd": summed(*amounts.values())})


def fifo_resource(inputs: Inputs) -> Outcome:
    """Publishes to a FIFO topic; the source counts a request a message and GB of 10^9 bytes of 1,000-byte KB."""
    requests, subscriptions = inputs.number("requests", "publishes"), inputs.number("subscriptions")
    payload = requests * inputs.number("request_size_kb", "size_kb") / MILLION
    amounts = {
        "requests_usd": inputs.usd(sns_fifo_requests=requests),
        "payload_usd": inputs.usd(sns_fifo_payload_gb=payload),
        "subscription_usd": inputs.usd(sns_fifo_deliveries=requests * subscriptions),
        "subscription_payload_usd": inputs.usd(sns_fifo_delivered_gb=payload * subscriptions),
    }
    counts = {"payload_gb": payload, "subscription_messages": requests * subscriptions}
    return Outcome(got={**amounts, **counts, "total_usd": summed(*amounts.values())})


def topic_resource(inputs: Inputs) -> Outcome:
    """Requests of a standard topic, each of a size in KiB, less what is free."""
    if inputs.says("fifo"):
        return fifo_resource(inputs)
    size = inputs.number("request_size_kb", "size_kb") * KIB
    billed = inputs.number("requests", "publishes") * billed_requests(size, inputs.facts)
    paid = max(0.0, billed - inputs.number("free_requests"))
    return Outcome(got={"billed_requests": paid, "monthly_usd": inputs.usd(sns_requests=paid)})


def http_resource(inputs: Inputs) -> Outcome:
    """Deliveries over HTTP, in chunks of 64 KiB."""
    size = inputs.number("size_kb", "request_size_kb") * KIB
    billed = inputs.number("deliveries") * billed_requests(size, inputs.facts)
    paid = max(0.0, billed - inputs.number("free_deliveries", "http_free"))
    return Outcome(got={"billed": paid, "monthly_usd": inputs.usd(sns_http_deliveries=paid)})


def fan_out(inputs: Inputs) -> Outcome:
    """Publishes, and deliveries to queues, functions and HTTP."""
    publishes = inputs.number("publishes")
    paid = max(0.0, publishes - inputs.number("free_requests"))
    http = max(0.0, inputs.number("http_deliveries") - inputs.number("http_free"))
    queues = publishes * (inputs.number("sqs_subscriptions") + inputs.number("lambda_subscriptions"))
    amounts = {
        "publish_usd": inputs.usd(sns_requests=paid),
        "http_usd": inputs.usd(sns_http_deliveries=http),
        "sqs_lambda_delivery_usd": inputs.usd(sns_queue_deliveries=queues),
    }
    return Outcome(got={**amounts, "total_usd": summed(*amounts.values())})


ADAPTERS = (
    Adapter(run=calculator, any_of=("requests_m", "http_m", "email_m", "sqs_m")),
    Adapter(run=http_resource, needs=("deliveries",), any_of=("size_kb", "request_size_kb")),
    Adapter(run=fan_out, needs=("publishes",), any_of=("sqs_subscriptions", "lambda_subscriptions", "http_deliveries")),
    Adapter(run=fifo_resource, needs=("requests", "subscriptions"), any_of=("request_size_kb", "size_kb")),
    Adapter(run=topic_resource, any_of=("requests", "publishes"), needs=("request_size_kb",), lacks=("queue",)),
)
