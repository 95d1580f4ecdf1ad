"""What travels where, as an AsyncAPI 3.0 document written from the settings. Must not know how a kit is packed.

Payloads are left open: only the project's owner knows them.
"""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from advisor.kit.as_yaml import write_yaml

Values = Mapping[str, Any]
Plain = dict[str, Any]
KAFKA_BINDING, SQS_BINDING, SNS_BINDING = "0.5.0", "0.2.0", "0.1.0"
_AT_KAFKA, _AT_SQS = ("localKafka", "kafka"), ("localSqs", "sqs")
_REMARK = "# Written from settings.json. The payload is yours to describe: components.messages.message.payload.\n"
_SECURITY = {
    "SCRAM-SHA-512": ("scramSha512", "User name and password; the password itself is never sent."),
    "PLAIN": ("plain", "User name and password, over TLS only."),
    "AWS_MSK_IAM": ("symmetricEncryption", "Signed with AWS credentials (AWS_MSK_IAM)."),
    None: ("X509", "Certificates on both sides."),
}


def write_asyncapi(brokers: tuple[str, ...], local: Values, deployed: Values, queues: Mapping[str, Values]) -> str:
    """`local` and `deployed` are the settings in either place; `queues` are those of all readers, the first is ours."""
    whole: Plain = {"servers": {}, "channels": {}, "operations": {}, "components": {"messages": {}}}
    if "kafka" in brokers:
        _merge(whole, _kafka(local, deployed))
    if "sqs" in brokers:
        _merge(whole, _sqs(local, deployed, queues))
    info = {
        "title": deployed["name"],
        "version": "1.0.0",
        "description": "Where this project sends, and what it reads.",
    }
    document = {"asyncapi": "3.0.0", "info": info, "defaultContentType": "application/json", **whole}
    return _REMARK + write_yaml(document, sort_keys=False)


def _merge(whole: Plain, part: Plain) -> None:
    for key, value in part.items():
        if isinstance(value, dict) and isinstance(whole.get(key), dict):
            _merge(whole[key], value)
        else:
            whole[key] = value


def _kafka(local: Values, deployed: Values) -> Plain:
    kind, words = _SECURITY[deployed["sasl_mechanism"]]
    place = {"description": "The addresses that the cluster gives out.", "default": local["bootstrap_servers"]}
    servers = {
        "localKafka": {"host": local["bootstrap_servers"], "protocol": "kafka"},
        "kafka": {
            "host": "{bootstrapServers}",
            "protocol": "kafka-secure",
            "variables": {"bootstrapServers": place},
            "security": [{"type": kind, "description": words}],
        },
    }
    key = {"kafka": {"key": {"type": "string", "description": "Records of one key keep their order."}}}
    messages = {
        "record": {"summary": "What your producer sends.", "payload": {}, "bindings": _bound(key, KAFKA_BINDING)},
        "deadRecord": {"summary": "A record set aside.", "headers": _headers(_RECORD_HEADERS), "payload": {}},
    }
    group = {"kafka": {"groupId": {"type": "string", "enum": [deployed["consumer_group"]]}}}
    return {
        "servers": servers,
        "channels": {
            "topic": _channel(deployed["topic"], "record", _AT_KAFKA, _topic(deployed, is_main=True)),
            "deadLetterTopic": _channel(
                deployed["dead_letter_topic"], "deadRecord", _AT_KAFKA, _topic(deployed, is_main=False)
            ),
        },
        "operations": {
            "sendRecord": _operation("send", "topic", "record"),
            "receiveRecord": _operation("receive", "topic", "record", _bound(group, KAFKA_BINDING)),
            "setRecordAside": _operation("send", "deadLetterTopic", "deadRecord"),
        },
        "components": {"messages": messages},
    }


def _topic(values: Values, *, is_main: bool) -> Plain:
    name = values["topic" if is_main else "dead_letter_topic"]
    partitions = values["partitions" if is_main else "dead_letter_partitions"]
    binding = {"topic": name, "partitions": partitions, "replicas": values["replication_factor"]}
    kept: Plain = {"retention.ms": values["retention_ms" if is_main else "dead_letter_retention_ms"]}
    if is_main:
        kept |= {"cleanup.policy": values["cleanup_policy"].split(",")}
    return _bound({"kafka": {**binding, "topicConfiguration": kept}}, KAFKA_BINDING)


def _sqs(local: Values, deployed: Values, queues: Mapping[str, Values]) -> Plain:
    ours, topic = next(iter(queues.values())), deployed["topic_name"]
    messages = {
        "message": {"summary": "What your producer sends.", "payload": {}},
        "deadMessage": {"summary": "A message set aside.", "headers": _headers(_MESSAGE_HEADERS), "payload": {}},
    }
    part = {
        "servers": {
            "localSqs": {"host": urlsplit(local["endpoint_url"] or "").netloc or "127.0.0.1", "protocol": "sqs"},
            "sqs": {"host": f"sqs.{deployed['region']}.amazonaws.com", "protocol": "sqs"},
        },
        "channels": {
            "queue": _channel(ours["queue_name"], "message", _AT_SQS, _queue(deployed, ours)),
            "deadLetterQueue": _channel(
                ours["dead_letter_queue_name"],
                "deadMessage",
                _AT_SQS,
                _bound({"sqs": _dead_queue(deployed, ours)}, SQS_BINDING),
            ),
        },
        "operations": {
            "receiveMessage": _operation("receive", "queue", "message"),
            "setMessageAside": _operation("send", "deadLetterQueue", "deadMessage"),
        },
        "components": {"messages": messages},
    }
    if not topic:
        part["operations"]["sendMessage"] = _operation("send", "queue", "message")
        return part
    _merge(part, _sns(deployed, topic, queues))
    return part


def _queue(values: Values, names: Values) -> Plain:
    queue: Plain = {
        "name": names["queue_name"],
        "fifoQueue": values["fifo"],
        "deliveryDelay": values["delay_seconds"] if values["fifo"] or values["topic_name"] else 0,
        "visibilityTimeout": values["visibility_timeout_seconds"],
        "receiveMessageWaitTime": values["wait_time_seconds"],
        "messageRetentionPeriod": values["message_retention_seconds"],
        "redrivePolicy": {
            "deadLetterQueue": {"name": names["dead_letter_queue_name"]},
            "maxReceiveCount": values["max_receive_count"],
        },
    }
    if values["high_throughput_fifo"]:
        queue |= {"deduplicationScope": "messageGroup", "fifoThroughputLimit": "perMessageGroupId"}
    binding = {"queue": queue, "deadLetterQueue": _dead_queue(values, names)["queue"]}
    return _bound({"sqs": binding}, SQS_BINDING)


def _dead_queue(values: Values, names: Values) -> Plain:
    kept = values["dead_letter_retention_seconds"]
    name = names["dead_letter_queue_name"]
    return {"queue": {"name": name, "fifoQueue": values["fifo"], "messageRetentionPeriod": kept}}


def _sns(values: Values, topic: str, queues: Mapping[str, Values]) -> Plain:
    kind = {"type": "FIFO" if values["fifo"] else "standard"}
    if values["fifo"]:
        kind["contentBasedDeduplication"] = values["content_based_deduplication"]
    copies = [
        {"protocol": "sqs", "endpoint": {"name": names["queue_name"]}, "rawMessageDelivery": True}
        for names in queues.values()
    ]
    channel = _bound({"sns": {"name": topic, "ordering": kind}}, SNS_BINDING)
    copied = _bound({"sns": {"topic": {"name": topic}, "consumers": copies}}, SNS_BINDING)
    return {
        "servers": {"sns": {"host": f"sns.{values['region']}.amazonaws.com", "protocol": "sns"}},
        "channels": {"topicOfEvents": _channel(topic, "message", ("sns",), channel)},
        "operations": {"publishMessage": _operation("send", "topicOfEvents", "message", copied)},
    }


def _channel(address: str, message: str, servers: tuple[str, ...], bindings: Plain) -> Plain:
    return {
        "address": address,
        "servers": [{"$ref": f"#/servers/{server}"} for server in servers],
        "messages": {message: {"$ref": f"#/components/messages/{message}"}},
        "bindings": bindings,
    }


def _operation(action: str, channel: str, message: str, bindings: Plain | None = None) -> Plain:
    return {
        "action": action,
        "channel": {"$ref": f"#/channels/{channel}"},
        "messages": [{"$ref": f"#/channels/{channel}/messages/{message}"}],
        **({"bindings": bindings} if bindings else {}),
    }


def _bound(bindings: Plain, version: str) -> Plain:
    return {protocol: {**binding, "bindingVersion": version} for protocol, binding in bindings.items()}


_RECORD_HEADERS = tuple(f"dead-letter-{what}" for what in ("reason", "attempts", "topic", "partition", "offset"))
_MESSAGE_HEADERS = ("DeadLetterReason", "DeadLetterAttempts", "DeadLetterMessageId")


def _headers(names: tuple[str, ...]) -> Plain:
    return {"type": "object", "properties": {name: {"type": "string"} for name in names}}
