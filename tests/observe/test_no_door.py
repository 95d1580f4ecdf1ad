"""The server never connects anywhere: no module of it reaches observing, and answering opens no connection."""

import ast
import subprocess
import sys
from pathlib import Path

ADVISOR = Path(__file__).resolve().parents[2] / "advisor"
SERVER = [ADVISOR / "service.py", *sorted(ADVISOR.glob("web/**/*.py")), *sorted(ADVISOR.glob("api/**/*.py"))]

ANSWER_EVERYTHING = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "advisor.settings"
from advisor.wsgi import application
from django.test import Client

def refuse(event, details):
    if event == "socket.connect":
        raise AssertionError(f"the server connects to {details}")

sys.addaudithook(refuse)
client = Client(headers={"host": "localhost"})
query = "messages_per_second_avg=5&queue_url=http://127.0.0.1:9/q&bootstrap_servers=127.0.0.1:9"
for path in ("/", "/api/v1/", "/api/v1/questions", "/api/v1/recommendations", "/metrics"):
    for asked in ("messages_per_second_avg=5", query):
        print(path, client.get(f"{path}?{asked}").status_code)
reached = [name for name in sys.modules if name == "advisor.observing" or name.split(".")[0] in ("boto3", "kafka")]
assert not reached, reached
assert "advisor.observe" not in sys.modules
"""


def imported_by(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    return plain | {
        f"{node.module}.{name.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for name in node.names
    }


def test_no_module_of_the_server_imports_what_connects() -> None:
    """The import contract says so too, of indirect ways as well; here it is said without the tool."""
    for path in SERVER:
        assert not [name for name in imported_by(path) if name.startswith("advisor.observ")], path


def test_the_server_answers_without_clients_or_connections() -> None:
    command = [sys.executable, "-c", ANSWER_EVERYTHING]
    run = subprocess.run(command, cwd=ADVISOR.parent, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    assert "/ 200" in run.stdout
    assert "/api/v1/recommendations 200\n/api/v1/recommendations 422" in run.stdout
