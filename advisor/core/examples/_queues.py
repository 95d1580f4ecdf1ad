"""Worked examples about SQS and about Lambda that reads from queues or logs."""

from advisor.core.examples._values import KIB, Adapter, Inputs, Outcome, summed
from advisor.core.options._sqs import billed_requests
from advisor.core.tariffs import MILLION

FLAT = "the source prices every request at the first tier; with volume tiers we get {usd:,.2f} USD"


def _free(inputs: Inputs) -> float:
    """Requests that cost nothing, where the example takes the free tier off."""
    return inputs.facts.number("sqs_free_requests_per_month") if inputs.flag("free_tier_applied") else 0.0


def _kind(inputs: Inputs) -> str:
    """What the requests of its queue are billed as."""
    return "fifo_requests" if inputs.text("queue").lower().startswith("fifo") else "standard_requests"


def calculator(inputs: Inputs) -> Outcome:
    """Requests by kind of queue, with or without the free tier."""
    free, standard, fifo = _free(inputs), inputs.number("standard_requests"), inputs.number("fifo_requests")
    fair = inputs.number("fair_requests")
    standard, free = max(0.0, standard - free), max(0.0, free - standard)
    amounts = {
        "standard_usd": inputs.usd(standard_requests=standard),
        "fifo_usd": inputs.usd(fifo_requests=max(0.0, fifo - free)),
        "fair_usd": inputs.usd(fair_requests=fair),
    }
    return Outcome(got={**amounts, "total_usd": summed(*amounts.values())})


def queue_resource(inputs: Inputs) -> Outcome:
    """Requests of one queue, each of a size in KiB."""
    chunks = billed_requests(inputs.number("request_size_kb", default=0.0) * KIB, inputs.facts)
    billed = inputs.number("requests") * chunks
    paid = max(0.0, billed - _free(inputs))
    usd = inputs.usd(**{_kind(inputs): paid})
    return Outcome(got={"billed_requests": billed, "monthly_usd": usd})


def chunks_of_message(inputs: Inputs) -> Outcome:
    """Billed requests of messages of a size."""
    calls = inputs.number("api_calls", "messages", default=1.0)
    return Outcome(got={"billed_requests": calls * billed_requests(inputs.number("message_bytes"), inputs.facts)})


def polling(inputs: Inputs) -> Outcome:
    """Receives of workers that poll an empty queue."""
    hours = inputs.number("hours", default=inputs.number("days") * 24)
    interval = inputs.number("wait_seconds", "poll_interval_s", "poll_interval_seconds", default=1.0)
    requests = inputs.number("workers", "pollers", "consumers", default=1.0) * hours * 3600 / interval
    paid = max(0.0, requests - _free(inputs))
    stated = inputs.usd_at(("price_per_million",), MILLION, standard_requests=paid)
    ours = inputs.usd(standard_requests=paid)
    differs = FLAT.format(usd=ours) if ours is not None and stated is not None and abs(ours - stated) > 0.01 else ""
    return Outcome(got={"requests": requests, "monthly_usd": stated}, differs=differs)


def steady_rate(inputs: Inputs) -> Outcome:
    """Messages and requests in so many days."""
    days = inputs.number("days", default=inputs.facts.number("hours_per_month") / 24)
    messages = inputs.number("messages_per_second") * days * 86_400
    requests = messages * inputs.number("requests_per_message", default=3.0) / inputs.number("batch", default=1.0)
    usd = inputs.usd(**{_kind(inputs): requests})
    return Outcome(got={"messages_per_month": messages, "requests_per_month": requests, "monthly_usd": usd})


def plain_requests(inputs: Inputs) -> Outcome:
    """Requests that are counted already, or follow from messages and the requests that each takes."""
    messages = inputs.number("messages_per_month", "messages", default=inputs.number("messages_per_day") * 30)
    per_message = inputs.number("requests_per_message", "api_calls_per_message", default=3.0)
    requests = inputs.number("requests", default=messages * per_message / inputs.number("batch", default=1.0))
    paid = max(0.0, requests - inputs.number("free_requests", default=_free(inputs)))
    name = "fifo_requests" if inputs.says("fifo") else _kind(inputs)
    usd = inputs.usd_at(("price_per_million",), MILLION, **{name: paid})
    return Outcome(got={"requests": requests, "paid_requests": paid, "monthly_usd": usd})


def drain(inputs: Inputs) -> Outcome:
    """A backlog worked off while messages keep coming."""
    spare = inputs.number("consume_per_second", "drain_per_second") - inputs.number("produce_per_second")
    seconds = inputs.number("backlog", "backlog_messages") / spare if spare > 0 else float("inf")
    return Outcome(got={"drain_seconds": seconds, "drain_minutes": seconds / 60, "drain_hours": seconds / 3600})


def receive_rate(inputs: Inputs) -> Outcome:
    """One thread that receives, call after call."""
    calls = 1000 / inputs.number("receive_latency_ms", "latency_ms")
    threads = inputs.number("threads", default=1.0)
    return Outcome(got={"messages_per_second": calls * inputs.number("messages_per_receive", "batch") * threads})


def batched_calls(inputs: Inputs) -> Outcome:
    """Messages that a rate of calls carries."""
    return Outcome(got={"messages_per_second": inputs.number("calls_per_second") * inputs.number("batch")})


def little(inputs: Inputs) -> Outcome:
    """Work in progress is arrival rate times the time each message takes."""
    rate = inputs.number("messages_per_second", "arrivals_per_second", "arrival_rate", "rate_per_second")
    busy = rate * inputs.number("processing_seconds", "service_seconds", "seconds_per_message", "avg_seconds")
    return Outcome(got={"in_flight": busy, "workers": -(-busy // 1), "concurrency": busy})


def visibility(inputs: Inputs) -> Outcome:
    """How long a queue hides what a function works on."""
    factor = inputs.facts.number("lambda_visibility_timeout_factor")
    seconds = factor * inputs.number("function_timeout_seconds", "function_timeout_s")
    window = inputs.number("batching_window_seconds", "batching_window_s")
    return Outcome(got={"visibility_timeout_seconds": seconds + window, "visibility_timeout_s": seconds + window})


def lambda_mapping(inputs: Inputs) -> Outcome:
    """Lambda behind an event source: duration, requests and provisioned pollers."""
    mappings = inputs.number("mappings", default=1.0)
    per_day = inputs.number("invocations_per_day", "invocations_per_day_per_mapping")
    invocations = per_day * inputs.number("days", default=30.0) * mappings
    seconds = invocations * inputs.number("avg_seconds") * inputs.number("memory_mb") / KIB
    paid = max(0.0, seconds - inputs.number("free_gb_s"))
    units = -(-mappings * inputs.number("pollers_per_mapping") // inputs.number("pollers_per_epu", default=1.0))
    hours = inputs.number("epu_hours", default=units * inputs.number("hours", default=720.0))
    kafka = inputs.says("kafka", "msk")
    compute = inputs.usd_at(("gb_s_price",), lambda_gb_seconds=paid)
    requests = inputs.usd_at(("request_price_per_million",), MILLION, lambda_requests=invocations)
    name = "lambda_kafka_poller_hours" if kafka else "lambda_sqs_poller_hours"
    pollers = inputs.usd_at(("epu_price",), **{name: hours})
    total = summed(compute, requests, pollers)
    return Outcome(
        got={
            "gb_seconds": seconds,
            "compute_usd": compute,
            "requests": invocations,
            "requests_usd": requests,
            "epu": units,
            "epu_hours": hours,
            "epu_usd": pollers,
            "total_usd": total,
            "per_mapping_usd": None if total is None else total / mappings,
        }
    )


ADAPTERS = (
    Adapter(run=calculator, any_of=("standard_requests", "fifo_requests", "fair_requests")),
    Adapter(run=queue_resource, needs=("queue", "requests")),
    Adapter(run=chunks_of_message, needs=("message_bytes",), lacks=("messages_per_second",)),
    Adapter(run=polling, any_of=("wait_seconds", "poll_interval_s", "poll_interval_seconds"), lacks=("memory_mb",)),
    Adapter(run=lambda_mapping, needs=("memory_mb", "avg_seconds")),
    Adapter(run=lambda_mapping, any_of=("pollers_per_mapping", "epu_hours")),
    Adapter(run=visibility, any_of=("function_timeout_seconds", "function_timeout_s")),
    Adapter(run=receive_rate, needs=("messages_per_receive",), any_of=("receive_latency_ms", "latency_ms")),
    Adapter(run=batched_calls, needs=("calls_per_second", "batch")),
    Adapter(
        run=little,
        any_of=("processing_seconds", "service_seconds", "seconds_per_message"),
        lacks=("memory_mb", "brokers"),
    ),
    Adapter(run=drain, any_of=("backlog", "backlog_messages")),
    Adapter(
        run=plain_requests,
        any_of=("price_per_million", "messages_per_month", "messages_per_day", "requests_per_message"),
        lacks=("messages_per_second", "publishes", "deliveries", "memory_mb"),
    ),
    Adapter(run=steady_rate, needs=("messages_per_second",), any_of=("requests_per_message", "days", "hours")),
)
