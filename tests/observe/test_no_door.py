"""The server never connects anywhere: no module of it reaches observing, and answering opens no connection."""

import ast
import subprocess
import sys
from pathlib import Path

ADVISOR = Path(__file__).resolve().parents[2] / "advisor"
SERVER = [*sorted(ADVISOR.glob("web/**/*.py")), *sorted(ADVISOR.glob("api/**/*.py"))]
READING = "observe"  # the room that holds the clients

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
assert "advisor.observe.sqs" not in sys.modules
"""


def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    dotted = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    plain = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    return (
        dotted
        | plain
        | {name.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for name in node.names}
    )


def reaching_functions() -> set[str]:
    """The service's functions that use the observing room, for the price list alone."""
    tree = ast.parse((ADVISOR / "service.py").read_text(encoding="utf-8"))
    borrowed = {
        name.asname or name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"advisor.{READING}")
        for name in node.names
    }
    return {
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and borrowed & {node.id for node in ast.walk(function.body[-1]) if isinstance(node, ast.Name)}
    }


def test_no_view_names_a_function_that_connects() -> None:
    reaching = reaching_functions()
    assert reaching == {"propose_prices"}
    for path in SERVER:
        assert not names_in(path) & {*reaching, *(f"service.{name}" for name in reaching), "observing"}, path


def test_the_server_answers_without_clients_or_connections() -> None:
    command = [sys.executable, "-c", ANSWER_EVERYTHING]
    run = subprocess.run(command, cwd=ADVISOR.parent, capture_output=True, text=True, check=False, timeout=120)
    assert run.returncode == 0, run.stderr
    assert "/ 200" in run.stdout
    assert "/api/v1/recommendations 200\n/api/v1/recommendations 422" in run.stdout
