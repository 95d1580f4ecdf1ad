"""The consumer as a function of AWS Lambda: packed as its user packs it, and handed what a real queue has.

Lambda itself is not here: what polls, hands over and deletes in its place is below.
"""

import json
import re
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any
from zipfile import ZipFile

import pytest

from tests.brokers.localstack import open_client
from tests.starters.projects import PATIENCE_SECONDS, Project, in_languages, set_up

pytestmark = pytest.mark.broker

_PYTHON = """
import json, sys
sys.path.insert(0, sys.argv[1])
from messaging.lambda_function import lambda_handler
print(json.dumps(lambda_handler(json.load(sys.stdin), None)))
"""


def _invoke_python(project: Project, task_root: Path, event: object) -> Any:
    """Nothing but the standard library is there besides what was packed."""
    command = (sys.executable, "-I", "-S", "-c", _PYTHON, str(task_root))
    ended = project.end(*command, lines=[event], LAMBDA_TASK_ROOT=str(task_root))
    assert ended.returncode == 0, ended.stderr[-3000:]
    return json.loads(ended.stdout)


_TYPESCRIPT = """
import { readFileSync } from "node:fs";
const { handler } = await import(`${process.argv[1]}/dist/src/lambda.js`);
console.log(JSON.stringify(await handler(JSON.parse(readFileSync(0, "utf8")))));
process.exit();
"""


def _invoke_typescript(project: Project, task_root: Path, event: object) -> Any:
    ended = project.end("node", "--input-type=module", "--eval", _TYPESCRIPT, str(task_root), lines=[event])
    assert ended.returncode == 0, ended.stderr[-3000:]
    return json.loads(ended.stdout)


class _Runtime(BaseHTTPRequestHandler):
    """What a runtime of one's own asks: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html"""

    protocol_version = "HTTP/1.1"
    events: Queue[bytes]
    answers: Queue[bytes]

    def do_GET(self) -> None:
        """Next batch, please. After the last one nothing is answered, and the function ends."""
        if self.events.empty():
            self.close_connection = True
            return
        body = self.events.get()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", "1")
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int(1000 * (time.time() + PATIENCE_SECONDS))))
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = b""
        while size := int(self.rfile.readline(), 16):  # it comes in chunks
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():  # what stands behind the last one
            pass
        self.answers.put(body if self.path.endswith("/response") else b"null")
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()


def _invoke_go(project: Project, task_root: Path, event: object) -> Any:
    class Asked(_Runtime):
        events, answers = Queue(), Queue()

    Asked.events.put(json.dumps(event).encode())
    with ThreadingHTTPServer(("127.0.0.1", 0), Asked) as runtime:
        Thread(target=runtime.serve_forever, daemon=True).start()
        there = {"AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{runtime.server_port}", "LAMBDA_TASK_ROOT": str(task_root)}
        with project.running(str(task_root / "bootstrap"), **there):
            answer = json.loads(Asked.answers.get(timeout=PATIENCE_SECONDS))
        runtime.shutdown()
    return answer


_JAVA = """
public class Invoke {
  public static void main(String[] arguments) throws Exception {
    new messaging.Function().handle(System.in, System.out);
  }
}
"""


def _invoke_java(project: Project, task_root: Path, event: object) -> Any:
    source = project.folder / "Invoke.java"
    source.write_text(_JAVA, encoding="utf-8")
    command = ("java", "-cp", f"{task_root}:{task_root}/lib/*", str(source))
    ended = project.end(*command, lines=[event], LAMBDA_TASK_ROOT=str(task_root))
    assert ended.returncode == 0, ended.stderr[-3000:]
    return json.loads(ended.stdout)


_INVOKE: Mapping[str, Callable[[Project, Path, object], Any]] = {
    "python": _invoke_python,
    "typescript": _invoke_typescript,
    "java": _invoke_java,
    "go": _invoke_go,
}
_SAYS = re.compile(r"^(\S+\.zip): runtime \S+.*, handler \S+$", re.MULTILINE)


@in_languages("python")
def test_a_function_keeps_the_order_of_groups_and_sets_aside_what_fails_for_good(
    language: str, tmp_path: Path, sqs_endpoint_url: str
) -> None:
    project, name = set_up("sqs", language, tmp_path / "project"), f"function-{uuid.uuid4().hex}"
    project.environment |= {
        "ENDPOINT_URL": sqs_endpoint_url,
        "QUEUE_NAME": f"{name}.fifo",
        "DEAD_LETTER_QUEUE_NAME": f"{name}-dead.fifo",
        "FIFO": "true",
        "MAX_RECEIVE_COUNT": "2",
    }
    project.run("create")
    bodies = [("a", 0), ("a", "poison"), ("b", 1), ("a", 2), ("b", 3)]
    project.run("send", "--stdin", lines=({"group": group, "body": body} for group, body in bodies))
    _unpack(project, tmp_path / "task")

    sqs = open_client("sqs", sqs_endpoint_url)
    url = sqs.get_queue_url(QueueName=f"{name}.fifo")["QueueUrl"]
    rounds = []
    for _ in range(2):
        batch = _receive(sqs, url)
        answer = _INVOKE[language](project, tmp_path / "task", {"Records": [_as_record(each) for each in batch]})
        failed = {item["itemIdentifier"] for item in answer["batchItemFailures"]}
        rounds.append([json.loads(each["Body"]) for each in batch if each["MessageId"] in failed])
        for each in batch:
            handle = {"QueueUrl": url, "ReceiptHandle": each["ReceiptHandle"]}
            if each["MessageId"] in failed:
                sqs.change_message_visibility(**handle, VisibilityTimeout=0)
            else:
                sqs.delete_message(**handle)
    assert rounds == [["poison", 2], []]
    assert [line["content"] for line in project.handled] == [0, 1, 3, 2]
    (dead,) = _receive(sqs, sqs.get_queue_url(QueueName=f"{name}-dead.fifo")["QueueUrl"])
    assert dead["Body"] == '"poison"'
    assert dead["MessageAttributes"]["DeadLetterReason"]["StringValue"].endswith("cannot be done")
    assert _receive(sqs, url) == []


def _unpack(project: Project, task_root: Path) -> None:
    made = project.end("make", "function")
    (made_file,) = _SAYS.findall(made.stdout)
    with ZipFile(project.folder / made_file) as packed:
        for each in packed.infolist():
            path = Path(packed.extract(each, task_root))
            path.chmod(each.external_attr >> 16 or path.stat().st_mode)  # which Java's tool does not write


def _receive(sqs: Any, url: str) -> list[dict[str, Any]]:
    asked = {"MessageSystemAttributeNames": ["All"], "MessageAttributeNames": ["All"]}
    found: list[dict[str, Any]] = sqs.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=1, **asked
    ).get("Messages", [])
    return found


def _as_record(message: Mapping[str, Any]) -> dict[str, Any]:
    """As Lambda writes it: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html"""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:function.fifo",
        "awsRegion": "us-east-1",
    }
