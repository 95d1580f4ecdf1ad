"""Writes each starter's data files as a kit of its own answers has them: `make starters`."""

from pathlib import Path

from advisor import service

DATA = ("settings.json", "DECISION.md", "answers.yaml")
# Each folder of infrastructure is filled as for the answers of a starter and an option.
INFRASTRUCTURE = {
    "sqs": ("sqs_python", "sqs_standard"),
    "msk": ("kafka_python", "msk_provisioned"),
    "msk_serverless": ("kafka_python", "msk_serverless"),
    "strimzi": ("kafka_python", "kafka_self_managed"),
}


def written_files(starter: Path) -> dict[str, bytes]:
    """The data files that a kit made of the starter's own answers has."""
    query = service.read_query(service.read_answers_file(starter / "answers.yaml").given)
    kit = service.build_kit(query)
    folder = f"{starter.name.partition('_')[0]}/" if "bridge/settings.json" in kit.parts else ""
    settings = kit.parts[f"{folder}{DATA[0]}"].content
    return {DATA[0]: settings, **{name: kit.parts[name].content for name in DATA[1:]}}


def written_infrastructure(folder: str) -> dict[str, bytes]:
    """All that a kit has below infra/<folder>/."""
    starter, option = INFRASTRUCTURE[folder]
    given = service.read_answers_file(service.find_folder("templates") / "starters" / starter / "answers.yaml").given
    kit = service.build_kit(service.read_query({**given, "option": option}))
    place = f"infra/{folder}/"
    return {path.removeprefix(place): content for path, content in kit.files.items() if path.startswith(place)}


def starters() -> list[Path]:
    return sorted(path.parent for path in (service.find_folder("templates") / "starters").glob("*/answers.yaml"))


if __name__ == "__main__":
    for starter in starters():
        for name, content in written_files(starter).items():
            (starter / name).write_bytes(content)
    for folder in INFRASTRUCTURE:
        for name, content in written_infrastructure(folder).items():
            (service.find_folder("templates") / "infra" / folder / name).write_bytes(content)
