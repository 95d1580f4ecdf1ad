"""The settings as a visitor and an operator meet them."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.checks import WARNING
from django.core.checks.registry import registry
from django.test import Client

from advisor import apps
from advisor.environment import _KNOWN, find_problems, is_switched_on, read_list
from advisor.service import find_folder, get_rulebook
from advisor.settings import BASE_DIR

LONG_KEY = "k8s-is-not-a-key-but-this-is-long-enough-and-has-many-different-characters-0123456789"


def run_manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ADVISOR_")}
    command = [sys.executable, "-W", "error", "manage.py", *arguments]
    return subprocess.run(command, cwd=BASE_DIR, env=kept | environment, capture_output=True, text=True, check=False)


def test_pages_allow_only_what_the_site_itself_serves() -> None:
    headers = Client().get("/no-such-page").headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "script-src": "'self'",
        "img-src": "'self' data:",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_no_cookie_is_ever_set() -> None:
    assert not Client().get("/no-such-page").cookies


def test_a_foreign_host_is_refused() -> None:
    client = Client(headers={"host": "evil.example"}, raise_request_exception=False)
    assert client.get("/no-such-page").status_code == 400


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_a_probe_asks_by_address_and_without_tls_behind_a_proxy_that_has_it(path: str) -> None:
    ask = f"print(Client(headers={{'host': '10.0.0.5:8000'}}).get({path!r}).status_code)"
    environment = {"ADVISOR_BEHIND_TLS": "1", "ADVISOR_ALLOWED_HOSTS": "advisor.example"}
    asked = run_manage("shell", "--no-imports", "-c", f"from django.test import Client; {ask}", **environment)
    assert asked.stdout == "200\n", asked.stderr[-500:]


def test_the_development_key_is_refused_for_a_deployment() -> None:
    checked = run_manage("check", "--deploy", "--fail-level", "WARNING", ADVISOR_BEHIND_TLS="1")
    assert checked.returncode != 0
    assert "security.W009" in checked.stderr


def test_old_facts_are_said_to_who_deploys_and_fail_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    facts = len(get_rulebook().facts)
    monkeypatch.setattr(apps, "OLD_DAYS", 40_000)
    assert not apps.check_ages()
    monkeypatch.setattr(apps, "OLD_DAYS", -10_000)
    (said,) = apps.check_ages()
    assert said.msg == f"{facts} of {facts} facts were checked more than -10000 days ago."
    assert "check_facts --max-age" in str(said.hint)
    assert not said.is_serious(WARNING)
    assert apps.check_ages not in registry.get_checks()
    assert apps.check_ages in registry.get_checks(include_deployment_checks=True)


def test_debug_is_refused_for_a_deployment() -> None:
    switched = {"ADVISOR_SECRET_KEY": LONG_KEY, "ADVISOR_BEHIND_TLS": "1", "ADVISOR_DEBUG": "1"}
    checked = run_manage("check", "--deploy", "--fail-level", "WARNING", **switched)
    assert checked.returncode != 0
    assert "security.W018" in checked.stderr


def test_no_model_means_no_migration() -> None:
    assert run_manage("makemigrations", "--check", "--dry-run").stdout.strip() == "No changes detected"


HEAVY = {"boto3", "botocore", "kafka", "tqdm", "matplotlib", "numpy", "PIL", "drf_spectacular.generators", "csp.checks"}
PAGES = {"advisor.web.views", "advisor.web.charts", "advisor.render.charts"}


@pytest.mark.parametrize(
    ("path", "unwanted"),
    [("/", HEAVY), ("/api/v1/recommendations?work_queue=true&nothing_else=true", HEAVY | PAGES)],
)
def test_neither_start_up_nor_a_first_request_loads_what_it_does_not_need(path: str, unwanted: set[str]) -> None:
    source = (
        "import json, sys, django; django.setup(); import advisor.wsgi; from django.test import Client;"
        f"status = Client(headers={{'host': 'localhost'}}).get({path!r}).status_code;"
        f"print(json.dumps([status, sorted({unwanted!r} & set(sys.modules))]))"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "advisor.settings"}
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout.splitlines()[-1]) == [200, []]


@pytest.mark.parametrize("ignored", [False, True])
def test_a_signal_to_stop_ends_a_process_that_loads_and_is_left_as_it_was(ignored: bool) -> None:
    """Else a worker that has its parent's handlers loads on, and whoever stops the service waits."""
    source = (
        f"import os, signal; note = signal.SIG_IGN if {ignored} else lambda *_: print('noted', flush=True);"
        "signal.signal(signal.SIGTERM, note);"
        "from advisor.wsgi import stopped_at_once;"
        "stop = lambda: os.kill(os.getpid(), signal.SIGTERM);"
        "stop(); loading = stopped_at_once(); loading.__enter__(); stop(); print('went on')"
    )
    done = subprocess.run([sys.executable, "-c", source], cwd=BASE_DIR, capture_output=True, text=True, check=False)
    expected = (0, ["went on"]) if ignored else (-signal.SIGTERM, ["noted"])
    assert (done.returncode, done.stdout.splitlines()) == expected, done.stderr[-500:]


@pytest.mark.parametrize("module", ["django.core.management", "advisor.rulebook.loader"])
@pytest.mark.parametrize("start", ["runpy.run_path('manage.py', run_name='__main__')", "sys.exit(stopping.main())"])
def test_ctrl_c_while_a_command_loads_is_no_traceback(start: str, module: str) -> None:
    source = (
        "import runpy, signal, sys; from advisor.management import stopping; sys.argv = ['manage.py', 'recommend'];"
        f"stop = lambda name, *_: signal.raise_signal(signal.SIGINT) if name == {module!r} else None;"
        f"sys.meta_path.insert(0, type('Stop', (), {{'find_spec': stop}})); {start}"
    )
    done = subprocess.run([sys.executable, "-c", source], cwd=BASE_DIR, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")


@pytest.mark.parametrize("typed", ["1", "true", "YES", " on "])
def test_a_switch_is_on_when_it_says_so(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_DEBUG", typed)
    assert is_switched_on("ADVISOR_DEBUG")


@pytest.mark.parametrize("typed", ["", "0", "false", "off", "ture"])
def test_a_switch_stays_off_when_in_doubt(typed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_DEBUG", typed)
    assert not is_switched_on("ADVISOR_DEBUG")


def test_a_list_has_no_blanks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ADVISOR_ALLOWED_HOSTS", " a.example, ,b.example,")
    assert read_list("ADVISOR_ALLOWED_HOSTS", "localhost") == ["a.example", "b.example"]


@pytest.mark.parametrize(
    ("name", "good", "bad"),
    [
        ("ADVISOR_BEHIND_TLS", ("", "1", "Yes", "off"), ("ja", "ture", "2")),
        ("ADVISOR_DEBUG", ("0",), ("maybe",)),
        (
            "ADVISOR_ALLOWED_HOSTS",
            ("", "a.example", ".a.example, 10.0.0.5,[::1]", "*"),
            (",", "https://a.example", "a.example:8000", "::1", "*.a.example", "a.example b.example"),
        ),
        ("ADVISOR_RATE_LIMIT", ("", " 60/minute "), ("0/minute", "60", "60/day")),
        ("ADVISOR_RULES_DIR", ("", "rules"), ("no-such-folder", "manage.py")),
        ("ADVISOR_TEMPLATES_DIR", ("", "templates"), ("no-such-folder", "rules")),
        ("ADVISOR_RATELIMIT", (), ("60/minute",)),
        ("ADVISOR_PORT_8000_TCP", ("tcp://10.0.0.5:8000",), ()),
    ],
)
def test_a_variable_that_cannot_be_meant_is_found(
    name: str, good: tuple[str, ...], bad: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(BASE_DIR)
    for value in good:
        monkeypatch.setenv(name, value)
        assert not [*find_problems()], value
    for value in bad:
        monkeypatch.setenv(name, value)
        assert [problem.where for problem in find_problems()] == [name], value


@pytest.mark.parametrize("arguments", [("manage.py", "check"), ("-c", "import advisor.wsgi")])
def test_every_wrong_variable_is_said_before_a_start_and_without_a_traceback(arguments: tuple[str, ...]) -> None:
    wrong = {"ADVISOR_RATE_LIMIT": "0/minute", "ADVISOR_ALLOWED_HOSTS": "a.example:80", "ADVISOR_BEHIND_TLS": "ja"}
    command, environment = (sys.executable, *arguments), os.environ | wrong
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert all(part in done.stderr for each in wrong.items() for part in each), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["cases/presets.yaml", "cases/published/calibration.yaml"])
@pytest.mark.parametrize("arguments", [("manage.py", "check"), ("-c", "import advisor.wsgi")])
def test_cases_that_pages_could_not_read_are_said_before_a_start(
    arguments: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    rules = shutil.copytree(BASE_DIR / "rules", tmp_path / "rules")
    (rules / name).write_text("- id: one\n\ttitle: Two.\n", encoding="utf-8")
    command, environment = (sys.executable, *arguments), os.environ | {"ADVISOR_RULES_DIR": str(rules)}
    done = subprocess.run(command, cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert f"{name}:2" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("path", ["/", "/evidence"])
def test_rules_without_cases_have_all_pages(path: str, tmp_path: Path) -> None:
    rules = shutil.copytree(BASE_DIR / "rules", tmp_path / "rules", ignore=shutil.ignore_patterns("cases"))
    source = (
        "import django; django.setup(); from django.test import Client;"
        f"print(Client(headers={{'host': '127.0.0.1'}}).get({path!r}, headers={{'accept': 'text/html'}}).status_code)"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "advisor.settings", "ADVISOR_RULES_DIR": str(rules)}
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.stdout.strip() == "200", done.stderr


def test_another_rulebook_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert find_folder("rules") == BASE_DIR / "rules"
    monkeypatch.setenv("ADVISOR_RULES_DIR", str(tmp_path))
    assert find_folder("rules") == tmp_path.resolve()


def test_a_page_that_cannot_be_loaded_is_found_by_the_checks() -> None:
    source = (
        "import sys; sys.modules['advisor.web.charts'] = None; import django; django.setup();"
        "from django.core.management import call_command; call_command('check')"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "advisor.settings"}
    done = subprocess.run(
        [sys.executable, "-c", source], cwd=BASE_DIR, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "advisor.web.charts" in done.stderr


def test_the_readme_lists_every_variable_that_is_read() -> None:
    readme = (BASE_DIR / "README.md").read_text(encoding="utf-8")
    assert sorted(re.findall(r"^\| `(ADVISOR_\w+)` \|", readme, re.MULTILINE)) == sorted(_KNOWN)
