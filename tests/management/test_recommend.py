"""`manage.py recommend` on real files: formats, settings, stored answers, batches, and its exit codes."""

import csv
import io
import json
import os
import pty
import re
import resource
import shutil
import subprocess
import sys
import termios
from pathlib import Path

import pytest
import yaml

from advisor import service
from advisor.render.document import to_document, to_json
from advisor.render.markdown import to_markdown
from advisor.render.text import to_text
from tests.management.terminal import run

ANSWERS: dict[str, object] = {"cloud": "aws", "work_queue": True, "messages_per_second_avg": 40}
YAML = "cloud: aws\nwork_queue: yes\nmessages_per_second_avg: 40/s\n"
ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    path = tmp_path / "answers.yaml"
    path.write_text(YAML, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def document() -> dict[str, object]:
    return to_document(service.recommend(service.read_query(ANSWERS)), service.release())


def test_every_question_is_listed_with_its_choices_and_within_80_columns() -> None:
    listed = run("recommend", "--questions").out
    assert max(map(len, listed.splitlines())) <= 80
    for question in service.get_rulebook().questions.values():
        (entry,) = (each for each in listed.split("\n\n") if each.startswith(f"{question.id}: "))
        assert set(re.findall(r"[\w-]+", entry)) >= {choice.id for choice in question.choices}
    assert "\nconsumer_groups: a number\n" in listed
    assert "\nmessage_size_bytes_avg: a number of bytes\n" in listed


def test_each_format_is_a_rendering_of_the_document(answers: Path, document: dict[str, object]) -> None:
    assert run("recommend", answers).out == to_text(document)
    assert run("recommend", answers, "--format", "json").out == to_json(document).decode()
    assert run("recommend", answers, "--format", "markdown").out == to_markdown(document, service.get_rulebook())
    assert yaml.safe_load(run("recommend", answers, "--format", "yaml").out) == json.loads(to_json(document))


def test_settings_add_to_the_file_and_replace_what_it_says(answers: Path) -> None:
    arguments = ("--set", "cloud=gcp", "--set", "integrations=cdc", "--set", "integrations=flink", "--format", "json")
    said = json.loads(run("recommend", answers, *arguments).out)["answers"]

    assert said == {**ANSWERS, "cloud": "gcp", "integrations": ["cdc", "flink"]}


def test_no_file_is_needed() -> None:
    said = json.loads(run("recommend", "--set", "messages_per_second_avg=100..500", "--format", "json").out)

    assert said["answers"] == {"messages_per_second_avg": {"min": 100, "max": 500}}


def test_facts_of_another_day_are_asked_for(answers: Path) -> None:
    said = json.loads(run("recommend", answers, "--as-of", "2025-07-01", "--format", "json").out)

    assert said["rulebook"]["as_of"] == "2025-07-01"


def test_all_problems_are_said_with_their_lines_and_exit_2(tmp_path: Path) -> None:
    path = tmp_path / "bad.yaml"
    path.write_text("cloud: moon\nclod: aws\ndelay_seconds: -1\n", encoding="utf-8")

    ended = run("recommend", path, "--set", "=x", "--set", "nonsense")
    assert (ended.code, ended.out) == (2, "")
    assert ended.error.count("is no answer. Write NAME=VALUE.") == 2
    assert all(said in ended.error for said in ("bad.yaml:1: cloud", "bad.yaml:2: clod", "bad.yaml:3: delay_seconds"))
    ended = run("recommend", path, "--as-of", "someday")
    assert (ended.code, ended.out) == (2, "")
    for said in ("bad.yaml:1: cloud", "bad.yaml:2: clod", "Did you mean cloud?", "bad.yaml:3: delay_seconds", "as_of"):
        assert said in ended.error


@pytest.mark.parametrize("command", ["recommend", "build_kit"])
def test_half_of_a_character_is_refused_before_it_is_written(command: str, tmp_path: Path) -> None:
    path, output = tmp_path / "bad.yaml", ("--output", tmp_path / "kit")
    path.write_text('cloud: aws\nexisting_platforms: ["\\ud800"]\n', encoding="utf-8")
    rest = output if command == "build_kit" else ("--format", "json")

    ended = run(command, path, *rest)
    assert ended.code == 2
    assert "bad.yaml:2: A string holds half of a surrogate pair." in ended.error
    ended = run(command, "--set", "existing_platforms=\udcff", *rest)
    assert ended.code == 2
    assert "--set: A setting holds bytes that are no UTF-8." in ended.error


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    ended = run("recommend", tmp_path / "none.yaml")

    assert ended.code == 2
    assert "none.yaml: It cannot be read" in ended.error


def test_a_stored_answer_that_still_holds_is_fine_and_versions_alone_are_no_difference(
    answers: Path, tmp_path: Path, document: dict[str, object]
) -> None:
    stored = tmp_path / "stored.json"
    old = {**document, "release": "0.0.1", "id": "0" * 16, "rulebook": {"version": "old", "as_of": None}}
    old |= {"trace": {"rules": []}, "line": 3}  # with explain=full, and in a batch
    stored.write_bytes(to_json(old))

    ended = run("recommend", answers, "--check", stored)
    assert ended.code == 0
    assert str(document["headline"]) in ended.out


def test_an_answer_that_differs_from_the_stored_one_is_exit_3(
    answers: Path, tmp_path: Path, document: dict[str, object]
) -> None:
    stored = tmp_path / "stored.json"
    stored.write_bytes(to_json(document))

    ended = run("recommend", answers, "--set", "replay_needed=yes", "--check", stored)
    assert ended.code == 3
    assert 'outcome: "sqs" → "kafka"' in ended.error
    assert "verdicts" in ended.error


def test_a_conclusion_is_no_stored_answer(answers: Path, tmp_path: Path) -> None:
    stored = tmp_path / "stored.json"
    stored.write_bytes(to_json(service.write_answer(service.read_query(ANSWERS), whole=False)))

    ended = run("recommend", answers, "--check", stored)
    assert ended.code == 2
    assert "stored.json: It is no whole decision document. Store one with: recommend ANSWERS.yaml" in ended.error


@pytest.mark.parametrize(
    "content", ["{", "[]", "{}", '{"outcome": 1}', '{"outcome": 1, "verdicts": []}', "[" * 100_000]
)
def test_what_is_no_stored_answer_is_exit_2(answers: Path, tmp_path: Path, content: str) -> None:
    stored = tmp_path / "stored.json"
    stored.write_text(content, encoding="utf-8")

    assert run("recommend", answers, "--check", stored).code == 2
    assert run("recommend", answers, "--check", tmp_path / "none.json").code == 2


def test_a_batch_of_lines_is_answered_in_order_and_a_bad_line_hinders_none(tmp_path: Path) -> None:
    path = tmp_path / "many.ndjson"
    lines = [
        '{"cloud": "aws", "work_queue": true}',
        "",
        "[1]",
        '{"clod": 1}',
        "x" * 200_000,
        '{"replay_needed": "yes"}',
    ]
    path.write_text("\n".join(lines), encoding="utf-8")

    ended = run("recommend", "--batch", path)
    written = [json.loads(line) for line in ended.out.splitlines()]
    assert ended.code == 2
    assert "3 of the workloads could not be answered" in ended.error
    assert [(each["line"], each.get("status", 200)) for each in written] == [
        (1, 200), (3, 400), (4, 422), (5, 400), (6, 200),
    ]  # fmt: skip
    assert [each["problems"][0]["code"] for each in written[1:4]] == ["not_an_object", "unknown_question", "too_long"]
    expected = to_document(service.recommend(service.read_query({"replay_needed": True})), service.release())
    assert written[4].items() <= {**json.loads(to_json(expected)), "line": 6}.items()
    whole = [json.loads(line) for line in run("recommend", "--batch", path, "--explain", "summary").out.splitlines()]
    assert whole[4] == {**json.loads(to_json(expected)), "line": 6}


def test_a_batch_without_fault_is_exit_0_and_heeds_the_day(tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text('{"cloud": "aws"}\n', encoding="utf-8")

    ended = run("recommend", "--batch", path, "--as-of", "2025-07-01")
    assert ended.code == 0
    assert json.loads(ended.out)["rulebook"]["as_of"] == "2025-07-01"


def test_a_table_gets_a_row_for_each_of_its_lines(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text(
        '\ufeffcloud,work_queue,integrations,budget_usd_per_month\naws,yes,"lambda,s3",\n=moon,,,\naws,,,0.01\n',
        encoding="utf-8",
    )

    ended = run("recommend", "--batch", path)
    rows = list(csv.DictReader(io.StringIO(ended.out)))
    assert ended.code == 2
    assert [row["outcome"] for row in rows] == ["sqs", "", "none"]
    assert [(row["line"], row["status"]) for row in rows] == [("2", "200"), ("3", "422"), ("4", "200")]
    assert "“=moon” is no answer" in rows[1]["problems"]


def test_an_array_gets_an_array_with_a_status_for_each_item(tmp_path: Path) -> None:
    path = tmp_path / "many.json"
    path.write_text('[{"cloud": "aws"}, {"clod": 1},\n 7]', encoding="utf-8")

    ended = run("recommend", "--batch", path, "--as-of", "2025-07-01")
    written = json.loads(ended.out)
    assert (ended.code, [each["status"] for each in written]) == (2, [200, 422, 400])
    assert written[0]["recommendation"]["rulebook"]["as_of"] == "2025-07-01"
    codes = [each["problem"]["problems"][0]["code"] for each in written[1:]]
    assert codes == ["unknown_question", "not_an_object"]
    path.write_text("[]", encoding="utf-8")
    assert json.loads(run("recommend", "--batch", path).out) == []
    for text in ('{"cloud": "aws"}', "[", "[" * 100_000):
        path.write_text(text, encoding="utf-8")
        assert run("recommend", "--batch", path).code == 2


def test_a_bar_shows_the_progress_on_a_terminal_and_nowhere_else(tmp_path: Path) -> None:
    path = tmp_path / "many.ndjson"
    path.write_text('{"cloud": "aws"}\n' * 3, encoding="utf-8")
    command = [sys.executable, str(ROOT / "manage.py"), "recommend", "--batch", str(path)]
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 80))  # a window of no size would show nothing
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, cwd=ROOT, check=True, timeout=120)
    seen = os.read(ours, 100_000)
    os.close(theirs)
    os.close(ours)
    assert b"%" in seen
    assert len(done.stdout.splitlines()) == 3
    assert manage("recommend", "--batch", str(path)).stderr == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("{answers}", "--batch", "{many}"), ("ANSWERS.yaml: ",)),
        (("--set", "cloud=aws", "--batch", "{many}", "--format", "json"), ("--set: ", "--format: A batch is written")),
        (("{answers}", "--explain", "none"), ("--explain: ",)),
        (("{answers}", "--questions", "--format", "json"), ("ANSWERS.yaml: Questions are listed alone.", "--format: ")),
        (("--batch", "many.csv", "--explain", "summary"), ("--explain: A row has no room for a whole document.",)),
        (("{answers}", "--check", "{answers}", "--format", "json"), ("--format: With --check",)),
    ],
)
def test_what_would_have_no_effect_is_refused(
    tmp_path: Path, answers: Path, arguments: tuple[str, ...], said: tuple[str, ...]
) -> None:
    (tmp_path / "many.ndjson").write_text("{}\n", encoding="utf-8")

    ended = run("recommend", *(each.format(answers=answers, many=tmp_path / "many.ndjson") for each in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert len(ended.error.splitlines()) == 1 + len(said)
    assert all(each in ended.error for each in said)


@pytest.mark.parametrize("name", ["none.ndjson", "none.csv", "none.json", "folder.csv", "bin.json"])
def test_a_batch_that_cannot_be_read_is_refused_before_a_line_is_written(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "bin.json").write_bytes(b"\xff\n")

    ended = run("recommend", "--batch", tmp_path / name)
    assert (ended.code, ended.out) == (2, "")
    assert name in ended.error


@pytest.mark.parametrize("name", ["a.yaml", "a.txt", "a", ""])
def test_a_batch_of_another_ending_is_refused_with_those_that_are_read(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text('{"cloud": "aws"}\n', encoding="utf-8")

    ended = run("recommend", "--batch", tmp_path / name if name else "")
    assert (ended.code, ended.out) == (2, "")
    assert ".ndjson, .jsonl, .csv, .json" in ended.error


@pytest.mark.parametrize("command", ["check", "batch"])
def test_bytes_that_are_no_text_are_said_in_our_words(tmp_path: Path, answers: Path, command: str) -> None:
    path = tmp_path / "bin.csv"
    path.write_bytes(b"\xff\n")
    ended = run("recommend", answers, "--check", path) if command == "check" else run("recommend", "--batch", path)

    assert ended.code == 2
    said = (ended.out + ended.error).lower()
    assert "byte 0 " in said
    assert "no utf-8" in said
    assert "codec" not in said


def manage(*arguments: str, folder: Path = ROOT, given: str = "") -> subprocess.CompletedProcess[str]:
    """The real program in a process of its own."""
    environment = {**os.environ, "PYTHONWARNINGS": "error", "COLUMNS": "80"}
    command = [sys.executable, str(folder / "manage.py"), *arguments]
    return subprocess.run(
        command, input=given, capture_output=True, text=True, check=False, env=environment, cwd=folder, timeout=120
    )


def test_answers_come_from_standard_input_too(document: dict[str, object]) -> None:
    ended = manage("recommend", "-", given=YAML)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == to_text(document)

    ended = manage("recommend", "-", given="clod: aws\n")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "standard input:1: clod" in ended.stderr


@pytest.mark.parametrize("encoding", ["ascii", "iso-8859-1"])
def test_what_is_written_is_utf_8_whatever_the_locale(
    encoding: str, answers: Path, document: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not to_json(document).isascii()
    monkeypatch.setenv("PYTHONIOENCODING", encoding)
    command = [sys.executable, "manage.py", "recommend"]
    told = subprocess.run([*command, str(answers), "--format", "json"], capture_output=True, cwd=ROOT, check=False)
    assert (told.returncode, told.stdout) == (0, to_json(document))
    helped = subprocess.run([*command, "--help"], capture_output=True, cwd=ROOT, check=False)
    assert (helped.returncode, helped.stderr) == (0, b"")


def test_a_batch_comes_from_standard_input_too() -> None:
    ended = manage("recommend", "--batch", "-", given='{"cloud": "aws"}\n{"clod": 1}\n')

    assert (ended.returncode, [json.loads(line)["line"] for line in ended.stdout.splitlines()]) == (2, [1, 2])


def test_help_names_the_exit_codes() -> None:
    ended = manage("recommend", "--help")

    assert ended.returncode == 0
    assert "exit codes: 0 fine" in ended.stdout
    assert "3 with --check" in ended.stdout


def test_a_reader_that_has_enough_is_no_error(tmp_path: Path) -> None:
    path = tmp_path / "many.ndjson"
    path.write_text('{"cloud": "aws"}\n' * 300, encoding="utf-8")  # answers of more than a pipe holds
    command = [sys.executable, str(ROOT / "manage.py"), "recommend", "--batch", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        complaint = process.stderr.read()

    assert (process.returncode, complaint) == (0, "")


@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    ("arguments", "given", "code"),
    [
        (("check_facts", "--max-age", "0", "--today", "2100-01-01"), "", 3),
        (("recommend", "--batch", "-"), "{bad", 2),
        (("recommend", "--set", "cloud=aws"), "", 0),
    ],
)
def test_a_reader_that_has_enough_changes_no_verdict(
    arguments: tuple[str, ...], given: str, code: int, unbuffered: str
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    with os.fdopen(writer, "wb") as nobody:
        ended = subprocess.run(
            command, input=given, stdout=nobody, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False,
            timeout=120, env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )  # fmt: skip

    assert (ended.returncode, "Traceback" in ended.stderr) == (code, False)


@pytest.mark.parametrize("arguments", [("--set", "cloud=aws"), ("--batch",)])
def test_an_output_that_takes_no_more_is_said_and_exit_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    path = tmp_path / "many.ndjson"
    path.write_text('{"cloud": "aws"}\n{"clod": 1}\n' * 40, encoding="utf-8")
    command = [sys.executable, str(ROOT / "manage.py"), "recommend", *arguments]
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            command if len(arguments) > 1 else [*command, str(path)],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False, timeout=120,
        )  # fmt: skip

    assert ended.returncode == 2
    assert ended.stderr.strip() == "CommandError: The output cannot be written: No space left on device."


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_is_cut_short_is_said_and_exit_2(unbuffered: str, tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "manage.py"), "recommend", "--set", "cloud=aws", "--format", "json"]
    with (tmp_path / "answer.json").open("wb") as small:
        ended = subprocess.run(
            command, stdout=small, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False, timeout=120,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000)),
        )  # fmt: skip

    assert (ended.returncode, ended.stderr) == (2, "CommandError: The output cannot be written: File too large.\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ("recommend - <&-", "standard input: It cannot be read: it is closed."),
        ("recommend --batch - <&-", "standard input: It cannot be read: it is closed."),
        ("recommend - 0>/dev/null", "standard input: It cannot be read: Bad file descriptor."),
        ("recommend >&-", "Standard output is closed."),
    ],
)
def test_a_closed_input_or_output_is_said_and_exit_2(arguments: str, said: str) -> None:
    command = ["sh", "-c", f"exec '{sys.executable}' manage.py {arguments}"]
    ended = subprocess.run(command, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False, timeout=120)

    assert ended.returncode == 2
    assert ended.stderr.strip().removeprefix("CommandError: The answers cannot be used:\n").endswith(said)
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(("given", "code"), [('{"cloud": "aws"}', 0), ("{bad", 2)])
@pytest.mark.parametrize("arguments", ["recommend -", "recommend --batch -"])
def test_a_closed_standard_error_changes_no_exit_code(arguments: str, given: str, code: int) -> None:
    command = ["sh", "-c", f"exec '{sys.executable}' manage.py {arguments} 2>&-"]
    ended = subprocess.run(command, input=given, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=False, timeout=120)

    assert ended.returncode == code


def test_a_broken_rulebook_is_exit_1_with_file_and_line(tmp_path: Path) -> None:
    """In a copy of the project, since the rules lie beside the code."""
    for name in ("advisor", "rules", "templates"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".venv", "tests"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    options = tmp_path / "rules" / "options.yaml"
    options.write_text("- id: Bad Id\n" + options.read_text(encoding="utf-8"), encoding="utf-8")

    for arguments in (("recommend", "--set", "cloud=aws"), ("recommend", "--set", "cloud=aws", "--skip-checks")):
        ended = manage(*arguments, folder=tmp_path)
        assert (ended.returncode, ended.stdout) == (1, "")
        assert "options.yaml:1" in ended.stderr
        assert "Traceback" not in ended.stderr
