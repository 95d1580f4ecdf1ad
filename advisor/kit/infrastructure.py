"""What a project is deployed on: folders copied as they lie, with the data files that the workload decides written.

Terraform reads its values from terraform.tfvars.json; Strimzi's resources are data altogether. Knows no archive.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from advisor.core.domains import NOT_TOLD
from advisor.kit.as_yaml import read_documents, write_documents
from advisor.kit.parts import Part, pack
from advisor.kit.starters import Kit

TFVARS = "terraform.tfvars.json"
Values = Mapping[str, Any]
# What each folder that makes a cluster can be given instead, where one of its kind runs already.
_TAKES = {
    "msk": ("msk_provisioned", "msk_express"),
    "msk_serverless": ("msk_serverless",),
    "strimzi": (),
}


def is_told(running: str) -> bool:
    """Whether Kafka runs that the load is added to, and of which kind."""
    return running not in ("", NOT_TOLD)


def leave_out_running(folders: Mapping[str, Kit], running: str) -> Mapping[str, Kit]:
    """Without those that would make a cluster beside the one that runs; while nobody told which runs, all."""
    if not is_told(running):
        return folders
    return {name: folder for name, folder in folders.items() if running in _TAKES.get(name, (running,))}


def lay_infrastructure(folders: Mapping[str, Kit], values: Values) -> dict[str, Part]:
    """The files of each folder below infra/. `values` are its settings as deployed, name, readers."""
    laid: dict[str, Part] = {}
    for name, folder in folders.items():
        parts = dict(folder.parts)
        if TFVARS in parts:
            parts[TFVARS] = pack(_write_tfvars(parts[TFVARS].content, values))
        for path in parts.keys() & _RESOURCES.keys():
            parts[path] = pack(_write_resources(parts[path].content, _RESOURCES[path], values))
        laid.update({f"infra/{name}/{path}": part for path, part in parts.items()})
    return laid


def _write_tfvars(content: bytes, values: Values) -> bytes:
    """Every variable that the folder's own file names has its value from the workload."""
    own = json.loads(content)
    known = {
        **values,
        "queues": queues_of(values),
        "bridge": _bridge_of(values),
        "runs_already": bool(values["running"]),
    }
    written = {name: known.get(name, value) for name, value in own.items()}
    return (json.dumps(written, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _bridge_of(values: Values) -> dict[str, str] | None:
    """Whose policy and alarm a bridge needs; nothing where the project has none."""
    return {"group": values["bridge_group"], "queue_name": values["queue_name"]} if values["has_bridge"] else None


def queues_of(values: Values) -> dict[str, dict[str, str]]:
    """One pair of queues for each system that reads; the first pair is the one in settings.json."""
    names = {key: str(values[key]) for key in ("queue_name", "dead_letter_queue_name") if key in values}
    readers = values["readers"] if values.get("topic_name") else 1
    return {
        f"reader-{number}": {key: _of_reader(name, number) for key, name in names.items()}
        for number in range(1, readers + 1)
    }


def _of_reader(name: str, number: int) -> str:
    stem, dot, fifo = name.partition(".fifo")
    return name if number == 1 else f"{stem}-{number}{dot}{fifo}"


def _write_resources(content: bytes, fill: Callable[[Any, Values], None], values: Values) -> bytes:
    resources = read_documents(content)
    for resource in resources:
        resource["metadata"].get("labels", {}).update({"strimzi.io/cluster": values["name"]})
        fill(resource, values)
    return write_documents(resources, sort_keys=False).encode()


def _fill_cluster(resource: Any, values: Values) -> None:
    spec = resource["spec"]
    if resource["kind"] == "KafkaNodePool":
        _fill_pool(resource, values)
    else:
        resource["metadata"]["name"] = values["name"]
        copies, least = values["replication_factor"], values["min_insync_replicas"]
        spec["kafka"]["config"] |= {
            "default.replication.factor": copies,
            "log.roll.ms": values["log_roll_ms"],
            "min.insync.replicas": least,
            "offsets.topic.replication.factor": copies,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": least,
        }


def _fill_pool(resource: Any, values: Values) -> None:
    """Brokers or controllers, spread over the zones: a majority of controllers in one of them would go with it."""
    spec, is_controller = resource["spec"], resource["spec"]["roles"] == ["controller"]
    resource["metadata"]["name"] = pool = _name_pool("controllers" if is_controller else "brokers", values)
    spec["replicas"] = values["controllers" if is_controller else "broker_count"]
    if not is_controller:
        spec["storage"]["volumes"][0]["size"] = f"{values['broker_volume_gib']}Gi"
    (spread,) = spec["template"]["pod"]["topologySpreadConstraints"]
    spread["labelSelector"]["matchLabels"] = {"strimzi.io/cluster": values["name"], "strimzi.io/pool-name": pool}


def _name_pool(role: str, values: Values) -> str:
    """One of this cluster alone, since a namespace may have several; a pod's name, <cluster>-<pool>-<number>, must not
    be longer than the 63 characters of a label, which the cluster's name twice might be."""
    return f"{role}-{hashlib.sha256(values['name'].encode()).hexdigest()[:6]}"


def _fill_topic(resource: Any, values: Values) -> None:
    spec, is_main = resource["spec"], not resource["metadata"]["name"].endswith(".dead-letters")
    resource["metadata"]["name"] = values["topic" if is_main else "dead_letter_topic"]
    of = "" if is_main else "dead_letter_"
    spec |= {"partitions": values[f"{of}partitions"], "replicas": values["replication_factor"]}
    spec["config"] |= {
        "cleanup.policy": values["cleanup_policy"] if is_main else "delete",
        "max.message.bytes": values[f"{of}max_record_bytes"],
        "min.insync.replicas": values["min_insync_replicas"],
        "retention.bytes": -1,
        "retention.ms": values[f"{of}retention_ms"],
    }


def _fill_user(resource: Any, values: Values) -> None:
    role = resource["metadata"]["name"].rsplit("-", 1)[-1]
    resource["metadata"]["name"] = f"{values['name']}-{role}"
    for rule in resource["spec"]["authorization"]["acls"]:
        named = rule["resource"]
        if named["type"] == "group":
            named["name"] = values["consumer_group"]
        else:
            named["name"] = values["dead_letter_topic" if named["name"].endswith(".dead-letters") else "topic"]


_RESOURCES: Mapping[str, Callable[[Any, Values], None]] = {
    "kafka.yaml": _fill_cluster,
    "topics.yaml": _fill_topic,
    "users.yaml": _fill_user,
}
