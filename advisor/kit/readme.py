"""The end of a kit's README: the picture of this very project, what else was written for it, and what is left to do.

What stands above it is the starter's own. Must not know how a kit is packed.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from advisor.kit.infrastructure import is_told

Values = Mapping[str, Any]
MARK = "<!-- From here on written for your workload. -->"
_PAPERS = (
    ("asyncapi.yaml", "what travels where, for people and tools: AsyncAPI 3.0"),
    ("DECISION.md", "why this broker, with the numbers, and how to check that it still holds"),
    ("answers.yaml", "what was answered; the advisor rebuilds this project from it"),
)
_INFRASTRUCTURE = {
    "sqs": "Terraform: the queues, their alarms and policies",
    "msk": "Terraform: the cluster, its alarms and policies",
    "msk_serverless": "Terraform: the cluster, its alarms and policies",
    "strimzi": "the cluster, its topics and users on Kubernetes, for Strimzi",
}
_KEY = "Encryption with a key of your own: "
_GIVEN = f"{_KEY}give `infra/%s` its `kms_key_arn`, which only you know; without it nothing is made."
_OWN_KEY = {
    "sqs": _GIVEN % "sqs",
    "msk": _GIVEN % "msk",
    "msk_serverless": f"{_KEY}MSK Serverless takes none, AWS has the key.",
    "strimzi": f"{_KEY}name a storage class that has it, as `class` of each volume in `infra/strimzi/kafka.yaml`.",
}
_VENDORS_KEY = f"{_KEY}ask the cluster's vendor which of its types takes one."
_WATCH = (
    "Nothing here watches it: have somebody told when the group `{consumer_group}` is more than "
    "{alarm_lag_messages:,} records behind in a partition, and when the topic `{dead_letter_topic}` gets a record."
)
_MISSING = f"\nNothing here makes the cluster: its vendor does, in its own console or tool. {_WATCH}\n"
_RUNS = "Kafka runs already"
_GIVE = (
    f"{_RUNS}: give `infra/%s` the ARN of its cluster as `cluster_arn`, without which nothing is made. No other "
    "cluster is made then, only this project's policies and alarms; its owners let your programs reach its brokers."
)
_UNTOLD = f"{_RUNS}, which one was not told, and `infra/%s` makes another%s. To use the one that runs leave it out: %s"
_OR_TAKES = ", unless it is one of MSK whose ARN you give as `cluster_arn`"
_USE = (
    "run `make topics`{where} once, as one who may `Create` them, with `DEPLOYED=true` and `BOOTSTRAP_SERVERS` set to "
    "its address, and your programs so too; `SECURITY_PROTOCOL` and `SASL_MECHANISM` as well, where it wants others "
    "than `settings.json` has under `deployed`. Its owners let producers `Describe` and `Write` the topic `{topic}`, "
    "and consumers `Describe` and `Read` it, `Read` as groups whose names begin with `{consumer_group}`, and "
    "`Describe` and `Write` the topic `{dead_letter_topic}`."
)
_OF_BRIDGE = (
    "The bridge needs what a consumer does, as the group `{bridge_group}`, and the producer's policy of `infra/sqs`."
)
_ONCE = (
    "Exactly once: this project delivers at least once with an idempotent producer, and handles only what was "
    "committed; transactions are yours to add."
)
_ADAPTER = (
    "Consumers of Kafka on Lambda: the one here is a process that runs on and on in a container, and cannot run in AWS "
    "Lambda as it is. An adapter of yours takes its place: an event source mapping with "
    '`function_response_types = ["ReportBatchItemFailures"]` and pollers provisioned hands it a batch, it gives your '
    "handler one message after the other, and returns those that failed as `batchItemFailures`, where order counts "
    "with all behind them."
)
_FUNCTION = (
    "Consumers of queues on Lambda: `make function` packs the consumer%s as a function, and says for which runtime and "
    "handler. Create a function of it, with a timeout that covers a whole batch and a role that may write logs; that "
    "of a second reader has its own `QUEUE_NAME` and `DEAD_LETTER_QUEUE_NAME`. Then write its name into "
    """`infra/sqs/functions.auto.tfvars`, `function_names = { "reader-1" = "…" }`, and `terraform apply` gives its """
    "role the consumer's policy and lets Lambda hand it what the queue has. Your handler stays the same. What fails "
    "comes again after the visibility timeout, without growing pauses; in a FIFO queue all of its group behind it in "
    "the batch come again with it, and have used up a receive too."
)
# Which AWS service sends by itself, as whom, and what says how to let it.
_SENDERS = {
    "s3": ("S3", "s3", "AmazonS3/latest/userguide/grant-destinations-permissions-to-s3.html"),
    "eventbridge": ("EventBridge", "events", "eventbridge/latest/userguide/eb-use-resource-based.html"),
}
_SENDER = "Events of %s: let `%s.amazonaws.com` send to the %s, as <https://docs.aws.amazon.com/%s> has it."
_OF_KEY = " The policy of your key must let it do `kms:GenerateDataKey*` and `kms:Decrypt` as well."
_NO_KEY = (
    " No AWS service can use the AWS managed key that the topic is encrypted with: give `infra/sqs` the `kms_key_arn` "
    "of a key whose policy lets it do `kms:GenerateDataKey*` and `kms:Decrypt`."
)
_REGION = (
    "The Region: you named none that is known here, so `region` stands as `other` and nothing can be deployed. Write "
    "its name instead, in `terraform.tfvars.json` and where `settings.json` has it."
)
_READERS = (
    "Further readers: each of the other %s consumes as a `CONSUMER_GROUP` of its own that begins with `%s`; see to it "
    "that it %s, or nobody is told when it falls behind."
)
_LATE = "Delays: Kafka hands out each record at once%s; who waits with it, or sends it later, is yours to add."
_LONG_DELAY = (
    "Delays: SQS delays a message by %s s at most, and some are to wait for %s s; who sends those later is yours."
)
_OTHERWISE = {
    "at_most_once": "At most once: this project delivers at least once, so that some messages come twice.",
    "content_routing": "Routing by content: each reader gets every message, and its handler passes over the others'.",
    "multi_region": "Several Regions: all this lies in one; what copies it to another is yours to add.",
    "priority_needed": "Priorities: messages are taken as they came; a queue or topic for each is yours to add.",
    "transactional_outbox": "Sending within a database transaction: the table and what sends from it are yours to add.",
    "schema_contracts": "Shapes of messages: nothing enforces them here; the registry is yours to add.",
}
_LICENCE = (
    "Use this project, change it and pass it on as you like, without naming where it came from and without any "
    "warranty: [MIT-0](https://spdx.org/licenses/MIT-0.html)."
)
_HIDDEN = (
    "The queue of a function: `visibility_timeout_seconds` (%s s) must be at least six times the function's timeout, "
    "and the mapping's batching window on top."
)


def write_readme(
    own: str, brokers: tuple[str, ...], infrastructure: tuple[str, ...], values: Values, queues: Mapping[str, Values]
) -> str:
    """`own` is the starter's README."""
    above = own.rstrip()
    picture = "\n".join(f"    {line}" for line in _picture(brokers, values, queues))
    rows = (*_PAPERS, *((f"infra/{name}/", _INFRASTRUCTURE[name]) for name in infrastructure))
    table = "\n".join(f"| [`{path}`]({path}) | {what} |" for path, what in rows)
    missing = "" if infrastructure or values["running"] else _MISSING.format(**values)
    left = _leave(_left(brokers, infrastructure, values))
    return (
        f"{above}\n\n{MARK}\n\n## How it hangs together\n\n```mermaid\nflowchart LR\n{picture}\n```\n\n"
        f"| Where | What it is |\n|---|---|\n{table}\n{missing}\n{_LICENCE}\n{left}"
    )


def _leave(left: Iterator[str]) -> str:
    tasks = "\n".join(f"* {task}" for task in left)
    return f"\n## What is left to you\n\n{tasks}\n" if tasks else ""


def _left(brokers: tuple[str, ...], infrastructure: tuple[str, ...], values: Values) -> Iterator[str]:
    """What the answers ask for and this project does not do by itself."""
    if values["running"]:
        yield _connect(brokers, infrastructure, values)
    if values["own_key"]:
        yield from (_OWN_KEY[name] for name in infrastructure if name == "sqs" or not is_told(values["running"]))
    if values["own_key"] and not infrastructure and not values["running"]:
        yield _VENDORS_KEY
    if values["region"] == "other" and set(infrastructure) - {"strimzi"}:
        yield _REGION
    if values["delivery"] == "exactly-once" and "kafka" in brokers:
        yield _ONCE
    if "kafka" in brokers and values["readers"] > 1:
        yield _READERS % (values["readers"] - 1, values["consumer_group"], _watched(infrastructure))
    yield from _left_of_delays(brokers, values)
    yield from _left_of_senders(brokers, values)
    yield from (_OTHERWISE[name] for name in _OTHERWISE if values[name])
    if values["consumer_runtime"] == "lambda":
        if "kafka" in brokers:
            yield _ADAPTER
        if "sqs" in brokers:
            yield _FUNCTION % (" in `sqs/`" if len(brokers) > 1 else "")
            yield _HIDDEN % values["visibility_timeout_seconds"]


def _connect(brokers: tuple[str, ...], infrastructure: tuple[str, ...], values: Values) -> str:
    """How the project gets to the cluster that runs."""
    where = " in `kafka/`" if len(brokers) > 1 else ""
    told = (_USE, _OF_BRIDGE, _WATCH) if values["has_bridge"] else (_USE, _WATCH)
    use = " ".join(told).format(where=where, **values)
    maker = next((name for name in infrastructure if name != "sqs"), "")
    if not maker:
        return f"{_RUNS}, and nothing here makes another: {use}"
    return (
        _GIVE % maker if is_told(values["running"]) else _UNTOLD % (maker, "" if maker == "strimzi" else _OR_TAKES, use)
    )


def _watched(infrastructure: tuple[str, ...]) -> str:
    """How somebody is told of the lag of a further reader."""
    named = (f"is named in `more_groups` of `infra/{name}`" for name in infrastructure if name.startswith("msk"))
    return next(named, "is watched as well")


def _left_of_delays(brokers: tuple[str, ...], values: Values) -> Iterator[str]:
    asked = values["asked_delay_seconds"]
    if asked and "kafka" in brokers:
        yield _LATE % (", and the bridge asks for no delay of a job" if "bridge" in brokers else "")
    if "sqs" in brokers and asked > values["delay_seconds"]:
        yield _LONG_DELAY % (f"{values['delay_seconds']:,}", f"{asked:,.10g}")


def _left_of_senders(brokers: tuple[str, ...], values: Values) -> Iterator[str]:
    """AWS services that are to send, which neither a queue nor a key takes from unless it says so."""
    if brokers != ("sqs",):
        return
    place = "topic" if values["topic_name"] else "queue"
    key = _OF_KEY if values["own_key"] else _NO_KEY if values["topic_name"] else ""
    for service, (label, name, page) in _SENDERS.items():
        if service in values["integrations"]:
            yield _SENDER % (label, name, place, page) + key


def _picture(brokers: tuple[str, ...], values: Values, queues: Mapping[str, Values]) -> Iterator[str]:
    rate = f"up to {values['assumed_messages_per_second']:,} messages/s"
    first = "kafka" if "kafka" in brokers else "topic" if values.get("topic_name") else "reader-1"
    yield 'producer["your producer"]'
    yield f'producer -->|"{rate}"| {first}'
    if "kafka" in brokers:
        yield from _kafka(values)
    if "sqs" in brokers:
        yield from _sqs(values, queues)
    if "bridge" in brokers:
        yield 'kafka --> bridge["bridge"]'
        yield 'bridge -->|"a job for each record"| reader-1'


def _kafka(values: Values) -> Iterator[str]:
    hours = values["retention_ms"] / 3_600_000
    kept = f"kept {hours:,.4g} h" if values["cleanup_policy"] == "delete" else "compacted"
    yield f'kafka[("topic {values["topic"]}<br>{values["partitions"]} partitions, {kept}")]'
    yield f'kafka --> records["{values["consumer_group"]}"]'
    yield f'records -.->|"after {values["max_attempts"]} attempts"| dead[("topic {values["dead_letter_topic"]}")]'


def _sqs(values: Values, queues: Mapping[str, Values]) -> Iterator[str]:
    if values["topic_name"]:
        yield f'topic{{{{"SNS topic {values["topic_name"]}"}}}}'
    kind = "FIFO queue" if values["fifo"] else "queue"
    tries = f"after {values['max_receive_count']} attempts"
    for reader, names in queues.items():
        yield f'{reader}[("{kind} {names["queue_name"]}")]'
        if values["topic_name"]:
            yield f"topic --> {reader}"
        yield f'{reader} --> consumer-of-{reader}["{"consumer" if reader == "reader-1" else "another consumer"}"]'
        yield f'consumer-of-{reader} -.->|"{tries}"| dead-{reader}[("{kind} {names["dead_letter_queue_name"]}")]'
