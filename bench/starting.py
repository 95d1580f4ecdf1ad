"""Starting: from nothing to a first answer, and the memory of a process that gave one, against bare Django.

Both as they are installed: compiled ahead, and without what only requirements-dev.txt brings.
"""

import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.measure import AGAIN, Table, tabulate

ROUNDS = 5
ROOT = Path(__file__).resolve().parent.parent
OURS = "Django alone"
_BARE = """
from django.conf import settings
settings.configure(ALLOWED_HOSTS=["testserver"], ROOT_URLCONF="__main__", SECRET_KEY="x")
import django; django.setup()
from django.http import HttpResponse; from django.urls import path
urlpatterns = [path("", lambda request: HttpResponse("x"))]
from django.test import Client
assert Client().get("/").status_code == 200
"""
# REST framework imports these where they happen to lie.
_OURS = """
import sys; sys.modules.update(dict.fromkeys(["requests", "pygments", "markdown"]))
import os; os.environ["DJANGO_SETTINGS_MODULE"] = "advisor.settings"
import django; django.setup()
from django.test import Client
answer = Client(headers={"host": "127.0.0.1"}).get("/api/v1/recommendations?work_queue=true&explain=none")
assert answer.status_code == 200
"""
# Of this program's own memory: ru_maxrss would have that of the process that started it.
_MEMORY = "\nprint(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"


def measure_starting() -> Iterator[Table]:
    """Processor time of whole processes."""
    spent: dict[str, list[float]] = {OURS: [], "start to first answer": [], AGAIN: []}
    with tempfile.TemporaryDirectory() as compiled:
        for program in (_BARE, _OURS):
            _run(program, compiled)  # which compiles, as pip and the image's build do
        for _ in range(ROUNDS):
            for name, program in ((OURS, _BARE), ("start to first answer", _OURS), (AGAIN, _BARE)):
                spent[name].append(_cpu_seconds(program, compiled))
        memory = int(_run(_OURS + _MEMORY, compiled).split()[-1]) / 1024
    yield tabulate("Starting", spent, OURS, remarks=[f"A process that has answered once holds {memory:.0f} MiB."])


def _run(program: str, compiled: str) -> str:
    environment = os.environ | {"PYTHONPYCACHEPREFIX": compiled, "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stderr[-1000:])
    return done.stdout


def _cpu_seconds(program: str, compiled: str) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(program, compiled)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
