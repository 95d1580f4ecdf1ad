"""The difference of two kits is one that `patch` understands: applied to the left one it gives the right one."""

import re
import subprocess
from pathlib import Path
from types import MappingProxyType

from advisor import service
from advisor.kit.changes import compare_kits
from advisor.kit.parts import pack
from advisor.kit.starters import Kit
from advisor.management.unpacking import write_folder

EVENTS = {"work_queue": False, "replay_needed": True, "consumer_groups": 4, "cloud": "aws"}


def kit(**files: str) -> Kit:
    return Kit(name="k", parts=MappingProxyType({path: pack(text.encode()) for path, text in files.items()}))


def test_files_that_are_the_same_are_left_out() -> None:
    left, right = kit(same="a\n", other="b\n", left="c\n"), kit(same="a\n", other="B\n", right="d\n")

    changes = {change.path: change.diff for change in compare_kits(left, right, "sqs", "kafka")}

    assert changes == {
        "left": "--- sqs/left\n+++ /dev/null\n@@ -1 +0,0 @@\n-c\n",
        "other": "--- sqs/other\n+++ kafka/other\n@@ -1 +1 @@\n-b\n+B\n",
        "right": "--- /dev/null\n+++ kafka/right\n@@ -0,0 +1 @@\n+d\n",
    }


def test_a_last_line_without_an_end_is_said() -> None:
    (change,) = compare_kits(kit(a="x"), kit(a="x\n"), "sqs", "kafka")

    assert change.diff.endswith("-x\n\\ No newline at end of file\n+x\n")


def test_a_line_ends_at_its_newline_and_nowhere_else() -> None:
    (change,) = compare_kits(kit(a="one\u2028two\x0c\n"), kit(a="one\u2028three\x0c\n"), "sqs", "kafka")

    assert change.diff.endswith("@@ -1 +1 @@\n-one\u2028two\x0c\n+one\u2028three\x0c\n")


def test_patch_makes_the_kafka_project_of_the_sqs_project(tmp_path: Path) -> None:
    changes = service.compare_kits(service.read_query(EVENTS))
    patch = "".join(change.diff for change in changes)
    left, right = (kit_of(re.findall(rf"^{mark} (\w+)/", patch, re.MULTILINE)[0]) for mark in ("---", r"\+\+\+"))
    write_folder(left.files, left.executables, tmp_path)

    subprocess.run(["patch", "--strip=1", "--silent"], cwd=tmp_path, input=patch, text=True, check=True)

    found = {path.relative_to(tmp_path).as_posix(): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert {path: text for path, text in found.items() if text} == {
        path: text for path, text in right.files.items() if text
    }


def kit_of(option: str) -> Kit:
    return service.build_kit(service.read_query({**EVENTS, "option": option}))
