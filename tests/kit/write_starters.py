"""Writes each starter's data files as a kit of its own answers has them: `make starters`."""

from pathlib import Path

from advisor import service

DATA = ("settings.json", "DECISION.md", "answers.yaml")


def written_files(starter: Path) -> dict[str, bytes]:
    """The data files that a kit made of the starter's own answers has."""
    query = service.read_query(service.read_file(starter / "answers.yaml").given)
    kit = service.build_kit(query)
    return {name: kit.files[name] for name in DATA}


def starters() -> list[Path]:
    return sorted(path for path in (service.find_folder("templates") / "starters").iterdir() if path.is_dir())


if __name__ == "__main__":
    for starter in starters():
        for name, content in written_files(starter).items():
            (starter / name).write_bytes(content)
